"""Reviews (时长审核) of minutes that wait."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.accrual import Tier
from volunteer.models.attendances import Attendance

UNDECIDED = text("decided_at IS NULL")


class Review(Base):
    """Of the minutes of one attendance that wait; the source of the entry if they count.

    The attendance carries the status; at most one review of it is undecided."""

    __tablename__ = "hours_reviews"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (is_approved IS NULL)",
            name="decided",
        ),
        CheckConstraint(
            "is_approved IS NULL OR is_approved OR reason IS NOT NULL", name="refused_with_reason"
        ),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("tier IN ('site', 'city')", name="tier"),
        Index("ix_hours_reviews_attendance_id", "attendance_id"),
        Index(
            "uq_hours_reviews_undecided",
            "attendance_id",
            unique=True,
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
        Index("ix_hours_reviews_due", "due_on", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendances.id"))
    tier: Mapped[Tier] = mapped_column(enum_by_value(Tier))
    minutes: Mapped[int]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    """Whose staff, or those above them, decide; the next site up when they were too slow."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it came to that site."""
    due_on: Mapped[date]
    """The last day for that site."""
    is_due_certain: Mapped[bool]
    """Whether the holidays on the way were known when the day was computed."""
    escalations: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How often it went up."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_approved: Mapped[bool | None]
    reason: Mapped[str | None] = mapped_column(Text)
    """Of the refusal; the volunteer reads it."""

    attendance: Mapped[Attendance] = relationship(lazy="raise_on_sql")
    site: Mapped[Site] = relationship(lazy="raise_on_sql")
