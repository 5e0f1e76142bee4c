"""What leaders write down about attendances by hand: marks and corrections, and what the person
concerned says to it.

A mark on the leader's word alone counts as verified once the person confirms it; one that nobody
confirms in time, or that was written down afterwards, counts in the honorary ledger (补记时长).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import Permission
from accounts.services import messages, persons
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from volunteer import policies
from volunteer.errors import AttendanceExists, AttendanceSettled, OwnAttendance, RollClosed
from volunteer.lifecycles import (
    ONGOING,
    SETTLED_ATTENDANCE,
    ActivityStatus,
    AttendanceStatus,
    ShiftStatus,
)
from volunteer.models.attendance_changes import AttendanceChange
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.hours import Ledger, SourceType
from volunteer.models.shifts import Shift
from volunteer.services import attendances, presence, reviews, settlements, shifts
from volunteer.services.presence import Evidence

CONFIRM_WITHIN = timedelta(hours=72)
"""After the end of the shift; as long as rolls kept without signal may arrive."""

BATCH = 500


def record(
    actor: Actor,
    shift_id: UUID,
    *,
    person_id: UUID,
    checked_in_at: datetime,
    checked_out_at: datetime | None = None,
    reason: str,
) -> Attendance:
    """Write down that somebody with a seat came (and left), and ask them to confirm it.

    Raises NotFound unless the actor leads the shift, OwnAttendance, RollClosed, InvalidInput for
    times that can't be, AttendanceExists, NotSignedUp, CheckedInElsewhere, ActivityNotOpen."""
    shift = shifts.get_led(actor, Permission.VOLUNTEER_ATTENDANCE_RECORD, shift_id)
    policies.refuse_if_self(actor, person_id, OwnAttendance)
    if shift.status is ShiftStatus.ROLL_CLOSED:
        raise RollClosed
    _check_times(shift, checked_in_at, checked_out_at)
    lock_exclusively(f"person:{person_id}")
    if (present := presence.attended(person_id, shift_id)) is not None:
        raise AttendanceExists(attendance_id=str(present.id))
    evidence = Evidence(CheckMethod.LEADER, checked_in_at)
    attendance = presence.arrive(actor, person_id, shift_id, evidence)
    audit.record(actor, attendance, "record", reason=reason)
    ask_to_confirm(attendance, shift)
    if checked_out_at is not None:
        left = Evidence(CheckMethod.LEADER, checked_out_at)
        return presence.leave(actor, person_id, shift_id, left)
    return attendance


def ask_to_confirm(attendance: Attendance, shift: Shift) -> None:
    """Tell the person what the leader wrote down, so that they confirm or dispute it."""
    messages.tell(
        attendance.person_id,
        "attendance_recorded",
        attendance.id,
        activity=shift.activity.title,
        arrived_at=attendance.checked_in_at.isoformat(),
    )


def correct(
    actor: Actor,
    attendance_id: UUID,
    *,
    checked_in_at: datetime | None = None,
    checked_out_at: datetime | None = None,
    reason: str,
) -> Attendance:
    """Replace the times of an attendance; every version is kept. One that is counted already is
    counted again, and the ledger corrected.

    A time of leaving given to somebody who is still checked in, or whose check-out was missed,
    checks them out. Once the roll is closed time is only taken away: more of it needs a second
    person, by a backfill or a dispute. Raises NotFound unless the actor leads the shift,
    OwnAttendance, AttendanceSettled once the activity is settled or a dispute has decided,
    RollClosed, InvalidInput for times that can't be."""
    found = db.session.get(Attendance, attendance_id)
    if found is None:
        raise NotFound
    shift = shifts.get_led(actor, Permission.VOLUNTEER_ATTENDANCE_CORRECT, found.shift_id)
    policies.refuse_if_self(actor, found.person_id, OwnAttendance)
    lock_exclusively(f"person:{found.person_id}")
    attendance = presence.hold(attendance_id)
    if shift.activity.status is ActivityStatus.SETTLED or attendance.dispute_id is not None:
        raise AttendanceSettled
    arrived_at = checked_in_at or attendance.checked_in_at
    left_at = checked_out_at or attendance.checked_out_at
    _check_times(shift, arrived_at, left_at)
    if shift.status is ShiftStatus.ROLL_CLOSED and _adds(attendance, arrived_at, left_at):
        raise RollClosed
    change = _keep(actor, attendance, arrived_at, left_at, reason)
    attendance.checked_in_at = arrived_at
    if attendance.status not in ONGOING:
        attendance.checked_out_at = left_at
    db.session.flush()
    audit.record(actor, attendance, "correct", reason=reason)
    messages.tell(
        attendance.person_id,
        "attendance_corrected",
        change.id,
        activity=shift.activity.title,
        reason=reason,
    )
    if attendance.status in SETTLED_ATTENDANCE:
        return settlements.resettle(
            actor,
            attendance,
            shift,
            cause_type=SourceType.CORRECTION,
            cause_id=change.id,
            reason=reason,
        )
    return _leave_as_corrected(actor, attendance, shift, left_at, reason)


