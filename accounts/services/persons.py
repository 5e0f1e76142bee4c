"""Who a person is: real name, ID number, phone."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounts.errors import IdentityFixed, IdentityInUse
from accounts.identity import age_on, birth_date
from accounts.models.consents import ConsentKind
from accounts.models.persons import Person, WeChatIdentity
from accounts.services import consents
from core import audit, clock, wechat
from core.actor import Actor
from core.crypto import vault
from core.db import db
from core.errors import NotFound


def get_own(actor: Actor) -> Person:
    """The actor's own person."""
    return db.session.get_one(Person, actor.id)


def get(person_id: UUID) -> Person:
    """A person by id, for services that already decided who may ask. Raises NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def register_identity(actor: Actor, *, name: str, id_number: str) -> Person:
    """Real-name registration, once. The same data again changes nothing.

    Raises ConsentRequired without consent to the real-name notice in force, IdentityInUse if
    another person has this ID number, IdentityFixed if this one has another.
    """
    consents.require(actor.id, ConsentKind.REAL_NAME)
    person = get_own(actor)
    index = vault().index.digest(id_number, purpose="id_number")
    if person.registered_at is not None:
        if person.id_number_index == index and person.name == name:
            return person
        raise IdentityFixed
    holder = db.session.scalar(select(Person.id).where(Person.id_number_index == index))
    if holder is not None:
        raise IdentityInUse
    person.name = name
    person.id_number = id_number
    person.born_on = birth_date(id_number)
    person.id_number_index = index
    person.registered_at = clock.now()
    db.session.flush()
    audit.record(actor, person, "register")
    return person


def exchange_phone_code(_actor: Actor, *, body: dict[str, str]) -> str:
    """Ask WeChat for the phone number behind a code (E.164). Outside any transaction.

    Raises PhoneCodeInvalid, WeChatUnavailable."""
    return wechat.client().phone_number(body["code"])


def bind_phone(actor: Actor, phone: str) -> Person:
    """Keep the phone that WeChat vouched for. A family may share one, so it is not unique."""
    person = get_own(actor)
    person.phone = phone
    person.phone_index = vault().index.digest(phone, purpose="phone")
    audit.record(actor, person, "bind_phone")
    return person


def openid_of(person_id: UUID) -> str | None:
    """The openid last used by the person, or None if they never used WeChat."""
    return db.session.scalar(
        select(WeChatIdentity.openid)
        .where(WeChatIdentity.person_id == person_id)
        .order_by(WeChatIdentity.last_seen_at.desc())
        .limit(1)
    )


ADULT_AGE = 18


def is_minor(person: Person) -> bool:
    """Whether the person is known to be under 18 today."""
    age = age_of(person)
    return age is not None and age < ADULT_AGE


def age_of(person: Person) -> int | None:
    """Full years today; None before registration."""
    return None if person.born_on is None else age_on(person.born_on, clock.today())


def adult_if_born_by(day: date) -> date:
    """Whoever was born on this day or before is of age on `day`."""
    # Eighteen years before a 29 February there is none.
    return date(day.year - ADULT_AGE, day.month, min(day.day, 28) if day.month == 2 else day.day)
