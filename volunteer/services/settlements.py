"""Settling an attendance that has ended: what of its time counts, and the entry in the ledger."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import db
from volunteer.accrual import Accrual, Span, accrue
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.services import hours

SETTLED = (AttendanceStatus.COUNTED, AttendanceStatus.BELOW_THRESHOLD)


def settle(actor: Actor, attendance: Attendance, shift: Shift) -> Attendance:
    """Count the time of an attendance that has just ended."""
    accrual = accrue(_spans_beside(attendance, shift))[attendance.id]
    if accrual.minutes:
        return count(actor, attendance, shift, accrual)
    return fall_short(actor, attendance, accrual)


def count(actor: Actor, attendance: Attendance, shift: Shift, accrual: Accrual) -> Attendance:
    """Write the minutes that count to the ledger. Raises WrongState."""
    audit.perform(actor, attendance, "count", **_facts(accrual))
    hours.earn(actor, attendance, shift)
    return attendance


def fall_short(actor: Actor, attendance: Attendance, accrual: Accrual) -> Attendance:
    """Keep why nothing of it counts. Raises WrongState."""
    audit.perform(actor, attendance, "fall_short", **_facts(accrual))
    return attendance


def _facts(accrual: Accrual) -> dict[str, Any]:
    return {
        "planned_minutes": accrual.planned_minutes,
        "minutes": accrual.minutes,
        "uncounted": [{"reason": u.reason.value, "minutes": u.minutes} for u in accrual.uncounted],
    }


def _spans_beside(attendance: Attendance, shift: Shift) -> list[Span]:
    """This attendance, and the settled ones of the same person on the days it touches."""
    first = clock.start_of(clock.day_of(shift.starts_at))
    last = clock.start_of(clock.day_of(shift.ends_at) + timedelta(days=1))
    query = (
        select(Attendance)
        .join(Attendance.shift)
        .where(
            Attendance.person_id == attendance.person_id,
            Attendance.status.in_((*SETTLED, AttendanceStatus.CHECKED_OUT)),
            Shift.starts_at < last,
            Shift.ends_at > first,
        )
        .options(joinedload(Attendance.shift, innerjoin=True))
    )
    return [_span(a) for a in db.session.scalars(query)]


def _span(attendance: Attendance) -> Span:
    if attendance.checked_out_at is None:
        raise ValueError("an open attendance has no span")
    return Span(
        id=attendance.id,
        checked_in_at=attendance.checked_in_at,
        checked_out_at=attendance.checked_out_at,
        starts_at=attendance.shift.starts_at,
        ends_at=attendance.shift.ends_at,
        is_settled=attendance.status in SETTLED,
    )
