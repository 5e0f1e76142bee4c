"""Postponing an activity and giving it new times; everybody signed up is told by a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, WrongState
from core.ids import new_id
from volunteer.errors import NoUpcomingShift
from volunteer.lifecycles import ActivityStatus, ShiftStatus
from volunteer.models.activities import Activity
from volunteer.models.postponements import Postponement
from volunteer.models.shifts import Rest, Shift
from volunteer.models.signups import LIVE, Signup
from volunteer.services import activities, reminders, shifts, waitlists

BATCH = 500
"""People told in one transaction."""

TOLD_AFTER = timedelta(seconds=6)
"""Whoever was signing up when it was postponed has come through by then, and is told too: a
transaction lasts five seconds at most."""


@dataclass(frozen=True, slots=True)
class NewTime:
    """The new time of a shift."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    breaks: Sequence[Rest] | None = None
    """None keeps those it has at their distance from the start."""


def postpone(actor: Actor, activity_id: UUID, *, reason: str) -> Activity:
    """Take the times of the shifts to come away; people keep their seats, and may cancel.

    Raises NotFound, NoUpcomingShift when every shift has begun, WrongState."""
    activity = activities.load(activity_id, lock=True)
    activities.require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_POSTPONE, activity)
    at = clock.now()
    if activity.status is ActivityStatus.PUBLISHED and not _not_begun(activity.shifts, at):
        raise NoUpcomingShift
    audit.perform(
        actor, activity, "postpone", reason=reason, postpone_reason=reason, postponed_at=at
    )
    made = Postponement(id=new_id(), activity_id=activity_id, postponed_at=at)
    db.session.add(made)
    db.session.flush()
    activities.tell_on_site(actor, activity, "activity_postponed", made.id, reason=reason)
    return activity


def _not_begun(among: Sequence[Shift], at: datetime) -> list[Shift]:
    """The shifts that had not begun at `at`, neither by the leader's word nor by the clock."""
    return [s for s in among if s.status is ShiftStatus.OPEN and s.starts_at > at]


def reschedule(
    actor: Actor, activity_id: UUID, *, times: Sequence[NewTime], place: str | None = None
) -> Activity:
    """Publish it again with a new time for each shift that had not begun, perhaps elsewhere.

    Raises NotFound, WrongState, InvalidInput unless `times` name exactly those shifts, or for
    times and breaks as `shifts.create` refuses them."""
    activity = activities.load(activity_id, lock=True)
    activities.require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_RESCHEDULE, activity)
    if activity.status is not ActivityStatus.POSTPONED or activity.postponed_at is None:
        raise WrongState(state=activity.status.value, verb="reschedule")
    moving = {s.id: s for s in _not_begun(activity.shifts, activity.postponed_at)}
    if len(times) != len(moving) or {new.shift_id for new in times} != moving.keys():
        raise InvalidInput.at("shifts", "请为每个尚未开始的场次填写新的时间，且各填一次")
    for new in times:
        _move(moving[new.shift_id], new)
    reminders.forget(moving)
    at = clock.now()
    for shift in moving.values():
        waitlists.extend(shift, at)
    facts: dict[str, Any] = {"rescheduled_at": at, **activities.span(activity.shifts)}
    if place is not None:
        facts["place"] = place
    audit.perform(actor, activity, "reschedule", **facts)
    latest = db.session.scalars(
        select(Postponement)
        .where(Postponement.activity_id == activity_id)
        .order_by(Postponement.id.desc())
        .limit(1)
        .with_for_update()
    ).one()
    latest.rescheduled_at, latest.told_to_id, latest.told_at = at, None, None
    db.session.flush()
    activities.tell_on_site(
        actor, activity, "activity_rescheduled", latest.id, place=activity.place
    )
    return activity


def _move(shift: Shift, new: NewTime) -> None:
    shifts.check_times(new.starts_at, new.ends_at)
    if new.breaks is not None:
        shift.break_minutes = shifts.minutes_into(new.starts_at, new.breaks)
    shifts.check_breaks(shift.break_minutes, new.ends_at - new.starts_at)
    shift.starts_at, shift.ends_at = new.starts_at, new.ends_at


def to_tell() -> list[UUID]:
    """Postponements of which somebody was not told yet."""
    changed_at = func.coalesce(Postponement.rescheduled_at, Postponement.postponed_at)
    query = select(Postponement.id).where(
        Postponement.told_at.is_(None), changed_at <= clock.now() - TOLD_AFTER
    )
    return list(db.session.scalars(query.order_by(Postponement.id).limit(BATCH)))


def tell(postponement_id: UUID) -> int:
    """Tell the next people signed up for the shifts that move; done by a job.

    Gives the number of people. Whoever waits for news of a state that is past already (called
    off, or moved once more) hears of that instead."""
    postponement = db.session.get_one(
        Postponement, postponement_id, with_for_update=True, populate_existing=True
    )
    activity = activities.load(postponement.activity_id)
    told: list[Signup] = []
    if _is_news(postponement, activity):
        told = _next_signups(postponement, activity)
        for signup in told:
            _tell(postponement, activity, signup)
    if len(told) < BATCH:
        postponement.told_at = clock.now()
    if told:
        postponement.told_to_id = told[-1].id
    return len(told)


def _is_news(postponement: Postponement, activity: Activity) -> bool:
    if postponement.rescheduled_at is None:
        return activity.status is ActivityStatus.POSTPONED
    return (
        activity.status is ActivityStatus.PUBLISHED
        and activity.rescheduled_at == postponement.rescheduled_at
    )


def _next_signups(postponement: Postponement, activity: Activity) -> list[Signup]:
    """Live sign-ups of shifts that had not begun, after the last one reached."""
    moving = [s.id for s in _not_begun(activity.shifts, postponement.postponed_at)]
    query = select(Signup).where(LIVE, Signup.shift_id.in_(moving))
    if postponement.told_to_id is not None:
        query = query.where(Signup.id > postponement.told_to_id)
    return list(db.session.scalars(query.order_by(Signup.id).limit(BATCH)))


def _tell(postponement: Postponement, activity: Activity, signup: Signup) -> None:
    starts_at = next(s.starts_at for s in activity.shifts if s.id == signup.shift_id).isoformat()
    cause = uuid5(postponement.id, signup.id.hex)
    if postponement.rescheduled_at is None:
        template, rest = "activity_postponed", {"reason": activity.postpone_reason or ""}
    else:
        template, rest = "activity_rescheduled", {"place": activity.place}
    messages.tell(
        signup.person_id, template, cause, activity=activity.title, starts_at=starts_at, **rest
    )
