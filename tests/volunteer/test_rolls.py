"""The day of a shift: begin, end (perhaps early), close the roll; by people or by the plan."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import audit, clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.outbox import Message
from jobs.shifts import advance_shifts
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.errors import ActivityNotOpen, CheckInClosed, CheckOutClosed, ShiftNotDue
from volunteer.lifecycles import AttendanceStatus, ShiftStatus
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.shifts import Shift
from volunteer.services import activities, attendances, rolls, shifts, signups

MINUTE = timedelta(minutes=1)
ELEVEN = NINE + 120 * MINUTE


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def attendance_of(volunteer: Actor) -> Attendance:
    query = select(Attendance).where(Attendance.person_id == volunteer.id)
    return db.session.scalars(query).one()


def begun(scene: Scene, at: datetime = NINE) -> Shift:
    with clock.frozen(at):
        return rolls.begin(scene.organizer, scene.shift_id)


def test_a_shift_has_a_day(scene: Scene) -> None:
    shift = begun(scene)
    assert (shift.status, shift.begun_at) == (ShiftStatus.BEGUN, NINE)
    with clock.frozen(ELEVEN + MINUTE):
        rolls.end(scene.organizer, scene.shift_id)
    assert (shift.status, shift.ended_at, shift.end_reason) == (
        ShiftStatus.ENDED,
        ELEVEN + MINUTE,
        None,
    )
    assert shift.counted_until == ELEVEN, "staying over is not planned"
    with clock.frozen(ELEVEN + 30 * MINUTE):
        rolls.close_roll(scene.organizer, scene.shift_id)
    assert (shift.status, shift.roll_closed_at) == (
        ShiftStatus.ROLL_CLOSED,
        ELEVEN + 30 * MINUTE,
    )
    verbs = select(audit.Entry.verb).where(audit.Entry.thing_id == shift.id)
    assert list(db.session.scalars(verbs.order_by(audit.Entry.id)))[1:] == [
        "begin",
        "end",
        "close_roll",
    ]


def test_it_begins_at_most_half_an_hour_early_and_once(scene: Scene) -> None:
    with pytest.raises(ShiftNotDue):
        begun(scene, NINE - 30 * MINUTE - timedelta(microseconds=1))
    begun(scene, NINE - 30 * MINUTE)
    with pytest.raises(WrongState):
        begun(scene)


def test_what_is_called_off_does_not_begin(scene: Scene) -> None:
    with clock.frozen(DAY_BEFORE):
        activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
    with pytest.raises(ActivityNotOpen):
        begun(scene)
    with clock.frozen(ELEVEN):
        assert rolls.to_begin() == []


def test_strangers_do_not_keep_the_roll(scene: Scene) -> None:
    for actor in (make.volunteer(), make.scene().organizer, scene.staff):
        with clock.frozen(NINE), pytest.raises(NotFound):
            rolls.begin(actor, scene.shift_id)


def test_rain_ends_a_shift_early_with_a_reason(scene: Scene) -> None:
    begun(scene)
    with clock.frozen(NINE + 40 * MINUTE):
        with pytest.raises(InvalidInput):
            rolls.end(scene.organizer, scene.shift_id)
        shift = rolls.end(scene.organizer, scene.shift_id, reason="暴雨")
    assert shift.counted_until == NINE + 40 * MINUTE
    assert shift.end_reason == "暴雨"


def test_after_an_early_end_nobody_comes_and_everybody_may_leave(scene: Scene) -> None:
    volunteer, late = make.checked_in(scene), make.volunteer("迟到者")
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(late, scene.shift_id)
    begun(scene)
    with clock.frozen(NINE + 40 * MINUTE):
        rolls.end(scene.organizer, scene.shift_id, reason="暴雨")
        code = make.code_of(scene.shift_id)
        assert attendance_of(volunteer).status is AttendanceStatus.CHECKED_IN
        with pytest.raises(CheckInClosed):
            attendances.check_in(late, code=code)
    closes_at = NINE + 160 * MINUTE
    with clock.frozen(closes_at), pytest.raises(CheckOutClosed):
        attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
    with clock.frozen(closes_at - timedelta(seconds=1)):
        assert attendances.to_miss() == []
        shifts.show_code(scene.organizer, scene.shift_id)
        attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
    assert attendance_of(volunteer).checked_out_at == closes_at - timedelta(seconds=1)


def test_the_leader_checks_out_everybody_but_themselves(scene: Scene) -> None:
    people = [make.checked_in(scene, f"志愿{n}") for n in range(3)]
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(scene.organizer, scene.shift_id)
    with clock.frozen(NINE):
        attendances.check_in(scene.organizer, code=make.code_of(scene.shift_id))
    with clock.frozen(NINE + 80 * MINUTE):
        attendances.check_out(people[0], code=make.code_of(scene.shift_id))
    begun(scene)
    with clock.frozen(NINE + 90 * MINUTE):
        rolls.end(scene.organizer, scene.shift_id, reason="暴雨", check_out_everybody=True)
    left = [attendance_of(p) for p in people]
    assert [a.checked_out_at for a in left] == [
        NINE + 80 * MINUTE,
        NINE + 90 * MINUTE,
        NINE + 90 * MINUTE,
    ]
    assert [a.check_out_method for a in left] == [
        CheckMethod.CODE,
        CheckMethod.LEADER,
        CheckMethod.LEADER,
    ]
    assert all(a.status is AttendanceStatus.COUNTED for a in left)
    assert attendance_of(scene.organizer).status is AttendanceStatus.CHECKED_IN


def test_closing_the_roll_leaves_missing_times_to_the_leader(scene: Scene) -> None:
    volunteer = make.checked_in(scene)
    begun(scene)
    with clock.frozen(ELEVEN):
        rolls.end(scene.organizer, scene.shift_id)
        with pytest.raises(WrongState):
            rolls.end(scene.organizer, scene.shift_id)
        rolls.close_roll(scene.organizer, scene.shift_id)
        assert attendance_of(volunteer).status is AttendanceStatus.PENDING_CHECK_OUT
        with pytest.raises(CheckOutClosed):
            attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
    confirmed = attendances.confirm_time(
        scene.organizer,
        attendance_of(volunteer).id,
        checked_out_at=NINE + 100 * MINUTE,
        reason="看到离开",
    )
    assert confirmed.minutes == 100
    assert confirmed.check_out_method is CheckMethod.LEADER
    told = select(func.count()).where(Message.dedupe_key.startswith("time_confirmed:"))
    assert db.session.scalar(told) == 1


def test_a_roll_can_only_be_closed_after_the_end(scene: Scene) -> None:
    begun(scene)
    with pytest.raises(WrongState):
        rolls.close_roll(scene.organizer, scene.shift_id)


def advanced(app: Flask, at: datetime) -> int:
    with clock.frozen(at):
        return make.run(app, advance_shifts)


def shift_of(app: Flask, scene: Scene) -> Shift:
    with app.app_context():
        return db.session.get_one(Shift, scene.shift_id)


def test_the_job_follows_the_plan_to_the_second(rolled_back: Flask) -> None:
    """Over midnight, through the leap day; late ticks write the planned instants."""
    starts_at = datetime(2028, 2, 28, 22, 0, tzinfo=clock.SHANGHAI)
    ends_at, tick = starts_at + timedelta(hours=4), timedelta(seconds=9)
    with stored(rolled_back):
        scene = make.scene(starts_at=starts_at, minutes=240)
    assert advanced(rolled_back, starts_at - timedelta(microseconds=1)) == 0
    assert advanced(rolled_back, starts_at + tick) == 1
    assert advanced(rolled_back, ends_at - timedelta(microseconds=1)) == 0
    assert advanced(rolled_back, ends_at) == 1
    assert advanced(rolled_back, ends_at + rolls.CLOSES_AFTER - timedelta(microseconds=1)) == 0
    assert advanced(rolled_back, ends_at + rolls.CLOSES_AFTER) == 1
    assert advanced(rolled_back, ends_at + rolls.CLOSES_AFTER) == 0
    shift = shift_of(rolled_back, scene)
    assert (shift.begun_at, shift.ended_at) == (starts_at, ends_at)
    assert shift.counted_until == ends_at
    assert clock.day_of(ends_at).isoformat() == "2028-02-29"


def test_the_job_catches_up_after_days_of_downtime(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
    with clock.frozen(ELEVEN + timedelta(days=2)):
        with stored(rolled_back):
            activities.finish(SYSTEM, scene.activity_id)
        assert make.run(rolled_back, advance_shifts) == 3
    assert shift_of(rolled_back, scene).status is ShiftStatus.ROLL_CLOSED


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
    leader, path = http.as_(scene.organizer), f"/shifts/{scene.shift_id}"
    with clock.frozen(NINE):
        shown = leader.post(f"{path}/begin")
        assert (shown.status_code, shown.json["status"]) == (200, "begun")  # type: ignore[index]
        again = leader.post(f"{path}/begin")
        assert (again.status_code, again.json["code"]) == (409, "wrong_state")  # type: ignore[index]
        refused = leader.post(f"{path}/end", json={})
        assert refused.status_code == 422
        body = {"reason": "暴雨，提前结束", "check_out_everybody": True}
        ended = leader.post(f"{path}/end", json=body)
        assert ended.json is not None
        assert (ended.json["status"], ended.json["counted_until"]) == (
            "ended",
            "2027-05-01T09:00:00+08:00",
        )
        closed = leader.post(f"{path}/close_roll")
        assert closed.json["status"] == "roll_closed"  # type: ignore[index]
