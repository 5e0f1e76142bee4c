"""Who a person is: real name, ID number, phone, and under which ids they were ever known."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select

from accounts.errors import (
    ChildConsentRequired,
    IdentityFixed,
    IdentityInUse,
    IdNumberMismatch,
    TooYoung,
)
from accounts.identity import age_on, birth_date
from accounts.models.consents import ConsentKind
from accounts.models.persons import Person, WeChatIdentity
from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import consents, sites
from core import audit, clock, wechat
from core.actor import Actor
from core.crypto import vault
from core.db import db
from core.errors import NotFound
from core.ids import new_id

ADULT_AGE = 18
"""Civil Code art. 17; whoever is younger takes part with a guardian's consent (Henan art. 8)."""

CHILD_AGE = 14
"""The data of whoever is younger is handled with a guardian's consent only (PIPL art. 31)."""

REGISTRATION_AGE = 8
"""From here on a person has limited capacity (Civil Code art. 19). Whoever is younger gets no
record unless the office sets another age (domain rule without a written source)."""

HAS_ABSORBED = "has_absorbed"
"""The fact of an actor as whom another person lives on."""


class PersonalField(StrEnum):
    """What staff may ask to see unmasked."""

    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"


def get_own(actor: Actor) -> Person:
    """The actor's own person."""
    return db.session.get_one(Person, actor.id)


def get(person_id: UUID) -> Person:
    """A person by id, for services that already decided who may ask.

    Raises NotFound, also for one who lives on as another."""
    person = db.session.get(Person, person_id)
    if person is None or person.merged_into_id is not None:
        raise NotFound
    return person


def register_identity(actor: Actor, *, name: str, id_number: str) -> Person:
    """Real-name registration, once. The same data again changes nothing.

    Raises ConsentRequired without consent to the real-name notice in force, IdentityInUse if
    another person has this ID number, IdentityFixed if this one has another, TooYoung,
    ChildConsentRequired for a child whose guardian did not consent.
    """
    consents.require(actor.id, ConsentKind.REAL_NAME)
    person = get_own(actor)
    index = index_of(id_number)
    if person.registered_at is not None:
        if person.id_number_index == index and person.name == name:
            return person
        raise IdentityFixed
    if holder_of(id_number) is not None:
        raise IdentityInUse
    _identify(person, name=name, id_number=id_number)
    if is_child(person) and not consents.is_given(person.id, ConsentKind.CHILD):
        raise ChildConsentRequired
    db.session.flush()
    audit.record(actor, person, "register")
    return person


def _identify(person: Person, *, name: str, id_number: str) -> None:
    """Set what makes a person a registered one. Raises TooYoung."""
    born_on = birth_date(id_number)
    if age_on(born_on, clock.today()) < REGISTRATION_AGE:
        raise TooYoung
    person.name = name
    person.id_number = id_number
    person.born_on = born_on
    person.id_number_index = index_of(id_number)
    person.registered_at = clock.now()


def on_paper(*, name: str, id_number: str, phone: str | None) -> Person:
    """A registered person whose signed paper is at hand; not stored yet. Raises TooYoung."""
    person = Person(id=new_id(), created_at=clock.now())
    _identify(person, name=name, id_number=id_number)
    if phone is not None:
        _set_phone(person, phone)
    return person


def index_of(id_number: str) -> bytes:
    """The keyed hash under which an ID number is found."""
    return vault().index.digest(id_number, purpose="id_number")


def holder_of(id_number: str) -> Person | None:
    """The person registered with this ID number."""
    return db.session.scalar(select(Person).where(Person.id_number_index == index_of(id_number)))


def get_by_card(person_id: UUID, id_number: str) -> Person:
    """A person whose identity card lies on the counter: its number was typed again.

    The card stands for the scope: people may go to whichever counter is near. Raises NotFound,
    IdNumberMismatch."""
    person = get(person_id)
    if person.registered_at is None:
        raise NotFound
    if person.id_number_index != index_of(id_number):
        raise IdNumberMismatch
    return person


def view(actor: Actor, person_id: UUID) -> Person:
    """A person at the actor's sites. Raises NotFound."""
    return get_over(actor, Permission.ACCOUNTS_PERSON_VIEW, person_id)


