"""The ledger of hours and the sums that follow it.

A person's own total is always the exact sum of their entries, and never negative, because a
correction can take back no more than is left of the entry that it corrects. Sums by unit follow
within seconds: each entry lies in `untallied_hours` until the transaction that adds it to them
and tells its person. Entries are written by `entries`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, Update, bindparam, delete, func, select, update
from sqlalchemy.orm import joinedload, with_expression

from accounts.models.persons import Person
from accounts.services import messages, persons
from accounts.services.messages import Telling
from core.actor import Actor
from core.db import (
    Base,
    allow_long_statements,
    current_connection,
    db,
    insert_all_absent,
    lock_exclusively,
)
from core.paging import Page, PageRequest, paginate
from volunteer.accrual import Reason, Uncounted
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.hours import (
    LEDGER_NAMES,
    HoursEntry,
    HoursTotal,
    Ledger,
    SourceType,
    UntalliedHours,
    VolunteerStanding,
)
from volunteer.services import headcounts, stars, statistics, sync_batches
from volunteer.services.hours_statements import PENDING, STANDING, SUMS, UNCOUNTED

BATCH = 500
LOCK = "tally_hours"

Unit = tuple[UUID, UUID, Action, str, Ledger]
"""Organisation, site, action, month and ledger: the key of a sum."""


@dataclass(frozen=True, slots=True)
class ActivityRef:
    """An activity as it is named where it is not the subject."""

    id: UUID
    title: str
    place: str
    status: ActivityStatus


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Time of one attendance that does not count, and why."""

    activity: ActivityRef
    part: Uncounted


@dataclass(frozen=True, slots=True)
class HoursSummary:
    """What a person has served. Minutes are the exact sums of the entries."""

    verified_minutes: int
    honorary_minutes: int
    tallied_minutes: int
    """How much of both the sums by unit hold already; they follow within seconds."""
    pending: int
    """Attendances whose time of leaving the leader, or what the leader wrote down the person, has
    still to confirm."""
    not_counted: list[NotCounted]
    star: int
    """0 is none yet."""
    next_star: stars.NextStar | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that does not equal its part of the ledger. `what` names it; minutes or entries."""

    what: str
    stored: int
    summed: int


def summarize(actor: Actor) -> HoursSummary:
    """The actor's own hours, star, and what did not count."""
    person_id, known_as = actor.id, persons.own_ids(actor)
    connection, of_person = current_connection(), {"person": person_id}
    sums = _own_sums(known_as)
    verified, honorary = sums[Ledger.VERIFIED], sums[Ledger.HONORARY]
    standing = STANDING.first(connection, of_person)
    pending: Any = PENDING.first(connection, of_person)
    star, tallied = 0, 0
    if standing is not None:
        star, tallied = standing.star, standing.verified_minutes + standing.honorary_minutes
    return HoursSummary(
        verified_minutes=verified,
        honorary_minutes=honorary,
        tallied_minutes=tallied,
        pending=pending.number,
        not_counted=_not_counted(person_id),
        star=star,
        next_star=stars.next_of(person_id, star, verified, honorary),
    )


def _own_sums(known_as: list[UUID]) -> Counter[Ledger]:
    connection, sums = current_connection(), Counter[Ledger]()
    for person_id in known_as:
        for ledger, minutes in SUMS.all(connection, {"person": person_id}):
            sums[ledger] += int(minutes)
    return sums


def verified_minutes(person_id: UUID) -> int:
    """The exact sum of a person's verified ledger."""
    return _own_sums(persons.ids_of(person_id))[Ledger.VERIFIED]


def _not_counted(person_id: UUID) -> list[NotCounted]:
    """Uncounted time of the latest attendances, newest first."""
    found = UNCOUNTED.all(current_connection(), {"person": person_id})
    return [
        NotCounted(
            ActivityRef(row.id, row.title, row.place, row.status),
            Uncounted(Reason(part["reason"]), part["minutes"]),
        )
        for row in found
        for part in row.uncounted
    ]


