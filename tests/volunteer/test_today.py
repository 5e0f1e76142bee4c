"""The day of a person in one call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from accounts.models.persons import Person
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, person
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.lifecycles import AttendanceStatus, SignupStatus
from volunteer.next_step import StepCode
from volunteer.services import (
    activities,
    attendance_changes,
    attendances,
    postponements,
    signups,
    today,
    waitlists,
)

PHONE = "+8613912345678"
MIDNIGHT = clock.start_of(clock.day_of(NINE))
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    made = make.scene(capacity=1)
    db.session.get_one(Person, made.organizer.id).phone = PHONE
    return made


def seen(who: Actor, at: datetime) -> today.Today:
    db.session.expire_all()
    with clock.frozen(at):
        return today.view(who)


@pytest.mark.parametrize(
    ("at", "phone"),
    [
        (MIDNIGHT - DAY - INSTANT, None),
        (MIDNIGHT - DAY, PHONE),
        (NINE, PHONE),
        (NINE + 2 * HOUR - INSTANT, PHONE),
        (NINE + 2 * HOUR, None),
    ],
)
def test_the_leaders_phone_is_shown_around_the_shift(
    scene: Scene, at: datetime, phone: str | None
) -> None:
    who = make.signed_up(scene)
    found = seen(who, at)
    (engagement,) = [*found.engagements, *([found.next] if found.next else [])]
    assert engagement.leader_phone == phone
    assert engagement.activity.place == "文峰社区服务站门口"


def test_who_has_no_seat_has_no_phone(scene: Scene) -> None:
    seated, waiting = make.signed_up(scene), make.signed_up(scene)
    (engagement,) = seen(waiting, NINE).engagements
    assert (engagement.status, engagement.leader_phone) == (SignupStatus.WAITLISTED, None)
    assert seen(make.volunteer(), NINE).engagements == []
    with clock.frozen(DAY_BEFORE):
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
    postponed = seen(seated, NINE)
    assert postponed.engagements[0].leader_phone is None
    assert postponed.next_step.code is StepCode.NONE
    with clock.frozen(NINE):
        activities.cancel(scene.organizer, scene.activity_id, reason="大雨")
    assert seen(seated, NINE).engagements == []


def test_the_day_goes_on_step_by_step(scene: Scene) -> None:
    who = make.signed_up(scene)
    tomorrow = make.scene(starts_at=NINE + DAY)
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(who, tomorrow.shift_id)
    ahead = seen(who, DAY_BEFORE)
    assert ahead.engagements == []
    assert ahead.next is not None
    assert ahead.next.shift.id == scene.shift_id
    assert seen(who, DAY_BEFORE).next_step.code is StepCode.COME
    assert seen(who, NINE).next_step.code is StepCode.CHECK_IN
    with clock.frozen(NINE):
        attendances.check_in(who, code=make.code_of(scene.shift_id))
    there = seen(who, NINE + HOUR)
    assert there.next_step.code is StepCode.CHECK_OUT
    assert there.open_attendance is not None
    assert there.engagements[0].attendance is there.open_attendance
    with clock.frozen(NINE + 2 * HOUR):
        attendances.check_out(who, code=make.code_of(scene.shift_id))
    after = seen(who, NINE + 3 * HOUR)
    assert after.open_attendance is None
    assert after.next_step.code is StepCode.COME
    assert after.next is not None
    assert after.next.shift.id == tomorrow.shift_id


def test_a_missed_check_out_waits_for_the_leader(scene: Scene) -> None:
    who = make.signed_up(scene)
    with clock.frozen(NINE):
        there = attendances.check_in(who, code=make.code_of(scene.shift_id))
    with clock.frozen(NINE + 4 * HOUR):
        attendances.miss_check_out(SYSTEM, there.id)
    found = seen(who, NINE + DAY)
    assert (found.next_step.code, found.next_step.about_id) == (StepCode.WAIT_FOR_LEADER, there.id)


def test_what_the_leader_wrote_down_is_to_be_confirmed(scene: Scene) -> None:
    who = make.signed_up(scene)
    with clock.frozen(NINE + 2 * HOUR):
        written = attendance_changes.record(
            scene.organizer,
            scene.shift_id,
            person_id=who.id,
            checked_in_at=NINE,
            checked_out_at=NINE + 2 * HOUR,
            reason="手机没电",
        )
    found = seen(who, NINE + 3 * HOUR)
    assert written.status is AttendanceStatus.UNCONFIRMED
    assert [a.id for a in found.to_confirm] == [written.id]
    assert found.next_step.code is StepCode.CONFIRM_RECORD
    assert found.unread == 1


def test_an_offer_comes_first_with_its_deadline(scene: Scene) -> None:
    seated, waiting = make.signed_up(scene), make.signed_up(scene)
    with clock.frozen(DAY_BEFORE):
        mine = seen(seated, DAY_BEFORE).next
        assert mine is not None
        signups.cancel(seated, mine.signup.id)
        waitlists.fill(SYSTEM, scene.shift_id)
    found = seen(waiting, DAY_BEFORE + HOUR)
    assert [o.signup.offer_expires_at for o in found.offers] == [DAY_BEFORE + 12 * HOUR]
    assert found.next_step.code is StepCode.TAKE_OFFER
    assert seen(waiting, DAY_BEFORE + 12 * HOUR).next_step.code is StepCode.NONE


@contextmanager
def counting() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_full_day_costs_what_an_empty_one_does(scene: Scene) -> None:
    who = make.signed_up(scene)
    for hours in (3, 6, 9, 30):
        other = make.scene(starts_at=NINE + hours * HOUR)
        with clock.frozen(DAY_BEFORE):
            signups.sign_up(who, other.shift_id)
    db.session.commit()
    db.session.expunge_all()
    with clock.frozen(NINE), counting() as statements:
        found = today.view(who)
        assert len(found.engagements) == 4
    assert len([s for s in statements if s.startswith("SELECT")]) == 4, statements


def test_the_call(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = make.scene()
        db.session.get_one(Person, made.organizer.id).phone = PHONE
        who = make.signed_up(made)
        citizen = actor_of(person(registered=False))
    with rolled_back.app_context(), clock.frozen(NINE):
        code = make.code_of(made.shift_id)
    with clock.frozen(NINE):
        answer = http.as_(who).get("/me/today")
        body: Any = answer.json
        assert body["next_step"]["code"] == "check_in"
        (engagement,) = body["engagements"]
        assert engagement["leader_phone"] == PHONE
        assert engagement["leader_name"] == "赵**"
        assert engagement["activity"]["place"] == "文峰社区服务站门口"
        assert "private" in answer.headers["Cache-Control"]
        arrived = http.as_(who).post("/attendances/check-in", json={"code": code})
        assert arrived.status_code in (200, 201)
        body = http.as_(who).get("/me/today").json
        assert body["open_attendance"]["status"] == "checked_in"
        assert body["open_attendance"]["activity"]["title"] == "周六清洁家园"
        empty: Any = http.as_(citizen).get("/me/today").json
        assert (empty["engagements"], empty["next"], empty["unread"]) == ([], None, 0)
    assert http.get("/me/today").status_code == 401
