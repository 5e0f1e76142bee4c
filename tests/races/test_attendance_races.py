"""Check-ins, rolls and the day of a shift: decided once, however many speak at the same moment."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from core import audit, clock
from core.actor import Actor
from core.db import atomically, db
from core.errors import WrongState
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.races.crowd import naive_rush, rush
from tests.volunteer.test_roll_entries import ELEVEN, IN, OUT, scanned
from volunteer.errors import CheckOutClosed, CodeInvalid, TooManyAttempts
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance
from volunteer.models.check_attempts import CheckAttempt
from volunteer.models.hours import HoursEntry
from volunteer.models.roll_entries import RollEntry
from volunteer.services import attendances, roll_entries, rolls, signups

pytestmark = pytest.mark.race


def seated(app: Flask, people: int) -> tuple[Scene, list[Actor]]:
    with stored(app), clock.frozen(DAY_BEFORE):
        scene = make.scene(capacity=max(people, 1))
        volunteers = [make.volunteer(f"志愿{n}") for n in range(people)]
        for volunteer in volunteers:
            signups.sign_up(volunteer, scene.shift_id)
    return scene, volunteers


def read(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def naive_table(app: Flask, name: str) -> Table:
    table = Table(name, MetaData(), Column("id", Integer, primary_key=True))
    with stored(app):
        table.create(db.session.connection())
    return table


def is_empty(table: Table) -> bool:
    return not db.session.scalars(text(f"SELECT id FROM {table.name}")).all()  # noqa: S608


# -- one person, two phones


def test_two_phones_check_in_once(committed: Flask) -> None:
    """By the code of the shift, and by the leader's scan, at the same moment."""
    for n in range(5):
        scene, (person,) = seated(committed, 1)
        with clock.frozen(NINE), committed.app_context():
            own = scanned(person, NINE, IN, f"nonce-{n}").personal_code
            code = make.code_of(scene.shift_id)
            scan = partial(attendances.scan, scene.organizer, scene.shift_id, direction=IN)
            arrived = rush(
                committed,
                [
                    partial(attendances.check_in, person, code=code),
                    partial(scan, code=own or ""),
                ]
                * 4,
            )
        assert len({a.id for a in arrived}) == 1
        query = select(audit.Entry.id).where(
            audit.Entry.thing_id == arrived[0].id, audit.Entry.verb == "check_in"
        )
        assert len(read(committed, query)) == 1


def test_without_the_key_two_phones_are_two_attendances(committed: Flask) -> None:
    """Negative control: looking whether the person is in, then entering them."""
    table = naive_table(committed, "naive_attendances")
    wrote = naive_rush(
        committed, 2, lambda: is_empty(table), lambda: db.session.execute(insert(table))
    )
    assert wrote == 2


# -- digits


def test_twenty_guesses_at_once_are_five(committed: Flask) -> None:
    scene, (person,) = seated(committed, 1)
    with clock.frozen(NINE):
        with committed.app_context():
            right = make.digits_of(scene.shift_id)
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        guess = partial(attendances.check_in, person, digits=wrong, shift_id=scene.shift_id)
        outcomes = rush(committed, [guess] * 20)
    assert Counter(type(o) for o in outcomes) == {CodeInvalid: 5, TooManyAttempts: 15}
    assert len(read(committed, select(CheckAttempt.id))) == 5


def test_without_the_lock_guesses_are_not_counted(committed: Flask) -> None:
    """Negative control: counting the failures, then adding one."""
    table = naive_table(committed, "naive_attempts")

    def are_few() -> bool:
        return db.session.scalars(select(func.count()).select_from(table)).one() < 5

    wrote = naive_rush(committed, 20, are_few, lambda: db.session.execute(insert(table)))
    assert wrote > 5


# -- leaving against closing


def test_leaving_while_the_roll_is_closed_is_one_or_the_other(committed: Flask) -> None:
    """Whoever wins: nobody is both counted and pending, and nobody stays checked in."""
    for _ in range(4):
        scene, people = seated(committed, 6)
        with stored(committed), clock.frozen(NINE):
            for person in people:
                attendances.check_in(person, code=make.code_of(scene.shift_id))
        with stored(committed), clock.frozen(ELEVEN):
            rolls.begin(scene.organizer, scene.shift_id)
            rolls.end(scene.organizer, scene.shift_id)
        with clock.frozen(ELEVEN):
            with committed.app_context():
                code = make.code_of(scene.shift_id)
            close: list[Any] = [partial(rolls.close_roll, scene.organizer, scene.shift_id)]
            outcomes = rush(
                committed,
                [partial(attendances.check_out, p, code=code) for p in people] + close,
            )
        refused = [o for o in outcomes if isinstance(o, Exception)]
        assert all(isinstance(o, CheckOutClosed) for o in refused)
        statuses = Counter(
            read(committed, select(Attendance.status).where(Attendance.shift_id == scene.shift_id))
        )
        assert statuses[AttendanceStatus.PENDING_CHECK_OUT] == len(refused)
        assert statuses[AttendanceStatus.COUNTED] == 6 - len(refused)


