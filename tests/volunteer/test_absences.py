"""Missing records: written down, told, explained, excused; and late cancellations."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.ids import new_id
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.volunteer.test_signups import messages, seats, sign_up, status_of
from volunteer.errors import OwnSignup, SignUpPaused
from volunteer.lifecycles import SignupStatus
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import absences, activities, attendances, signups

DAY = timedelta(days=1)
EVENING = NINE + timedelta(hours=9)


def close(scene: Scene, at: datetime = EVENING) -> None:
    with clock.frozen(at):
        absences.close_roll(scene.organizer, scene.shift_id)


def missed(who: Actor, starts_at: datetime) -> tuple[Scene, Signup]:
    """A shift of which there is no record of the person."""
    scene = make.scene(starts_at=starts_at)
    with clock.frozen(starts_at - DAY):
        signup = signups.sign_up(who, scene.shift_id)
    close(scene, starts_at + timedelta(hours=9))
    return scene, signup


def missed_three(who: Actor) -> list[tuple[Scene, Signup]]:
    return [missed(who, NINE + n * DAY) for n in range(3)]


def test_the_closed_roll_tells_who_came(ctx: Flask) -> None:
    scene = make.scene(capacity=2)
    (came, first), (_, second), (_, waiting) = sign_up(scene, 3)
    with clock.frozen(NINE):
        attendances.check_in(came, code=make.code_of(scene.shift_id))
    close(scene)
    close(scene)
    assert [status_of(s).value for s in (first, second, waiting)] == [
        "attended",
        "no_record",
        "waitlisted",
    ]
    assert messages().count("record_missing") == 1
    with pytest.raises(WrongState):
        absences.excuse(scene.organizer, first.id, reason="来过")


def test_nobody_is_missed_where_a_shift_ended_early(ctx: Flask) -> None:
    scene = make.scene()
    (came, first), (_, second) = sign_up(scene, 2)
    with clock.frozen(NINE):
        attendances.check_in(came, code=make.code_of(scene.shift_id))
    db.session.execute(
        update(Shift).where(Shift.id == scene.shift_id).values(end_reason="暴雨，活动提前结束")
    )
    close(scene)
    assert [status_of(s).value for s in (first, second)] == ["attended", "cancelled"]
    assert not db.session.get_one(Signup, second.id, populate_existing=True).is_late
    assert messages() == []
    assert db.session.get_one(Shift, scene.shift_id, populate_existing=True).seats_taken == 1


def test_nobody_is_missed_where_the_activity_was_called_off(ctx: Flask) -> None:
    scene = make.scene()
    (came, first), (_, second) = sign_up(scene, 2)
    with clock.frozen(NINE):
        attendances.check_in(came, code=make.code_of(scene.shift_id))
    with clock.frozen(NINE + timedelta(minutes=5)):
        activities.cancel(scene.organizer, scene.activity_id, reason="场地停电")
    close(scene)
    assert [status_of(s).value for s in (first, second)] == ["attended", "cancelled"]
    assert "record_missing" not in messages()


def test_three_missing_records_pause_until_one_is_excused(ctx: Flask) -> None:
    who = make.volunteer()
    made = missed_three(who)
    end = NINE + 2 * DAY + timedelta(hours=9) + 30 * DAY
    later = make.scene(starts_at=NINE + 60 * DAY)
    with clock.frozen(end - timedelta(microseconds=1)):
        with pytest.raises(SignUpPaused) as refused:
            signups.sign_up(who, later.shift_id)
        assert refused.value.details == {"until": "2027-06-02T18:00:00+08:00"}
        told = absences.view_standing(who)
        assert (told.count, told.paused_until) == (3, end)
        absences.excuse(made[1][0].organizer, made[1][1].id, reason="当天已请假")
        told = absences.view_standing(who)
        assert (told.count, told.paused_until) == (2, None)
        assert signups.sign_up(who, later.shift_id).status is SignupStatus.CONFIRMED


def test_the_pause_ends_by_itself(ctx: Flask) -> None:
    who = make.volunteer()
    missed_three(who)
    later = make.scene(starts_at=NINE + 60 * DAY)
    with clock.frozen(NINE + 2 * DAY + timedelta(hours=9) + 30 * DAY):
        signups.sign_up(who, later.shift_id)


def test_who_excuses_and_only_once(ctx: Flask) -> None:
    who = make.volunteer()
    (scene, signup), (other, _), _ = missed_three(who)
    for outsider in (other.organizer, make.volunteer()):
        with pytest.raises(NotFound):
            absences.excuse(outsider, signup.id, reason="来过")
    excused = absences.excuse(scene.staff, signup.id, reason="签到设备故障")
    again = absences.excuse(scene.organizer, signup.id, reason="别的原因")
    assert (again.excused_by, again.excuse_reason) == (scene.staff.id, "签到设备故障")
    assert excused.status is SignupStatus.NO_RECORD
    own, signup = missed(scene.organizer, NINE + 9 * DAY)
    with clock.frozen(NINE + 20 * DAY):
        make.ask(own, leader_id=scene.organizer.id)
        with pytest.raises(OwnSignup):
            absences.excuse(scene.organizer, signup.id, reason="来过")


@pytest.mark.parametrize(("before", "is_late"), [(24, False), (23, True)])
def test_after_the_deadline_it_is_said_that_one_cannot_come(
    ctx: Flask, before: int, is_late: bool
) -> None:
    scene = make.scene()
    make.ask(scene, cancel_hours=24)
    ((who, signup),) = sign_up(scene, 1)
    with clock.frozen(NINE - timedelta(hours=before)):
        cancelled = signups.cancel(who, signup.id)
    assert (cancelled.status, cancelled.is_late) == (SignupStatus.CANCELLED, is_late)
    close(scene)
    assert absences.view_standing(who).count == 0, "notice was given"


def test_who_waits_leaves_the_queue_freely(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    make.ask(scene, cancel_hours=24)
    _, (who, signup) = sign_up(scene, 2)
    with clock.frozen(NINE - timedelta(hours=1)):
        assert not signups.cancel(who, signup.id).is_late
    assert seats(scene.shift_id) == (1, 0)


@pytest.mark.parametrize(("after", "is_late"), [(-1, True), (1, False)])
def test_a_postponement_makes_cancelling_free(ctx: Flask, after: int, is_late: bool) -> None:
    """Only one that came after the sign-up."""
    scene = make.scene()
    make.ask(scene, cancel_hours=24)
    ((who, signup),) = sign_up(scene, 1)
    make.ask(scene, rescheduled_at=DAY_BEFORE + timedelta(minutes=after))
    with clock.frozen(NINE - timedelta(hours=1)):
        assert signups.cancel(who, signup.id).is_late is is_late


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who = make.volunteer()
        made = missed_three(who)
    leader, me = http.as_(made[0][0].organizer), http.as_(who)
    with clock.frozen(NINE + 3 * DAY):
        standing = me.get("/me/standing").json
        assert standing is not None
        assert (standing["count"], standing["paused_until"]) == (3, "2027-06-02T18:00:00+08:00")
        assert [a["signup_id"] for a in standing["absences"]] == [str(s.id) for _, s in made]
        assert standing["absences"][0]["activity"]["title"] == "周六清洁家园"
        assert "异议" in standing["how_to_appeal"]
        path = f"/signups/{made[0][1].id}/excuse"
        excused = leader.post(path, json={"reason": "本人在现场，设备故障"})
        assert excused.status_code == 200
        assert excused.json["excuse_reason"] == "本人在现场，设备故障"  # type: ignore[index]
        assert me.post(path, json={"reason": "我来过"}).status_code == 404
        assert leader.post(f"/signups/{new_id()}/excuse", json={"reason": "x"}).status_code == 404
        assert me.get("/me/standing").json["paused_until"] is None  # type: ignore[index]
