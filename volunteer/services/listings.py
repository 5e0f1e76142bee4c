"""Lists of activities: what the public may join, what an organisation has, what waits for staff."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    Table,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models.persons import Person
from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import persons, sites
from core import clock
from core.actor import Actor
from core.db import db
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus, MembershipStatus
from volunteer.models.activities import Activity, RiskLevel
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.qualifications import Qualification
from volunteer.models.shifts import Shift
from volunteer.models.signups import LIVE, Signup

METRES_A_DEGREE = 111_320.0
"""Of latitude, and of longitude at the equator."""

USUAL_RADIUS = 5_000


class Position(NamedTuple):
    """Degrees, gcj02."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a reader looks for. Days are of Shanghai and inclusive."""

    title: str | None = None
    """Part of it."""
    action: Action | None = None
    category: str | None = None
    site: UUID | None = None
    from_day: date | None = None
    to_day: date | None = None
    is_open: bool | None = None
    """Only those with (or without) a free seat in a shift to come."""
    near: Position | None = None
    """The nearest first, instead of the earliest."""
    radius: int = USUAL_RADIUS
    """Metres around `near`."""


@dataclass(slots=True)
class ListedActivity:
    """What a list shows of an activity; read as columns, which costs half of whole objects."""

    id: UUID
    title: str
    place: str
    status: ActivityStatus
    project_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    latitude: float | None
    longitude: float | None
    risk_level: RiskLevel
    action: Action
    category_code: str
    organization_id: UUID
    site_id: UUID
    organization_name: str
    shifts: list[Any]
    """Rows with the columns of `_LISTED_SHIFTS`."""
    distance: int | None = None
    """Metres from where the reader is."""


_activities = cast(Table, Activity.__table__)
_projects = cast(Table, Project.__table__)
_organizations = cast(Table, Organization.__table__)
_shifts = cast(Table, Shift.__table__)
_sites = cast(Table, Site.__table__)
_signups = cast(Table, Signup.__table__)

_ends_at = func.coalesce(_activities.c.ends_at, _activities.c.starts_at)
"""What is published has an end. Written so that no index knows it: SQLite would find all that end
later by one and sort them, instead of walking the list in its order until the page is full."""

_LISTED = (
    select(
        _activities.c.id,
        _activities.c.title,
        _activities.c.place,
        _activities.c.status,
        _activities.c.project_id,
        _activities.c.starts_at,
        _activities.c.ends_at,
        _activities.c.latitude,
        _activities.c.longitude,
        _activities.c.risk_level,
        _projects.c.action,
        _projects.c.category_code,
        _projects.c.organization_id,
        _projects.c.site_id,
        _organizations.c.name,
    )
    .select_from(_activities)
    .join(_projects, _projects.c.id == _activities.c.project_id)
    .join(_organizations, _organizations.c.id == _projects.c.organization_id)
    .where(_activities.c.status == ActivityStatus.PUBLISHED)
)
"""On tables, not on classes: the same rows for half the price."""

_LISTED_SHIFTS = (
    select(
        _shifts.c.id,
        _shifts.c.activity_id,
        _shifts.c.starts_at,
        _shifts.c.ends_at,
        _shifts.c.capacity,
        case((_shifts.c.waiting > 0, 0), else_=_shifts.c.capacity - _shifts.c.seats_taken).label(
            "seats_left"
        ),
        _shifts.c.waiting,
        _shifts.c.post,
    )
    .where(_shifts.c.activity_id.in_(bindparam("listed", expanding=True)))
    .order_by(_shifts.c.starts_at, _shifts.c.id)
)


def list_published(page: PageRequest, wanted: ActivityFilter) -> Page[ListedActivity]:
    """Published activities in order of time, or of distance. Raises NotFound for an unknown
    site."""
    return _page(_matching(wanted), page, wanted)


def list_open(actor: Actor, page: PageRequest, wanted: ActivityFilter) -> Page[ListedActivity]:
    """Published activities with a free seat that the actor could take: at no other time of
    theirs, and with the age (of today), membership and qualification that it asks for.

    Raises NotFound for an unknown site."""
    free = _has_seat().where(~_is_busy(actor.id))
    query = _matching(wanted).where(free, *_fits(persons.get_own(actor)))
    return _page(query, page, wanted)


