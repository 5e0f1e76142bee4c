"""A board of personal hours: only of those who agreed to stand there, only where the city opens
it, and never of units (decree 67, art. 16; General Office letter 〔2026〕12).
"""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from accounts.models.consents import ConsentKind
from accounts.models.persons import Person
from accounts.models.sites import Site
from accounts.services import consents, persons, sites
from core import clock
from core.config import Settings
from core.crypto import mask_name
from core.db import db
from volunteer.errors import BoardsOff
from volunteer.models.statistics import PersonMonth

LENGTH = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """One person on the board, as they want to be named."""

    name: str
    verified_minutes: int


def list_hours(*, site: UUID | None = None, month: str | None = None) -> list[Standing]:
    """The verified minutes of a month (without one, the present), most first, at a site and all
    below it. Minors never stand there. Raises BoardsOff, NotFound for an unknown site."""
    settings: Settings = current_app.extensions["liancheng.settings"]
    if settings.boards != "on":
        raise BoardsOff
    minutes = func.sum(PersonMonth.verified_minutes)
    query = (
        select(Person, minutes)
        .join(PersonMonth, PersonMonth.person_id == Person.id)
        .where(
            PersonMonth.month == (month or f"{clock.today():%Y-%m}"),
            Person.id.in_(consents.in_force(ConsentKind.BOARD)),
            Person.born_on <= persons.adult_if_born_by(clock.today()),
        )
        .group_by(Person.id)
        .having(minutes > 0)
        .order_by(minutes.desc(), Person.id)
        .limit(LENGTH)
    )
    if site is not None:
        below = Site.path.startswith(sites.get(site).path, autoescape=True)
        query = query.where(PersonMonth.site_id.in_(select(Site.id).where(below)))
    found = db.session.execute(query).all()
    by_nickname = set(db.session.scalars(consents.in_force(ConsentKind.BOARD_NICKNAME)))
    return [Standing(_shown(person, by_nickname), int(total)) for person, total in found]


def _shown(person: Person, by_nickname: set[UUID]) -> str:
    if person.id in by_nickname and person.nickname:
        return person.nickname
    return mask_name(person.name)