def unmask(
    actor: Actor, person_id: UUID, *, fields: Sequence[PersonalField], reason: str
) -> dict[str, str | None]:
    """Personal data in clear, only what is asked for; each look is logged with its reason
    (PIPL). Raises NotFound outside the actor's sites."""
    person = get_over(actor, Permission.ACCOUNTS_PERSON_UNMASK, person_id)
    asked = [field for field in PersonalField if field in fields]
    audit.record(actor, person, "unmask", reason=f"{'、'.join(asked)}：{reason}")
    return {field.value: getattr(person, field.value) for field in asked}


def get_over(actor: Actor, permission: Permission, person_id: UUID) -> Person:
    """A person over whose home site the actor holds the permission. Raises NotFound."""
    person = get(person_id)
    if not actor.holds_over_site(permission, home_of(person).path):
        raise NotFound
    return person


def home_of(person: Person) -> Site:
    """The person's home site; whoever named none belongs to the city's."""
    return sites.root() if person.site_id is None else sites.get(person.site_id)


def settle(actor: Actor, site_id: UUID | None) -> None:
    """Name the actor's home site, or none. Raises NotFound for an unknown site."""
    get_own(actor).site_id = None if site_id is None else sites.get(site_id).id


def exchange_phone_code(_actor: Actor, *, body: dict[str, str]) -> str:
    """Ask WeChat for the phone number behind a code (E.164). Outside any transaction.

    Raises PhoneCodeInvalid, WeChatUnavailable."""
    return wechat.client().phone_number(body["code"])


def bind_phone(actor: Actor, phone: str) -> Person:
    """Keep the phone that WeChat vouched for. A family may share one, so it is not unique."""
    person = get_own(actor)
    _set_phone(person, phone)
    audit.record(actor, person, "bind_phone")
    return person


def _set_phone(person: Person, phone: str) -> None:
    person.phone = phone
    person.phone_index = vault().index.digest(phone, purpose="phone")


def openid_of(person_id: UUID) -> str | None:
    """The openid last used by the person, or None if they never used WeChat."""
    return db.session.scalar(
        select(WeChatIdentity.openid)
        .where(WeChatIdentity.person_id == person_id)
        .order_by(WeChatIdentity.last_seen_at.desc())
        .limit(1)
    )


def is_minor(person: Person) -> bool:
    """Whether the person is known to be under 18 today."""
    return _is_under(person, ADULT_AGE)


def is_child(person: Person) -> bool:
    """Whether the person is known to be under 14 today."""
    return _is_under(person, CHILD_AGE)


def _is_under(person: Person, years: int) -> bool:
    age = age_of(person)
    return age is not None and age < years


def age_of(person: Person) -> int | None:
    """Full years today; None before registration."""
    return None if person.born_on is None else age_on(person.born_on, clock.today())


def ids_of(person_id: UUID) -> list[UUID]:
    """Every id under which this human being was ever known: what append-only rows, which no
    merging can change, may name. The id itself comes first."""
    survivor = (
        select(Person.merged_into_id)
        .where(Person.id == person_id, Person.merged_into_id.is_not(None))
        .scalar_subquery()
    )
    query = select(Person.id).where(
        or_(
            Person.id == person_id,
            Person.merged_into_id == person_id,
            Person.id == survivor,
            Person.merged_into_id == survivor,
        )
    )
    return sorted(db.session.scalars(query), key=lambda known: (known != person_id, known))


def own_ids(actor: Actor) -> list[UUID]:
    """Ids of the actor; asks the database only where there are several."""
    return ids_of(actor.id) if HAS_ABSORBED in actor.facts else [actor.id]


def survivors(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """As whom people live on, for those among `person_ids` who were merged into another."""
    query = select(Person.id, Person.merged_into_id).where(
        Person.id.in_(set(person_ids)), Person.merged_into_id.is_not(None)
    )
    return {lost: kept for lost, kept in db.session.execute(query) if kept is not None}


def merged() -> dict[UUID, UUID]:
    """As whom people live on, for all who were merged into another: few among many.

    Asked as a range, for which SQLite takes the index; for IS NOT NULL it reads all people."""
    query = select(Person.id, Person.merged_into_id).where(Person.merged_into_id >= UUID(int=0))
    return {lost: kept for lost, kept in db.session.execute(query) if kept is not None}


def adult_if_born_by(day: date) -> date:
    """Whoever was born on this day or before is of age on `day`."""
    # Eighteen years before a 29 February there is none.
    return date(day.year - ADULT_AGE, day.month, min(day.day, 28) if day.month == 2 else day.day)
