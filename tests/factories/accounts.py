"""People, actors and places."""

import itertools
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from accounts.identity import birth_date
from accounts.models.persons import Person, WeChatIdentity
from accounts.models.sites import Site
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services.persons import HAS_ABSORBED
from accounts.services.sessions import CITIZEN_GRANT, REAL_NAME, VOLUNTEER_GRANT
from core import clock
from core.actor import Actor, Grant, ScopeKind
from core.crypto import vault
from core.db import db
from core.ids import new_id

_serial = itertools.count(1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int | None = None, *, born: str = "19900101") -> str:
    """A valid ID number, of Weidu district and then of others: every call gives another one, and
    nobody is older than they should be."""
    serial = next(_serial) if serial is None else serial
    digits = f"{411002 + serial // 1000}{born}{serial % 1000:03d}"
    check = sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11
    return digits + "10X98765432"[check]


def person(
    name: str = "张三",
    *,
    registered: bool = True,
    openid: str | None = None,
    born: str | None = None,
) -> Person:
    """A stored person, with a WeChat identity when an openid is given; an adult, unless `born`
    (YYYYMMDD) says otherwise."""
    made = Person(id=new_id(), nickname=name, created_at=clock.now())
    if registered:
        number = id_number(next(_serial) % 1000, born=born) if born else id_number()
        made.name = name
        made.id_number = number
        made.born_on = birth_date(number)
        made.id_number_index = vault().index.digest(number, purpose="id_number")
        made.born_on = birth_date(number)
        made.registered_at = clock.now()
    db.session.add(made)
    db.session.flush()
    if openid is not None:
        db.session.add(WeChatIdentity(openid=openid, person_id=made.id, last_seen_at=clock.now()))
        db.session.flush()
    return made


def actor_of(who: Person, *grants: Grant) -> Actor:
    """The person as an actor, as a sign-in would make it."""
    own = [CITIZEN_GRANT] + ([VOLUNTEER_GRANT] if who.registered_at else [])
    facts = frozenset({REAL_NAME} if who.registered_at else ())
    if who.has_absorbed:
        facts |= {HAS_ABSORBED}
    return Actor(person_id=who.id, grants=(*own, *grants), facts=facts)


def grant(role: Role, *, over: Site | None = None, organization: UUID | None = None) -> Grant:
    """A role over a site, an organisation, or the whole city."""
    permissions = frozenset(ROLE_PERMISSIONS[role])
    if organization is not None:
        return Grant(role, permissions, ScopeKind.ORGANIZATION, organization)
    if over is not None:
        return Grant(role, permissions, ScopeKind.SITE, over.id, over.path)
    return Grant(role, permissions, ScopeKind.CITY, None, "/")


def site(code: str = "411002001") -> Site:
    """A site of the reference data, by its civil-affairs code."""
    return db.session.scalars(select(Site).where(Site.code == code)).one()


def people(count: int) -> Iterable[Person]:
    """Several registered persons."""
    return [person(f"测试{n}") for n in range(count)]


def helper(over: Site | None = None, name: str = "孟帮办") -> Actor:
    """A 帮办员 of a site and all below it."""
    return actor_of(person(name), grant(Role.HELPER, over=over or site()))