def list_entries(actor: Actor, page: PageRequest) -> Page[HoursEntry]:
    """The actor's own entries, newest first."""
    query = (
        select(HoursEntry)
        .where(HoursEntry.person_id.in_(persons.own_ids(actor)))
        .options(
            joinedload(HoursEntry.activity, innerjoin=True),
            with_expression(HoursEntry.batch_status, sync_batches.STATUS_OF_ENTRY),
        )
    )
    return paginate(query, page, by=[HoursEntry.id], descending=True)


def tally_batch() -> int:
    """Add the entries that wait to the sums, at most `BATCH`, review stars, and tell people.

    One transaction takes an entry away and adds it, so each is added and told exactly once
    whoever runs this, and however often. Gives the number added."""
    lock_exclusively(LOCK)
    oldest = select(UntalliedHours.entry_id).order_by(UntalliedHours.entry_id).limit(BATCH)
    taken = db.session.scalars(
        delete(UntalliedHours)
        .where(UntalliedHours.entry_id.in_(oldest))
        .returning(UntalliedHours.entry_id)
        .execution_options(synchronize_session=False)
    ).all()
    if taken:
        query = select(HoursEntry).where(HoursEntry.id.in_(taken))
        query = query.options(joinedload(HoursEntry.activity, innerjoin=True))
        entries = list(db.session.scalars(query))
        _add_to_totals(entries)
        statistics.add(entries)
        stars.review(_add_to_standings(entries))
        _tell(entries)
    return len(taken)


def _add_to_totals(entries: list[HoursEntry]) -> None:
    minutes: Counter[Unit] = Counter()
    number: Counter[Unit] = Counter()
    for e in entries:
        unit = (e.organization_id, e.site_id, e.action, _month(e.served_on), e.ledger)
        minutes[unit] += e.minutes
        number[unit] += 1
    names = ("organization_id", "site_id", "action", "month", "ledger")
    _add(
        HoursTotal,
        [
            dict(zip(names, unit, strict=True))
            | {"minutes": minutes[unit], "entries": number[unit]}
            for unit in sorted(minutes)
        ],
    )


def _add_to_standings(entries: list[HoursEntry]) -> list[UUID]:
    """Gives the people whose sums have changed."""
    minutes: Counter[tuple[UUID, Ledger]] = Counter()
    kept = persons.survivors(e.person_id for e in entries)
    for e in entries:
        minutes[kept.get(e.person_id, e.person_id), e.ledger] += e.minutes
    people = sorted({person_id for person_id, _ in minutes})
    _add(
        VolunteerStanding,
        [
            {
                "person_id": person_id,
                "verified_minutes": minutes[person_id, Ledger.VERIFIED],
                "honorary_minutes": minutes[person_id, Ledger.HONORARY],
            }
            for person_id in people
        ],
    )
    return people


def join_standings(lost: UUID, kept: UUID) -> None:
    """Add the sums of a person to those of the one as whom they live on."""
    lock_exclusively(LOCK)
    standing = db.session.get(VolunteerStanding, lost)
    if standing is None:
        return
    db.session.delete(standing)
    db.session.flush()
    minutes = {
        "verified_minutes": standing.verified_minutes,
        "honorary_minutes": standing.honorary_minutes,
    }
    _add(VolunteerStanding, [{"person_id": kept, **minutes}])
    stars.review([kept])


def _tell(entries: list[HoursEntry]) -> None:
    """Every entry tells its person, who can dispute it: nobody finds hours they never served. Of
    what was imported they hear once, by the import: a file of years would fill their inbox, and
    hold up everybody's messages."""
    tellings = [
        Telling(
            entry.person_id,
            entry.id,
            {
                "activity": entry.activity.title,
                "ledger": LEDGER_NAMES[entry.ledger],
                "minutes": _told_minutes(entry),
                "note": entry.reason or "签到签退",
            },
        )
        for entry in entries
        if entry.source_type is not SourceType.IMPORT
    ]
    if tellings:
        messages.tell_each("hours_recorded", tellings)


