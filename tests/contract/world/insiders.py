"""Who may see things, and who may not."""

from sqlalchemy import select

from accounts.models.persons import Person
from accounts.permissions import ROLE_PERMISSIONS, Role
from core.actor import ANONYMOUS, Actor, Grant, ScopeKind
from core.db import db
from core.ids import new_id
from nominations.models.consultations import Department
from nominations.models.objections import Objection
from tests.contract.operations import almighty
from tests.contract.world.people import COUNTY, ELSEWHERE, Owners
from tests.factories import panels as judging
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.attachments import moderator
from tests.factories.volunteer import Scene


def insiders(of: Owners) -> list[Actor]:
    home = site(COUNTY)
    return [
        of.actor,
        actor_of(of.other),
        of.scene.organizer,
        of.scene.staff,
        actor_of(person("荀评审"), grant(Role.REVIEWER, over=home)),
        actor_of(person("暨评审"), grant(Role.REVIEWER, over=site("411002"))),
        _consultant(),
        objector(),
        actor_of(person("晏帮办"), grant(Role.HELPER, over=home)),
        moderator(),
        actor_of(of.other, judging.over(Role.PANELIST, new_id())),
        actor_of(person("郗管理"), grant(Role.ADMIN)),
        almighty(),
    ]


def strangers(other_team: Scene) -> dict[str, Actor]:
    there = site(ELSEWHERE)
    return {
        "anonymous": ANONYMOUS,
        "citizen": actor_of(person("贲市民", registered=False)),
        "volunteer": actor_of(person("邴志愿")),
        "organizer": other_team.organizer,
        "site_staff": actor_of(person("殳站长"), grant(Role.SITE_STAFF, over=there)),
        "reviewer": actor_of(person("阚评审"), grant(Role.REVIEWER, over=there)),
        "helper": actor_of(person("迮帮办"), grant(Role.HELPER, over=there)),
        "moderator": moderator(ELSEWHERE),
        "admin": actor_of(person("仉管理"), grant(Role.ADMIN)),
    }


def _consultant() -> Actor:
    department_id = db.session.scalars(
        select(Department.id).where(Department.code == "police")
    ).one()
    held = frozenset(ROLE_PERMISSIONS[Role.CONSULTANT])
    consultant = Grant(Role.CONSULTANT, held, ScopeKind.CHANNEL, department_id)
    return actor_of(person("胥民警"), consultant)


def objector() -> Actor:
    objects = select(Person).join(Objection, Objection.objector_id == Person.id)
    return actor_of(db.session.scalars(objects).one())
