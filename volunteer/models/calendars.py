"""Calendar feeds: the secret address at which a person's own calendar finds their shifts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime


class CalendarFeed(Base):
    """At most one a person. The token in its address is never stored, only its SHA-256."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
