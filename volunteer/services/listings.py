"""Lists of activities: what the public may join, what an organisation has, what waits for staff."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, case, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import sites
from core import clock
from core.actor import Actor
from core.db import db
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a reader looks for. Days are of Shanghai and inclusive."""

    action: Action | None = None
    site: UUID | None = None
    from_day: date | None = None
    to_day: date | None = None
    is_open: bool | None = None
    """Only those with (or without) a free seat in a shift to come."""


@dataclass(frozen=True, slots=True)
class ListedActivity:
    """What a list shows of an activity; read as columns, which costs half of whole objects."""

    shifts: list["ListedShift"]
    id: UUID
    title: str
    place: str
    status: ActivityStatus
    project_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    action: Action
    organization_id: UUID
    site_id: UUID
    organization_name: str


@dataclass(frozen=True, slots=True)
class ListedShift:
    id: UUID
    activity_id: UUID
    starts_at: datetime
    ends_at: datetime
    capacity: int
    seats_left: int
    waiting: int
    post: str


_LISTED = (
    select(
        Activity.id,
        Activity.title,
        Activity.place,
        Activity.status,
        Activity.project_id,
        Activity.starts_at,
        Activity.ends_at,
        Project.action,
        Project.organization_id,
        Project.site_id,
        Organization.name,
    )
    .join(Activity.project)
    .join(Project.organization)
    .where(Activity.status == ActivityStatus.PUBLISHED)
)

_LISTED_SHIFTS = (
    select(
        Shift.id,
        Shift.activity_id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.capacity,
        case((Shift.waiting > 0, 0), else_=Shift.capacity - Shift.seats_taken),
        Shift.waiting,
        Shift.post,
    )
    .where(Shift.activity_id.in_(bindparam("listed", expanding=True)))
    .order_by(Shift.starts_at, Shift.id)
)


def list_published(page: PageRequest, wanted: ActivityFilter) -> Page[ListedActivity]:
    """Published activities in order of time. Raises NotFound for an unknown site."""
    query = _LISTED
    if wanted.action is not None:
        query = query.where(Project.action == wanted.action)
    if wanted.site is not None:
        query = query.join(Project.site).where(
            Site.path.startswith(sites.get(wanted.site).path, autoescape=True)
        )
    if wanted.from_day is not None:
        query = query.where(Activity.ends_at > clock.start_of(wanted.from_day))
    if wanted.to_day is not None:
        query = query.where(Activity.starts_at < clock.start_of(wanted.to_day + timedelta(days=1)))
    if wanted.is_open is not None:
        free = exists().where(
            Shift.activity_id == Activity.id,
            Shift.starts_at > clock.now(),
            Shift.waiting == 0,
            Shift.seats_taken < Shift.capacity,
        )
        query = query.where(free if wanted.is_open else ~free)
    found = paginate(query, page, by=[Activity.starts_at, Activity.id])
    shifts = _shifts_of([row.id for row in found.items])
    items = [ListedActivity(shifts[row.id], *row) for row in found.items]
    return Page(items, found.next_cursor)


def _shifts_of(activities: list[UUID]) -> Mapping[UUID, list[ListedShift]]:
    found: defaultdict[UUID, list[ListedShift]] = defaultdict(list)
    for row in db.session.connection().execute(_LISTED_SHIFTS, {"listed": activities}):
        found[row.activity_id].append(ListedShift(*row))
    return found


def list_of_organization(
    actor: Actor,
    organization_id: UUID,
    page: PageRequest,
    *,
    status: ActivityStatus | None = None,
) -> Page[Activity]:
    """Activities of an organisation in all states, newest first, for its organizers.

    Raises NotFound."""
    policies.require_over_organization(actor, Permission.VOLUNTEER_ACTIVITY_UPDATE, organization_id)
    query = _summaries().where(Project.organization_id == organization_id)
    if status is not None:
        query = query.where(Activity.status == status)
    return paginate(query, page, by=[Activity.id], descending=True)


def list_submitted(actor: Actor, page: PageRequest) -> Page[Activity]:
    """Activities that wait for a decision at the actor's sites, oldest first."""
    query = _summaries().where(
        Activity.status == ActivityStatus.SUBMITTED,
        policies.under_sites(actor, Permission.VOLUNTEER_ACTIVITY_REVIEW),
    )
    return paginate(query, page, by=[Activity.id])


def _summaries() -> Select[Activity]:
    """Activities joined with their `Project` and its `Site`, without shifts."""
    return (
        select(Activity)
        .join(Activity.project)
        .join(Project.site)
        .options(
            contains_eager(Activity.project).options(
                joinedload(Project.organization, innerjoin=True)
            )
        )
    )
