"""Hours claimed afterwards: evidence, a second person, a notice, and what a false one costs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.outbox import Message
from core.paging import PageRequest
from jobs.backfills import record_backfills
from jobs.hours import tally_hours
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import grant, site
from tests.factories.hours import MINUTE, city_staff, entries_of, served
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyBackfilled,
    AlreadyContested,
    BackfillBarred,
    BackfillNotIndependent,
    BackfillTooLong,
    BackfillWindowClosed,
    HigherTierNeeded,
    NotInvolved,
)
from volunteer.lifecycles import BackfillStatus
from volunteer.models.backfills import Backfill
from volunteer.models.hours import EntryKind, Ledger, SourceType
from volunteer.models.memberships import Membership
from volunteer.models.sanctions import Sanction
from volunteer.services import (
    activities,
    backfills,
    hours,
    memberships,
    notices,
    sanctions,
)
from volunteer.services.backfills import Part

ALL = PageRequest(limit=100)
DAY = timedelta(days=1)
EVENING = NINE + timedelta(hours=10)
CLAIM: dict[str, Any] = {
    "evidence": "签到表照片",
    "reference": "2027-015 号",
    "reason": "现场没有信号",
}


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def claim(
    by: Actor, scene: Scene, minutes: int = 120, *, at: datetime = EVENING, **more: Any
) -> Backfill:
    with clock.frozen(at):
        (made,) = backfills.claim(
            by,
            activity_id=scene.activity_id,
            shift_id=scene.shift_id,
            minutes=minutes,
            **CLAIM,
            **more,
        )
    return made


def approved(scene: Scene, volunteer: Actor, minutes: int = 120) -> Backfill:
    made = claim(volunteer, scene, minutes)
    with clock.frozen(EVENING):
        return backfills.approve(scene.organizer, made.id)


def recorded(scene: Scene, volunteer: Actor, minutes: int = 120) -> Backfill:
    made = approved(scene, volunteer, minutes)
    with clock.frozen(EVENING + 8 * DAY):
        return notices.record(SYSTEM, made.id)


def test_an_honest_claim_becomes_an_honorary_entry_after_its_notice(scene: Scene) -> None:
    volunteer = make.volunteer()
    made = approved(scene, volunteer, 100)
    assert (made.status, made.decided_by) == (BackfillStatus.ON_NOTICE, scene.organizer.id)
    assert made.notice_ends_on == EVENING.date() + 7 * DAY
    assert entries_of(volunteer) == []
    with clock.frozen(EVENING + 8 * DAY):
        notices.record(SYSTEM, made.id)
    (entry,) = entries_of(volunteer)
    assert (entry.minutes, entry.ledger, entry.kind) == (100, Ledger.HONORARY, EntryKind.EARNED)
    assert (entry.source_type, entry.source_id) == (SourceType.BACKFILL, made.id)
    assert (entry.created_by, entry.reason) == (scene.organizer.id, "现场没有信号")
    summary = hours.summarize(volunteer)
    assert (summary.verified_minutes, summary.honorary_minutes) == (0, 100)


def test_the_notice_is_seven_full_days(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer = make.scene(), make.volunteer()
        approved(scene, volunteer)
    last_instant = clock.start_of(EVENING.date() + 8 * DAY)
    with clock.frozen(last_instant - MINUTE):
        assert make.run(rolled_back, record_backfills) == 0
    with clock.frozen(last_instant):
        assert make.run(rolled_back, record_backfills) == 1
        assert make.run(rolled_back, record_backfills) == 0
        assert make.run(rolled_back, tally_hours) == 1
    with rolled_back.app_context():
        query = select(Message.dedupe_key).where(Message.dedupe_key.startswith("hours_recorded:"))
        assert len(list(db.session.scalars(query))) == 1, "every entry tells its person"


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (NINE + 119 * MINUTE, False),
        (NINE + 120 * MINUTE, True),
        (clock.start_of(NINE.date() + 31 * DAY) - MINUTE, True),
        (clock.start_of(NINE.date() + 31 * DAY), False),
    ],
)
def test_claims_are_made_from_the_end_of_the_shift_for_thirty_days(
    scene: Scene, at: datetime, is_open: bool
) -> None:
    volunteer = make.volunteer()
    if is_open:
        assert claim(volunteer, scene, at=at).status is BackfillStatus.CLAIMED
        return
    with pytest.raises(BackfillWindowClosed):
        claim(volunteer, scene, at=at)


def test_no_more_than_the_shift_and_not_what_is_counted_already(scene: Scene) -> None:
    volunteer = make.volunteer()
    with pytest.raises(BackfillTooLong) as caught:
        claim(volunteer, scene, 121)
    assert caught.value.details == {"free_minutes": 120}
    served(volunteer, scene.shift_id, NINE + 30 * MINUTE, NINE + 120 * MINUTE)
    with pytest.raises(BackfillTooLong) as caught:
        claim(volunteer, scene, 31)
    assert caught.value.details == {"free_minutes": 30}
    claim(volunteer, scene, 30)


def test_not_during_another_shift_in_which_the_person_was_counted(scene: Scene) -> None:
    volunteer, other = make.volunteer(), make.scene(starts_at=NINE + 60 * MINUTE)
    served(volunteer, other.shift_id, NINE + 60 * MINUTE, NINE + 180 * MINUTE)
    with pytest.raises(BackfillTooLong) as caught:
        claim(volunteer, scene)
    assert caught.value.details == {"free_minutes": 60}


def test_two_claims_of_shifts_at_the_same_time_share_it(scene: Scene) -> None:
    volunteer, other = make.volunteer(), make.scene(starts_at=NINE + 60 * MINUTE)
    claim(volunteer, other, 100)
    with pytest.raises(BackfillTooLong) as caught:
        claim(volunteer, scene)
    assert caught.value.details == {"free_minutes": 20}


def test_a_repeat_gives_the_first_claim_and_another_is_refused(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    first = claim(volunteer, scene, 100)
    assert claim(volunteer, scene, 100).id == first.id
    with pytest.raises(AlreadyBackfilled):
        claim(volunteer, scene, 90)
    with pytest.raises(AlreadyBackfilled):
        claim(scene.organizer, scene, 100, person_ids=[volunteer.id])


def test_what_was_rejected_can_be_claimed_again(scene: Scene) -> None:
    volunteer = make.volunteer()
    first = claim(volunteer, scene, 120)
    backfills.reject(scene.organizer, first.id, reason="照片看不清")
    assert claim(volunteer, scene, 120).id != first.id


def test_a_leader_claims_for_people_who_signed_up_or_are_members(scene: Scene) -> None:
    stranger, known = make.volunteer("路人"), make.signed_up(scene)
    with pytest.raises(NotInvolved):
        claim(scene.organizer, scene, person_ids=[stranger.id])
    joined(stranger, scene)
    with clock.frozen(EVENING):
        made = backfills.claim(
            scene.organizer,
            activity_id=scene.activity_id,
            shift_id=scene.shift_id,
            minutes=60,
            person_ids=[stranger.id, known.id, known.id],
            **CLAIM,
        )
    assert {b.person_id for b in made} == {stranger.id, known.id}
    told = select(Message.dedupe_key).where(Message.dedupe_key.startswith("backfill_claimed:"))
    assert len(list(db.session.scalars(told))) == 2, "nobody finds out by chance"
    with pytest.raises(NotFound):
        claim(known, scene, person_ids=[make.volunteer().id])


def joined(person: Actor, scene: Scene) -> Membership:
    return memberships.enrol(person, person.id, scene.organization_id)


def test_only_for_an_activity_that_took_place(ctx: Flask) -> None:
    draft = make.scene(published=False)
    with pytest.raises(NotFound):
        claim(make.volunteer(), draft)
    scene, other = make.scene(), make.scene()
    with clock.frozen(DAY_BEFORE):
        activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
    with pytest.raises(ActivityNotOpen):
        claim(make.volunteer(), scene)
    with pytest.raises(NotFound), clock.frozen(EVENING):
        backfills.claim(
            make.volunteer(),
            activity_id=other.activity_id,
            shift_id=scene.shift_id,
            minutes=60,
            **CLAIM,
        )


def test_the_second_person_is_neither_claimant_nor_beneficiary(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    made = claim(scene.organizer, scene, person_ids=[volunteer.id])
    for involved in (scene.organizer, Actor(volunteer.id, (grant(Role.SITE_STAFF, over=site()),))):
        with pytest.raises(BackfillNotIndependent):
            backfills.approve(involved, made.id)
        with pytest.raises(BackfillNotIndependent):
            backfills.reject(involved, made.id, reason="不对")
    for outsider in (make.volunteer(), make.staff(site("411002002"))):
        with pytest.raises(NotFound):
            backfills.approve(outsider, made.id)
    assert backfills.approve(scene.staff, made.id).status is BackfillStatus.ON_NOTICE


def test_a_long_day_needs_a_higher_approver(ctx: Flask) -> None:
    scene = make.scene(starts_at=NINE - timedelta(hours=4), minutes=840)
    volunteer = make.volunteer()
    nine_hours = claim(volunteer, scene, 540)
    with pytest.raises(HigherTierNeeded):
        backfills.approve(scene.organizer, nine_hours.id)
    backfills.reject(scene.staff, nine_hours.id, reason="请重新核对")
    thirteen = claim(volunteer, scene, 780)
    with pytest.raises(HigherTierNeeded):
        backfills.approve(scene.staff, thirteen.id)
    assert backfills.approve(city_staff(), thirteen.id).status is BackfillStatus.ON_NOTICE


def test_hours_on_notice_fill_the_day_too(scene: Scene) -> None:
    volunteer = make.volunteer()
    long = make.scene(starts_at=NINE + timedelta(hours=2), minutes=480)
    approved(long, volunteer, 480)
    more = claim(volunteer, scene, 60)
    with pytest.raises(HigherTierNeeded):
        backfills.approve(scene.organizer, more.id)


def test_what_is_on_notice_is_open_inside_the_organisation_alone(scene: Scene) -> None:
    volunteer, member = make.volunteer(), make.volunteer("同队队员")
    made = approved(scene, volunteer)
    joined(member, scene)
    for insider in (member, scene.organizer, scene.staff):
        page = notices.list_open(insider, scene.organization_id, ALL)
        assert [b.id for b in page.items] == [made.id]
    with pytest.raises(NotFound):
        notices.list_open(make.volunteer(), scene.organization_id, ALL)


def test_an_objection_stops_the_clock_until_staff_have_looked(scene: Scene) -> None:
    volunteer, member = make.volunteer(), make.volunteer("同队队员")
    made = approved(scene, volunteer)
    joined(member, scene)
    with pytest.raises(NotFound):
        notices.contest(make.volunteer(), made.id, reason="我没看到他")
    notices.contest(member, made.id, reason="我没看到他")
    with clock.frozen(EVENING + 9 * DAY):
        assert notices.to_record() == []
    with pytest.raises(NotFound):
        notices.clear(scene.organizer, made.id, note="他在后厨")
    notices.clear(scene.staff, made.id, note="他在后厨")
    with pytest.raises(AlreadyContested):
        notices.contest(member, made.id, reason="还是没看到")
    with clock.frozen(EVENING + 9 * DAY):
        assert notices.to_record() == [made.id]


def test_an_attendance_that_becomes_known_goes_before_the_backfill(scene: Scene) -> None:
    one, two, three = (make.volunteer() for _ in range(3))
    for volunteer, left in ((one, 120), (two, 90)):
        made = approved(scene, volunteer)
        served(volunteer, scene.shift_id, NINE, NINE + left * MINUTE)
        with clock.frozen(EVENING + 8 * DAY):
            notices.record(SYSTEM, made.id)
        expected = "lapsed" if left == 120 else "recorded"
        assert (made.status, made.recorded_minutes) == (expected, {120: None, 90: 30}[left])
        assert sum(e.minutes for e in entries_of(volunteer)) == 120
    recorded(scene, three)
    served(three, scene.shift_id, NINE, NINE + 100 * MINUTE)
    summary = hours.summarize(three)
    assert (summary.verified_minutes, summary.honorary_minutes) == (100, 20)


def test_a_false_one_is_taken_back_and_bars_claimant_and_approver(scene: Scene) -> None:
    volunteer = make.volunteer()
    made = recorded(scene, volunteer)
    with pytest.raises(NotFound):
        backfills.void(scene.organizer, made.id, reason="查无此人")
    with clock.frozen(EVENING + 10 * DAY):
        backfills.void(scene.staff, made.id, reason="照片是去年的")
    assert [(e.kind, e.minutes) for e in entries_of(volunteer)] == [
        (EntryKind.EARNED, 120),
        (EntryKind.REVERSED, -120),
    ]
    assert hours.summarize(volunteer).honorary_minutes == 0
    assert made.status is BackfillStatus.VOIDED
    with pytest.raises(BackfillBarred):
        claim(volunteer, scene, at=EVENING + 11 * DAY)
    other = claim(make.volunteer(), scene, at=EVENING + 11 * DAY)
    with pytest.raises(BackfillBarred), clock.frozen(EVENING + 11 * DAY):
        backfills.approve(scene.organizer, other.id)
    told = select(Message.dedupe_key).where(Message.dedupe_key.startswith("sanction_imposed:"))
    assert len(list(db.session.scalars(told))) == 2
    with pytest.raises(WrongState):
        backfills.void(scene.staff, made.id, reason="再来一次")


def test_who_was_deceived_need_not_be_barred(scene: Scene) -> None:
    volunteer = make.volunteer()
    made = approved(scene, volunteer)
    with clock.frozen(EVENING):
        backfills.void(scene.staff, made.id, reason="照片是去年的", sanctioned=[Part.CLAIMANT])
    assert entries_of(volunteer) == []
    assert [s.person_id for s in db.session.scalars(select(Sanction))] == [volunteer.id]


def test_a_sanction_ends_after_a_year_and_a_hundred_hours(ctx: Flask) -> None:
    scene, volunteer = make.scene(), make.volunteer()
    served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    with clock.frozen(EVENING):
        sanction = sanctions.impose(
            scene.staff,
            volunteer.id,
            backfill_id=approved(make.scene(), make.volunteer()).id,
            activity=activities.load(scene.activity_id),
            reason="照片是去年的",
        )
    assert sanction.ends_on == EVENING.date() + 365 * DAY
    last_day = clock.start_of(sanction.ends_on)
    for number in range(12):  # eight hours on each of twelve days: 96 hours
        day = NINE + (10 + number) * DAY
        long = make.scene(starts_at=day, minutes=480)
        served(volunteer, long.shift_id, day, day + 480 * MINUTE)
    with clock.frozen(last_day + DAY):
        assert sanctions.is_in_force(sanction), "96 hours are not 100"
    day = NINE + 40 * DAY
    four = make.scene(starts_at=day, minutes=240)
    served(volunteer, four.shift_id, day, day + 239 * MINUTE)
    with clock.frozen(last_day + DAY):
        assert sanctions.is_in_force(sanction)
    one = make.scene(starts_at=day + DAY, minutes=1)
    served(volunteer, one.shift_id, day + DAY, day + DAY + MINUTE)
    with clock.frozen(last_day):
        assert sanctions.is_in_force(sanction), "its last day"
    with clock.frozen(last_day + DAY):
        assert not sanctions.is_in_force(sanction)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer, member = make.scene(), make.volunteer(), make.volunteer("同队队员")
        joined(member, scene)
    me, leader, desk = http.as_(volunteer), http.as_(scene.organizer), http.as_(scene.staff)
    wanted = {
        "activity_id": str(scene.activity_id),
        "shift_id": str(scene.shift_id),
        "minutes": 90,
        **CLAIM,
    }
    with clock.frozen(EVENING):
        (made,) = me.post("/backfills", json=wanted).json["items"]  # type: ignore[index]
        assert (made["status"], made["minutes"], made["name"]) == ("claimed", 90, "王**")
        assert [b["id"] for b in leader.get("/backfills").json["items"]] == [made["id"]]  # type: ignore[index]
        assert desk.get("/backfills?status=recorded").json["items"] == []  # type: ignore[index]
        refused = me.post(f"/backfills/{made['id']}/approve")
        assert (refused.status_code, refused.json["code"]) == (403, "backfill_not_independent")  # type: ignore[index]
        assert leader.post(f"/backfills/{made['id']}/approve").json["status"] == "on_notice"  # type: ignore[index]
        notice = http.as_(member).get(f"/organizations/{scene.organization_id}/backfills/notice")
        (open_one,) = notice.json["items"]  # type: ignore[index]
        assert (open_one["name"], open_one["notice_ends_on"]) == ("王**", "2027-05-08")
        assert "evidence" not in open_one
        contested = http.as_(member).post(
            f"/backfills/{made['id']}/contest", json={"reason": "我没看到他"}
        )
        assert contested.json["status"] == "contested"  # type: ignore[index]
        cleared = desk.post(f"/backfills/{made['id']}/clear", json={"note": "他在后厨"})
        assert cleared.json["status"] == "on_notice"  # type: ignore[index]
        voided = desk.post(
            f"/backfills/{made['id']}/void",
            json={"reason": "照片是去年的", "sanctioned": ["claimant"]},
        )
        assert voided.json["status"] == "voided"  # type: ignore[index]
        assert me.get("/me/backfills").json["items"][0]["void_reason"] == "照片是去年的"  # type: ignore[index]
        (sanction,) = me.get("/me/sanctions").json["items"]  # type: ignore[index]
        assert (sanction["ends_on"], sanction["lifted_at"]) == ("2028-04-30", None)
        barred = me.post("/backfills", json=wanted)
        assert (barred.status_code, barred.json["code"]) == (403, "backfill_barred")  # type: ignore[index]
        (other,) = http.as_(member).post("/backfills", json=wanted).json["items"]  # type: ignore[index]
        rejected = leader.post(f"/backfills/{other['id']}/reject", json={"reason": "没有照片"})
        assert rejected.json["decision_reason"] == "没有照片"  # type: ignore[index]