def _matching(wanted: ActivityFilter) -> Select[*tuple[Any, ...]]:
    query = _LISTED
    if wanted.title is not None:
        query = query.where(_activities.c.title.contains(wanted.title, autoescape=True))
    if wanted.action is not None:
        query = query.where(_projects.c.action == wanted.action)
    if wanted.category is not None:
        query = query.where(_projects.c.category_code == wanted.category)
    if wanted.site is not None:
        query = query.join(_sites, _sites.c.id == _projects.c.site_id).where(
            _sites.c.path.startswith(sites.get(wanted.site).path, autoescape=True)
        )
    if wanted.from_day is not None:
        query = query.where(_ends_at > clock.start_of(wanted.from_day))
    if wanted.to_day is not None:
        after = clock.start_of(wanted.to_day + timedelta(days=1))
        query = query.where(_activities.c.starts_at < after)
    if wanted.is_open is not None:
        query = query.where(_has_seat() if wanted.is_open else ~_has_seat())
    return query


def _has_seat() -> Exists:
    return exists().where(
        _shifts.c.activity_id == _activities.c.id,
        _shifts.c.starts_at > clock.now(),
        _shifts.c.waiting == 0,
        _shifts.c.seats_taken < _shifts.c.capacity,
    )


def _is_busy(person_id: UUID) -> Exists:
    """Whether the person is signed up at the time of a shift."""
    taken = _shifts.alias("taken")
    mine = select(_signups.c.shift_id).where(_signups.c.person_id == person_id, LIVE)
    return (
        exists()
        .select_from(taken)
        .where(
            taken.c.id.in_(mine),
            taken.c.starts_at < _shifts.c.ends_at,
            taken.c.ends_at > _shifts.c.starts_at,
        )
        .correlate(_shifts)
    )


def _fits(person: Person) -> list[ColumnElement[bool]]:
    """What an activity asks of people, as conditions that this person meets."""
    age, today = persons.age_of(person), clock.today()
    low, high = _activities.c.min_age, _activities.c.max_age
    is_member = exists().where(
        Membership.person_id == person.id,
        Membership.organization_id == _projects.c.organization_id,
        Membership.status == MembershipStatus.ACTIVE,
    )
    is_qualified = exists().where(
        Qualification.person_id == person.id,
        Qualification.code == _activities.c.qualification_code,
        Qualification.valid_from <= today,
        or_(Qualification.valid_until.is_(None), Qualification.valid_until >= today),
    )
    return [
        low.is_(None) if age is None else or_(low.is_(None), low <= age),
        high.is_(None) if age is None else or_(high.is_(None), high >= age),
        or_(~_activities.c.is_for_members, is_member),
        or_(_activities.c.qualification_code.is_(None), is_qualified),
    ]


def _page(
    query: Select[*tuple[Any, ...]], page: PageRequest, wanted: ActivityFilter
) -> Page[ListedActivity]:
    if wanted.near is None:
        by = [_activities.c.starts_at, _activities.c.id]
        found = paginate(query, page, by=by, is_prebuilt=query is _LISTED)
    else:
        query, squared = _around(query, wanted.near, wanted.radius)
        found = paginate(query, page, by=[squared, _activities.c.id])
    shifts = _shifts_of([row.id for row in found.items])
    columns = len(_LISTED.selected_columns)
    items = [ListedActivity(*(*row[:columns], shifts[row.id])) for row in found.items]
    if wanted.near is not None:
        for item, row in zip(items, found.items, strict=True):
            item.distance = round(math.sqrt(row.squared_distance))
    return Page(items, found.next_cursor)


def _around(
    query: Select[*tuple[Any, ...]], near: Position, radius: int
) -> tuple[Select[*tuple[Any, ...]], ColumnElement[float]]:
    """Only what lies within the circle, with the square of its distance in metres.

    A plane instead of a sphere: within 50 km it errs by less than a metre in a thousand. The box
    around the circle is for the index."""
    metres_east = METRES_A_DEGREE * math.cos(math.radians(near.latitude))
    high, wide = radius / METRES_A_DEGREE, radius / metres_east
    latitude, longitude = _activities.c.latitude, _activities.c.longitude
    north = (latitude - near.latitude) * METRES_A_DEGREE
    east = (longitude - near.longitude) * metres_east
    squared = (north * north + east * east).label("squared_distance")
    query = query.add_columns(squared).where(
        latitude.between(near.latitude - high, near.latitude + high),
        longitude.between(near.longitude - wide, near.longitude + wide),
        north * north + east * east <= float(radius * radius),
    )
    return query, squared


def _shifts_of(activities: list[UUID]) -> Mapping[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in db.session.connection().execute(_LISTED_SHIFTS, {"listed": activities}):
        found[row.activity_id].append(row)
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
        under_sites(actor, Permission.VOLUNTEER_ACTIVITY_REVIEW),
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
