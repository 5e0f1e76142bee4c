"""Who recommends a nominee: the writer of a nomination, and those whose own was merged into it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime


class Nominator(Base):
    __tablename__ = "nominators"

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("nominations.id"))
    """Their own nomination, if it was merged into this one."""
