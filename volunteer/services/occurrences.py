"""Holding an activity again: a copy for another day, or for a row of days."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import InvalidInput
from core.ids import new_id
from volunteer.errors import NoUpcomingShift
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity, Deputy
from volunteer.models.shifts import Shift
from volunteer.recurrence import Every, days_after
from volunteer.services import activities

MOST_OCCURRENCES = 26
"""Half a year of Saturdays."""

COPIED = (
    "project_id",
    "title",
    "place",
    "content",
    "latitude",
    "longitude",
    "fence_radius",
    "has_location_check_in",
    "risk_level",
    "min_age",
    "max_age",
    "qualification_code",
    "is_for_members",
    "needs_approval",
    "cancel_hours",
    "leader_id",
)
"""Not the insurance: a policy is bought for its day."""


def copy(actor: Actor, activity_id: UUID, *, starts_on: date) -> Activity:
    """A draft like this activity, whose first shift is on the day; shifts keep their distance
    and their time of day. The day already copied gives the first copy again.

    Raises NotFound, NoUpcomingShift without any shift, OrganizationNotApproved,
    ProjectNotApproved, InvalidInput for a past day."""
    source = _source(actor, Permission.VOLUNTEER_ACTIVITY_COPY, activity_id)
    if _moved(source.shifts[0].starts_at, _distance(source, starts_on)) <= clock.now():
        raise InvalidInput.at("starts_on", "这一天的开始时间已过")
    return activities.load(_put(actor, source, starts_on))


def repeat(actor: Actor, activity_id: UUID, *, every: Every, until: date) -> list[Activity]:
    """A draft for each coming occurrence up to `until`, in order of days; each occurrence is
    made once, however often this is asked.

    Raises NotFound, NoUpcomingShift without any shift, OrganizationNotApproved,
    ProjectNotApproved, InvalidInput for no occurrence or more than 26."""
    source = _source(actor, Permission.VOLUNTEER_ACTIVITY_REPEAT, activity_id)
    first, at = source.shifts[0].starts_at, clock.now()
    days = [
        day
        for day in days_after(clock.day_of(first), every, until)
        if _moved(first, _distance(source, day)) > at
    ]
    if not days:
        raise InvalidInput.at("until", "到这一天为止没有下一次活动")
    if len(days) > MOST_OCCURRENCES:
        raise InvalidInput.at("until", f"一次最多安排 {MOST_OCCURRENCES} 次活动")
    return [activities.load(_put(actor, source, day)) for day in days]


def _source(actor: Actor, permission: Permission, activity_id: UUID) -> Activity:
    """What is copied: with a shift, of a project that goes on."""
    source = activities.load(activity_id)
    activities.require_organizer(actor, permission, source)
    activities.require_running(source.project)
    if not source.shifts:
        raise NoUpcomingShift
    return source


def _distance(source: Activity, day: date) -> timedelta:
    return day - clock.day_of(source.shifts[0].starts_at)


def _moved(instant: datetime, by: timedelta) -> datetime:
    """So many days later at the same time of day in Shanghai."""
    return instant.astimezone(clock.SHANGHAI) + by


def _put(actor: Actor, source: Activity, day: date) -> UUID:
    """The copy for the day, made unless there is one. Gives its id."""
    copy_id = new_id()
    is_new = insert_if_absent(
        Activity,
        id=copy_id,
        status=ActivityStatus.DRAFT,
        copied_from_id=source.id,
        occurs_on=day,
        created_by=actor.id,
        created_at=clock.now(),
        **{name: getattr(source, name) for name in COPIED},
    )
    if not is_new:
        return db.session.scalars(
            select(Activity.id).where(
                Activity.copied_from_id == source.id,
                Activity.occurs_on == day,
                Activity.status != ActivityStatus.CANCELLED,
            )
        ).one()
    by = _distance(source, day)
    db.session.execute(insert(Shift), [_shift(copy_id, shift, by) for shift in source.shifts])
    _stand_in(copy_id, source.deputy_ids)
    copied = activities.load(copy_id)
    audit.record(actor, copied, "copy", to_status=copied.status.value)
    return copy_id


def _shift(activity_id: UUID, shift: Shift, by: timedelta) -> dict[str, object]:
    return {
        "id": new_id(),
        "activity_id": activity_id,
        "starts_at": _moved(shift.starts_at, by),
        "ends_at": _moved(shift.ends_at, by),
        "capacity": shift.capacity,
        "post": shift.post,
        "min_people": shift.min_people,
        "break_minutes": shift.break_minutes,
    }


def _stand_in(activity_id: UUID, person_ids: Iterable[UUID]) -> None:
    if rows := [{"activity_id": activity_id, "person_id": p} for p in person_ids]:
        db.session.execute(insert(Deputy), rows)
