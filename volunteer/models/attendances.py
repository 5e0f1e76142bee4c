"""Attendances (签到签退): when a person was at a shift, and what of it counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.accrual import Reason, Uncounted
from volunteer.errors import CheckedInElsewhere, OwnAttendance
from volunteer.lifecycles import ATTENDANCE, AttendanceStatus
from volunteer.models.hours import Ledger
from volunteer.models.shifts import Shift

OPEN = text("status = 'checked_in'")


class CheckMethod(StrEnum):
    """How it is known that somebody came or left."""

    CODE = "code"
    """The rotating code on the leader's phone."""
    DIGITS = "digits"
    PACKET = "packet"
    """A code that was fetched beforehand, for a place without signal."""
    PERSONAL_CODE = "personal_code"
    """The volunteer's own code, scanned by the leader."""
    LOCATION = "location"
    """The place alone; only for large events."""
    LEADER = "leader"
    """The leader says so."""


SHOWN_CODES = frozenset({CheckMethod.CODE, CheckMethod.DIGITS, CheckMethod.PACKET})
"""Whoever leads the shift can show these, to themself as well."""


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Attendance(Base):
    """`uncounted` lists `{"reason", "minutes"}` for time that does not count (see accrual).

    Of a position only two things are kept: whether it was within the fence, and how many whole
    metres from the place."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("shift_id", "person_id", name="uq_attendances_shift_person"),
        CheckConstraint(
            "(status IN ('checked_in', 'pending_check_out')) = (checked_out_at IS NULL)",
            name="checked_out",
        ),
        CheckConstraint("checked_out_at >= checked_in_at", name="left_after_arrival"),
        CheckConstraint(
            "(status IN ('counted', 'below_threshold', 'under_review', 'rejected'))"
            " = (minutes IS NOT NULL) AND (minutes IS NULL) = (planned_minutes IS NULL)",
            name="settled",
        ),
        CheckConstraint(
            "minutes IS NULL OR minutes >= 0 AND (status NOT IN ('counted', 'below_threshold')"
            " OR (status = 'counted') = (minutes > 0))",
            name="counted_minutes",
        ),
        CheckConstraint(
            "held_minutes >= 0 AND (status = 'under_review') = (held_minutes > 0)", name="held"
        ),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirm_reason IS NULL)", name="confirmed_with_reason"
        ),
        CheckConstraint("confirmed_by <> person_id", name="confirmed_by_another"),
        CheckConstraint("created_by <> person_id", name="created_by_another"),
        CheckConstraint(
            "(check_out_method IS NULL) = (checked_out_at IS NULL)", name="check_out_method"
        ),
        Index(
            "uq_attendances_open",
            "person_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_attendances_own", "person_id", "id"),
    )
    __lifecycle__ = ATTENDANCE
    __violations__ = {
        "uq_attendances_open": CheckedInElsewhere,
        "ck_attendances_confirmed_by_another": OwnAttendance,
        "ck_attendances_created_by_another": OwnAttendance,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[AttendanceStatus] = mapped_column(enum_by_value(AttendanceStatus))
    checked_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Who confirmed the time of leaving after a missed check-out."""
    confirm_reason: Mapped[str | None] = mapped_column(Text)
    """Of that confirmation."""
    check_in_method: Mapped[CheckMethod] = mapped_column(
        enum_by_value(CheckMethod), default=CheckMethod.CODE, server_default=CheckMethod.CODE.value
    )
    check_in_inside_fence: Mapped[bool | None]
    check_in_distance_m: Mapped[int | None]
    check_out_method: Mapped[CheckMethod | None] = mapped_column(enum_by_value(CheckMethod))
    check_out_inside_fence: Mapped[bool | None]
    check_out_distance_m: Mapped[int | None]
    code_shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the code of the check-in was new; the check-out needs a later one."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """The leader who checked the person in; null when they did so themselves."""
    is_offline: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the check-in was kept on a phone and sent later."""
    ledger: Mapped[Ledger] = mapped_column(
        enum_by_value(Ledger), default=Ledger.VERIFIED, server_default=Ledger.VERIFIED.value
    )
    """In which its minutes count; honorary when the leader wrote it down afterwards, or the
    person never confirmed what only the leader says."""
    self_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person said that what the leader wrote down is true."""
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person was told that the check-out is missing."""
    planned_minutes: Mapped[int | None]
    minutes: Mapped[int | None]
    """Those that count: the sum of its entries in the ledger."""
    held_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    """They wait for a review."""
    is_own_word: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the person came or left by a code that they could have shown themself."""
    dispute_id: Mapped[UUID | None]
    """The upheld dispute that fixed its minutes; no later settling changes them."""
    uncounted: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    shift: Mapped[Shift] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)

    @property
    def awaits_person(self) -> bool:
        """Whether it is verified only once the person confirms what the leader says."""
        return (
            self.check_in_method is CheckMethod.LEADER
            and self.ledger is Ledger.VERIFIED
            and self.self_confirmed_at is None
        )

    @property
    def is_by_own_code(self) -> bool:
        """Whether the person themself came or left by a code that was shown to them."""
        came = self.created_by is None and self.check_in_method in SHOWN_CODES
        return came or self.check_out_method in SHOWN_CODES

    @property
    def not_counted(self) -> list[Uncounted]:
        """Time that does not count, with its reasons."""
        return [Uncounted(Reason(part["reason"]), part["minutes"]) for part in self.uncounted]
