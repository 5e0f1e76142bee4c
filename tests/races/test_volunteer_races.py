"""Seats, check-ins, decisions: what may exist once does, however many ask at the same moment."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from core import audit, clock
from core.actor import SYSTEM, Actor
from core.db import atomically, db
from core.errors import WrongState
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import site
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.races.crowd import count, naive_rush, rush
from volunteer.lifecycles import SignupStatus
from volunteer.models.attendances import Attendance
from volunteer.models.hours import HoursEntry
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import attendances, hours, organizations, signups, waitlists

pytestmark = pytest.mark.race


def crowd_at(app: Flask, *, capacity: int, people: int) -> tuple[Scene, list[Actor]]:
    with stored(app):
        return make.scene(capacity=capacity), [make.volunteer(f"志愿{n}") for n in range(people)]


def shift_and_rows(app: Flask, shift_id: UUID) -> tuple[Shift, Counter[SignupStatus]]:
    def read() -> tuple[Shift, Counter[SignupStatus]]:
        rows = db.session.scalars(select(Signup.status).where(Signup.shift_id == shift_id))
        return db.session.get_one(Shift, shift_id), Counter(rows)

    with app.app_context():
        return atomically(app, read, write=False)


def test_fifty_people_at_ten_seats(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=10, people=50)
    with clock.frozen(DAY_BEFORE):
        made = rush(committed, [partial(signups.sign_up, p, scene.shift_id) for p in people])
    assert Counter(s.status.value for s in made) == {"confirmed": 10, "waitlisted": 40}
    assert sorted(s.position for s in made if s.position) == list(range(1, 41))
    shift, rows = shift_and_rows(committed, scene.shift_id)
    assert (shift.seats_taken, shift.waiting) == (10, 40)
    assert rows == {SignupStatus.CONFIRMED: 10, SignupStatus.WAITLISTED: 40}


def test_without_the_guard_the_seats_are_oversold(committed: Flask) -> None:
    """Negative control: reading that a seat is free, then taking it."""
    seats = Table("naive_seats", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        seats.create(db.session.connection())

    def is_free() -> bool:
        return db.session.scalars(select(func.count()).select_from(seats)).one() < 10

    def take() -> None:
        db.session.execute(insert(seats))

    assert naive_rush(committed, 20, is_free, take) > 10


def test_one_person_signs_up_on_twenty_phones(committed: Flask) -> None:
    scene, (person,) = crowd_at(committed, capacity=10, people=1)
    with clock.frozen(DAY_BEFORE):
        made = rush(committed, [partial(signups.sign_up, person, scene.shift_id)] * 20)
    assert len({s.id for s in made}) == 1
    shift, _ = shift_and_rows(committed, scene.shift_id)
    assert (shift.seats_taken, shift.waiting) == (1, 0)


def test_cancelling_promoting_and_signing_up_keep_the_counters_true(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=5, people=20)
    with clock.frozen(DAY_BEFORE):
        made = rush(committed, [partial(signups.sign_up, p, scene.shift_id) for p in people[:15]])
        seated = [(p, s) for p, s in zip(people, made, strict=False) if s.position is None]
        works: list[Callable[[], Any]] = [partial(signups.cancel, p, s.id) for p, s in seated]
        works += [partial(waitlists.fill, SYSTEM, scene.shift_id)] * 5
        works += [partial(signups.sign_up, p, scene.shift_id) for p in people[15:]]
        outcomes = rush(committed, works)
        assert not [o for o in outcomes if isinstance(o, Exception)]
        rush(committed, [partial(waitlists.fill, SYSTEM, scene.shift_id)] * 3)
    shift, rows = shift_and_rows(committed, scene.shift_id)
    assert shift.seats_taken == rows[SignupStatus.OFFERED] == 5
    assert shift.waiting == rows[SignupStatus.WAITLISTED] == 10
    with committed.app_context():
        positions = atomically(
            committed,
            lambda: list(
                db.session.scalars(
                    select(Signup.position).where(Signup.status == SignupStatus.OFFERED)
                )
            ),
            write=False,
        )
    assert sorted(p or 0 for p in positions) == [1, 2, 3, 4, 5], "nobody jumped the queue"


def test_twenty_scans_are_one_attendance_and_one_entry(committed: Flask) -> None:
    scene, (person,) = crowd_at(committed, capacity=1, people=1)
    with stored(committed), clock.frozen(DAY_BEFORE):
        signups.sign_up(person, scene.shift_id)
    with clock.frozen(NINE), committed.app_context():
        code = make.code_of(scene.shift_id)
        arrived = rush(committed, [partial(attendances.check_in, person, code=code)] * 20)
    assert len({a.id for a in arrived}) == 1
    with committed.app_context():
        end = atomically(
            committed, lambda: db.session.get_one(Shift, scene.shift_id).ends_at, write=False
        )
    with clock.frozen(end), committed.app_context():
        code = make.code_of(scene.shift_id)
        left = rush(committed, [partial(attendances.check_out, person, code=code)] * 20)
    assert len({a.id for a in left}) == 1
    assert (count(committed, Attendance), count(committed, HoursEntry)) == (1, 1)


def test_four_tallies_at_once_count_every_entry_once(committed: Flask) -> None:
    scene, people = crowd_at(committed, capacity=12, people=12)
    with stored(committed), clock.frozen(DAY_BEFORE):
        for person in people:
            signups.sign_up(person, scene.shift_id)
    for person in people:
        with stored(committed), clock.frozen(NINE):
            attendances.check_in(person, code=make.code_of(scene.shift_id))
    with committed.app_context():
        end = atomically(
            committed, lambda: db.session.get_one(Shift, scene.shift_id).ends_at, write=False
        )
    for person in people:
        with stored(committed), clock.frozen(end):
            attendances.check_out(person, code=make.code_of(scene.shift_id))
    tallied = rush(committed, [hours.tally_batch] * 4)
    assert sum(tallied) == 12
    with committed.app_context():
        assert atomically(committed, hours.reconcile, write=True) == []


def decisions_on(app: Flask, thing_id: UUID) -> list[str]:
    query = select(audit.Entry.verb).where(
        audit.Entry.thing_id == thing_id, audit.Entry.verb.in_(("approve", "reject"))
    )
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def test_of_two_who_decide_one_wins_and_the_other_is_told(committed: Flask) -> None:
    for _ in range(5):
        with stored(committed):
            applicant = make.volunteer()
            one, other = make.staff(name="甲审核"), make.staff(name="乙审核")
            applied = organizations.apply(
                applicant,
                name=f"竞速志愿队{applicant.id}",
                site_id=site().id,
                summary="一起做好事",
            )
        outcomes = rush(
            committed,
            [
                partial(organizations.approve, one, applied.id),
                partial(organizations.reject, other, applied.id, reason="材料不全"),
            ],
        )
        refused = [o for o in outcomes if isinstance(o, WrongState)]
        assert len(refused) == 1
        decided = decisions_on(committed, applied.id)
        assert len(decided) == 1


def test_without_the_guard_both_decisions_are_written(committed: Flask) -> None:
    """Negative control: reading the status, then setting it."""
    decisions = Table("naive_decisions", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        decisions.create(db.session.connection())

    def is_undecided() -> bool:
        return not db.session.scalars(text("SELECT id FROM naive_decisions")).all()

    assert (
        naive_rush(committed, 2, is_undecided, lambda: db.session.execute(insert(decisions))) == 2
    )
