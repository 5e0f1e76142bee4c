"""Attendances: check-in, check-out, and the counting of the time between them.

A key of the table decides every repeat: one attendance of a person in a shift, one open at a
time. The time that counts is written to the ledger in the transaction of the check-out.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent, lock_exclusively
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import codes, policies
from volunteer.errors import (
    ActivityNotOpen,
    CheckedInElsewhere,
    CheckInClosed,
    CheckOutClosed,
    NotCheckedIn,
    NotSignedUp,
    OwnAttendance,
)
from volunteer.lifecycles import ActivityStatus, AttendanceStatus, SignupStatus
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import settlements, shifts

BATCH = 500


def check_in(actor: Actor, *, code: str) -> Attendance:
    """Arrive at the shift of the code. A repeat gives the first attendance.

    Raises CodeInvalid, CodeExpired, ActivityNotOpen, CheckInClosed, NotSignedUp without a
    confirmed sign-up, CheckedInElsewhere."""
    at = clock.now()
    shift_id = codes.read(shifts.code_key(), code, at)
    lock_exclusively(f"person:{actor.id}")
    if (present := _of(actor, shift_id)) is not None:
        return present
    shift = shifts.load(shift_id)
    if shift.activity.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    if not shift.starts_at - shifts.CHECK_IN_OPENS_BEFORE <= at < shift.ends_at:
        raise CheckInClosed
    _require_seat(actor, shift_id)
    is_new = insert_if_absent(
        Attendance,
        id=new_id(),
        shift_id=shift_id,
        person_id=actor.id,
        status=AttendanceStatus.CHECKED_IN,
        checked_in_at=at,
        uncounted=[],
    )
    attendance = _of(actor, shift_id)
    if attendance is None:
        raise CheckedInElsewhere
    if is_new:
        audit.record(actor, attendance, "check_in", to_status=attendance.status.value)
    return attendance


def _require_seat(actor: Actor, shift_id: UUID) -> None:
    query = select(Signup.id).where(
        Signup.person_id == actor.id,
        Signup.shift_id == shift_id,
        Signup.status == SignupStatus.CONFIRMED,
    )
    if db.session.scalar(query) is None:
        raise NotSignedUp


def check_out(actor: Actor, *, code: str) -> Attendance:
    """Leave the shift of the code, and have the time counted. A repeat gives the first result.

    Raises CodeInvalid, CodeExpired, NotCheckedIn, CheckOutClosed from two hours after the
    shift's end, or once a job has marked the check-out as missed."""
    at = clock.now()
    shift_id = codes.read(shifts.code_key(), code, at)
    lock_exclusively(f"person:{actor.id}")
    attendance = _of(actor, shift_id)
    if attendance is None:
        raise NotCheckedIn
    if attendance.status in settlements.SETTLED:
        return attendance
    shift = shifts.load(shift_id)
    is_late = at >= shift.ends_at + shifts.CHECK_OUT_CLOSES_AFTER
    if is_late or attendance.status is AttendanceStatus.PENDING_CHECK_OUT:
        raise CheckOutClosed
    left_at = max(at, attendance.checked_in_at)
    audit.perform(actor, attendance, "check_out", checked_out_at=left_at)
    return settlements.settle(actor, attendance, shift)


def _of(actor: Actor, shift_id: UUID) -> Attendance | None:
    """The actor's attendance of the shift, held until the transaction ends."""
    return db.session.scalar(
        select(Attendance)
        .where(Attendance.shift_id == shift_id, Attendance.person_id == actor.id)
        .with_for_update()
    )


def miss_check_out(actor: Actor, attendance_id: UUID) -> Attendance:
    """Mark that nobody checked out in time; done by a job. Raises NotFound, WrongState."""
    attendance = db.session.get(Attendance, attendance_id)
    if attendance is None:
        raise NotFound
    audit.perform(actor, attendance, "miss_check_out")
    return attendance


def to_miss() -> list[UUID]:
    """Open attendances whose shift ended too long ago to check out."""
    query = (
        select(Attendance.id)
        .join(Attendance.shift)
        .where(
            Attendance.status == AttendanceStatus.CHECKED_IN,
            Shift.ends_at <= clock.now() - shifts.CHECK_OUT_CLOSES_AFTER,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def confirm_time(
    actor: Actor, attendance_id: UUID, *, checked_out_at: datetime, reason: str
) -> Attendance:
    """Say when somebody left whose check-out was missed, and have the time counted.

    Raises NotFound unless the actor leads the shift, OwnAttendance, InvalidInput for a time
    that is not between check-in and the shift's end, WrongState."""
    attendance = db.session.get(Attendance, attendance_id)
    if attendance is None:
        raise NotFound
    shift = shifts.get_led(actor, Permission.VOLUNTEER_ATTENDANCE_CONFIRM_TIME, attendance.shift_id)
    policies.refuse_if_self(actor, attendance.person_id, OwnAttendance)
    if not attendance.checked_in_at <= checked_out_at <= shift.ends_at:
        raise InvalidInput.at("checked_out_at", "离开时间应在签到之后、场次结束之前")
    lock_exclusively(f"person:{attendance.person_id}")
    audit.perform(
        actor,
        attendance,
        "confirm_time",
        reason=reason,
        checked_out_at=checked_out_at,
        confirmed_by=actor.id,
        confirm_reason=reason,
    )
    return settlements.settle(actor, attendance, shift)


def list_of_shift(actor: Actor, shift_id: UUID, page: PageRequest) -> Page[Attendance]:
    """The attendances of a shift that the actor leads, in order of arrival. Raises NotFound."""
    shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT, shift_id)
    query = (
        select(Attendance)
        .where(Attendance.shift_id == shift_id)
        .options(joinedload(Attendance.person, innerjoin=True))
    )
    return paginate(query, page, by=[Attendance.id])
