"""Attendances: check-in and check-out by whatever proves them, and check-outs that were missed.

What a proof leads to stands in `presence`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import InvalidInput, NotFound
from core.paging import Page, PageRequest, paginate
from volunteer import codes, personal_codes, policies
from volunteer.errors import (
    OwnAttendance,
)
from volunteer.geofence import Position
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance, CheckMethod, Direction
from volunteer.services import check_attempts, presence, shifts
from volunteer.services.check_attempts import Attempt
from volunteer.services.presence import Evidence

BATCH = 500


def check_in(
    actor: Actor,
    *,
    code: str | None = None,
    digits: str | None = None,
    shift_id: UUID | None = None,
    position: Position | None = None,
) -> Attendance:
    """Arrive by a code, by digits for a shift, or (at large events) by the place alone.

    A repeat gives the first attendance; a code of another post finds the person's own. Raises
    CodeInvalid, CodeExpired, TooManyAttempts, ActivityNotOpen, CheckInClosed, NotSignedUp without
    a confirmed sign-up, LocationNotEnough, OutsideFence, CheckedInElsewhere; what they keep is
    an attempt."""
    lock_exclusively(f"person:{actor.id}")
    method = _method(code, digits)
    with check_attempts.kept(Attempt(actor.id, Direction.IN, method, shift_id)) as attempt:
        attempt.shift_id, evidence = _read(actor, method, code, digits, shift_id, position)
        return presence.arrive(actor, actor.id, attempt.shift_id, evidence)


def check_out(
    actor: Actor,
    *,
    code: str | None = None,
    digits: str | None = None,
    shift_id: UUID | None = None,
    position: Position | None = None,
) -> Attendance:
    """Leave, and have the time counted. A repeat gives the first result.

    Raises as check_in does; NotCheckedIn; CodeUsed for the code of the check-in; CheckOutClosed
    from two hours after the shift's end, or once a job has marked the check-out as missed."""
    lock_exclusively(f"person:{actor.id}")
    method = _method(code, digits)
    with check_attempts.kept(Attempt(actor.id, Direction.OUT, method, shift_id)) as attempt:
        attempt.shift_id, evidence = _read(actor, method, code, digits, shift_id, position)
        return presence.leave(actor, actor.id, attempt.shift_id, evidence)


def scan(actor: Actor, shift_id: UUID, *, code: str, direction: Direction) -> Attendance:
    """Check somebody in or out by the personal code on their phone.

    Raises NotFound unless the actor leads the shift, PersonalCodeInvalid, OwnAttendance, and what
    `check_in` and `check_out` raise."""
    shifts.get_led(actor, Permission.VOLUNTEER_ATTENDANCE_SCAN, shift_id)
    at = clock.now()
    read = personal_codes.read(shifts.code_key(), code, at)
    policies.refuse_if_self(actor, read.person_id, OwnAttendance)
    lock_exclusively(f"person:{read.person_id}")
    evidence = Evidence(CheckMethod.PERSONAL_CODE, at, read.shown_at)
    act = presence.arrive if direction is Direction.IN else presence.leave
    with check_attempts.kept(Attempt(read.person_id, direction, evidence.method, shift_id)):
        return act(actor, read.person_id, shift_id, evidence)


def show_personal_code(actor: Actor) -> personal_codes.PersonalCode:
    """The actor's own code of this moment, for the leader to scan."""
    return personal_codes.issue(shifts.code_key(), actor.id, clock.now())


def _method(code: str | None, digits: str | None) -> CheckMethod:
    if code is not None:
        return CheckMethod.PACKET if code.startswith(codes.PACKET_MARK) else CheckMethod.CODE
    return CheckMethod.LOCATION if digits is None else CheckMethod.DIGITS


def _read(
    actor: Actor,
    method: CheckMethod,
    code: str | None,
    digits: str | None,
    shift_id: UUID | None,
    position: Position | None,
) -> tuple[UUID, Evidence]:
    """The shift that is meant, and what proves it. Expects the person to be locked."""
    at, key = clock.now(), shifts.code_key()
    if code is not None:
        read = codes.read(key, code, at)
        return read.shift_id, Evidence(method, at, read.shown_at, position)
    if shift_id is None:
        raise InvalidInput.at("shift_id", "不扫码时须说明是哪个场次")
    if digits is not None:
        check_attempts.require_few(actor.id, shift_id, at)
        shown_at = codes.read_digits(key, shifts.beside(shift_id), digits, at)
        return shift_id, Evidence(method, at, shown_at, position)
    if position is None:
        raise InvalidInput.at("code", "请扫描签到码，或填写 6 位数字码")
    return shift_id, Evidence(method, at, position=position)


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
            clock.now() - shifts.CHECK_OUT_CLOSES_AFTER >= shifts.COUNTED_UNTIL,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def confirm_time(
    actor: Actor, attendance_id: UUID, *, checked_out_at: datetime, reason: str
) -> Attendance:
    """Say when somebody left whose check-out was missed, have the time counted, and tell them.

    Raises NotFound unless the actor leads the shift, OwnAttendance, InvalidInput for a time
    that is not between check-in and the shift's end, WrongState."""
    attendance = db.session.get(Attendance, attendance_id)
    if attendance is None:
        raise NotFound
    shift = shifts.get_led(actor, Permission.VOLUNTEER_ATTENDANCE_CONFIRM_TIME, attendance.shift_id)
    policies.refuse_if_self(actor, attendance.person_id, OwnAttendance)
    if not attendance.checked_in_at <= checked_out_at <= shift.counted_until:
        raise InvalidInput.at("checked_out_at", "离开时间应在签到之后、场次结束之前")
    lock_exclusively(f"person:{attendance.person_id}")
    audit.perform(
        actor,
        attendance,
        "confirm_time",
        reason=reason,
        checked_out_at=checked_out_at,
        check_out_method=CheckMethod.LEADER,
        confirmed_by=actor.id,
        confirm_reason=reason,
    )
    messages.tell(
        attendance.person_id,
        "time_confirmed",
        attendance.id,
        activity=shift.activity.title,
        left_at=checked_out_at.isoformat(),
    )
    return presence.settle(actor, attendance, shift)


def list_mine(actor: Actor, page: PageRequest) -> Page[Attendance]:
    """The actor's own attendances, newest first."""
    query = select(Attendance).where(Attendance.person_id == actor.id)
    return paginate(query, page, by=[Attendance.id], descending=True)


def list_of_shift(actor: Actor, shift_id: UUID, page: PageRequest) -> Page[Attendance]:
    """The attendances of a shift that the actor leads, in order of arrival. Raises NotFound."""
    shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT, shift_id)
    query = (
        select(Attendance)
        .where(Attendance.shift_id == shift_id)
        .options(joinedload(Attendance.person, innerjoin=True))
    )
    return paginate(query, page, by=[Attendance.id])
