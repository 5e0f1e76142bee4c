"""Shifts (场次): a time and a number of seats."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime
from volunteer.models.activities import Activity

LARGEST_CAPACITY = 10_000


class Shift(Base):
    """The counters are moved by conditional updates only: `seats_taken` is the number of
    confirmed sign-ups, `waiting` of waitlisted ones, `queue_tail` the last position given."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(f"capacity BETWEEN 1 AND {LARGEST_CAPACITY}", name="capacity"),
        CheckConstraint("seats_taken BETWEEN 0 AND capacity", name="seats"),
        CheckConstraint("waiting BETWEEN 0 AND queue_tail", name="queue"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    capacity: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    queue_tail: Mapped[int] = mapped_column(default=0)

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")

    @property
    def seats_left(self) -> int:
        """Seats that the next person can have; those freed while people wait are theirs."""
        return 0 if self.waiting else self.capacity - self.seats_taken
