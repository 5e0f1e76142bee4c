"""Public notices (公示): who is shown to everybody before it counts, and until when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import NOTICE, NoticeKind, NoticeStatus
from nominations.noticing import MIN_WORKDAYS, Owed

BINDING = text("is_binding")
STANDING = text("resumed_at IS NULL")


class Notice(Base):
    """Days in Shanghai; `closes_on` is the last day of the last of its nominees. Once it is
    closed, only a nominee whose days stood still opens it again, as extended."""

    __tablename__ = "notices"
    __lifecycle__ = NOTICE
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="days_in_order"),
        CheckConstraint(
            "(status <> 'scheduled' OR opened_at IS NULL)"
            " AND (status IN ('scheduled', 'withdrawn') OR opened_at IS NOT NULL)",
            name="opened_with_instant",
        ),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint(
            "status <> 'extended' OR extension_reason IS NOT NULL", name="extended_with_reason"
        ),
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawal_reason IS NOT NULL)",
            name="withdrawn_with_reason",
        ),
        Index("ix_notices_of_campaign", "campaign_id", "status"),
        Index("ix_notices_due", "status", "opens_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    kind: Mapped[NoticeKind] = mapped_column(enum_by_value(NoticeKind))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(200))
    """Where objections are taken outside the mini-program: office, telephone, address."""
    status: Mapped[NoticeStatus] = mapped_column(enum_by_value(NoticeStatus))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    is_provisional: Mapped[bool]
    """The last day leans on holidays that are not known yet; such a notice does not close."""
    extension_reason: Mapped[str | None] = mapped_column(String(200))
    """Public, as is the next."""
    withdrawal_reason: Mapped[str | None] = mapped_column(String(200))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on the notice is public for ever."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeEntry(Base):
    """A nominee in a notice. The days from `runs_from` to `closes_on` are this nominee's own: when
    they stand still (`suspended_on`), `days_owed` and `workdays_owed` say what is left of them;
    before, what they owed on `runs_from`."""

    __tablename__ = "notice_entries"
    __table_args__ = (
        CheckConstraint("days_owed >= 1 AND workdays_owed >= 0", name="owes_a_day"),
        CheckConstraint("runs_from <= closes_on", name="days_in_order"),
        Index(
            "uq_notice_entries_binding",
            "nomination_id",
            unique=True,
            sqlite_where=BINDING,
            postgresql_where=BINDING,
        ),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    """By category, then by name: no order of merit."""
    is_binding: Mapped[bool]
    """Of the notice that approval rests on; a nominee has one."""
    runs_from: Mapped[date]
    closes_on: Mapped[date]
    days_owed: Mapped[int] = mapped_column(SmallInteger)
    workdays_owed: Mapped[int] = mapped_column(SmallInteger, default=MIN_WORKDAYS)
    suspended_on: Mapped[date | None]

    @property
    def owed(self) -> Owed:
        return Owed(self.days_owed, self.workdays_owed)


class NoticeSuspension(Base):
    """A time during which the notice of a nominee stood still, from the first objection that was
    accepted until the last was dismissed."""

    __tablename__ = "notice_suspensions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["notice_id", "nomination_id"],
            ["notice_entries.notice_id", "notice_entries.nomination_id"],
        ),
        Index(
            "uq_notice_suspensions_standing",
            "notice_id",
            "nomination_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID]
    nomination_id: Mapped[UUID]
    suspended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Null also for ever, if the nominee was removed."""


class NoticeWaiver(Base):
    """The decision that a withheld nominee is approved without notice, for safety."""

    __tablename__ = "notice_waivers"

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
