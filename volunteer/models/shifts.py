"""Shifts (场次): a time and a number of seats."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.lifecycles import SHIFT, ShiftStatus
from volunteer.models.activities import Activity

LARGEST_CAPACITY = 10_000


@dataclass(frozen=True, slots=True)
class Rest:
    """A declared break (休息、用餐) of a shift; the end is exclusive."""

    starts_at: datetime
    ends_at: datetime


class Shift(Base):
    """One post (岗位) at one time. The counters are moved by conditional updates only:
    `seats_taken` is the number of confirmed and offered seats (once the roll is closed: of those
    who attended or are without a record), `waiting` of waitlisted sign-ups, `queue_tail` the last
    position given.

    `ended_at` is when it really ended; the planned time then is the real one."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(f"capacity BETWEEN 1 AND {LARGEST_CAPACITY}", name="capacity"),
        CheckConstraint("seats_taken BETWEEN 0 AND capacity", name="seats"),
        CheckConstraint("waiting BETWEEN 0 AND queue_tail", name="queue"),
        CheckConstraint("min_people BETWEEN 0 AND capacity", name="min_people"),
        CheckConstraint(
            "(status IN ('ended', 'roll_closed')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint(
            "(status = 'roll_closed') = (roll_closed_at IS NOT NULL)", name="roll_closed"
        ),
        Index("ix_shifts_status", "status", "ends_at"),
    )
    __lifecycle__ = SHIFT

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    capacity: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    queue_tail: Mapped[int] = mapped_column(default=0)
    post: Mapped[str] = mapped_column(String(30), default="", server_default="")
    """What people do in it, where an activity has several posts at one time."""
    min_people: Mapped[int] = mapped_column(default=0, server_default="0")
    """With fewer it is thinly staffed, and the organizer is told."""
    break_minutes: Mapped[list[list[int]]] = mapped_column(
        JSON, default=list, server_default=text("'[]'")
    )
    """Declared breaks in order, each from one minute of the shift, counted from its start, up to
    another: so they move with the shift. They don't touch, and leave time to serve."""
    status: Mapped[ShiftStatus] = mapped_column(
        enum_by_value(ShiftStatus), default=ShiftStatus.OPEN, server_default=ShiftStatus.OPEN.value
    )
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(Text)
    """Why it ended early."""
    roll_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_thin_told: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the organizer was told that it is thinly staffed."""

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")

    @property
    def counted_until(self) -> datetime:
        """The end of the planned time: the real one if it ended early."""
        return self.ends_at if self.ended_at is None else min(self.ends_at, self.ended_at)

    @property
    def breaks(self) -> list[Rest]:
        """The declared breaks, by the clock."""
        at = [[self.starts_at + timedelta(minutes=n) for n in pair] for pair in self.break_minutes]
        return [Rest(*pair) for pair in at]

    @property
    def seats_left(self) -> int:
        """Seats that the next person can have; those freed while people wait are theirs."""
        return 0 if self.waiting else self.capacity - self.seats_taken
