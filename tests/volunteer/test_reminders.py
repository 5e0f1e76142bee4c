"""Reminders of the next day's shifts, and thinly staffed shifts."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from core import clock
from core.db import db
from jobs.signups import remind_people
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE
from tests.volunteer.test_signups import messages, sign_up
from volunteer.models.shifts import Shift
from volunteer.services import postponements, reminders, signups

SIX_PM = DAY_BEFORE.replace(hour=18)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "is_due"),
    [
        (SIX_PM - INSTANT, False),
        (SIX_PM, True),
        (NINE - timedelta(hours=3), True),  # the scheduler was down in the evening
        (NINE, False),
    ],
)
def test_from_six_in_the_evening_before(ctx: Flask, at: datetime, is_due: bool) -> None:
    ((_, signup),) = sign_up(make.scene(), 1)
    with clock.frozen(at):
        assert reminders.to_remind() == ([signup.id] if is_due else [])


def test_neither_who_waits_nor_who_has_just_signed_up_nor_the_day_after(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (_, seated), _ = sign_up(scene, 2)
    late = make.scene()
    with clock.frozen(SIX_PM + INSTANT):
        signups.sign_up(make.volunteer(), late.shift_id)
    sign_up(make.scene(starts_at=NINE.replace(hour=0) + timedelta(days=1)), 1)
    (_, midnight), *_ = sign_up(make.scene(starts_at=NINE.replace(hour=0)), 1)
    with clock.frozen(SIX_PM + INSTANT):
        assert reminders.to_remind() == [seated.id, midnight.id]


def test_everybody_is_reminded_once(rolled_back: Flask) -> None:
    with stored(rolled_back):
        sign_up(make.scene(), 2)
    with clock.frozen(SIX_PM):
        assert make.run(rolled_back, remind_people) == 2
        assert make.run(rolled_back, remind_people) == 0
    with rolled_back.app_context():
        assert messages() == ["shift_tomorrow"] * 2


def test_another_time_is_reminded_of_again(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        sign_up(scene, 1)
        db.session.execute(update(Shift).where(Shift.id == scene.shift_id).values(min_people=2))
    with clock.frozen(SIX_PM):
        make.run(rolled_back, remind_people)
    with stored(rolled_back), clock.frozen(SIX_PM + timedelta(hours=1)):
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
        moved = postponements.NewTime(
            scene.shift_id, NINE + timedelta(days=7), NINE + timedelta(days=7, hours=2)
        )
        postponements.reschedule(scene.organizer, scene.activity_id, times=[moved])
    with clock.frozen(SIX_PM + timedelta(days=7)):
        make.run(rolled_back, remind_people)
        assert make.run(rolled_back, remind_people) == 0
    with rolled_back.app_context():
        assert sorted(messages()) == ["shift_thin"] * 2 + ["shift_tomorrow"] * 2


@pytest.mark.parametrize(
    ("people", "before", "is_thin"),
    [(1, 24, True), (2, 24, False), (1, 25, False), (0, 1, True), (1, 0, False)],
)
def test_too_few_people_a_day_before(ctx: Flask, people: int, before: int, is_thin: bool) -> None:
    scene = make.scene()
    sign_up(scene, people)
    db.session.execute(update(Shift).where(Shift.id == scene.shift_id).values(min_people=2))
    with clock.frozen(NINE - timedelta(hours=before)):
        found = reminders.to_warn_thin()
        assert found == ([scene.shift_id] if is_thin else [])
        for shift_id in found * 2:
            reminders.warn_thin(shift_id)
        assert reminders.to_warn_thin() == []
    assert messages() == ["shift_thin"] * is_thin
