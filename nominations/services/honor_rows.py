"""Rows of earlier honours: what is wrong with them, and how they enter the roll."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.services import paper_registrations, persons
from core import audit, clock
from core.actor import SYSTEM
from core.crypto import vault
from core.db import db, insert_all_absent
from core.ids import new_id, next_reference
from nominations.lifecycles import HonorKind, HonorStatus, NomineeKind
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.benefits import BenefitCard
from nominations.models.honors import Honor, HonorLevel
from nominations.models.nominations import Nomination
from nominations.presets import PRESETS
from nominations.services import reference
from nominations.services.honors import KIND
from nominations.services.import_places import Places
from nominations.services.places import COUNTY_LEVELS
from volunteer.models.imports import Import
from volunteer.services.import_kinds import (
    FirstSeen,
    GoodRow,
    Problem,
    Problems,
    Values,
    without,
)

NAME, ID_NUMBER, LEVEL, CATEGORY = "姓名或名称", "身份证号码", "级别", "类别"
DOCUMENT, YEAR = "文号", "年度"


class HonorRows:
    """Each row is an entry of the archive with its honour and card; told to nobody, for most of
    them have no account, and their honours are years old."""

    most_at_once = 250

    def repeats(self) -> Callable[[GoodRow], Problem | None]:
        seen = FirstSeen()
        return lambda row: seen.problem(NAME, row.number, _what(row.values))

    def problems_of(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        return _judged(of, rows, _categories())[0]

    def write(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        categories = _categories()
        against, places = _judged(of, rows, categories)
        honors, entries = {}, []
        for row in without(rows, against):
            entry_id = new_id()
            entries.append(_entry(of, entry_id, row.values))
            honors[entry_id] = _honor(of, entry_id, row.values, places[row.number], categories)
        insert_all_absent(ArchiveEntry, entries)
        stored = db.session.scalars(select(ArchiveEntry.id).where(ArchiveEntry.id.in_(honors)))
        _enter([honors[entry_id] for entry_id in stored.all()])
        return against


Categories = Mapping[tuple[str, str], str]
"""Code by kind of honour and name."""


def _judged(
    of: Import, rows: Sequence[GoodRow], categories: Categories
) -> tuple[Problems, Mapping[int, Site]]:
    """What is against rows, and the place of the others, by row number."""
    named = Places(of.site, rows)
    known = paper_registrations.find(
        row.values["id_number"] for row in rows if row.values.get("id_number")
    )
    entered = _entered(rows, categories)
    against: dict[int, Problem] = {}
    places: dict[int, Site] = {}
    for row in rows:
        place = named.of(row.values)
        problem = (
            (place if isinstance(place, Problem) else None)
            or _problem(row.values, of.site, categories)
            or _nobody_else(row.values, known)
            or (Problem(DOCUMENT, "这份荣誉已经在光荣榜上") if row.number in entered else None)
        )
        if problem is not None:
            against[row.number] = problem
        elif isinstance(place, Site):
            places[row.number] = place
    return against, places


def _what(values: Values) -> str:
    return "|".join((values["document_number"], values["name"], values["category"]))


def record_key(values: Values) -> UUID:
    """By which a repeat of a row is known, in whatever file it stands."""
    return UUID(bytes=vault().index.digest(_what(values), purpose="archive_entry")[:16])


def _categories() -> Categories:
    """Those of the selections that are held here, and the usual ones, for every kind."""
    listed = reference.list_all()
    usual = {(kind.value, c.name): c.code for kind in HonorKind for c in listed}
    held = {(p.kind.value, c.name): c.code for p in PRESETS for c in p.categories}
    return usual | held


def _problem(values: Values, office: Site, categories: Categories) -> Problem | None:
    """What contradicts itself in a row, or oversteps the office."""
    if (values["kind"], values["category"]) not in categories:
        return Problem(CATEGORY, "没有这个类别")
    if office.level in COUNTY_LEVELS and values["level"] != HonorLevel.COUNTY:
        return Problem(LEVEL, "区县只能导入区县级荣誉，其他级别由市里导入")
    granted_in = date.fromisoformat(values["granted_on"]).year
    if not values["year"] <= granted_in <= values["year"] + 1:
        return Problem(YEAR, "授予日期应在该年度或下一年")
    if values["nominee_kind"] != NomineeKind.PERSON and values.get("id_number"):
        return Problem(ID_NUMBER, "表彰个人时才填写")
    return None


def _nobody_else(
    values: Values, known: Mapping[str, paper_registrations.KnownPerson]
) -> Problem | None:
    person = known.get(values.get("id_number", ""))
    if person is not None and person.name is not None and person.name != values["name"]:
        return Problem(NAME, "与该身份证号码已登记的姓名不一致")
    return None


def _entered(rows: Sequence[GoodRow], categories: Categories) -> set[int]:
    """Rows that say what the roll says already: from an import, or granted in this system."""
    by_key = {record_key(row.values): row.number for row in rows}
    keys = db.session.scalars(
        select(ArchiveEntry.record_key).where(ArchiveEntry.record_key.in_(by_key))
    )
    granted = db.session.execute(
        select(Honor.document_number, Nomination.nominee_name, Honor.category_code)
        .join(Nomination, Nomination.id == Honor.nomination_id)
        .where(Honor.document_number.in_({row.values["document_number"] for row in rows}))
    )
    said = {tuple(line) for line in granted}
    return {by_key[key] for key in keys} | {
        row.number for row in rows if _as_granted(row.values, categories) in said
    }


def _as_granted(values: Values, categories: Categories) -> tuple[Any, ...]:
    code = categories.get((values["kind"], values["category"]))
    return values["document_number"], values["name"], code


def _entry(of: Import, entry_id: UUID, values: Values) -> dict[str, Any]:
    """A transient entry encrypts for its own id."""
    number = values.get("id_number")
    entry = ArchiveEntry(id=entry_id, nominee_id_number=number)
    return {
        "id": entry_id,
        "import_id": of.id,
        "record_key": record_key(values),
        "nominee_name": values["name"],
        "nominee_kind": NomineeKind(values["nominee_kind"]),
        "nominee_id_number_cipher": entry.nominee_id_number_cipher,
        "nominee_id_number_index": None if number is None else persons.index_of(number),
        "summary": values["summary"],
        "is_posthumous": values.get("is_posthumous", False),
        "is_withheld": not values["may_publish"],
    }


def _honor(
    of: Import, entry_id: UUID, values: Values, place: Site, categories: Categories
) -> Honor:
    issue = values.get("issue")
    return Honor(
        id=new_id(),
        archive_entry_id=entry_id,
        kind=HonorKind(values["kind"]),
        level=HonorLevel(values["level"]),
        category_code=categories[values["kind"], values["category"]],
        title=f"{values['title']}（{issue}）" if issue else values["title"],
        year=values["year"],
        site_id=place.id,
        document_number=values["document_number"],
        granted_on=date.fromisoformat(values["granted_on"]),
        granted_by=of.confirmed_by,
        granted_at=clock.now(),
        status=HonorStatus.GRANTED,
    )


def _enter(honors: Iterable[Honor]) -> None:
    entered = list(honors)
    for honor in entered:
        honor.number = next_reference(KIND)
    db.session.add_all(entered)
    db.session.flush()
    for honor in entered:
        audit.record(SYSTEM, honor, "grant", to_status=honor.status.value)
    insert_all_absent(
        BenefitCard,
        [
            {
                "id": new_id(),
                "honor_id": honor.id,
                "code": secrets.token_hex(16),
                "issued_at": clock.now(),
            }
            for honor in entered
        ],
    )
