"""Statistics of service for staff, read from tallied sums: hours by unit, and distinct people.

Units stand in the order of their codes and are never ranked by amount (General Office letter
〔2026〕12). The tally keeps `person_months`, a row of each person, month and unit, and the lists
from which people are counted (see `headcounts`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, func, select, true
from sqlalchemy.dialects import postgresql, sqlite

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import persons, sites
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput
from volunteer import policies
from volunteer.actions import ACTION_NAMES, Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.hours import EntryKind, HoursEntry, HoursTotal, Ledger
from volunteer.models.imports import ImportedActivity
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift
from volunteer.models.statistics import PersonMonth, UnitMonth
from volunteer.services import headcounts

CITY_PATH = "/"

_COUNTED = ("verified_minutes", "honorary_minutes", "verified_times", "honorary_times")
_TIMES = {EntryKind.EARNED: 1, EntryKind.REVERSED: -1}
"""What an entry adds to the number of times (人次); an adjustment adds nothing."""


class By(StrEnum):
    ACTION = "action"
    SITE = "site"
    ORGANIZATION = "organization"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """Months (YYYY-MM), both included."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Row:
    """The sums of one unit."""

    key: str
    name: str
    verified_minutes: int
    honorary_minutes: int
    entries: int
    people: int


@dataclass(frozen=True, slots=True)
class HoursTable:
    """`total` counts a person once, who may stand in several rows."""

    by: By
    span: Span
    items: list[Row]
    total: Row


@dataclass(frozen=True, slots=True)
class Participation:
    """Who took part, and with what proof."""

    span: Span
    people: int
    verified_times: int
    """人次 with check-in."""
    honorary_times: int
    """人次 entered afterwards."""
    activities_with_check_ins: int
    activities_without_check_ins: int


def add(entries: Iterable[HoursEntry]) -> None:
    """Add entries to the sums by person and month; within the tally."""
    amounts: dict[tuple[Any, ...], Counter[str]] = {}
    for e in entries:
        key = (f"{e.served_on:%Y-%m}", e.person_id, e.organization_id, e.site_id, e.action)
        row = amounts.setdefault(key, Counter())
        prefix = "verified" if e.ledger is Ledger.VERIFIED else "honorary"
        row[f"{prefix}_minutes"] += e.minutes
        row[f"{prefix}_times"] += _TIMES.get(e.kind, 0)
    names = ("month", "person_id", "organization_id", "site_id", "action")
    rows = [
        dict(zip(names, key, strict=True)) | {name: amounts[key][name] for name in _COUNTED}
        for key in sorted(amounts)
    ]
    if rows:
        connection = db.session.connection()
        changed = connection.execute(_upsert(connection.dialect.name), rows)
        headcounts.follow(cast("Sequence[PersonMonth]", changed.all()))


@cache
def _upsert(dialect: str) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = cast(Table, PersonMonth.__table__)
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_={name: table.c[name] + statement.excluded[name] for name in _COUNTED},
    ).returning(*table.c)


def sums_by_unit() -> Counter[str]:
    """Minutes of all people by unit, as the nightly comparison with the ledger names them."""
    unit = (PersonMonth.organization_id, PersonMonth.site_id, PersonMonth.action, PersonMonth.month)
    query = select(
        *unit, func.sum(PersonMonth.verified_minutes), func.sum(PersonMonth.honorary_minutes)
    ).group_by(*unit)
    sums: Counter[str] = Counter()
    for organization, site, action, month, verified, honorary in db.session.execute(query):
        of = f"minutes of people of {organization} {site} {action} {month}"
        sums[f"{of} {Ledger.VERIFIED}"] = int(verified)
        sums[f"{of} {Ledger.HONORARY}"] = int(honorary)
    return sums


def hours(
    actor: Actor,
    *,
    by: By,
    from_month: str | None = None,
    to_month: str | None = None,
    site: UUID | None = None,
) -> HoursTable:
    """Hours and people by unit, at the actor's sites or the one asked for with all below it.

    Without months, the present year. Raises NotFound for a site outside the actor's,
    InvalidInput for months in the wrong order."""
    where = _scope(actor, site)
    span = _span(from_month, to_month)
    sums = _sums(by, span, where)
    people, everybody = people_by(by, span, where)
    items = [
        Row(str(key), name, *sums.get(key, (0, 0, 0)), people.get(key, 0))
        for key, name in _named(by, sums)
    ]
    return HoursTable(by, span, items, _total(items, everybody))


def _total(items: Sequence[Row], people: int) -> Row:
    return Row(
        "total",
        "合计",
        sum(row.verified_minutes for row in items),
        sum(row.honorary_minutes for row in items),
        sum(row.entries for row in items),
        people,
    )


def participation(
    actor: Actor,
    *,
    from_month: str | None = None,
    to_month: str | None = None,
    site: UUID | None = None,
) -> Participation:
    """People, times, and activities with and without check-ins. Raises as `hours` does."""
    where = _scope(actor, site)
    return participation_in(_span(from_month, to_month), where)


