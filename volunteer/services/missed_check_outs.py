"""Chasing check-outs that are missing: first the person, then, day by day, the leader."""

from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, select, update

from accounts.services import messages
from core import clock
from core.db import db
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance
from volunteer.services import shifts

REMIND_AFTER = timedelta(minutes=15)
"""The end of the shift."""
CHASED_FOR = timedelta(days=14)
"""As long as the record may take to be entered: 10 working days (decree 67, art. 11)."""

BATCH = 500


def remind(attendance_id: UUID) -> bool:
    """Ask somebody once whether they forgot to check out; False if they have left meanwhile."""
    attendance = db.session.scalar(
        update(Attendance)
        .where(
            Attendance.id == attendance_id,
            Attendance.status == AttendanceStatus.CHECKED_IN,
            Attendance.reminded_at.is_(None),
        )
        .values(reminded_at=clock.now())
        .returning(Attendance)
    )
    if attendance is None:
        return False
    shift = shifts.load(attendance.shift_id)
    messages.tell(
        attendance.person_id,
        "check_out_reminder",
        attendance.id,
        activity=shift.activity.title,
        until=shifts.check_window(shift)[1].isoformat(),
    )
    return True


def to_remind() -> list[UUID]:
    """Open attendances of shifts that are over, whose people have not been reminded."""
    at = clock.now()
    query = (
        select(Attendance.id)
        .join(Attendance.shift)
        .where(
            Attendance.status == AttendanceStatus.CHECKED_IN,
            Attendance.reminded_at.is_(None),
            at - REMIND_AFTER >= shifts.COUNTED_UNTIL,
            at - shifts.CHECK_OUT_CLOSES_AFTER < shifts.COUNTED_UNTIL,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def chase(shift_id: UUID) -> None:
    """Tell the leader of a shift, once a day, how many times of leaving wait for them."""
    shift = shifts.load(shift_id)
    pending = db.session.scalar(
        select(func.count())
        .select_from(Attendance)
        .where(
            Attendance.shift_id == shift_id,
            Attendance.status == AttendanceStatus.PENDING_CHECK_OUT,
        )
    )
    if pending:
        messages.tell(
            shift.activity.leader_id,
            "check_outs_pending",
            uuid5(shift_id, clock.today().isoformat()),
            activity=shift.activity.title,
            people=f"{pending} 人",
        )


def to_chase() -> list[UUID]:
    """Recent shifts with missed check-outs."""
    query = (
        select(Attendance.shift_id)
        .join(Attendance.shift)
        .where(
            Attendance.status == AttendanceStatus.PENDING_CHECK_OUT,
            clock.now() - CHASED_FOR < shifts.COUNTED_UNTIL,
        )
        .distinct()
    )
    return list(db.session.scalars(query.limit(BATCH)))
