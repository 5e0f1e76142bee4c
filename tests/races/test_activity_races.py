"""Activities: a decision falls once, an occurrence exists once, however many ask."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from core import clock
from core.db import db
from core.errors import WrongState
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE
from tests.races.crowd import count, naive_rush, rush
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.recurrence import Every
from volunteer.services import activities, occurrences

pytestmark = pytest.mark.race

UNTIL = date(2027, 5, 22)


def test_of_two_who_decide_one_succeeds(committed: Flask) -> None:
    with stored(committed):
        scene = make.scene(published=False)
        with clock.frozen(DAY_BEFORE):
            activities.submit(scene.organizer, scene.activity_id)
    works: list[Any] = [partial(activities.approve, scene.staff, scene.activity_id)] * 4
    works += [partial(activities.send_back, scene.staff, scene.activity_id, reason="不清楚")] * 4
    outcomes = rush(committed, works)
    assert len([o for o in outcomes if isinstance(o, Activity)]) == 1
    assert len([o for o in outcomes if isinstance(o, WrongState)]) == 7


def test_an_occurrence_exists_once(committed: Flask) -> None:
    with stored(committed):
        scene = make.scene()
    ask = partial(
        occurrences.repeat, scene.organizer, scene.activity_id, every=Every.WEEK, until=UNTIL
    )
    with clock.frozen(DAY_BEFORE):
        made = rush(committed, [ask] * 8)
    assert not [found for found in made if isinstance(found, Exception)]
    assert len({tuple(a.id for a in found) for found in made}) == 1
    assert (count(committed, Activity), count(committed, Shift)) == (4, 4)


def test_without_the_key_an_occurrence_is_made_twice(committed: Flask) -> None:
    """Negative control: looking whether there is one, then making it."""
    copies = Table("naive_copies", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        copies.create(db.session.connection())

    def is_missing() -> bool:
        return db.session.scalars(select(func.count()).select_from(copies)).one() == 0

    def make_one() -> None:
        db.session.execute(insert(copies))

    assert naive_rush(committed, 8, is_missing, make_one) > 1
