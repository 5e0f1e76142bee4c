"""The statements behind the list of published activities, compiled once for each combination of
filters: to build and compile one costs more than to run it.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Exists,
    Float,
    Integer,
    Select,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.types import NullType

from accounts.models.sites import Site
from core.paging import in_order
from core.prepared import Prepared
from core.types import UtcDateTime
from volunteer.lifecycles import ActivityStatus, MembershipStatus
from volunteer.models.activities import Activity
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.qualifications import Qualification
from volunteer.models.shifts import Shift
from volunteer.models.signups import LIVE, Signup

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

_LISTED_SHIFTS = select(
    _shifts.c.activity_id,
    _shifts.c.id,
    _shifts.c.starts_at,
    _shifts.c.ends_at,
    _shifts.c.capacity,
    case((_shifts.c.waiting > 0, 0), else_=_shifts.c.capacity - _shifts.c.seats_taken).label(
        "seats_left"
    ),
    _shifts.c.waiting,
    _shifts.c.post,
).order_by(_shifts.c.starts_at, _shifts.c.id)

_NOW = bindparam("now", type_=UtcDateTime())
_TODAY = bindparam("today", type_=Date())
_PERSON = bindparam("person", type_=Uuid())
_AGE = bindparam("age", type_=Integer())


def _has_seat() -> Exists:
    return exists().where(
        _shifts.c.activity_id == _activities.c.id,
        _shifts.c.starts_at > _NOW,
        _shifts.c.waiting == 0,
        _shifts.c.seats_taken < _shifts.c.capacity,
    )


def _is_busy() -> Exists:
    """Whether the person is signed up at the time of a shift."""
    taken = _shifts.alias("taken")
    mine = select(_signups.c.shift_id).where(_signups.c.person_id == _PERSON, LIVE)
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


def _is_member() -> Exists:
    return exists().where(
        Membership.person_id == _PERSON,
        Membership.organization_id == _projects.c.organization_id,
        Membership.status == MembershipStatus.ACTIVE,
    )


def _is_qualified() -> Exists:
    return exists().where(
        Qualification.person_id == _PERSON,
        Qualification.code == _activities.c.qualification_code,
        Qualification.valid_from <= _TODAY,
        or_(Qualification.valid_until.is_(None), Qualification.valid_until >= _TODAY),
    )


def _suits() -> ColumnElement[bool]:
    """A free seat at no other time of theirs, and what the activity asks of people. An unknown
    age is null, and fits where no age is asked."""
    low, high = _activities.c.min_age, _activities.c.max_age
    return and_(
        _has_seat().where(~_is_busy()),
        or_(low.is_(None), low <= _AGE),
        or_(high.is_(None), high >= _AGE),
        or_(~_activities.c.is_for_members, _is_member()),
        or_(_activities.c.qualification_code.is_(None), _is_qualified()),
    )


def _degree(name: str) -> Any:
    return bindparam(name, type_=Float())


def _squared_distance() -> ColumnElement[float]:
    """Square of the metres from where the reader is, on a plane: within 50 km it errs by less than
    a metre in a thousand."""
    north = (_activities.c.latitude - _degree("latitude")) * _degree("metres_north")
    east = (_activities.c.longitude - _degree("longitude")) * _degree("metres_east")
    return cast(ColumnElement[float], north * north + east * east)


def _is_near() -> ColumnElement[bool]:
    """Within the circle; the box around it is for the index."""
    return and_(
        _activities.c.latitude.between(_degree("south"), _degree("north")),
        _activities.c.longitude.between(_degree("west"), _degree("east")),
        _squared_distance() <= _degree("squared_radius"),
    )


CONDITIONS: Final[Mapping[str, Callable[[], ColumnElement[bool]]]] = MappingProxyType(
    {
        "title": lambda: _activities.c.title.like(bindparam("title"), escape="/"),
        "action": lambda: _projects.c.action == bindparam("action"),
        "category": lambda: _projects.c.category_code == bindparam("category"),
        "site": lambda: _sites.c.path.like(bindparam("site"), escape="/"),
        "from_day": lambda: _ends_at > bindparam("from_day", type_=UtcDateTime()),
        "to_day": lambda: _activities.c.starts_at < bindparam("to_day"),
        "is_open": _has_seat,
        "is_full": lambda: ~_has_seat(),
        "near": _is_near,
        "suits": _suits,
    }
)
"""What a list may be narrowed by; the parameters are named there."""


def order_of(names: frozenset[str]) -> list[Any]:
    """The nearest first, where the reader said from where; else the earliest."""
    if "near" in names:
        return [_squared_distance().label("squared_distance"), _activities.c.id]
    return [_activities.c.starts_at, _activities.c.id]


@lru_cache(maxsize=128)
def activities(names: frozenset[str], *, goes_on: bool) -> Prepared:
    """Published activities that meet these CONDITIONS, in their order, after the parameters of a
    cursor if it `goes_on`."""
    order = order_of(names)
    query: Select[*tuple[Any, ...]] = _LISTED
    if "near" in names:
        query = query.add_columns(order[0])
    if "site" in names:
        query = query.join(_sites, _sites.c.id == _projects.c.site_id)
    query = query.where(*(CONDITIONS[name]() for name in sorted(names)))
    return Prepared(in_order(query, order, goes_on=goes_on))


ACTIVITY = Prepared(_LISTED)
"""Reads the rows of `activities`, as far as all lists have them."""

COLUMNS = len(_LISTED.selected_columns)


@cache
def shifts(count: int) -> Prepared:
    """The shifts of so many activities, told as the driver gives their ids (`id_0` …)."""
    ids = [bindparam(f"id_{n}", type_=NullType()) for n in range(count)]
    return Prepared(_LISTED_SHIFTS.where(_shifts.c.activity_id.in_(ids)))
