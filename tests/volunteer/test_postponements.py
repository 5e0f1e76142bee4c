"""Rain on a Saturday: an activity loses its times, gets new ones, and everybody hears of both."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.outbox import Message
from jobs.activities import close_activities, tell_postponements
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.errors import ActivityNotOpen, NoUpcomingShift
from volunteer.lifecycles import ActivityStatus
from volunteer.models.shifts import Shift
from volunteer.services import activities, postponements, shifts, signups
from volunteer.services.postponements import NewTime

WEEK = timedelta(weeks=1)
NEXT_WEEK = (NINE + WEEK, NINE + WEEK + 2 * HOUR)


def put_off(scene: Scene) -> None:
    with clock.frozen(DAY_BEFORE):
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")


def told(app: Flask) -> list[str]:
    with app.app_context():
        keys = db.session.scalars(select(Message.dedupe_key).order_by(Message.id))
        return [key.partition(":")[0] for key in keys]


def test_nobody_signs_up_for_what_has_no_time(ctx: Flask) -> None:
    scene, late = make.scene(), make.volunteer()
    put_off(scene)
    with clock.frozen(DAY_BEFORE), pytest.raises(ActivityNotOpen):
        signups.sign_up(late, scene.shift_id)
    new = NewTime(scene.shift_id, *NEXT_WEEK)
    with clock.frozen(NINE):
        again = postponements.reschedule(
            scene.organizer, scene.activity_id, times=[new], place="文峰社区活动室"
        )
        signups.sign_up(late, scene.shift_id)
    assert (again.status, again.place) == (ActivityStatus.PUBLISHED, "文峰社区活动室")
    assert (again.starts_at, again.ends_at, again.rescheduled_at) == (*NEXT_WEEK, NINE)


def test_people_keep_their_seats_and_may_give_them_up(ctx: Flask) -> None:
    scene, one = make.scene(), make.volunteer()
    with clock.frozen(DAY_BEFORE):
        signup = signups.sign_up(one, scene.shift_id)
    put_off(scene)
    with clock.frozen(DAY_BEFORE):
        signups.cancel(one, signup.id)
    assert db.session.get_one(Shift, scene.shift_id).seats_taken == 0


def test_a_shift_that_has_begun_keeps_its_time(ctx: Flask) -> None:
    scene = make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        second = shifts.create(
            scene.organizer,
            scene.activity_id,
            starts_at=NINE + 4 * HOUR,
            ends_at=NINE + 6 * HOUR,
            capacity=5,
        )
        make.publish(scene)
    with clock.frozen(NINE + HOUR):
        postponements.postpone(scene.organizer, scene.activity_id, reason="雷暴")
        for wrong in (
            [],
            [NewTime(scene.shift_id, *NEXT_WEEK)],
            [NewTime(second.id, *NEXT_WEEK)] * 2,
            [NewTime(scene.shift_id, *NEXT_WEEK), NewTime(second.id, *NEXT_WEEK)],
        ):
            with pytest.raises(InvalidInput):
                postponements.reschedule(scene.organizer, scene.activity_id, times=wrong)
        assert shifts.show_code(scene.organizer, scene.shift_id).code, "to leave with"
        again = postponements.reschedule(
            scene.organizer, scene.activity_id, times=[NewTime(second.id, *NEXT_WEEK)]
        )
    assert (again.starts_at, again.ends_at) == (NINE, NEXT_WEEK[1])


@pytest.mark.parametrize(("minutes", "is_refused"), [(-1, False), (0, True)])
def test_what_has_wholly_begun_is_not_postponed(ctx: Flask, minutes: int, is_refused: bool) -> None:
    scene = make.scene()
    with clock.frozen(NINE + timedelta(minutes=minutes)):
        if is_refused:
            with pytest.raises(NoUpcomingShift):
                postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
        else:
            postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")


def test_who_may_and_when(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene()
    with pytest.raises(NotFound):
        postponements.postpone(other.organizer, scene.activity_id, reason="大雨")
    new = [NewTime(scene.shift_id, *NEXT_WEEK)]
    with pytest.raises(WrongState):
        postponements.reschedule(scene.organizer, scene.activity_id, times=new)
    put_off(scene)
    with pytest.raises(WrongState):
        put_off(scene)
    past = [NewTime(scene.shift_id, NINE, NINE + HOUR)]
    with clock.frozen(NINE), pytest.raises(InvalidInput):
        postponements.reschedule(scene.organizer, scene.activity_id, times=past)


def test_everybody_signed_up_is_told_once_of_each(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(capacity=1)
        with clock.frozen(DAY_BEFORE):
            for _ in range(3):
                signups.sign_up(make.volunteer(), scene.shift_id)
        put_off(scene)
    with clock.frozen(DAY_BEFORE + timedelta(seconds=5)):
        assert make.run(rolled_back, tell_postponements) == 0, "somebody may be signing up"
    with clock.frozen(DAY_BEFORE + timedelta(seconds=6)):
        for _ in range(2):
            make.run(rolled_back, tell_postponements)
        assert told(rolled_back) == ["activity_postponed"] * 3
        with stored(rolled_back):
            new = [NewTime(scene.shift_id, *NEXT_WEEK)]
            postponements.reschedule(scene.organizer, scene.activity_id, times=new)
    with clock.frozen(NINE):
        for _ in range(2):
            make.run(rolled_back, tell_postponements)
        assert told(rolled_back)[3:] == ["activity_rescheduled"] * 3


def test_a_second_postponement_is_news_again(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        with clock.frozen(DAY_BEFORE):
            signups.sign_up(make.volunteer(), scene.shift_id)
        put_off(scene)
        with clock.frozen(DAY_BEFORE):
            new = [NewTime(scene.shift_id, *NEXT_WEEK)]
            postponements.reschedule(scene.organizer, scene.activity_id, times=new)
        with clock.frozen(NINE):
            postponements.postpone(scene.organizer, scene.activity_id, reason="又下雨")
    with clock.frozen(NINE + HOUR):
        make.run(rolled_back, tell_postponements)
    assert told(rolled_back) == ["activity_postponed"], "what is past already is no news"


def test_a_large_crowd_is_told_in_batches(
    rolled_back: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postponements, "BATCH", 2)
    with stored(rolled_back):
        scene = make.scene()
        with clock.frozen(DAY_BEFORE):
            for _ in range(5):
                signups.sign_up(make.volunteer(), scene.shift_id)
        put_off(scene)
    with clock.frozen(NINE):
        for expected in (2, 4, 5, 5):
            make.run(rolled_back, tell_postponements)
            assert len(told(rolled_back)) == expected


def test_a_postponed_activity_may_still_be_called_off(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        with clock.frozen(DAY_BEFORE):
            signups.sign_up(make.volunteer(), scene.shift_id)
        put_off(scene)
        activities.cancel(scene.organizer, scene.activity_id, reason="今年不办了")
    with clock.frozen(NINE):
        make.run(rolled_back, tell_postponements)
        assert make.run(rolled_back, close_activities) == 1
    assert told(rolled_back) == ["activity_cancelled"]


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
    me, path = http.as_(scene.organizer), f"/activities/{scene.activity_id}"
    with clock.frozen(DAY_BEFORE):
        off = me.post(f"{path}/postpone", json={"reason": "暴雨"})
        assert (off.json["status"], off.json["postpone_reason"]) == ("postponed", "暴雨")  # type: ignore[index]
        assert http.get(path).json["status"] == "postponed"  # type: ignore[index]
        new = {
            "shift_id": str(scene.shift_id),
            "starts_at": "2027-05-08T09:00:00+08:00",
            "ends_at": "2027-05-08T11:00:00+08:00",
        }
        assert me.post(f"{path}/reschedule", json={"shifts": []}).status_code == 422
        again = me.post(f"{path}/reschedule", json={"shifts": [new], "place": "社区活动室"})
        assert (again.json["status"], again.json["starts_at"]) == ("published", new["starts_at"])  # type: ignore[index]
