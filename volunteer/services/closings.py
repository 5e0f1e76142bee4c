"""Closing the books of an activity that is over, once nothing about its attendances is open."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db
from volunteer.errors import AttendancesOpen
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.services import activities, settlements


def settle(actor: Actor, activity_id: UUID) -> Activity:
    """Say that nothing about its attendances is open; by an organizer, or by a job.

    Raises NotFound, AttendancesOpen with their number, WrongState."""
    activity = activities.load(activity_id, lock=True)
    activities.require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_SETTLE, activity)
    open_ones = (
        select(func.count(Attendance.id))
        .join(Attendance.shift)
        .where(_is_open(), Shift.activity_id == activity_id)
    )
    if number := db.session.scalars(open_ones).one():
        raise AttendancesOpen(open=number)
    audit.perform(actor, activity, "settle", settled_at=clock.now())
    return activity


def to_settle() -> list[UUID]:
    """Finished activities of which every attendance is settled."""
    has_open = (
        exists()
        .where(Shift.activity_id == Activity.id)
        .where(Attendance.shift_id == Shift.id, _is_open())
    )
    query = select(Activity.id).where(Activity.status == ActivityStatus.FINISHED, ~has_open)
    return list(db.session.scalars(query.limit(activities.BATCH)))


def _is_open() -> ColumnElement[bool]:
    return Attendance.status.not_in(settlements.SETTLED)