def _told_minutes(entry: HoursEntry) -> str:
    if entry.corrects_id is None:
        return f"{entry.minutes} 分钟"
    return f"更正 {entry.minutes:+d} 分钟"


def _add(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Add to the rows of these keys, for all of them by two statements. A new one begins with
    nothing, because what is added may be negative, which the CHECKs of the row refuse in an INSERT
    even where it becomes an UPDATE."""
    if not rows:
        return
    key = {column.name for column in cast(Table, model.__table__).primary_key}
    amounts = tuple(name for name in rows[0] if name not in key)
    insert_all_absent(model, [row | dict.fromkeys(amounts, 0) for row in rows])
    db.session.connection().execute(
        _addition(model, amounts),
        [{f"the_{name}": value for name, value in row.items()} for row in rows],
    )


@cache
def _addition(model: type[Base], amounts: tuple[str, ...]) -> Update:
    """The parameters are the columns' names after "the_"."""
    table = cast(Table, model.__table__)
    return (
        update(table)
        .where(*(column == bindparam(f"the_{column.name}") for column in table.primary_key))
        .values({name: table.c[name] + bindparam(f"the_{name}") for name in amounts})
    )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def reconcile() -> list[Difference]:
    """Compare every sum with the entries it should hold; an empty list is all well.

    Entries that wait for the next tally are in neither."""
    allow_long_statements()
    lock_exclusively(LOCK)
    stored, summed = _stored_sums(), _ledger_sums()
    listed, served = headcounts.listed_and_served()
    stored.update(listed)
    summed.update(served)
    return [
        Difference(what, stored[what], summed[what])
        for what in sorted(stored | summed)
        if stored[what] != summed[what]
    ]


def _stored_sums() -> Counter[str]:
    sums: Counter[str] = Counter()
    for t in db.session.scalars(select(HoursTotal)):
        unit = f"{t.organization_id} {t.site_id} {t.action} {t.month} {t.ledger}"
        sums[f"minutes of {unit}"] = t.minutes
        sums[f"entries of {unit}"] = t.entries
    for s in db.session.scalars(select(VolunteerStanding)):
        sums[f"minutes of {s.person_id} {Ledger.VERIFIED}"] = s.verified_minutes
        sums[f"minutes of {s.person_id} {Ledger.HONORARY}"] = s.honorary_minutes
    sums.update(statistics.sums_by_unit())
    return sums


def _ledger_sums() -> Counter[str]:
    sums: Counter[str] = Counter()
    waiting = select(UntalliedHours.entry_id)
    by_unit = (
        HoursEntry.organization_id,
        HoursEntry.site_id,
        HoursEntry.action,
        HoursEntry.served_on,
        HoursEntry.ledger,
    )
    query = (
        select(*by_unit, func.sum(HoursEntry.minutes), func.count())
        .where(HoursEntry.id.not_in(waiting))
        .group_by(*by_unit)
    )
    for organization, site, action, day, ledger, minutes, number in db.session.execute(query):
        unit = f"{organization} {site} {action} {_month(day)} {ledger}"
        sums[f"minutes of {unit}"] += int(minutes)
        sums[f"minutes of people of {unit}"] += int(minutes)
        sums[f"entries of {unit}"] += number
    lives_as = func.coalesce(Person.merged_into_id, Person.id)
    by_person = (lives_as, HoursEntry.ledger)
    people = (
        select(*by_person, func.sum(HoursEntry.minutes))
        .join(Person, Person.id == HoursEntry.person_id)
        .where(HoursEntry.id.not_in(waiting))
        .group_by(*by_person)
    )
    for person, ledger, minutes in db.session.execute(people):
        sums[f"minutes of {person} {ledger}"] += int(minutes)
    return sums
