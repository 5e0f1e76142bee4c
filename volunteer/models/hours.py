"""Hours: an append-only ledger in whole minutes, and the sums that a job keeps from it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.actions import Action
from volunteer.errors import AlreadyCounted
from volunteer.lifecycles import SyncBatchStatus
from volunteer.models.activities import Activity


class EntryKind(StrEnum):
    EARNED = "earned"
    """Also what was reversed, and counts again after all; it names the entry that it corrects."""
    ADJUSTED = "adjusted"
    """More or fewer minutes than the entry that it corrects."""
    REVERSED = "reversed"
    """Takes back all that was left of the entry that it corrects."""


class Ledger(StrEnum):
    VERIFIED = "verified"
    """签到时长: from check-in and check-out."""
    HONORARY = "honorary"
    """补记时长: entered afterwards; shown apart, and only a small part of what a star takes."""


LEDGER_NAMES = {Ledger.VERIFIED: "签到时长", Ledger.HONORARY: "补记时长"}


class SourceType(StrEnum):
    """What caused an entry; with the id of the source, the key that counts it once."""

    ATTENDANCE = "attendance"
    """Of the person themself, or another of theirs that took a minute or gave it back."""
    REVIEW = "review"
    """Minutes above a daily tier that somebody let count."""
    BACKFILL = "backfill"
    DISPUTE = "dispute"
    CORRECTION = "correction"
    """Of what was recorded about an attendance: its times, or the end of its shift."""
    IMPORT = "import"
    """A record that an organisation kept before (see `imports`)."""


class SyncStatus(StrEnum):
    """How far an entry has come towards the system that Civil Affairs designates."""

    PENDING = "pending"
    """In no file yet."""
    EXPORTED = "exported"
    ACKNOWLEDGED = "acknowledged"


def sync_status_of(batch: SyncBatchStatus | None) -> SyncStatus:
    """Of an entry in a batch of this status; one that is still being written promises nothing."""
    match batch:
        case SyncBatchStatus.EXPORTED:
            return SyncStatus.EXPORTED
        case SyncBatchStatus.ACKNOWLEDGED:
            return SyncStatus.ACKNOWLEDGED
    return SyncStatus.PENDING


class HoursEntry(Base):
    """One line of the ledger. Triggers refuse UPDATE and DELETE: a correction is a new line."""

    __tablename__ = "hours_entries"
    __table_args__ = (
        Index(
            "uq_hours_entries_source",
            "source_type",
            "source_id",
            "kind",
            unique=True,
            sqlite_where=text("corrects_id IS NULL"),
            postgresql_where=text("corrects_id IS NULL"),
        ),
        Index(
            "uq_hours_entries_correction",
            "source_type",
            "source_id",
            "kind",
            "corrects_id",
            unique=True,
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
        CheckConstraint("kind <> 'earned' OR minutes > 0", name="earned_minutes"),
        CheckConstraint("minutes <> 0", name="not_nothing"),
        CheckConstraint("kind = 'earned' OR reason IS NOT NULL", name="corrected_with_reason"),
        CheckConstraint("kind <> 'reversed' OR corrects_id IS NOT NULL", name="reversed"),
        Index("ix_hours_entries_own", "person_id", "id"),
        Index("ix_hours_entries_created_at", "created_at"),
        Index("ix_hours_entries_organization", "organization_id", "id"),
        Index("ix_hours_entries_site", "site_id", "id"),
    )
    __violations__ = {
        "uq_hours_entries_source": AlreadyCounted,
        "uq_hours_entries_correction": AlreadyCounted,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    action: Mapped[Action] = mapped_column(enum_by_value(Action))
    minutes: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(enum_by_value(EntryKind))
    ledger: Mapped[Ledger] = mapped_column(enum_by_value(Ledger))
    source_type: Mapped[SourceType] = mapped_column(enum_by_value(SourceType))
    source_id: Mapped[UUID]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("hours_entries.id"), index=True)
    """The entry that this one corrects; one event may correct several."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Given by the person who confirmed the time or who corrected it; the volunteer reads it."""
    served_on: Mapped[date]
    """The day in Shanghai on which the shift began; of a correction, that of its entry."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
    batch_status: Mapped[SyncBatchStatus | None] = query_expression()
    """Of the batch that it is in; only where a query asks for it."""

    @property
    def sync_status(self) -> SyncStatus:
        return sync_status_of(self.batch_status)


class UntalliedHours(Base):
    """An entry that the sums do not hold yet; taken away in the transaction that adds it."""

    __tablename__ = "untallied_hours"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("hours_entries.id"), primary_key=True)


class HoursTotal(Base):
    """Sums of the ledger by unit and month (YYYY-MM in Shanghai)."""

    __tablename__ = "hours_totals"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    action: Mapped[Action] = mapped_column(enum_by_value(Action), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    ledger: Mapped[Ledger] = mapped_column(enum_by_value(Ledger), primary_key=True)
    minutes: Mapped[int]
    entries: Mapped[int]


class VolunteerStanding(Base):
    """A person's sums, and the star that follows them (see services/stars.py)."""

    __tablename__ = "volunteer_standings"
    __table_args__ = (
        CheckConstraint("(star = 0) = (starred_at IS NULL)", name="starred"),
        CheckConstraint("verified_minutes >= 0 AND honorary_minutes >= 0", name="minutes"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    verified_minutes: Mapped[int] = mapped_column(default=0)
    honorary_minutes: Mapped[int] = mapped_column(default=0)
    star: Mapped[int] = mapped_column(SmallInteger, default=0)
    starred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
