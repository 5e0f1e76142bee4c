"""The people of the demo, made and signed in by the services that citizens and staff use."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import consents, persons, roles, sessions, sites, staff
from accounts.services.reference import CITY_UNITS, MCA
from cli.demo import content
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.ids import new_id
from core.wechat import WeChatSession

T = TypeVar("T")
CITY = "411000"


@contextmanager
def moment(at: datetime) -> Iterator[None]:
    """One request of the past: the clock held, and afterwards an empty session, as a door
    leaves it. All moments of a load share one transaction."""
    with clock.frozen(at):
        yield
        db.session.flush()
    db.session.expunge_all()


@dataclass
class Cast:
    """Who acts. Tokens are kept so that a role granted later is seen, as by a door."""

    now: datetime
    """When the load began; all dates of the demo hang on it."""
    joined_at: datetime
    citizens: dict[int, Actor] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    _tokens: dict[int, str] = field(default_factory=dict)

    def join(self) -> None:
        """Everybody arrives."""
        with moment(self.joined_at):
            for member in content.STAFF:
                self.staff[member.username] = _hire(member)
        for number, name in enumerate(content.CITIZENS, start=1):
            with moment(self.joined_at):
                self._sign_in(number)
                if name != "-":
                    self._register(number, name)

    def _sign_in(self, number: int) -> None:
        session = WeChatSession(openid=content.openid_of(number), unionid=None, session_key="")
        self._tokens[number] = sessions.sign_in_with_wechat(session).token
        self.renew(number)

    def renew(self, number: int) -> None:
        """See the citizen's present roles."""
        self.citizens[number] = sessions.authenticate(self._tokens[number])

    def _register(self, number: int, name: str) -> None:
        for kind in ConsentKind:
            consents.update(
                self.citizens[number], kind=kind, version=CURRENT_VERSIONS[kind], is_given=True
            )
        persons.register_identity(
            self.citizens[number], name=name, id_number=content.id_number_of(number)
        )
        self.renew(number)

    @property
    def volunteers(self) -> list[int]:
        """Numbers of the citizens with a real name."""
        return [n for n, name in enumerate(content.CITIZENS, start=1) if name != "-"]


def _hire(member: content.StaffMember) -> Actor:
    person = Person(id=new_id(), nickname=member.name, created_at=clock.now())
    db.session.add(person)
    staff.create(
        person,
        username=member.username,
        password=member.password,
        totp_secret=member.totp_secret,
        must_change_password=False,
    )
    if member.role is Role.ADMIN:
        kind, scope_id = ScopeKind.CITY, None
    else:
        kind, scope_id = ScopeKind.SITE, site_id(member.site or CITY)
    roles.bestow(SYSTEM, person.id, role=member.role, scope_kind=kind, scope_id=scope_id)
    return sessions.authenticate(sessions.open_for_staff(person, must_change_password=False).token)


def site_id(code: str) -> UUID:
    """The site of a code: digits are civil affairs', letters a functional zone of the city."""
    return sites.by_code(code, MCA if code.isdigit() else CITY_UNITS).id


def at(instant: datetime, work: Callable[[], T]) -> T:
    """Do `work` as one request at `instant`."""
    with moment(instant):
        return work()
