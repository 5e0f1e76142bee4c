"""People whom an organisation registers in bulk on their signed paper consent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from accounts.models.consents import CURRENT_VERSIONS, Consent, ConsentKind
from accounts.models.persons import Person
from accounts.services import persons
from core import clock
from core.db import db, insert_all_absent
from core.ids import new_id

WRITTEN = (
    "id",
    "name",
    "id_number_cipher",
    "id_number_index",
    "phone_cipher",
    "phone_index",
    "born_on",
    "registered_at",
    "created_at",
)
"""Columns of a person that paper fills; the others have their defaults."""


@dataclass(frozen=True, slots=True)
class PaperRegistration:
    name: str
    id_number: str
    phone: str | None = None
    """E.164."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """`id` is of the person as whom a merged one lives on."""

    id: UUID
    name: str | None
    born_on: date | None


def find(id_numbers: Iterable[str]) -> Mapping[str, KnownPerson]:
    """The people who have these ID numbers (in their one form), by ID number."""
    by_index = {persons.index_of(n): n for n in id_numbers}
    query = select(
        Person.id_number_index,
        func.coalesce(Person.merged_into_id, Person.id),
        Person.name,
        Person.born_on,
    ).where(Person.id_number_index.in_(by_index))
    return {
        by_index[index]: KnownPerson(person_id, name, born_on)
        for index, person_id, name, born_on in db.session.execute(query)
        if index is not None
    }


def register_all(people: Sequence[PaperRegistration]) -> Mapping[str, UUID]:
    """Register those who are not, and write down their consent to the real-name notice; gives
    everybody's person by ID number. The key on the ID number decides, however many ask."""
    rows = [_row(someone) for someone in people]
    insert_all_absent(Person, rows)
    known = find(someone.id_number for someone in people)
    ids = {row["id"] for row in rows}
    new = [found.id for found in known.values() if found.id in ids]
    insert_all_absent(Consent, [_consent(person_id) for person_id in new])
    return {number: found.id for number, found in known.items()}


def _row(someone: PaperRegistration) -> dict[str, Any]:
    person = persons.on_paper(name=someone.name, id_number=someone.id_number, phone=someone.phone)
    return {column: getattr(person, column) for column in WRITTEN}


def _consent(person_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        "kind": ConsentKind.REAL_NAME,
        "version": CURRENT_VERSIONS[ConsentKind.REAL_NAME],
        "is_given": True,
        "at": clock.now(),
    }
