"""The consent log: what is in force is the latest statement of each kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select, tuple_
from sqlalchemy.orm import aliased

from accounts.errors import ConsentOfAnother, ConsentOutdated, ConsentRequired
from accounts.models.consents import CURRENT_VERSIONS, OWN_KINDS, Consent, ConsentKind
from core import clock
from core.actor import Actor
from core.db import db
from core.ids import new_id


@dataclass(frozen=True, slots=True)
class ConsentState:
    """One kind of consent of a person. `version` and `at` are those of the latest statement."""

    kind: ConsentKind
    current_version: str
    version: str | None
    is_given: bool
    """Given, and to the text in force."""
    at: datetime | None


def list_of(person_id: UUID) -> list[ConsentState]:
    """The state of every kind that the person is asked for, asked already or not; a guardian's
    only where one was stated."""
    latest: dict[ConsentKind, Consent] = {}
    query = select(Consent).where(Consent.person_id == person_id).order_by(Consent.at, Consent.id)
    for statement in db.session.scalars(query):
        latest[statement.kind] = statement
    kinds = [kind for kind in ConsentKind if kind in OWN_KINDS or kind in latest]
    return [_state(kind, latest.get(kind)) for kind in kinds]


def _state(kind: ConsentKind, latest: Consent | None) -> ConsentState:
    current = CURRENT_VERSIONS[kind]
    if latest is None:
        return ConsentState(kind, current, None, is_given=False, at=None)
    in_force = latest.is_given and latest.version == current
    return ConsentState(kind, current, latest.version, in_force, latest.at)


def is_given(person_id: UUID, kind: ConsentKind) -> bool:
    """Whether consent to the text in force was given."""
    return any(s.is_given for s in list_of(person_id) if s.kind is kind)


def require(person_id: UUID, kind: ConsentKind) -> None:
    """Raise ConsentRequired unless the person agreed to the text in force."""
    if not is_given(person_id, kind):
        raise ConsentRequired(consent=kind.value, version=CURRENT_VERSIONS[kind])


def in_force(kind: ConsentKind) -> Select[UUID]:
    """Query of the people who agree to the text in force; for lists."""
    latest = aliased(Consent)
    said_later = exists().where(
        latest.person_id == Consent.person_id,
        latest.kind == kind,
        tuple_(latest.at, latest.id) > tuple_(Consent.at, Consent.id),
    )
    return select(Consent.person_id).where(
        Consent.kind == kind,
        Consent.is_given,
        Consent.version == CURRENT_VERSIONS[kind],
        ~said_later,
    )


def update(actor: Actor, *, kind: ConsentKind, version: str, is_given: bool) -> list[ConsentState]:
    """Write down that the actor agrees, or takes an agreement back.

    Raises ConsentOutdated when agreeing to a text that is no longer in force, ConsentOfAnother
    for what only a guardian can say."""
    if kind not in OWN_KINDS:
        raise ConsentOfAnother
    if is_given and version != CURRENT_VERSIONS[kind]:
        raise ConsentOutdated(version=CURRENT_VERSIONS[kind])
    _write(actor.id, kind, version=version, is_given=is_given)
    return list_of(actor.id)


def record(
    actor: Actor,
    person_id: UUID,
    kind: ConsentKind,
    *,
    is_given: bool = True,
    paper_reference: str | None = None,
) -> None:
    """Write down a consent to the text in force that another stated for the person: a guardian,
    or whoever stored the signed paper."""
    _write(
        person_id,
        kind,
        version=CURRENT_VERSIONS[kind],
        is_given=is_given,
        paper_reference=paper_reference,
        recorded_by=actor.id,
    )


def _write(person_id: UUID, kind: ConsentKind, **stated: Any) -> None:
    db.session.add(Consent(id=new_id(), person_id=person_id, kind=kind, at=clock.now(), **stated))
    db.session.flush()
