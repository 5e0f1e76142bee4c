"""One seat and one decision, however many reach for it at the same moment."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from core import clock
from core.actor import SYSTEM, Actor
from core.db import atomically, db
from core.errors import DomainError, WrongState
from core.ids import new_id
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.races.crowd import naive_rush, rush
from tests.races.test_volunteer_races import crowd_at, shift_and_rows
from volunteer.errors import OfferExpired, ShiftFull
from volunteer.lifecycles import SignupStatus
from volunteer.models.signups import Signup
from volunteer.services import approvals, placements, signups, waitlists

pytestmark = pytest.mark.race

GATE = NINE - timedelta(minutes=15)


def signed_up(app: Flask, scene: Scene, people: list[Actor]) -> list[UUID]:
    with stored(app), clock.frozen(DAY_BEFORE):
        return [signups.sign_up(p, scene.shift_id).id for p in people]


def queue_at(app: Flask, *, seats: int, waiting: int) -> tuple[Scene, list[Actor], list[UUID]]:
    """People who wait for seats that were just given up."""
    scene, people = crowd_at(app, capacity=seats, people=seats + waiting)
    made = signed_up(app, scene, people)
    with stored(app), clock.frozen(DAY_BEFORE):
        for person, signup_id in zip(people[:seats], made[:seats], strict=True):
            signups.cancel(person, signup_id)
    return scene, people[seats:], made[seats:]


def faults(outcomes: list[Any]) -> list[Any]:
    """What went wrong apart from refusals."""
    return [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, DomainError)]


def check_counters(app: Flask, shift_id: UUID) -> Counter[SignupStatus]:
    shift, rows = shift_and_rows(app, shift_id)
    assert shift.seats_taken == rows[SignupStatus.CONFIRMED] + rows[SignupStatus.OFFERED]
    assert shift.waiting == rows[SignupStatus.WAITLISTED]
    return rows


def test_an_offer_is_taken_or_expires(committed: Flask) -> None:
    scene, people, made = queue_at(committed, seats=12, waiting=12)
    with stored(committed), clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
    with stored(committed):
        end = clock.now() + timedelta(seconds=0.4)
        db.session.execute(update(Signup).values(offer_expires_at=end))
    spread = random.Random(7)

    def around_the_end(work: Callable[[], Any]) -> Any:
        Event().wait(0.3 + spread.random() * 0.2)
        return work()

    works = [
        partial(around_the_end, partial(work, actor, signup_id))
        for person, signup_id in zip(people, made, strict=True)
        for work, actor in ((waitlists.take, person), (waitlists.expire, SYSTEM))
    ]
    outcomes = []
    for start in range(0, len(works), 8):
        outcomes += rush(committed, works[start : start + 8])
    assert not faults(outcomes)
    with committed.app_context():
        for signup_id in atomically(committed, waitlists.to_expire, write=False):
            atomically(committed, partial(waitlists.expire, SYSTEM, signup_id), write=True)
    rows = check_counters(committed, scene.shift_id)
    taken = [o for o in outcomes if isinstance(o, Signup) and o.confirmed_at is not None]
    assert rows[SignupStatus.CONFIRMED] == len(taken)
    assert rows[SignupStatus.EXPIRED] == 12 - len(taken)
    assert any(isinstance(o, OfferExpired) for o in outcomes), "some came too late"


def test_offering_and_leaving_the_queue(committed: Flask) -> None:
    scene, people, made = queue_at(committed, seats=5, waiting=12)
    works: list[Callable[[], Any]] = [
        partial(signups.cancel, p, s) for p, s in zip(people[::2], made[::2], strict=True)
    ]
    works += [partial(waitlists.fill, SYSTEM, scene.shift_id)] * 4
    with clock.frozen(DAY_BEFORE):
        outcomes = rush(committed, works)
        assert not [o for o in outcomes if isinstance(o, Exception)]
        rush(committed, [partial(waitlists.fill, SYSTEM, scene.shift_id)] * 2)
    rows = check_counters(committed, scene.shift_id)
    assert rows[SignupStatus.OFFERED] == 5
    assert rows[SignupStatus.WAITLISTED] == 1


def test_a_pending_one_is_approved_or_declined(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=10, people=5)
    with stored(committed):
        make.ask(scene, needs_approval=True)
    for signup_id in signed_up(committed, scene, people):
        with clock.frozen(DAY_BEFORE):
            outcomes = rush(
                committed,
                [
                    partial(approvals.approve, scene.organizer, signup_id),
                    partial(approvals.decline, scene.organizer, signup_id, reason="人数已够"),
                ],
            )
        assert [type(o) for o in outcomes if isinstance(o, Exception)] == [WrongState]
    rows = check_counters(committed, scene.shift_id)
    assert rows[SignupStatus.CONFIRMED] + rows[SignupStatus.DECLINED] == 5


def test_without_the_guard_both_decisions_take_effect(committed: Flask) -> None:
    """Negative control: reading that it is undecided, then setting the status."""
    scene, people = crowd_at(committed, capacity=10, people=1)
    with stored(committed):
        make.ask(scene, needs_approval=True)
    (signup_id,) = signed_up(committed, scene, people)

    def is_pending() -> bool:
        return db.session.get_one(Signup, signup_id).status is SignupStatus.PENDING

    def confirm() -> None:
        db.session.execute(
            update(Signup).values(status=SignupStatus.CONFIRMED, confirmed_at=clock.now())
        )

    assert naive_rush(committed, 2, is_pending, confirm) == 2


def test_two_moves_into_one_seat(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=6, people=6)
    with stored(committed):
        to = make.second_shift(scene, starts_at=NINE + timedelta(hours=3), capacity=1)
    made = signed_up(committed, scene, people)
    with clock.frozen(DAY_BEFORE):
        outcomes = rush(
            committed, [partial(placements.move, scene.organizer, s, shift_id=to) for s in made]
        )
    assert Counter(type(o) for o in outcomes) == {Signup: 1, ShiftFull: 5}
    assert check_counters(committed, to) == {SignupStatus.CONFIRMED: 1}
    rows = check_counters(committed, scene.shift_id)
    assert rows == {SignupStatus.CONFIRMED: 5, SignupStatus.MOVED: 1}


def test_two_moves_that_cross_wait_in_no_circle(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=8, people=8)
    with stored(committed):
        other = make.second_shift(scene, starts_at=NINE + timedelta(hours=3), capacity=8)
    with stored(committed), clock.frozen(DAY_BEFORE):
        pairs = [
            (signups.sign_up(p, here).id, there)
            for n, p in enumerate(people)
            for here, there in [(scene.shift_id, other) if n % 2 else (other, scene.shift_id)]
        ]
    with clock.frozen(DAY_BEFORE):
        outcomes = rush(
            committed,
            [partial(placements.move, scene.organizer, s, shift_id=to) for s, to in pairs],
        )
    assert not [o for o in outcomes if isinstance(o, Exception)]
    for shift_id in (scene.shift_id, other):
        rows = check_counters(committed, shift_id)
        assert rows == {SignupStatus.CONFIRMED: 4, SignupStatus.MOVED: 4}


def test_walk_ins_and_sign_ups_at_the_last_seat(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=1, people=8)
    works: list[Callable[[], Any]] = [
        partial(signups.sign_up, person, scene.shift_id)
        if n % 2
        else partial(placements.walk_in, scene.organizer, scene.shift_id, person_id=person.id)
        for n, person in enumerate(people)
    ]
    with clock.frozen(GATE):
        outcomes = rush(committed, works)
    assert not faults(outcomes)
    rows = check_counters(committed, scene.shift_id)
    assert rows[SignupStatus.CONFIRMED] == 1
    assert sum(isinstance(o, ShiftFull) for o in outcomes) in (3, 4)


def test_without_the_guard_the_last_seat_is_given_twice(committed: Flask) -> None:
    """Negative control: counting who has a seat, then giving one."""
    scene, people = crowd_at(committed, capacity=1, people=4)
    persons = iter(people)

    def is_free() -> bool:
        seated = select(func.count()).select_from(Signup).where(Signup.shift_id == scene.shift_id)
        return db.session.scalars(seated).one() < 1

    def admit() -> None:
        at = clock.now()
        db.session.add(
            Signup(
                id=new_id(),
                shift_id=scene.shift_id,
                person_id=next(persons).id,
                status=SignupStatus.CONFIRMED,
                created_at=at,
                confirmed_at=at,
            )
        )

    assert naive_rush(committed, 4, is_free, admit) > 1
