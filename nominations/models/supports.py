"""Supports (附议): citizens who say that a nominated person deserves it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime


class Support(Base):
    """`nominations.supports_count` is the number of these rows, changed with them."""

    __tablename__ = "supports"

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
