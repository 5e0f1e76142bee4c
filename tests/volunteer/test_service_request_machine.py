"""Random people try random verbs on an order: nothing is reached by a side way, every end is told.

The table below is written from the rules (domain/volunteer.md, Practice sites and service
orders), not from the code's own life cycle."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError
from tests.factories import service_requests as make
from tests.factories import volunteer
from tests.factories.accounts import site
from tests.factories.service_requests import MONDAY, Office, Team, last_step, told
from volunteer.lifecycles import ServiceRequestStatus as Status
from volunteer.models.service_requests import ServiceRequest
from volunteer.services import ratings, service_requests, service_returns

S = Status
BEFORE_ACCEPTANCE = {S.SUBMITTED, S.DISPATCHED, S.OPENED, S.DECLINED}

RULES: dict[str, tuple[set[str], set[Status]]] = {
    "withdraw": ({"requester", "helper"}, BEFORE_ACCEPTANCE),
    "reject": ({"staff"}, {S.SUBMITTED, S.OPENED, S.DECLINED}),
    "dispatch": ({"staff"}, {S.SUBMITTED}),
    "redispatch": (
        {"staff"},
        {S.DISPATCHED, S.OPENED, S.DECLINED, S.ACCEPTED, S.IN_SERVICE},
    ),
    "open": ({"staff"}, {S.SUBMITTED, S.DECLINED}),
    "claim": ({"team", "other"}, {S.OPENED}),
    "accept": ({"serving"}, {S.DISPATCHED}),
    "decline": ({"serving"}, {S.DISPATCHED, S.ACCEPTED, S.IN_SERVICE}),
    "start": ({"serving"}, {S.ACCEPTED}),
    "complete": ({"serving"}, {S.IN_SERVICE}),
    "rate": ({"requester", "helper"}, {S.DONE}),
    "resolve": ({"staff"}, {S.FOLLOW_UP}),
    "lapse": ({"job"}, {S.DISPATCHED}),
    "close": ({"job"}, {S.DONE, S.RATED}),
}
"""Verb to who may and from where; `serving` is the team that has the order."""

ELSEWHERE = {"rate": ratings, "resolve": ratings, "close": ratings, "lapse": service_returns}
"""Verbs that stand in another module of services."""

PATIENCE = {"lapse": timedelta(days=3), "close": timedelta(days=7)}
"""How long nothing must have happened before a job acts."""

PEOPLE = ("requester", "helper", "staff", "team", "other", "stranger", "job")
Move = tuple[str, str, str]
"""Verb, who, and the team of which a verb speaks."""

MOVES: list[Move] = [
    (verb, who, of)
    for verb in RULES
    for who in PEOPLE
    for of in ("team", "other")
    if (who == "job") == (verb in PATIENCE)
]


class Case:
    """One order with the people around it, at a moment."""

    def __init__(self, office: Office, stranger: Actor, begun: Status) -> None:
        self.office, self.at = office, MONDAY
        self.moved_at = MONDAY
        requester = volunteer.volunteer("点单人")
        with clock.frozen(self.at):
            made = make.served(replace(office, citizen=requester), begun)
        self.id = made.id
        self.actors = {
            "requester": requester,
            "helper": office.helper,
            "staff": office.staff,
            "team": office.team.organizer,
            "other": office.other.organizer,
            "stranger": stranger,
        }

    @property
    def request(self) -> ServiceRequest:
        return db.session.get_one(ServiceRequest, self.id, populate_existing=True)

    def attempt(self, move: Move, score: int) -> None:
        request = self.request
        is_allowed, before = self.is_allowed(request, *move), last_step(request).id
        try:
            with clock.frozen(self.at), db.session.begin_nested():
                self.call(*move, score)
        except DomainError:
            assert not is_allowed, move
        assert (last_step(request).id != before) == is_allowed, move
        if is_allowed:
            self.moved_at = self.at
            self.everybody_concerned_was_told(move[1])

    def is_allowed(self, request: ServiceRequest, verb: str, who: str, of: str) -> bool:
        people, sources = RULES[verb]
        serving = self.serving(request)
        is_early = self.at < self.moved_at + PATIENCE.get(verb, timedelta())
        if request.status not in sources or is_early:
            return False
        if verb == "claim":
            return who == of
        if verb == "redispatch" and of == serving:
            return False
        return who in people or ("serving" in people and who == serving)

    def serving(self, request: ServiceRequest) -> str | None:
        by_id = {self.office.team.id: "team", self.office.other.id: "other", None: None}
        return by_id[request.organization_id]

    def call(self, verb: str, who: str, of: str, score: int) -> None:
        team: Team = getattr(self.office, of)
        bodies: dict[str, dict[str, Any]] = {
            "reject": {"reason": "不在服务范围"},
            "dispatch": {"organization_id": team.id},
            "redispatch": {"organization_id": team.id, "reason": "换一支队伍"},
            "claim": {"organization_id": team.id},
            "decline": {"reason": "人手不够"},
            "complete": make.report(),
            "rate": {"score": score},
            "resolve": {"resolution": "已上门致歉"},
        }
        act: Callable[..., object] = getattr(ELSEWHERE.get(verb, service_requests), verb)
        if who == "job":
            act(self.id)
        else:
            act(self.actors[who], self.id, **bodies.get(verb, {}))

    def everybody_concerned_was_told(self, who: str) -> None:
        """The requester of every step, the team that has the order too; not who took it."""
        request = self.request
        step = last_step(request)
        concerned = {"requester"} | ({self.serving(request) or ""} & {"team", "other"})
        for person in concerned - {who}:
            assert told(step.id, self.actors[person]), (step.verb, person)
        if step.verb in ("decline", "lapse", "withdraw", "escalate"):
            assert told(step.id, self.office.staff)

    def log_is_one_unbroken_way(self) -> None:
        entries = select(audit.Entry).where(
            audit.Entry.thing_id == self.id, audit.Entry.to_status.is_not(None)
        )
        before: str | None = None
        for entry in db.session.scalars(entries.order_by(audit.Entry.id)):
            assert entry.from_status == before
            before = entry.to_status
        assert before == self.request.status.value


def world() -> tuple[Office, Actor]:
    with clock.frozen(MONDAY):
        return make.office(), volunteer.staff(site("411003"))


@pytest.mark.parametrize("begun", Status)
def test_every_move_from_every_status(ctx: Flask, begun: Status) -> None:
    """All verbs by all people; each in a savepoint that is rolled back."""
    case = Case(*world(), begun)
    for move in MOVES:
        case.at = case.moved_at = MONDAY
        case.at += PATIENCE.get(move[0], timedelta())
        attempt = db.session.begin_nested()
        case.attempt(move, score=2)
        attempt.rollback()


class Orders(RuleBasedStateMachine):
    """Long ways of many people."""

    world: ClassVar[tuple[Office, Actor]]
    case: Case

    @initialize(begun=st.sampled_from(sorted(Status)))
    def begin(self, begun: Status) -> None:
        """Somewhere on the usual way, so that its far end is tried as often as its beginning."""
        self.case = Case(*self.world, begun)

    @rule(hours=st.sampled_from([1, 72, 200]))
    def wait(self, hours: int) -> None:
        self.case.at += timedelta(hours=hours)

    @rule(move=st.sampled_from(MOVES), score=st.integers(1, 5))
    def try_anything(self, move: Move, score: int) -> None:
        self.case.attempt(move, score)

    @rule(data=st.data(), score=st.integers(1, 5))
    def do_what_is_allowed(self, data: st.DataObject, score: int) -> None:
        request = self.case.request
        allowed = [move for move in MOVES if self.case.is_allowed(request, *move)]
        if allowed:
            verb = data.draw(st.sampled_from(sorted({move[0] for move in allowed})))
            moves = [move for move in allowed if move[0] == verb]
            self.case.attempt(data.draw(st.sampled_from(moves)), score)

    def teardown(self) -> None:
        self.case.log_is_one_unbroken_way()


def test_no_state_is_reached_by_a_side_way_and_every_end_is_told(ctx: Flask) -> None:
    Orders.world = world()
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=50,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
