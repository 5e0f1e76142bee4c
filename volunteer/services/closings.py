"""Closing the books of an activity that is over, once nothing about its attendances is open."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db
from volunteer.errors import AttendancesOpen, RollOpen
from volunteer.lifecycles import ActivityStatus, AttendanceStatus, ShiftStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.services import activities

DECIDED = (
    AttendanceStatus.COUNTED,
    AttendanceStatus.BELOW_THRESHOLD,
    AttendanceStatus.REJECTED,
)


def settle(actor: Actor, activity_id: UUID) -> Activity:
    """Say that nothing about its attendances is open; by an organizer, or by a job.

    Raises NotFound, AttendancesOpen with their number, RollOpen, WrongState."""
    activity = activities.load(activity_id, lock=True)
    activities.require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_SETTLE, activity)
    open_ones = (
        select(func.count(Attendance.id))
        .join(Attendance.shift)
        .where(_is_open(), Shift.activity_id == activity_id)
    )
    if number := db.session.scalars(open_ones).one():
        raise AttendancesOpen(open=number)
    has_open_roll = any(s.status is not ShiftStatus.ROLL_CLOSED for s in activity.shifts)
    if has_open_roll and activity.status is ActivityStatus.FINISHED:
        raise RollOpen
    audit.perform(actor, activity, "settle", settled_at=clock.now())
    return activity


def to_settle() -> list[UUID]:
    """Finished activities of which every roll is closed and every attendance decided."""
    of_activity = exists().where(Shift.activity_id == Activity.id)
    has_open = of_activity.where(Attendance.shift_id == Shift.id, _is_open())
    has_open_roll = of_activity.where(Shift.status != ShiftStatus.ROLL_CLOSED)
    query = select(Activity.id).where(
        Activity.status == ActivityStatus.FINISHED, ~has_open, ~has_open_roll
    )
    return list(db.session.scalars(query.limit(activities.BATCH)))


def _is_open() -> ColumnElement[bool]:
    """Pending, unconfirmed or under review: somebody has yet to decide."""
    return Attendance.status.not_in(DECIDED)
