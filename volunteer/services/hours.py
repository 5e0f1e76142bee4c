"""The ledger of hours and the sums that follow it.

A person's own total is always the exact sum of their entries. Sums by unit follow within
seconds: each entry lies in `untallied_hours` until the transaction that adds it to them.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer.accrual import Uncounted
from volunteer.actions import Action
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.hours import (
    EntryKind,
    HoursEntry,
    HoursTotal,
    Ledger,
    SourceType,
    UntalliedHours,
    VolunteerStanding,
)
from volunteer.models.shifts import Shift
from volunteer.services import stars, statistics

BATCH = 500
LATEST = 50
"""How many attendances with uncounted time a person is shown."""

LOCK = "tally_hours"

Unit = tuple[UUID, UUID, Action, str, Ledger]
"""Organisation, site, action, month and ledger: the key of a sum."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Time of one attendance that does not count, and why."""

    activity: Activity
    part: Uncounted


@dataclass(frozen=True, slots=True)
class HoursSummary:
    """What a person has served. Minutes are the exact sums of the entries."""

    verified_minutes: int
    honorary_minutes: int
    tallied_minutes: int
    """How much of both the sums by unit hold already; they follow within seconds."""
    pending: int
    """Attendances whose time of leaving the leader has still to confirm."""
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


def earn(actor: Actor, attendance: Attendance, shift: Shift) -> HoursEntry:
    """Enter the counted minutes of an attendance in the verified ledger, once.

    Expects the shift with its activity and project. Raises AlreadyCounted (by key)."""
    activity = shift.activity
    entry = HoursEntry(
        id=new_id(),
        person_id=attendance.person_id,
        organization_id=activity.project.organization_id,
        activity_id=activity.id,
        site_id=activity.project.site_id,
        action=activity.project.action,
        minutes=attendance.minutes,
        kind=EntryKind.EARNED,
        ledger=Ledger.VERIFIED,
        source_type=SourceType.ATTENDANCE,
        source_id=attendance.id,
        reason=attendance.confirm_reason,
        served_on=clock.day_of(shift.starts_at),
        created_by=actor.id,
        created_at=clock.now(),
    )
    db.session.add(entry)
    db.session.flush()
    db.session.add(UntalliedHours(entry_id=entry.id))
    audit.record(actor, entry, "earn")
    return entry


def summarize(actor: Actor) -> HoursSummary:
    """The actor's own hours, star, and what did not count."""
    person_id = actor.id
    sums = _own_sums(person_id)
    verified, honorary = sums.get(Ledger.VERIFIED, 0), sums.get(Ledger.HONORARY, 0)
    standing = db.session.get(VolunteerStanding, person_id)
    star, tallied = 0, 0
    if standing is not None:
        star, tallied = standing.star, standing.verified_minutes + standing.honorary_minutes
    return HoursSummary(
        verified_minutes=verified,
        honorary_minutes=honorary,
        tallied_minutes=tallied,
        pending=_pending(person_id),
        not_counted=_not_counted(person_id),
        star=star,
        next_star=stars.next_of(person_id, star, verified, honorary),
    )


def _own_sums(person_id: UUID) -> dict[Ledger, int]:
    query = (
        select(HoursEntry.ledger, func.sum(HoursEntry.minutes))
        .where(HoursEntry.person_id == person_id)
        .group_by(HoursEntry.ledger)
    )
    return {ledger: int(minutes) for ledger, minutes in db.session.execute(query)}


def _pending(person_id: UUID) -> int:
    query = select(func.count()).where(
        Attendance.person_id == person_id,
        Attendance.status == AttendanceStatus.PENDING_CHECK_OUT,
    )
    return db.session.execute(query).scalar_one()


def _not_counted(person_id: UUID) -> list[NotCounted]:
    """Uncounted time of the latest attendances, newest first."""
    query = (
        select(Attendance)
        .where(Attendance.person_id == person_id, Attendance.minutes.is_not(None))
        .order_by(Attendance.id.desc())
        .limit(LATEST)
        .options(
            joinedload(Attendance.shift, innerjoin=True).joinedload(Shift.activity, innerjoin=True)
        )
    )
    return [
        NotCounted(attendance.shift.activity, part)
        for attendance in db.session.scalars(query)
        for part in attendance.not_counted
    ]


def list_entries(actor: Actor, page: PageRequest) -> Page[HoursEntry]:
    """The actor's own entries, newest first."""
    query = (
        select(HoursEntry)
        .where(HoursEntry.person_id == actor.id)
        .options(joinedload(HoursEntry.activity, innerjoin=True))
    )
    return paginate(query, page, by=[HoursEntry.id], descending=True)


def tally_batch() -> int:
    """Add the entries that wait to the sums, at most `BATCH`, and review stars.

    One transaction takes an entry away and adds it, so each is added exactly once whoever runs
    this, and however often. Gives the number added."""
    lock_exclusively(LOCK)
    oldest = select(UntalliedHours.entry_id).order_by(UntalliedHours.entry_id).limit(BATCH)
    taken = db.session.scalars(
        delete(UntalliedHours)
        .where(UntalliedHours.entry_id.in_(oldest))
        .returning(UntalliedHours.entry_id)
        .execution_options(synchronize_session=False)
    ).all()
    if taken:
        entries = list(db.session.scalars(select(HoursEntry).where(HoursEntry.id.in_(taken))))
        _add_to_totals(entries)
        statistics.add(entries)
        stars.review(_add_to_standings(entries))
    return len(taken)


def _add_to_totals(entries: list[HoursEntry]) -> None:
    minutes: Counter[Unit] = Counter()
    number: Counter[Unit] = Counter()
    for e in entries:
        unit = (e.organization_id, e.site_id, e.action, _month(e.served_on), e.ledger)
        minutes[unit] += e.minutes
        number[unit] += 1
    names = ("organization_id", "site_id", "action", "month", "ledger")
    for unit in sorted(minutes):
        amounts = {"minutes": minutes[unit], "entries": number[unit]}
        _add(HoursTotal, dict(zip(names, unit, strict=True)), amounts)


def _add_to_standings(entries: list[HoursEntry]) -> list[UUID]:
    """Gives the people whose sums have changed."""
    minutes: Counter[tuple[UUID, Ledger]] = Counter()
    for e in entries:
        minutes[e.person_id, e.ledger] += e.minutes
    people = sorted({person_id for person_id, _ in minutes})
    for person_id in people:
        amounts = {
            "verified_minutes": minutes[person_id, Ledger.VERIFIED],
            "honorary_minutes": minutes[person_id, Ledger.HONORARY],
        }
        _add(VolunteerStanding, {"person_id": person_id}, amounts)
    return people


def _add(model: Any, key: dict[str, Any], amounts: dict[str, int]) -> None:
    """Add to the row of this key, or make it."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    table = model.__table__
    statement = insert(table).values(**key, **amounts)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=list(key),
            set_={name: table.c[name] + statement.excluded[name] for name in amounts},
        )
    )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def reconcile() -> list[Difference]:
    """Compare every sum with the entries it should hold; an empty list is all well.

    Entries that wait for the next tally are in neither."""
    lock_exclusively(LOCK)
    stored, summed = _stored_sums(), _ledger_sums()
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
    by_person = (HoursEntry.person_id, HoursEntry.ledger)
    people = (
        select(*by_person, func.sum(HoursEntry.minutes))
        .where(HoursEntry.id.not_in(waiting))
        .group_by(*by_person)
    )
    for person, ledger, minutes in db.session.execute(people):
        sums[f"minutes of {person} {ledger}"] += int(minutes)
    return sums
