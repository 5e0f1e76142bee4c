"""A helper (帮办员) at a counter: registering people without a phone, and finding them again.

Nobody is registered without consent: where there is no phone to give it on, it stands on signed
paper, whose place is kept with the consents.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from accounts.errors import (
    ChildConsentRequired,
    IdentityInUse,
    LookupsTooMany,
    OwnAccount,
    PersonNotFound,
)
from accounts.models.consents import ConsentKind
from accounts.models.lookups import PersonLookup
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import consents, guardians, persons, sites
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import NotFound
from core.ids import new_id

LOOKUPS_AN_HOUR = 60
"""A counter serves hardly more than one person a minute; more is somebody trying numbers."""

ON_PAPER = (ConsentKind.PRIVACY, ConsentKind.REAL_NAME)
"""What the paper that a person signs at a counter says."""


def register(
    actor: Actor,
    *,
    name: str,
    id_number: str,
    site_id: UUID,
    paper_reference: str,
    phone: str | None = None,
    guardian_paper_reference: str | None = None,
) -> Person:
    """Register a person who stands at the counter, on stored paper consent.

    Raises NotFound for a site that is not the helper's, IdentityInUse, TooYoung,
    ChildConsentRequired for a child under 14 without a guardian's paper."""
    site = sites.get(site_id)
    if not actor.holds_over_site(Permission.ACCOUNTS_PERSON_REGISTER, site.path):
        raise NotFound
    if persons.holder_of(id_number) is not None:
        raise IdentityInUse("该身份证号已登记，请用“按身份证号查询”找到本人")
    person = persons.on_paper(name=name, id_number=id_number, phone=phone)
    person.site_id = site.id
    if persons.is_child(person) and guardian_paper_reference is None:
        raise ChildConsentRequired
    db.session.add(person)
    db.session.flush()
    for kind in ON_PAPER:
        consents.record(actor, person.id, kind, paper_reference=paper_reference)
    if guardian_paper_reference is not None:
        guardians.record_for(actor, person, paper_reference=guardian_paper_reference)
    audit.record(actor, person, "register", reason=paper_reference)
    return person


def record_consent(
    actor: Actor, person_id: UUID, *, id_number: str, paper_reference: str, is_given: bool
) -> list[consents.ConsentState]:
    """Store that somebody at the counter signed the texts in force, which are newer than those
    they agreed to, or that they took their agreement back.

    Raises NotFound, IdNumberMismatch, OwnAccount."""
    person = persons.get_by_card(person_id, id_number)
    if person.id == actor.person_id:
        raise OwnAccount
    for kind in ON_PAPER:
        consents.record(actor, person.id, kind, is_given=is_given, paper_reference=paper_reference)
    audit.record(actor, person, "record_consent", reason=paper_reference)
    return consents.list_of(person.id)


def find(actor: Actor, *, id_number: str) -> Person:
    """The person with exactly this ID number; every look is counted and logged.

    Raises PersonNotFound, LookupsTooMany after `LOOKUPS_AN_HOUR` looks in an hour."""
    at = clock.now()
    lock_exclusively(f"lookups:{actor.id}")
    since = at - timedelta(hours=1)
    recent = select(func.count(), func.min(PersonLookup.at)).where(
        PersonLookup.helper_id == actor.id, PersonLookup.at > since
    )
    number, first = db.session.execute(recent).one()
    if number >= LOOKUPS_AN_HOUR:
        raise LookupsTooMany(retry_after=int((first - since).total_seconds()) + 1)
    person = persons.holder_of(id_number)
    db.session.add(
        PersonLookup(
            id=new_id(), helper_id=actor.id, found_id=None if person is None else person.id, at=at
        )
    )
    if person is None:
        raise PersonNotFound
    audit.record(actor, person, "find")
    return person
