"""Sign-ups (报名): a person's seat in a shift, or their place in its queue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.errors import AlreadySignedUp, OwnSignup
from volunteer.lifecycles import SIGNUP, SignupStatus
from volunteer.models.shifts import Shift

LIVE = text("status NOT IN ('cancelled', 'declined', 'expired', 'moved')")
UNDECIDED = text("status IN ('pending', 'waitlisted')")
ON_RECORD = text("status = 'no_record' AND excused_at IS NULL")


class Signup(Base):
    """`position` is the place in the queue that was given, kept after promotion; a sign-up that
    found a free seat has none."""

    __tablename__ = "signups"
    __table_args__ = (
        CheckConstraint("status <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed"),
        CheckConstraint("status <> 'waitlisted' OR position IS NOT NULL", name="waitlisted"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        CheckConstraint("status <> 'offered' OR offer_expires_at IS NOT NULL", name="offered"),
        CheckConstraint("(status = 'moved') = (moved_to_id IS NOT NULL)", name="moved"),
        CheckConstraint(
            "status <> 'declined' OR (decided_by IS NOT NULL AND decision_reason IS NOT NULL)",
            name="declined_with_reason",
        ),
        CheckConstraint("(status = 'no_record') = (unrecorded_at IS NOT NULL)", name="unrecorded"),
        CheckConstraint(
            "excused_at IS NULL OR (status = 'no_record' AND excused_by IS NOT NULL"
            " AND excuse_reason IS NOT NULL)",
            name="excused_with_reason",
        ),
        CheckConstraint("excused_by <> person_id", name="excused_by_another"),
        Index(
            "ix_signups_offered",
            "offer_expires_at",
            sqlite_where=text("status = 'offered'"),
            postgresql_where=text("status = 'offered'"),
        ),
        Index(
            "uq_signups_live",
            "person_id",
            "shift_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index(
            "ix_signups_untold",
            "id",
            sqlite_where=text("status = 'confirmed' AND NOT is_told"),
            postgresql_where=text("status = 'confirmed' AND NOT is_told"),
        ),
        Index(
            "ix_signups_on_record",
            "person_id",
            "unrecorded_at",
            sqlite_where=ON_RECORD,
            postgresql_where=ON_RECORD,
        ),
        Index(
            "ix_signups_undecided",
            "shift_id",
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
        Index("ix_signups_own", "person_id", "id"),
        Index("ix_signups_shift", "shift_id", "status", "position"),
    )
    __lifecycle__ = SIGNUP
    __violations__ = {
        "uq_signups_live": AlreadySignedUp,
        "ck_signups_excused_by_another": OwnSignup,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[SignupStatus] = mapped_column(enum_by_value(SignupStatus))
    position: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_told: Mapped[bool] = mapped_column(default=False)
    """Whether the person was told of their seat."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """A helper or leader who signed the person up; null when they did so themselves."""
    is_walk_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when an offered seat is kept."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """The organizer who approved or declined, where the activity asks for it."""
    decision_reason: Mapped[str | None] = mapped_column(Text)
    is_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it was cancelled after the deadline ("I can't come")."""
    moved_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("signups.id"))
    is_reminded: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the person was reminded on the day before."""
    unrecorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the roll was closed without a record of attendance."""
    excused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that was taken off the person's record; it no longer counts against them."""
    excused_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    excuse_reason: Mapped[str | None] = mapped_column(Text)

    shift: Mapped[Shift] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
