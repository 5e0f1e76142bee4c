"""The people of the demo, made and signed in by the services that citizens and staff use."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.models.consents import CURRENT_VERSIONS, OWN_KINDS
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import consents, persons, roles, sessions, sites, staff
from accounts.services.reference import CITY_UNITS, MCA
from cli.demo import content
from cli.demo.content import Citizen, StaffMember
from cli.demo.script import Script
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.ids import new_id
from core.wechat import WeChatSession


@dataclass
class Cast:
    """Who acts. Tokens are kept so that a role granted later is seen, as by a door."""

    now: datetime
    """When the load began; all dates of the demo hang on it."""
    joined_at: datetime
    citizens: dict[int, Actor] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    _tokens: dict[int, str] = field(default_factory=dict)

    def plan(self, script: Script) -> None:
        """Everybody arrives on the first day."""
        for member in content.STAFF:
            script.at(self.joined_at, lambda member=member: self._hire(member))  # type: ignore[misc]
        for citizen in content.CITIZENS:
            script.at(self.joined_at, lambda citizen=citizen: self._join(citizen))  # type: ignore[misc]

    def _hire(self, member: StaffMember) -> None:
        person = Person(id=new_id(), nickname=member.name, created_at=clock.now())
        db.session.add(person)
        staff.create(
            person,
            username=member.username,
            password=member.password,
            totp_secret=member.totp_secret,
            must_change_password=False,
        )
        if member.role is not Role.SUPERVISOR:
            kind = ScopeKind.CITY if member.site is None else ScopeKind.SITE
            scope_id = None if member.site is None else site_id(member.site)
            roles.bestow(SYSTEM, person.id, role=member.role, scope_kind=kind, scope_id=scope_id)
        signed_in = sessions.open_for_staff(person, must_change_password=False)
        self.staff[member.username] = sessions.authenticate(signed_in.token)

    def _join(self, citizen: Citizen) -> None:
        session = WeChatSession(openid=citizen.openid, unionid=None, session_key="")
        self._tokens[citizen.number] = sessions.sign_in_with_wechat(session).token
        self.renew(citizen.number)
        if citizen.name is None:
            return
        actor = self.citizens[citizen.number]
        for kind in OWN_KINDS:
            consents.update(actor, kind=kind, version=CURRENT_VERSIONS[kind], is_given=True)
        id_number = citizen.id_number(self.now.astimezone(clock.SHANGHAI).year)
        persons.register_identity(actor, name=citizen.name, id_number=id_number)
        self.renew(citizen.number)

    def renew(self, number: int) -> None:
        """See the citizen's present roles."""
        self.citizens[number] = sessions.authenticate(self._tokens[number])


def site_id(code: str) -> UUID:
    """The site of a code: digits are civil affairs', letters a functional zone of the city."""
    return sites.by_code(code, MCA if code.isdigit() else CITY_UNITS).id
