"""Names, phones and ID numbers of an activity: who sees them, when, and that each look is kept."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from accounts.services import guardians
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.http.idempotency import HEADER, IdempotencyKey
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, helper, person
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.errors import ActivityNotOpen, ActivityNotRisky, CallListClosed
from volunteer.models.activities import RiskLevel
from volunteer.services import activities, postponements, rosters, signups

PHONE = "+8613912345678"


def risky() -> Scene:
    made = make.scene(published=False)
    details = {"risk_level": RiskLevel.PERSONAL, "insurance_number": "PICC-1"}
    activities.update_draft(made.organizer, made.activity_id, details)
    with clock.frozen(DAY_BEFORE):
        make.publish(made)
    return made


def signed_up(scene: Scene, name: str = "欧阳志愿") -> Actor:
    someone = make.volunteer(name)
    db.session.get_one(Person, someone.id).phone = PHONE
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(someone, scene.shift_id)
    return someone


def looks(verb: str) -> list[str | None]:
    return list(db.session.scalars(select(audit.Entry.reason).where(audit.Entry.verb == verb)))


def test_the_leader_calls_those_signed_up(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    for name in ("欧阳志愿", "候补"):
        signed_up(scene, name)
    with clock.frozen(NINE):
        items = rosters.call(scene.organizer, scene.activity_id).items
    assert [(i.name, i.phone, i.status.value) for i in items] == [
        ("欧阳志愿", PHONE, "confirmed"),
        ("候补", PHONE, "waitlisted"),
    ]
    assert looks("call_list") == [None]


def test_the_leader_sees_who_is_under_age_and_who_comes_along(ctx: Flask) -> None:
    scene = make.scene()
    youth, alone = person("小明", born="20120101"), person("小红", born="20110101")
    with clock.frozen(DAY_BEFORE):
        guardians.record_for(helper(), youth, paper_reference="甲-1", companion="明爷爷")
        gone = guardians.record_for(helper(), alone, paper_reference="甲-2", companion="红奶奶")
        for minor in (youth, alone):
            signups.sign_up(actor_of(minor), scene.shift_id)
        guardians.withdraw(Actor(gone.recorded_by), gone.id)
    signed_up(scene)
    with clock.frozen(NINE):
        items = rosters.call(scene.organizer, scene.activity_id).items
    assert [(i.name, i.is_minor, i.companion) for i in items] == [
        ("小明", True, "明爷爷"),
        ("小红", True, None),
        ("欧阳志愿", False, None),
    ]


def test_nobody_else_has_the_phones(ctx: Flask) -> None:
    scene = make.scene()
    inside = signed_up(scene)
    with clock.frozen(NINE):
        for other in (inside, make.volunteer(), scene.staff, make.scene().organizer):
            with pytest.raises(NotFound):
                rosters.call(other, scene.activity_id)
    assert looks("call_list") == []


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (NINE - timedelta(days=7, seconds=1), False),
        (NINE - timedelta(days=7), True),
        (NINE + timedelta(days=1, hours=2, seconds=-1), True),
        (NINE + timedelta(days=1, hours=2), False),
    ],
)
def test_phones_are_shown_around_the_activity(ctx: Flask, at: object, is_open: bool) -> None:
    scene = make.scene(minutes=120)
    with clock.frozen(at):  # type: ignore[arg-type]
        if is_open:
            rosters.call(scene.organizer, scene.activity_id)
        else:
            with pytest.raises(CallListClosed):
                rosters.call(scene.organizer, scene.activity_id)


def test_a_draft_has_nobody_to_call(ctx: Flask) -> None:
    scene = make.scene(published=False)
    with clock.frozen(NINE), pytest.raises(CallListClosed):
        rosters.call(scene.organizer, scene.activity_id)


def test_those_let_go_by_the_cancellation_are_still_called(ctx: Flask) -> None:
    scene = make.scene()
    gone = signed_up(scene, "早已取消")
    signed_up(scene, "准备出门")
    with clock.frozen(DAY_BEFORE + HOUR):
        signups.cancel(gone, signups.sign_up(gone, scene.shift_id).id)
    with clock.frozen(NINE - HOUR):
        activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
        signups.release(scene.organizer, signups.to_release()[0])
        names = [i.name for i in rosters.call(scene.organizer, scene.activity_id).items]
    assert names == ["准备出门"]


def test_what_has_no_time_is_called_at_any_time(ctx: Flask) -> None:
    scene = make.scene()
    signed_up(scene)
    with clock.frozen(DAY_BEFORE):
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
    with clock.frozen(NINE + timedelta(days=20)):
        assert len(rosters.call(scene.organizer, scene.activity_id).items) == 1


def test_the_insurer_gets_those_with_a_seat(ctx: Flask) -> None:
    scene = risky()
    someone = signed_up(scene)
    covered = rosters.insure(scene.organizer, scene.activity_id, reason="投保")
    number = db.session.get_one(Person, someone.id).id_number
    assert covered.insurance_number == "PICC-1"
    assert [(i.name, i.id_number) for i in covered.items] == [("欧阳志愿", number)]
    assert looks("insured_list") == ["投保"]


def test_id_numbers_leave_for_a_risky_activity_only(ctx: Flask) -> None:
    scene = make.scene()
    with pytest.raises(ActivityNotRisky):
        rosters.insure(scene.organizer, scene.activity_id, reason="投保")
    scene = risky()
    with pytest.raises(NotFound):
        rosters.insure(make.scene().organizer, scene.activity_id, reason="投保")
    activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
    with pytest.raises(ActivityNotOpen):
        rosters.insure(scene.organizer, scene.activity_id, reason="投保")


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = risky()
        signed_up(scene)
    me, path = http.as_(scene.organizer), f"/activities/{scene.activity_id}"
    with clock.frozen(NINE):
        calls = me.get(f"{path}/call-list")
        assert calls.json["items"][0]["phone"] == PHONE  # type: ignore[index]
        assert calls.headers["Cache-Control"] == "no-store"
        assert "ETag" not in calls.headers
        covered = me.post(
            f"{path}/insured-list", json={"reason": "投保"}, headers={HEADER: "insured-1"}
        )
        assert len(covered.json["items"][0]["id_number"]) == 18  # type: ignore[index]
        assert covered.headers["Cache-Control"] == "no-store"
        assert me.post(f"{path}/insured-list", json={}).status_code == 422
    with rolled_back.app_context():
        assert looks("call_list") == [None]
        assert looks("insured_list") == ["投保"]
        assert db.session.scalars(select(IdempotencyKey)).all() == []


def test_the_insured_as_a_spreadsheet(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = risky()
        signed_up(scene, "=欧阳")
    path = f"/activities/{scene.activity_id}/insured-list.csv"
    with clock.frozen(NINE):
        answer = http.as_(scene.organizer).post(path, json={"reason": "投保"})
        assert http.as_(make_stranger(rolled_back)).post(
            path, json={"reason": "投保"}
        ).status_code in (403, 404)
    heading, row = answer.get_data().decode("utf-8-sig").splitlines()
    assert heading == "姓名,身份证号码,出生日期"
    assert row.startswith("'=欧阳,4110"), "a name is no formula"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    with rolled_back.app_context():
        assert looks("insured_list") == ["投保"]


def make_stranger(app: Flask) -> Actor:
    with stored(app):
        return make.scene().organizer
