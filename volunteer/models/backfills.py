"""Backfills (补记): hours claimed afterwards, with evidence and a second person."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.errors import AlreadyBackfilled, BackfillNotIndependent
from volunteer.lifecycles import BACKFILL, BackfillStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift

DEAD_BACKFILL = (BackfillStatus.REJECTED, BackfillStatus.LAPSED, BackfillStatus.VOIDED)
LIVE = text("status NOT IN ('rejected', 'lapsed', 'voided')")


class Backfill(Base):
    """One claim for one person and one shift. `organization_id` and `site_id` are those of the
    activity's project."""

    __tablename__ = "backfills"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint(
            "status = 'claimed' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint(
            "status <> 'rejected' OR decision_reason IS NOT NULL", name="rejected_with_reason"
        ),
        CheckConstraint(
            "decided_by <> claimed_by AND decided_by <> person_id", name="decided_by_another"
        ),
        CheckConstraint(
            "status IN ('claimed', 'rejected') OR notice_ends_on IS NOT NULL", name="on_notice"
        ),
        CheckConstraint(
            "status <> 'contested' OR (contested_by IS NOT NULL AND contest_reason IS NOT NULL)",
            name="contested",
        ),
        CheckConstraint("status <> 'recorded' OR recorded_minutes > 0", name="recorded"),
        CheckConstraint(
            "(status = 'voided') = (voided_by IS NOT NULL)"
            " AND (voided_by IS NULL) = (void_reason IS NULL)",
            name="voided",
        ),
        Index(
            "uq_backfills_live",
            "person_id",
            "shift_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_backfills_of_organization", "organization_id", "status", "id"),
        Index("ix_backfills_notice", "status", "notice_ends_on"),
        Index("ix_backfills_claimed_by", "claimed_by", "id"),
    )
    __lifecycle__ = BACKFILL
    __violations__ = {
        "uq_backfills_live": AlreadyBackfilled,
        "ck_backfills_decided_by_another": BackfillNotIndependent,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    served_on: Mapped[date]
    """The day in Shanghai on which the shift began."""
    minutes: Mapped[int]
    evidence: Mapped[str] = mapped_column(Text)
    """What shows that the time was served."""
    reference: Mapped[str] = mapped_column(String(120))
    """Where that can be looked up: the number of a paper roll, of photographs."""
    reason: Mapped[str] = mapped_column(Text)
    """Why it was not recorded on site."""
    status: Mapped[BackfillStatus] = mapped_column(enum_by_value(BackfillStatus))
    claimed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    """Of the rejection; the claimant reads it."""
    notice_ends_on: Mapped[date | None]
    """The last day of the notice inside the organisation."""
    contested_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    contest_reason: Mapped[str | None] = mapped_column(Text)
    recorded_minutes: Mapped[int | None]
    """What was entered; fewer than claimed if part of the time had been counted meanwhile."""
    voided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    void_reason: Mapped[str | None] = mapped_column(Text)

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
    shift: Mapped[Shift] = relationship(lazy="raise_on_sql")
    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
