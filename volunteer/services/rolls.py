"""The day of a shift: it begins, it ends (perhaps early), and its roll is closed.

Whoever leads it says so; where nobody does, a job follows the plan. Rows are taken in the order
persons, shift, attendances, so that nobody waits in a circle.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import InvalidInput
from volunteer.errors import ActivityNotOpen, ShiftNotDue
from volunteer.lifecycles import SETTLED_ATTENDANCE, AttendanceStatus, ShiftStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.hours import SourceType
from volunteer.models.shifts import Shift
from volunteer.services import absences, attendances, presence, settlements, shifts

CLOSES_AFTER = timedelta(hours=24)
"""How long after its end a roll stays open if nobody closes it."""

BATCH = 500


def begin(actor: Actor, shift_id: UUID) -> Shift:
    """Say that it begins, at most half an hour early.

    Raises NotFound, ActivityNotOpen, ShiftNotDue, WrongState."""
    shift = shifts.get_led(actor, Permission.VOLUNTEER_SHIFT_BEGIN, shift_id)
    if shift.activity.status not in presence.TAKING_PLACE:
        raise ActivityNotOpen
    at = clock.now()
    if at < shift.starts_at - shifts.CHECK_IN_OPENS_BEFORE:
        raise ShiftNotDue
    audit.perform(actor, shift, "begin", begun_at=shift.starts_at if actor.is_system else at)
    return shift


def end(
    actor: Actor, shift_id: UUID, *, reason: str | None = None, check_out_everybody: bool = False
) -> Shift:
    """Say that it ends; before the planned end only with a reason, and the planned time becomes
    the real one, also for those who have left already. People check out themselves, unless the
    leader does it for everybody.

    Raises NotFound, InvalidInput for an early end without a reason, WrongState."""
    shift = shifts.get_led(actor, Permission.VOLUNTEER_SHIFT_END, shift_id)
    at = shift.ends_at if actor.is_system else clock.now()
    if at >= shift.ends_at:
        reason = None
    elif reason is None:
        raise InvalidInput.at("reason", "提前结束须说明原因")
    present = list(db.session.scalars(_present(shift_id))) if check_out_everybody else []
    left = list(db.session.scalars(_counted(shift_id))) if reason is not None else []
    for person_id in sorted({a.person_id for a in (*present, *left)}):
        lock_exclusively(f"person:{person_id}")
    audit.perform(actor, shift, "end", reason=reason, ended_at=at, end_reason=reason)
    for attendance in present:
        if attendance.person_id != actor.person_id:
            presence.check_out_by_leader(actor, attendance.id, shift, at=at)
    for attendance in left:
        settlements.resettle(
            actor,
            attendance,
            shift,
            cause_type=SourceType.CORRECTION,
            cause_id=shift.id,
            reason=reason or "",
        )
    return shift


def close_roll(actor: Actor, shift_id: UUID) -> Shift:
    """Settle who was there, and of whose sign-up there is no record. Whoever has not checked out
    waits for the leader to confirm a time.

    Raises NotFound, WrongState."""
    shift = shifts.get_led(actor, Permission.VOLUNTEER_SHIFT_CLOSE_ROLL, shift_id)
    at = clock.now()
    audit.perform(actor, shift, "close_roll", roll_closed_at=at)
    for attendance in db.session.scalars(_present(shift_id).with_for_update()).all():
        attendances.miss_check_out(actor, attendance.id)
    absences.close_roll(actor, shift_id)
    return shift


def _present(shift_id: UUID) -> Select[Attendance]:
    """Those who came and have not left."""
    return (
        select(Attendance)
        .where(Attendance.shift_id == shift_id, Attendance.status == AttendanceStatus.CHECKED_IN)
        .order_by(Attendance.id)
    )


def _counted(shift_id: UUID) -> Select[Attendance]:
    """Those who have left, and whose time was counted against the plan."""
    return (
        select(Attendance)
        .where(Attendance.shift_id == shift_id, Attendance.status.in_(SETTLED_ATTENDANCE))
        .order_by(Attendance.id)
    )


def to_begin() -> list[UUID]:
    """Shifts whose start nobody has declared."""
    query = (
        select(Shift.id)
        .join(Shift.activity)
        .where(
            Shift.status == ShiftStatus.OPEN,
            Shift.starts_at <= clock.now(),
            Activity.status.in_(presence.TAKING_PLACE),
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def to_end() -> list[UUID]:
    """Shifts that have begun and are over by their plan."""
    return _due(ShiftStatus.BEGUN, timedelta())


def to_close_roll() -> list[UUID]:
    """Shifts that ended long ago."""
    return _due(ShiftStatus.ENDED, CLOSES_AFTER)


def _due(status: ShiftStatus, after: timedelta) -> list[UUID]:
    query = select(Shift.id).where(
        Shift.status == status, clock.now() - after >= shifts.COUNTED_UNTIL
    )
    return list(db.session.scalars(query.limit(BATCH)))
