"""Whoever forgot to check out is asked once, their leader every day."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import SYSTEM
from core.db import db
from core.outbox import Message
from jobs.attendances import chase_check_outs, remind_check_outs
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.volunteer import NINE
from volunteer.services import attendances, missed_check_outs, rolls

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ELEVEN = NINE + 120 * MINUTE


def told(app: Flask, template: str) -> list[str]:
    """Ids of the persons who were told."""
    query = select(Message.dedupe_key).where(Message.dedupe_key.startswith(f"{template}:"))
    with app.app_context():
        return [key.rpartition(":")[2] for key in db.session.scalars(query)]


def test_the_person_is_asked_once_from_a_quarter_of_an_hour_after_the_end(
    rolled_back: Flask,
) -> None:
    with stored(rolled_back):
        scene = make.scene()
        forgetful, orderly = make.checked_in(scene), make.checked_in(scene, "王志愿")
    with stored(rolled_back), clock.frozen(ELEVEN):
        attendances.check_out(orderly, code=make.code_of(scene.shift_id))
    for minutes, done in ((15, 0), (15, 1), (20, 0), (120, 0)):
        early = timedelta(microseconds=0 if done or minutes > 15 else 1)
        with clock.frozen(ELEVEN + minutes * MINUTE - early):
            assert make.run(rolled_back, remind_check_outs) == done
    assert told(rolled_back, "check_out_reminder") == [str(forgetful.id)]


def test_an_early_end_brings_the_reminder_forward(ctx: Flask) -> None:
    scene = make.scene()
    volunteer = make.checked_in(scene)
    with clock.frozen(NINE + 30 * MINUTE):
        rolls.begin(scene.organizer, scene.shift_id)
        rolls.end(scene.organizer, scene.shift_id, reason="暴雨")
    with clock.frozen(NINE + 45 * MINUTE):
        (found,) = missed_check_outs.to_remind()
        attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
        assert missed_check_outs.remind(found) is False, "left meanwhile"


def test_the_leader_is_told_once_a_day_until_the_times_are_confirmed(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        make.checked_in(scene), make.checked_in(scene, "王志愿")
    pending_at = ELEVEN + 120 * MINUTE
    with clock.frozen(pending_at), stored(rolled_back):
        pending = attendances.to_miss()
        for attendance_id in pending:
            attendances.miss_check_out(SYSTEM, attendance_id)
    for at in (pending_at, pending_at + 10 * MINUTE, pending_at + DAY):
        with clock.frozen(at):
            assert make.run(rolled_back, chase_check_outs) == 1
    assert told(rolled_back, "check_outs_pending") == [str(scene.organizer.id)] * 2
    with clock.frozen(pending_at + DAY), stored(rolled_back):
        for attendance_id in pending:
            attendances.confirm_time(
                scene.organizer, attendance_id, checked_out_at=ELEVEN, reason="现场看到"
            )
    with clock.frozen(pending_at + 2 * DAY):
        assert make.run(rolled_back, chase_check_outs) == 0


def test_nobody_is_chased_for_ever(ctx: Flask) -> None:
    scene = make.scene()
    make.checked_in(scene)
    with clock.frozen(ELEVEN + 120 * MINUTE):
        (pending,) = attendances.to_miss()
        attendances.miss_check_out(SYSTEM, pending)
    for days, shifts in ((13, 1), (14, 0)):
        with clock.frozen(ELEVEN + days * DAY):
            assert len(missed_check_outs.to_chase()) == shifts
