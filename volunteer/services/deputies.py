"""Who answers for an activity on site: its leader, and those who stand in."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput
from core.ids import new_id
from volunteer.errors import ActivityOver
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.activities import Activity, Deputy
from volunteer.models.signups import Signup
from volunteer.services import activities

MOST_DEPUTIES = 3

OVER = (ActivityStatus.CANCELLED, ActivityStatus.FINISHED, ActivityStatus.SETTLED)


def replace(actor: Actor, activity_id: UUID, person_ids: Collection[UUID]) -> Activity:
    """Name the deputies, registered persons, in place of those before.

    Raises NotFound, ActivityOver, InvalidInput for somebody without a real name, for the leader,
    or for more than three."""
    activity = _running(actor, Permission.VOLUNTEER_DEPUTY_REPLACE, activity_id)
    wanted = set(person_ids)
    if len(wanted) > MOST_DEPUTIES:
        raise InvalidInput.at("person_ids", f"最多 {MOST_DEPUTIES} 名副负责人")
    if activity.leader_id in wanted:
        raise InvalidInput.at("person_ids", "负责人不必再任副负责人")
    for person_id in wanted:
        activities.registered(person_id, "person_ids")
    new = sorted(wanted - set(activity.deputy_ids))
    db.session.execute(delete(Deputy).where(Deputy.activity_id == activity_id))
    if wanted:
        rows = [{"activity_id": activity_id, "person_id": person_id} for person_id in wanted]
        db.session.execute(insert(Deputy), rows)
    audit.record(actor, activity, "replace_deputies")
    if activity.status is ActivityStatus.PUBLISHED:
        activities.tell_named(actor, activity, new)
    return activities.load(activity_id)


def lead(actor: Actor, activity_id: UUID, person_id: UUID) -> Activity:
    """Hand the lead to another registered person, perhaps the organizer themselves; both leaders
    are told, and in their inboxes all who have a seat. A repeat changes nothing.

    Raises NotFound, ActivityOver, InvalidInput for somebody without a real name."""
    activity = _running(actor, Permission.VOLUNTEER_ACTIVITY_LEAD, activity_id)
    before = activity.leader_id
    if before == person_id:
        return activity
    activity.leader_id = activities.registered(person_id, "person_id")
    mine = (Deputy.activity_id == activity_id, Deputy.person_id == person_id)
    db.session.execute(delete(Deputy).where(*mine))
    db.session.flush()
    audit.record(actor, activity, "lead")
    cause = new_id()
    for told, change in ((before, "改由他人负责"), (person_id, "由您负责")):
        messages.tell(told, "leader_changed", cause, activity=activity.title, change=change)
    seated = [p for p in _seated(activity) if p not in (before, person_id)]
    change = "前一天起可查看新负责人的电话"
    messages.note_all(seated, "leader_changed", cause, activity=activity.title, change=change)
    return activities.load(activity_id)


def _seated(activity: Activity) -> Sequence[UUID]:
    """Those who will ask for the leader."""
    query = (
        select(Signup.person_id)
        .where(
            Signup.shift_id.in_([shift.id for shift in activity.shifts]),
            Signup.status == SignupStatus.CONFIRMED,
        )
        .distinct()
    )
    return db.session.scalars(query).all()


def _running(actor: Actor, permission: Permission, activity_id: UUID) -> Activity:
    """An activity that is not over, held until the transaction ends."""
    activity = activities.load(activity_id, lock=True)
    activities.require_organizer(actor, permission, activity)
    is_past = activity.status is ActivityStatus.PUBLISHED and (
        activity.ends_at is not None and activity.ends_at <= clock.now()
    )
    if activity.status in OVER or is_past:
        raise ActivityOver(state=activity.status.value)
    return activity
