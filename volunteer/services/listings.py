"""Lists of activities: what the public may join, what an organisation has, what waits for staff."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Dialect, Select, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import persons, sites
from core import clock
from core.actor import Actor
from core.db import current_connection
from core.paging import Page, PageRequest, cursor_of, paginate, position_of
from volunteer import policies
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity, RiskLevel
from volunteer.models.projects import Project
from volunteer.services import listing_statements
from volunteer.services.listing_statements import COLUMNS

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


@dataclass(frozen=True, slots=True, eq=False)
class ListedActivity:
    """What a list shows of an activity; read as columns, which costs half of whole objects."""

    shifts: Sequence[Any]
    """Rows with the columns of a shift that a list shows."""
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
    squared_distance: float | None = None
    """Of the metres from where the reader is."""

    @property
    def distance(self) -> int | None:
        """Metres from where the reader is."""
        return None if self.squared_distance is None else round(math.sqrt(self.squared_distance))


def list_published(page: PageRequest, wanted: ActivityFilter) -> Page[ListedActivity]:
    """Published activities in order of time, or of distance. Raises NotFound for an unknown
    site."""
    return _page(page, _values(wanted))


def list_open(actor: Actor, page: PageRequest, wanted: ActivityFilter) -> Page[ListedActivity]:
    """Published activities with a free seat that the actor could take: at no other time of
    theirs, and with the age (of today), membership and qualification that it asks for.

    Raises NotFound for an unknown site."""
    person = {
        "person": actor.id,
        "age": persons.age_of(persons.get_own(actor)),
        "today": clock.today(),
        "now": clock.now(),
    }
    return _page(page, {**_values(wanted), "suits": person})


Narrowing = dict[str, dict[str, Any]]
"""Names of CONDITIONS, each with the values of its parameters."""


def _values(wanted: ActivityFilter) -> Narrowing:
    found: Narrowing = {}
    if wanted.title is not None:
        found["title"] = {"title": f"%{_escaped(wanted.title)}%"}
    if wanted.action is not None:
        found["action"] = {"action": wanted.action}
    if wanted.category is not None:
        found["category"] = {"category": wanted.category}
    if wanted.site is not None:
        found["site"] = {"site": f"{_escaped(sites.get(wanted.site).path)}%"}
    if wanted.from_day is not None:
        found["from_day"] = {"from_day": clock.start_of(wanted.from_day)}
    if wanted.to_day is not None:
        found["to_day"] = {"to_day": clock.start_of(wanted.to_day + timedelta(days=1))}
    if wanted.is_open is not None:
        found["is_open" if wanted.is_open else "is_full"] = {"now": clock.now()}
    if wanted.near is not None:
        found["near"] = _around(wanted.near, wanted.radius)
    return found


def _escaped(text: str) -> str:
    """For LIKE … ESCAPE '/'."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _around(near: Position, radius: int) -> dict[str, float]:
    metres_east = METRES_A_DEGREE * math.cos(math.radians(near.latitude))
    high, wide = radius / METRES_A_DEGREE, radius / metres_east
    return {
        "latitude": near.latitude,
        "longitude": near.longitude,
        "metres_north": METRES_A_DEGREE,
        "metres_east": metres_east,
        "south": near.latitude - high,
        "north": near.latitude + high,
        "west": near.longitude - wide,
        "east": near.longitude + wide,
        "squared_radius": float(radius * radius),
    }


def _page(page: PageRequest, narrowing: Narrowing) -> Page[ListedActivity]:
    names = frozenset(narrowing)
    order = listing_statements.order_of(names)
    statement = listing_statements.activities(names, goes_on=page.cursor is not None)
    values = {name: value for each in narrowing.values() for name, value in each.items()}
    connection = current_connection()
    rows = statement.fetch(connection, values | position_of(page, order))
    shifts = _shifts_of(connection, [row[0] for row in rows[: page.limit]])
    items = [
        _listed(connection.dialect, row[:COLUMNS], row[COLUMNS:], tuple(shifts[row[0]]))
        for row in rows[: page.limit]
    ]
    if len(rows) <= page.limit:
        return Page(items)
    last = items[-1]
    first = last.starts_at if last.squared_distance is None else last.squared_distance
    return Page(items, cursor_of((first, last.id)))


def _shifts_of(connection: Connection, activities: list[Any]) -> Mapping[Any, list[Any]]:
    """Rows of shifts by activity, both as the driver gives them."""
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    if activities:
        values = {f"id_{n}": activity for n, activity in enumerate(activities)}
        for row in listing_statements.shifts(len(activities)).fetch(connection, values):
            found[row[0]].append(row)
    return found


@lru_cache(maxsize=256)
def _listed(
    dialect: Dialect,
    row: tuple[Any, ...],
    distance: tuple[float, ...],
    shifts: tuple[tuple[Any, ...], ...],
) -> ListedActivity:
    """What rows of the driver say. The same activities stand in many lists, and most were asked
    for a moment ago: the same rows give the same object, which its schema knows again."""
    read = listing_statements.shifts(1).row
    activity = listing_statements.ACTIVITY.row(dialect, row)
    return ListedActivity([read(dialect, shift) for shift in shifts], *activity, *distance)


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
