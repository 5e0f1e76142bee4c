"""Activities: drafted by an organizer of an approved project, published, cancelled, finished."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, case, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import persons, sites
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.actions import Action
from volunteer.errors import NoUpcomingShift, ProjectNotApproved
from volunteer.lifecycles import ActivityStatus, ProjectStatus
from volunteer.models.activities import Activity
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift

FORBIDDEN_IN_TITLES = ("补录",)
"""Words that mark an occasion invented to enter hours afterwards (i志愿, 2019)."""

CLOSES_AFTER = timedelta(hours=2)
"""How long after its end people may still check out; then what is open is wound up."""

BATCH = 500


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
    cancel_reason: str | None
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


_LISTED = (
    select(
        Activity.id,
        Activity.title,
        Activity.place,
        Activity.status,
        Activity.project_id,
        Activity.starts_at,
        Activity.ends_at,
        Activity.cancel_reason,
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
    )
    .where(Shift.activity_id.in_(bindparam("listed", expanding=True)))
    .order_by(Shift.starts_at, Shift.id)
)


def create(
    actor: Actor, *, project_id: UUID, title: str, place: str, leader_id: UUID | None = None
) -> Activity:
    """Begin a draft; the actor leads it unless another registered person is named.

    Raises NotFound for a project of another organisation, ProjectNotApproved, InvalidInput for
    a title with a forbidden word or a leader without a real name."""
    project = db.session.get(Project, project_id)
    if project is None:
        raise NotFound
    policies.require_over_organization(
        actor, Permission.VOLUNTEER_ACTIVITY_CREATE, project.organization_id
    )
    if project.status is not ProjectStatus.APPROVED:
        raise ProjectNotApproved
    for word in FORBIDDEN_IN_TITLES:
        if word in title:
            raise InvalidInput.at("title", f"活动名称不能含有“{word}”")
    activity = Activity(
        id=new_id(),
        project=project,
        title=title,
        place=place,
        leader_id=actor.id if leader_id is None else _registered(leader_id),
        status=ActivityStatus.DRAFT,
        created_by=actor.id,
        created_at=clock.now(),
    )
    db.session.add(activity)
    db.session.flush()
    audit.record(actor, activity, "create", to_status=activity.status.value)
    return load(activity.id)


def _registered(person_id: UUID) -> UUID:
    try:
        leader = persons.get(person_id)
    except NotFound:
        leader = None
    if leader is None or leader.registered_at is None:
        raise InvalidInput.at("leader_id", "负责人须是已实名登记的志愿者")
    return leader.id


def publish(actor: Actor, activity_id: UUID) -> Activity:
    """Open it for sign-up. Raises NotFound, NoUpcomingShift, WrongState."""
    activity = load(activity_id, lock=True)
    _require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_PUBLISH, activity)
    at = clock.now()
    shifts = activity.shifts
    if activity.status is ActivityStatus.DRAFT and not any(s.starts_at > at for s in shifts):
        raise NoUpcomingShift
    audit.perform(
        actor,
        activity,
        "publish",
        published_at=at,
        starts_at=min(s.starts_at for s in shifts),
        ends_at=max(s.ends_at for s in shifts),
    )
    return activity


def cancel(actor: Actor, activity_id: UUID, *, reason: str) -> Activity:
    """Call it off. A job then releases every sign-up and tells its person.

    Raises NotFound, WrongState."""
    activity = load(activity_id)
    _require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_CANCEL, activity)
    audit.perform(actor, activity, "cancel", reason=reason, cancel_reason=reason)
    return activity


def finish(actor: Actor, activity_id: UUID) -> Activity:
    """Close it after its last shift; done by a job. Raises NotFound, WrongState."""
    activity = load(activity_id)
    audit.perform(actor, activity, "finish")
    return activity


def to_finish() -> list[UUID]:
    """Published activities whose last shift is long over."""
    query = select(Activity.id).where(
        Activity.status == ActivityStatus.PUBLISHED,
        Activity.ends_at <= clock.now() - CLOSES_AFTER,
    )
    return list(db.session.scalars(query.limit(BATCH)))


def _require_organizer(actor: Actor, permission: Permission, activity: Activity) -> None:
    policies.require_over_organization(actor, permission, activity.project.organization_id)


def load(activity_id: UUID, *, lock: bool = False) -> Activity:
    """An activity as it is now, with its project and shifts, for services that ask a policy.

    With `lock` its row is held until the transaction ends. Raises NotFound."""
    query = _query().where(Activity.id == activity_id).execution_options(populate_existing=True)
    if lock:
        query = query.with_for_update(of=Activity)
    activity = db.session.scalar(query)
    if activity is None:
        raise NotFound
    return activity


def get_public(activity_id: UUID) -> Activity:
    """An activity that was published at some time. Raises NotFound."""
    activity = load(activity_id)
    if activity.status is ActivityStatus.DRAFT:
        raise NotFound
    return activity


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


def _query() -> Select[Activity]:
    return (
        select(Activity)
        .join(Activity.project)
        .options(
            contains_eager(Activity.project).options(
                joinedload(Project.organization, innerjoin=True)
            ),
            selectinload(Activity.shifts),
        )
    )
