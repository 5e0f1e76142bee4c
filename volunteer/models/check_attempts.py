"""Attempts to check in or out that were refused."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.models.attendances import CheckMethod, Direction


class CheckAttempt(Base):
    """Kept so that the leader sees who could not get in and why, and so that digits can't be
    guessed. Holds no position."""

    __tablename__ = "check_attempts"
    __table_args__ = (
        Index("ix_check_attempts_shift", "shift_id", "id"),
        Index("ix_check_attempts_person", "person_id", "at"),
        Index("ix_check_attempts_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shifts.id"))
    """Null when the code names none."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    direction: Mapped[Direction] = mapped_column(enum_by_value(Direction))
    method: Mapped[CheckMethod] = mapped_column(enum_by_value(CheckMethod))
    outcome: Mapped[str] = mapped_column(String(48))
    """Code of the refusal."""

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