def participation_in(span: Span, where: ColumnElement[bool] | None) -> Participation:
    """The figures of `participation` for a filter on `Site`; None is everywhere."""
    query = select(
        func.coalesce(func.sum(PersonMonth.verified_times), 0),
        func.coalesce(func.sum(PersonMonth.honorary_times), 0),
    ).where(PersonMonth.month.between(span.first, span.last), _at(PersonMonth.site_id, where))
    verified, honorary = db.session.execute(query).one()
    _, people = people_by(By.MONTH, span, where)
    with_check_ins, without = _activities(span, where)
    return Participation(span, people, int(verified), int(honorary), with_check_ins, without)


def people_by(by: By, span: Span, where: ColumnElement[bool] | None) -> tuple[dict[Any, int], int]:
    """Distinct people with time left after corrections: of each unit, and of all together."""
    query = select(_column(UnitMonth, by), UnitMonth.people).where(
        UnitMonth.month.between(span.first, span.last), _at(UnitMonth.site_id, where)
    )
    lists = ((unit, people) for unit, people in db.session.execute(query))
    return headcounts.count(lists, persons.merged())


def _scope(actor: Actor, site: UUID | None) -> ColumnElement[bool] | None:
    """The filter on `Site`; None is everywhere, which spares looking at sites."""
    permission = Permission.VOLUNTEER_STATISTICS_VIEW
    if site is not None:
        found = sites.get(site)
        policies.require_over_site(actor, permission, found)
        return Site.path.startswith(found.path, autoescape=True)
    if CITY_PATH in actor.site_paths(permission):
        return None
    return under_sites(actor, permission)


def _at(site_id: Any, where: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return true() if where is None else site_id.in_(select(Site.id).where(where))


def _span(first: str | None, last: str | None) -> Span:
    today = clock.today()
    first, last = first or f"{today:%Y}-01", last or f"{today:%Y-%m}"
    if last < first:
        raise InvalidInput.at("to", "截止月份不能早于起始月份")
    return Span(first, last)


def _sums(by: By, span: Span, where: ColumnElement[bool] | None) -> dict[Any, tuple[int, int, int]]:
    """Unit to minutes of both ledgers and number of entries."""
    column = _column(HoursTotal, by)
    query = (
        select(
            column,
            HoursTotal.ledger,
            func.sum(HoursTotal.minutes),
            func.sum(HoursTotal.entries),
        )
        .where(HoursTotal.month.between(span.first, span.last), _at(HoursTotal.site_id, where))
        .group_by(column, HoursTotal.ledger)
    )
    minutes: Counter[tuple[Any, Ledger]] = Counter()
    entries: Counter[Any] = Counter()
    for key, ledger, sum_of_minutes, number in db.session.execute(query):
        minutes[key, ledger] = int(sum_of_minutes)
        entries[key] += int(number)
    return {
        key: (minutes[key, Ledger.VERIFIED], minutes[key, Ledger.HONORARY], entries[key])
        for key in entries
    }


def _column(model: Any, by: By) -> Any:
    names = {By.SITE: "site_id", By.ORGANIZATION: "organization_id"}
    return getattr(model, names.get(by, by.value))


def _named(by: By, keys: Iterable[Any]) -> list[tuple[Any, str]]:
    """Units with their names, in the order of their codes."""
    present = set(keys)
    if by is By.ACTION:
        return [(action, ACTION_NAMES[action]) for action in Action if action in present]
    if by is By.MONTH:
        return [(month, month) for month in sorted(present)]
    if by is By.SITE:
        sites_query = select(Site.id, Site.name).where(Site.id.in_(present)).order_by(Site.path)
        return [(row.id, row.name) for row in db.session.execute(sites_query)]
    query = select(Organization.id, Organization.name).where(Organization.id.in_(present))
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Organization.id))]


def _activities(span: Span, where: ColumnElement[bool] | None) -> tuple[int, int]:
    """Activities that ended in these months, with and without any check-in; not those from before
    this system, whose check-ins were never recorded here."""
    first, after = bounds(span)
    has_check_in = exists().where(Shift.activity_id == Activity.id, Attendance.shift_id == Shift.id)
    is_imported = exists().where(ImportedActivity.activity_id == Activity.id)
    ended = (
        ~is_imported,
        Activity.published_at.is_not(None),
        Activity.status != ActivityStatus.CANCELLED,
        Activity.ends_at >= first,
        Activity.ends_at < min(after, clock.now()),
        _at(Project.site_id, where),
    )
    query = select(func.count()).select_from(Activity).join(Activity.project).where(*ended)
    everyone = db.session.scalars(query).one()
    proven = db.session.scalars(query.where(has_check_in)).one()
    return proven, everyone - proven


def bounds(span: Span) -> tuple[datetime, datetime]:
    """The first instant of the months, and the first after them."""
    year, month = int(span.last[:4]), int(span.last[5:])
    after = date(year + month // 12, month % 12 + 1, 1)
    return clock.start_of(date.fromisoformat(f"{span.first}-01")), clock.start_of(after)
