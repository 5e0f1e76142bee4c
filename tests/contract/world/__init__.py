"""One of every kind of thing that an address can name, all of it of people of Weidu district.

Made by the services that people use, so that the things hang together as they really do. A subject
is a module: its STEPS make the things, its `instead` the few that an operation takes in another
state only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask

from core import clock
from core.actor import Actor
from core.crypto import mask_name, mask_phone
from jobs.exports import make_exports
from tests.conftest import stored
from tests.contract.world import account, honors, panels, selection, service
from tests.contract.world.insiders import insiders, strangers
from tests.contract.world.people import AT, COUNTY, ELSEWHERE, OTHER, OWNER, PHONE, WARD, people
from tests.factories import volunteer as make

__all__ = ["AT", "COUNTY", "ELSEWHERE", "OWNER", "World", "build"]

OF_A_TEAM = ("organization_id", "project_id", "activity_id", "shift_id", "site_id")


@dataclass(frozen=True)
class World:
    ids: dict[str, str]
    """What stands in an address or a body, by the name it has there."""
    own: dict[str, str]
    """The same of the organizer of another team, as far as they have it."""
    instead: dict[str, dict[str, str]]
    """Ids for the one operation that takes a thing in another state only."""
    insiders: Sequence[Actor]
    """For every thing, one of those who may see it."""
    strangers: dict[str, Actor]
    """Everybody else, by what they are; none is of Weidu but the organizer of another team."""
    secrets: frozenset[str]
    """What no stranger is ever shown."""
    masked: frozenset[str]
    """The same people as insiders see them."""


def build(app: Flask) -> World:
    with stored(app):
        of = people()
    ids: dict[str, str] = {}
    subjects = (service, selection, panels, honors, account)
    for step in [step for subject in subjects for step in subject.STEPS]:
        with stored(app):
            ids |= {name: str(value) for name, value in step(of).items()}
    with clock.frozen(AT):
        make.run(app, make_exports)
    with stored(app):
        other_team, signup_id = service.another_team()
        return World(
            ids=ids,
            own={name: str(getattr(other_team, name)) for name in OF_A_TEAM}
            | {"signup_id": str(signup_id)},
            instead={
                **service.instead(of, ids),
                **selection.instead(of, ids),
                **panels.instead(of, ids),
                **honors.instead(of, ids),
            },
            insiders=insiders(of),
            strangers=strangers(other_team),
            secrets=frozenset({OWNER, OTHER, WARD, PHONE, PHONE.removeprefix("+86"), of.id_number}),
            masked=frozenset({mask_name(OWNER), mask_name(OTHER), mask_phone(PHONE)}),
        )
