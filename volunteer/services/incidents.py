"""Incidents: written down on site, told to the staff of the site, read by staff and organizers."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from accounts.permissions import Permission, Role
from accounts.policies import under_sites
from accounts.services import messages, roles, sites
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_all_absent
from core.errors import InvalidInput
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.errors import ActivityNotOpen
from volunteer.models.activities import Activity
from volunteer.models.incidents import Incident, IncidentPerson
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import activities


def record(
    actor: Actor,
    activity_id: UUID,
    *,
    happened_at: datetime,
    what: str,
    people: Collection[UUID] = (),
) -> Incident:
    """Write down what happened and to which volunteers, and tell the staff of the site.

    Raises NotFound unless the actor leads the activity, stands in or organises; ActivityNotOpen
    for one that was never published; InvalidInput for a time to come or people who are not of the
    activity."""
    activity = activities.load(activity_id)
    policies.require_lead(actor, Permission.VOLUNTEER_INCIDENT_RECORD, activity)
    if activity.published_at is None:
        raise ActivityNotOpen
    at = clock.now()
    if happened_at > at:
        raise InvalidInput.at("happened_at", "不能晚于现在")
    concerned = set(people)
    if concerned - _signed_up(activity_id, concerned):
        raise InvalidInput.at("people", "只能填写报名参加这个活动的人")
    incident = Incident(
        id=new_id(),
        activity_id=activity_id,
        happened_at=happened_at,
        recorded_by=actor.id,
        created_at=at,
    )
    incident.text = what
    db.session.add(incident)
    db.session.flush()
    insert_all_absent(
        IncidentPerson, [{"incident_id": incident.id, "person_id": p} for p in sorted(concerned)]
    )
    audit.record(actor, incident, "record")
    _tell(actor, activity, incident)
    return db.session.scalars(_query().where(Incident.id == incident.id)).one()


def _signed_up(activity_id: UUID, people: Collection[UUID]) -> set[UUID]:
    query = (
        select(Signup.person_id)
        .join(Signup.shift)
        .where(Shift.activity_id == activity_id, Signup.person_id.in_(people))
    )
    return set(db.session.scalars(query))


def _tell(actor: Actor, activity: Activity, incident: Incident) -> None:
    for person_id in roles.holders_at(Role.SITE_STAFF, sites.get(activity.site_id)):
        if person_id != actor.person_id:
            messages.tell(
                person_id,
                "incident_recorded",
                incident.id,
                activity=activity.title,
                happened_at=incident.happened_at.isoformat(),
            )


def list_visible(
    actor: Actor, page: PageRequest, *, activity_id: UUID | None = None
) -> Page[Incident]:
    """Incidents at the actor's sites and of the actor's organisations, newest first; perhaps of
    one activity."""
    permission = Permission.VOLUNTEER_INCIDENT_VIEW
    own = actor.scope_ids(permission, ScopeKind.ORGANIZATION)
    query = _query().where(or_(Project.organization_id.in_(own), under_sites(actor, permission)))
    if activity_id is not None:
        query = query.where(Incident.activity_id == activity_id)
    return paginate(query, page, by=[Incident.id], descending=True)


def _query() -> Select[Incident]:
    """Incidents joined with their `Project` and `Site`, for the filters of policies."""
    return (
        select(Incident)
        .join(Incident.activity)
        .join(Activity.project)
        .join(Project.site)
        .options(contains_eager(Incident.activity), selectinload(Incident.people))
    )
