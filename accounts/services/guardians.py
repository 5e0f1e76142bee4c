"""Consent of guardians to the volunteer service of their wards (Henan art. 8).

A guardian consents by their own account, to the code on the ward's phone, or on signed paper
that a helper stores. One consent is in force at a time; it is never changed, only withdrawn.
For a child under 14 it takes in the handling of the child's data, a consent of its own (PIPL
art. 31).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from accounts import invitations
from accounts.errors import (
    ChildConsentRequired,
    GuardianNotAdult,
    GuardianshipInForce,
    OwnAccount,
    OwnGuardian,
)
from accounts.models.consents import ConsentKind
from accounts.models.guardians import Guardianship
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import consents, messages, persons
from core import audit, clock
from core.actor import Actor
from core.config import Settings
from core.db import db, insert_if_absent
from core.errors import NotFound
from core.ids import new_id


@dataclass(frozen=True, slots=True)
class OwnGuardianships:
    """Consents given for the actor, and by them; newest first, withdrawn ones too."""

    as_ward: Sequence[Guardianship]
    as_guardian: Sequence[Guardianship]


def has_consented(ward_id: UUID) -> bool:
    """Whether a guardian's consent is in force."""
    query = select(Guardianship.id).where(
        Guardianship.ward_id == ward_id, Guardianship.withdrawn_at.is_(None)
    )
    return db.session.scalar(query) is not None


def companions_of(ward_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Who comes along with whom, where a consent in force names somebody."""
    query = select(Guardianship.ward_id, Guardianship.companion).where(
        Guardianship.ward_id.in_(set(ward_ids)),
        Guardianship.withdrawn_at.is_(None),
        Guardianship.companion.is_not(None),
    )
    return {ward_id: name for ward_id, name in db.session.execute(query) if name is not None}


def invite(actor: Actor) -> invitations.Invitation:
    """A code for the actor's guardian to scan; also before registration, which a child under 14
    can only finish with it."""
    return invitations.issue(_key(), actor.id, clock.now())


def give(
    actor: Actor, *, code: str, companion: str | None = None, is_for_child: bool = False
) -> Guardianship:
    """Consent as guardian of the person who shows the code; the same again gives the first
    consent. `is_for_child` also consents to the handling of a child's data, and may be said
    later, when the ward turns out to be one.

    Raises InvitationInvalid, InvitationExpired, OwnGuardian, GuardianNotAdult,
    ChildConsentRequired, GuardianshipInForce if another guardian's consent is in force."""
    ward = persons.get(invitations.read(_key(), code, clock.now()))
    if ward.id == actor.id:
        raise OwnGuardian
    if persons.is_minor(persons.get_own(actor)):
        raise GuardianNotAdult
    return _put(actor, ward, guardian_id=actor.id, companion=companion, is_for_child=is_for_child)


def record(
    actor: Actor,
    person_id: UUID,
    *,
    id_number: str,
    paper_reference: str,
    companion: str | None = None,
) -> Guardianship:
    """Store that a guardian consented on paper, with the ward's identity card in hand.

    Raises NotFound, IdNumberMismatch, OwnAccount, GuardianshipInForce."""
    ward = persons.get_by_card(person_id, id_number)
    if ward.id == actor.person_id:
        raise OwnAccount
    return record_for(actor, ward, paper_reference=paper_reference, companion=companion)


def record_for(
    actor: Actor, ward: Person, *, paper_reference: str, companion: str | None = None
) -> Guardianship:
    """Store a paper consent for a ward whose identity was seen; the paper's text takes in the
    data of a child. Raises GuardianshipInForce."""
    return _put(
        actor,
        ward,
        paper_reference=paper_reference,
        companion=companion,
        is_for_child=persons.is_child(ward),
    )


def _put(
    actor: Actor,
    ward: Person,
    *,
    guardian_id: UUID | None = None,
    paper_reference: str | None = None,
    companion: str | None,
    is_for_child: bool,
) -> Guardianship:
    if persons.is_child(ward) and not is_for_child:
        raise ChildConsentRequired("孩子未满 14 周岁，请同时同意处理孩子的个人信息")
    at = clock.now()
    is_new = insert_if_absent(
        Guardianship,
        id=new_id(),
        ward_id=ward.id,
        guardian_id=guardian_id,
        paper_reference=paper_reference,
        companion=companion,
        recorded_by=actor.id,
        consented_at=at,
    )
    made = db.session.scalars(
        _query().where(Guardianship.ward_id == ward.id, Guardianship.withdrawn_at.is_(None))
    ).one()
    if (made.guardian_id, made.paper_reference) != (guardian_id, paper_reference):
        raise GuardianshipInForce
    if is_for_child and not consents.is_given(ward.id, ConsentKind.CHILD):
        consents.record(actor, ward.id, ConsentKind.CHILD, paper_reference=paper_reference)
    if not is_new:
        return made
    audit.record(actor, made, "give" if guardian_id else "record", reason=paper_reference)
    messages.tell(ward.id, "guardian_consented", made.id, at=at.isoformat())
    return made


def withdraw(actor: Actor, guardianship_id: UUID, *, reason: str | None = None) -> Guardianship:
    """Take a consent back: its guardian, the helper who recorded it, or staff and helpers of the
    ward's home site. What was served stays. Again changes nothing.

    Raises NotFound."""
    made = db.session.scalar(_query().where(Guardianship.id == guardianship_id))
    if made is None or not _may_withdraw(actor, made):
        raise NotFound
    if made.withdrawn_at is not None:
        return made
    made.withdrawn_at = at = clock.now()
    if consents.is_given(made.ward_id, ConsentKind.CHILD):
        consents.record(actor, made.ward_id, ConsentKind.CHILD, is_given=False)
    audit.record(actor, made, "withdraw", reason=reason)
    messages.tell(made.ward_id, "guardian_withdrew", made.id, at=at.isoformat())
    return made


def _may_withdraw(actor: Actor, made: Guardianship) -> bool:
    if actor.person_id in (made.guardian_id, made.recorded_by):
        return True
    home = persons.home_of(made.ward)
    return actor.holds_over_site(Permission.ACCOUNTS_GUARDIANSHIP_WITHDRAW, home.path)


def list_mine(actor: Actor) -> OwnGuardianships:
    """Consents that concern the actor."""
    found = db.session.scalars(
        _query()
        .where(or_(Guardianship.ward_id == actor.id, Guardianship.guardian_id == actor.id))
        .order_by(Guardianship.id.desc())
    ).all()
    return OwnGuardianships(
        [g for g in found if g.ward_id == actor.id],
        [g for g in found if g.guardian_id == actor.id],
    )


def list_of(actor: Actor, person_id: UUID) -> Sequence[Guardianship]:
    """Consents given for a person at the actor's sites, newest first. Raises NotFound."""
    ward = persons.view(actor, person_id)
    query = _query().where(Guardianship.ward_id == ward.id).order_by(Guardianship.id.desc())
    return db.session.scalars(query).all()


def _query() -> Select[Guardianship]:
    return select(Guardianship).options(
        joinedload(Guardianship.ward, innerjoin=True), joinedload(Guardianship.guardian)
    )


def _key() -> bytes:
    settings: Settings = current_app.extensions["liancheng.settings"]
    return settings.code_key.encode()
