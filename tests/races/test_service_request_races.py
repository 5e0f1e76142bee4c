"""Service orders: one team takes an order, one rating counts, ten open ones are the most."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from core import audit, clock
from core.db import atomically, db
from core.errors import NotFound, WrongState
from tests.conftest import stored
from tests.factories import service_requests as make
from tests.factories.service_requests import MONDAY, Office
from tests.races.crowd import naive_rush, rush
from volunteer.errors import ServiceRequestTaken, TooManyServiceRequests
from volunteer.lifecycles import ServiceRequestStatus as Status
from volunteer.models.service_requests import Rating, ServiceRequest, ServiceRequestStep
from volunteer.services import ratings, service_requests

pytestmark = pytest.mark.race

ROUNDS = 5


def office_with(app: Flask, until: Status) -> tuple[Office, UUID]:
    with stored(app), clock.frozen(MONDAY):
        office = make.office()
        return office, make.served(office, until).id


def read(app: Flask, work: Callable[[], Any]) -> Any:
    with app.app_context():
        return atomically(app, work, write=False)


def verbs(app: Flask, request_id: UUID) -> list[str]:
    query = select(ServiceRequestStep.verb).where(ServiceRequestStep.request_id == request_id)
    ordered = query.order_by(ServiceRequestStep.id)
    found: list[str] = read(app, lambda: list(db.session.scalars(ordered)))
    return found


def present(app: Flask, request_id: UUID) -> ServiceRequest:
    found: ServiceRequest = read(app, lambda: db.session.get_one(ServiceRequest, request_id))
    return found


def naive(app: Flask, most: int, people: int) -> int:
    """How many get what at most `most` should: each counts first and writes afterwards."""
    table = Table("naive_orders", MetaData(), Column("id", Integer, primary_key=True))
    with stored(app):
        table.create(db.session.connection())

    def may() -> bool:
        return db.session.scalars(select(func.count()).select_from(table)).one() < most

    return naive_rush(app, people, may, lambda: db.session.execute(insert(table)))


def test_of_eight_teams_one_takes_the_order(committed: Flask) -> None:
    office, request_id = office_with(committed, Status.OPENED)
    with stored(committed), clock.frozen(MONDAY):
        teams = [make.team(office.staff) for _ in range(8)]
    claims = [
        partial(service_requests.claim, team.organizer, request_id, organization_id=team.id)
        for team in teams
    ]
    outcomes = rush(committed, claims)
    refused = [o for o in outcomes if isinstance(o, ServiceRequestTaken)]
    won = [n for n, o in enumerate(outcomes) if isinstance(o, ServiceRequest)]
    assert (len(won), len(refused)) == (1, 7)
    assert present(committed, request_id).organization_id == teams[won[0]].id
    assert verbs(committed, request_id) == ["submit", "open", "claim"]


def test_without_the_guard_several_teams_take_it(committed: Flask) -> None:
    """Negative control: reading that nobody has it, then taking it."""
    assert naive(committed, most=1, people=8) > 1


def test_a_team_never_accepts_what_was_taken_from_it(committed: Flask) -> None:
    for _ in range(ROUNDS):
        office, request_id = office_with(committed, Status.DISPATCHED)
        accept = partial(service_requests.accept, office.team.organizer, request_id)
        again = partial(
            service_requests.redispatch,
            office.staff,
            request_id,
            organization_id=office.other.id,
            reason="换一支队伍",
        )
        accepted, _ = rush(committed, [accept, again])
        left = present(committed, request_id)
        assert (left.status, left.organization_id) == (Status.DISPATCHED, office.other.id)
        if isinstance(accepted, Exception):
            assert isinstance(accepted, NotFound)
            assert verbs(committed, request_id)[2:] == ["redispatch"]
        else:
            assert verbs(committed, request_id)[2:] == ["accept", "redispatch"]


def test_without_holding_the_row_a_team_accepts_what_was_taken_from_it(committed: Flask) -> None:
    """Negative control: the status alone is no guard, because a re-dispatch keeps it."""
    office, request_id = office_with(committed, Status.DISPATCHED)
    seen = present(committed, request_id)
    with stored(committed):
        service_requests.redispatch(
            office.staff, request_id, organization_id=office.other.id, reason="换一支队伍"
        )
    with stored(committed):
        audit.perform(office.team.organizer, seen, "accept", organization_id=office.team.id)
    left = present(committed, request_id)
    assert (left.status, left.organization_id) == (Status.ACCEPTED, office.team.id)


def test_an_order_is_either_withdrawn_or_accepted(committed: Flask) -> None:
    for _ in range(ROUNDS):
        office, request_id = office_with(committed, Status.DISPATCHED)
        outcomes = rush(
            committed,
            [
                partial(service_requests.withdraw, office.citizen, request_id),
                partial(service_requests.accept, office.team.organizer, request_id),
            ],
        )
        refused = [o for o in outcomes if isinstance(o, NotFound | WrongState)]
        assert len(refused) == 1
        assert verbs(committed, request_id)[2:] in (["withdraw"], ["accept"])


def test_without_the_guard_it_is_both(committed: Flask) -> None:
    """Negative control: reading that nothing was decided, then deciding."""
    assert naive(committed, most=1, people=2) == 2


def test_twenty_ratings_are_one(committed: Flask) -> None:
    office, request_id = office_with(committed, Status.DONE)
    rates = [partial(ratings.rate, office.citizen, request_id, score=3 + n % 3) for n in range(20)]
    rated = rush(committed, rates)
    assert len({r.rating.score for r in rated}) == 1
    assert read(committed, lambda: len(list(db.session.scalars(select(Rating))))) == 1
    assert verbs(committed, request_id)[-1:] == ["rate"]
    assert Counter(verbs(committed, request_id))["rate"] == 1


def test_without_the_guard_several_ratings_count(committed: Flask) -> None:
    """Negative control: reading that there is no rating, then writing one."""
    assert naive(committed, most=1, people=8) > 1


def test_fifteen_orders_at_once_are_ten_and_the_same_one_is_one(committed: Flask) -> None:
    with stored(committed), clock.frozen(MONDAY):
        office = make.office()
    with clock.frozen(MONDAY):
        same = rush(committed, [partial(make.order, office)] * 15)
        assert len({r.id for r in same}) == 1
        others = [partial(make.order, office, title=f"需要第{n}样") for n in range(15)]
        outcomes = rush(committed, others)
    assert sum(isinstance(o, TooManyServiceRequests) for o in outcomes) == 15 - 9
    assert sum(isinstance(o, ServiceRequest) for o in outcomes) == 9


def test_without_the_lock_more_than_ten_are_open(committed: Flask) -> None:
    """Negative control: counting first, ordering afterwards."""
    assert naive(committed, most=10, people=15) > 10