def _adds(attendance: Attendance, arrived_at: datetime, left_at: datetime | None) -> bool:
    """Whether these times give somebody time that they did not have. Who has not left yet has
    none to compare with."""
    before = attendance.checked_out_at
    stays_longer = before is not None and left_at is not None and left_at > before
    return arrived_at < attendance.checked_in_at or stays_longer


def _keep(
    actor: Actor,
    attendance: Attendance,
    arrived_at: datetime,
    left_at: datetime | None,
    reason: str,
) -> AttendanceChange:
    change = AttendanceChange(
        id=new_id(),
        attendance_id=attendance.id,
        at=clock.now(),
        changed_by=actor.id,
        old_checked_in_at=attendance.checked_in_at,
        new_checked_in_at=arrived_at,
        old_checked_out_at=attendance.checked_out_at,
        new_checked_out_at=left_at,
        reason=reason,
    )
    db.session.add(change)
    return change


def _leave_as_corrected(
    actor: Actor, attendance: Attendance, shift: Shift, left_at: datetime | None, reason: str
) -> Attendance:
    if left_at is None or attendance.status is AttendanceStatus.UNCONFIRMED:
        return attendance
    if attendance.status is AttendanceStatus.PENDING_CHECK_OUT:
        return attendances.confirm_time(actor, attendance.id, checked_out_at=left_at, reason=reason)
    return presence.check_out_by_leader(actor, attendance.id, shift, at=left_at)


def _check_times(shift: Shift, arrived_at: datetime, left_at: datetime | None) -> None:
    """Raises InvalidInput for times outside the shift's, in the wrong order, or to come."""
    first, last = shifts.check_window(shift)
    at = clock.now()
    if not first <= arrived_at < shift.counted_until or arrived_at > at:
        raise InvalidInput.at("checked_in_at", "签到时间应在场次开始前 30 分钟至场次结束之间")
    if left_at is not None and (not arrived_at <= left_at < last or left_at > at):
        raise InvalidInput.at("checked_out_at", "离开时间应在签到之后、场次结束后 2 小时之内")


def confirm(actor: Actor, attendance_id: UUID) -> Attendance:
    """Say that what the leader wrote down about oneself is true; then it counts as verified.

    A repeat changes nothing. Raises NotFound for the attendance of another person."""
    lock_exclusively(f"person:{actor.id}")
    attendance = presence.hold(attendance_id)
    if attendance.person_id != actor.id:
        raise NotFound
    if not attendance.awaits_person:
        return attendance
    return presence.confirm(actor, attendance)


def confirm_on_behalf(actor: Actor, attendance_id: UUID, *, id_number: str) -> Attendance:
    """The same for somebody without a phone, who says so at a counter with their identity card;
    they are told. A repeat changes nothing.

    Raises NotFound, IdNumberMismatch, OwnAttendance, ReviewNotIndependent for whoever runs the
    activity."""
    found = db.session.get(Attendance, attendance_id)
    if found is None:
        raise NotFound
    person = persons.get_by_card(found.person_id, id_number)
    shift = shifts.load(found.shift_id)
    policies.refuse_if_self(actor, person.id, OwnAttendance)
    reviews.refuse_if_involved(actor, found, shift.activity)
    lock_exclusively(f"person:{person.id}")
    attendance = presence.hold(attendance_id)
    if not attendance.awaits_person:
        return attendance
    messages.tell(person.id, "confirmed_on_behalf", attendance.id, activity=shift.activity.title)
    return presence.confirm(actor, attendance)


def lapse(actor: Actor, attendance_id: UUID) -> Attendance:
    """Count in the honorary ledger what the person has not confirmed in time; done by a job, on
    the word of the leader who wrote it down.

    Raises NotFound, WrongState."""
    found = db.session.get(Attendance, attendance_id)
    if found is None:
        raise NotFound
    lock_exclusively(f"person:{found.person_id}")
    attendance = presence.hold(attendance_id)
    audit.perform(actor, attendance, "lapse", ledger=Ledger.HONORARY)
    leader = Actor(person_id=attendance.created_by)
    return presence.settle(leader, attendance, shifts.load(attendance.shift_id))


def to_lapse() -> list[UUID]:
    """Attendances on the leader's word alone that nobody has confirmed in time."""
    query = (
        select(Attendance.id)
        .join(Attendance.shift)
        .where(
            Attendance.status == AttendanceStatus.UNCONFIRMED,
            clock.now() - CONFIRM_WITHIN >= shifts.COUNTED_UNTIL,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))