def test_leaving_while_the_check_out_is_missed_is_one_or_the_other(committed: Flask) -> None:
    scene, people = seated(committed, 6)
    with stored(committed), clock.frozen(NINE):
        found = [
            attendances.check_in(person, code=make.code_of(scene.shift_id)).id for person in people
        ]
    with clock.frozen(ELEVEN):
        with committed.app_context():
            code = make.code_of(scene.shift_id)
        leaving = [partial(attendances.check_out, p, code=code) for p in people]
        missing = [partial(attendances.miss_check_out, Actor(None), i) for i in found]
        outcomes = rush(committed, [*leaving, *missing])
    losers = Counter(type(o) for o in outcomes if isinstance(o, Exception))
    assert losers[CheckOutClosed] + losers[WrongState] == losers.total() == 6


def test_without_the_guard_somebody_leaves_and_is_missed(committed: Flask) -> None:
    """Negative control: reading that nobody has decided, then deciding."""
    table = naive_table(committed, "naive_departures")
    wrote = naive_rush(
        committed, 2, lambda: is_empty(table), lambda: db.session.execute(insert(table))
    )
    assert wrote == 2


def test_nobody_comes_in_through_a_closing_roll(committed: Flask) -> None:
    """An arrival is before the closing, and then pending, or it is refused."""
    for _ in range(4):
        scene, people = seated(committed, 6)
        with stored(committed), clock.frozen(NINE):
            rolls.begin(scene.organizer, scene.shift_id)

        def end_and_close(scene: Scene = scene) -> None:
            rolls.end(scene.organizer, scene.shift_id, reason="暴雨")
            rolls.close_roll(scene.organizer, scene.shift_id)

        with clock.frozen(NINE):
            with committed.app_context():
                code = make.code_of(scene.shift_id)
            coming: list[Any] = [partial(attendances.check_in, p, code=code) for p in people]
            rush(committed, [*coming, end_and_close])
        query = select(Attendance.status).where(Attendance.shift_id == scene.shift_id)
        assert set(read(committed, query)) <= {AttendanceStatus.PENDING_CHECK_OUT}


# -- rolls


def test_a_roll_sent_twice_at_once_is_entered_once(committed: Flask) -> None:
    scene, people = seated(committed, 8)
    with committed.app_context():
        entries = [
            scanned(p, at, direction, f"nonce-{n}-{direction}")
            for n, p in enumerate(people)
            for at, direction in ((NINE, IN), (ELEVEN, OUT))
        ]
    with clock.frozen(ELEVEN):
        send = partial(roll_entries.send, scene.organizer, scene.shift_id)
        answers = rush(committed, [partial(send, entries=e) for e in (entries, entries[::-1])] * 2)
    assert not [a for a in answers if isinstance(a, Exception)]
    told = [sorted((o.nonce, o.outcome) for o in answer) for answer in answers]
    assert all(t == told[0] for t in told)
    assert Counter(o for _, o in told[0]) == {"accepted": 16}
    for model, number in ((Attendance, 8), (HoursEntry, 8), (RollEntry, 16)):
        assert read(committed, select(func.count()).select_from(model)) == [number]


def test_without_the_nonce_a_roll_is_entered_twice(committed: Flask) -> None:
    """Negative control: looking whether the roll has come, then entering it."""
    table = naive_table(committed, "naive_rolls")
    wrote = naive_rush(
        committed, 2, lambda: is_empty(table), lambda: db.session.execute(insert(table))
    )
    assert wrote == 2


# -- two leaders


@pytest.mark.parametrize("verb", ["begin", "end", "close_roll"])
def test_of_two_leaders_one_moves_the_shift(committed: Flask, verb: str) -> None:
    scene, _ = seated(committed, 0)
    moves = {"begin": rolls.begin, "end": rolls.end, "close_roll": rolls.close_roll}
    with clock.frozen(ELEVEN):
        with stored(committed):
            for name, move in moves.items():
                if name == verb:
                    break
                move(scene.organizer, scene.shift_id)
        outcomes = rush(committed, [partial(moves[verb], scene.organizer, scene.shift_id)] * 6)
    assert Counter(isinstance(o, WrongState) for o in outcomes) == {True: 5, False: 1}
    entries = select(audit.Entry.id).where(
        audit.Entry.thing_id == scene.shift_id, audit.Entry.verb == verb
    )
    assert len(read(committed, entries)) == 1


def test_without_the_guard_both_leaders_move_it(committed: Flask) -> None:
    """Negative control: reading the status, then setting it."""
    table = naive_table(committed, "naive_moves")
    wrote = naive_rush(
        committed, 2, lambda: is_empty(table), lambda: db.session.execute(insert(table))
    )
    assert wrote == 2
