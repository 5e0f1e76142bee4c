"""Lists of who served a unit in a month, from which distinct people are counted.

A database sorts for seconds to tell apart a million people of `person_months`; the same ids lie in
a hundredth as many rows of `unit_months`, and Python counts them in a fraction of a second, over
any months and units. The tally keeps both.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from core.db import db
from volunteer.models.statistics import PersonMonth, UnitMonth

ID_BYTES = 16
HAS_TIME = PersonMonth.verified_minutes + PersonMonth.honorary_minutes > 0
"""Net of corrections: who has none left did not serve."""

_UNIT = ("month", "organization_id", "site_id", "action")

K = TypeVar("K", bound=Hashable)


def follow(changed: Sequence[PersonMonth]) -> None:
    """Bring the lists in line with these sums. Only within the tally, which holds its lock."""
    units = sorted({_unit(sums) for sums in changed})
    present: defaultdict[tuple[Any, ...], set[bytes]] = defaultdict(set)
    listed = select(UnitMonth).where(tuple_(*_columns(UnitMonth)).in_(units))
    for found in db.session.scalars(listed.execution_options(populate_existing=True)):
        present[_unit(found)].update(_ids(found.people))
    for sums in changed:
        people = present[_unit(sums)]
        if sums.verified_minutes + sums.honorary_minutes > 0:
            people.add(sums.person_id.bytes)
        else:
            people.discard(sums.person_id.bytes)
    rows = [
        {**dict(zip(_UNIT, unit, strict=True)), "people": b"".join(sorted(present[unit]))}
        for unit in units
    ]
    connection = db.session.connection()
    connection.execute(_replace(connection.dialect.name), rows)


@cache
def _replace(dialect: str) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = cast(Table, UnitMonth.__table__)
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=table.primary_key.columns, set_={"people": statement.excluded.people}
    )


def count(
    lists: Iterable[tuple[K, bytes]], lives_as: Mapping[UUID, UUID]
) -> tuple[dict[K, int], int]:
    """Distinct people of each unit, given its lists, and of all together. Whoever lives on as
    another, with whom they were merged, is that one."""
    survivors = {lost.bytes: kept.bytes for lost, kept in lives_as.items()}
    merged = frozenset(survivors)
    by_unit: defaultdict[K, list[bytes]] = defaultdict(list)
    for unit, people in lists:
        by_unit[unit].append(people)
    numbers: dict[K, int] = {}
    everybody: set[bytes] = set()
    for unit, parts in by_unit.items():
        served = set(_ids(b"".join(parts)))
        for lost in served & merged:
            served.remove(lost)
            served.add(survivors[lost])
        numbers[unit] = len(served)
        everybody |= served
    return numbers, len(everybody)


def listed_and_served() -> tuple[Counter[str], Counter[str]]:
    """How many people of each unit the lists hold, and how many the sums by person do."""
    listed, served = Counter[str](), Counter[str]()
    lengths = select(*_columns(UnitMonth), func.length(UnitMonth.people))
    for *unit, length in db.session.execute(lengths):
        listed[_name(unit)] = length // ID_BYTES
    unit = _columns(PersonMonth)
    query = select(*unit, func.count()).where(HAS_TIME).group_by(*unit)
    for *unit, number in db.session.execute(query):
        served[_name(unit)] = number
    return listed, served


def _name(unit: Iterable[Any]) -> str:
    month, organization, site, action = unit
    return f"people of {organization} {site} {action} {month}"


def _unit(row: PersonMonth | UnitMonth) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _UNIT)


def _columns(model: type[PersonMonth | UnitMonth]) -> list[Any]:
    return [getattr(model, name) for name in _UNIT]


def _ids(people: bytes) -> list[bytes]:
    return [people[n : n + ID_BYTES] for n in range(0, len(people), ID_BYTES)]
