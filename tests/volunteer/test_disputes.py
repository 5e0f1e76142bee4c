"""Disputes: by the person concerned, judged by another, and what an upheld one changes."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.outbox import Message
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import grant, person, site
from tests.factories.hours import MINUTE, city_staff, entries_of, served
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene, organizer_of
from volunteer.errors import DisputeNotIndependent, HigherTierNeeded, OwnDispute
from volunteer.lifecycles import DisputeStatus
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import Backfill
from volunteer.models.disputes import Dispute, DisputeAbout
from volunteer.models.hours import EntryKind, SourceType
from volunteer.models.organizations import Organization
from volunteer.models.sanctions import Sanction
from volunteer.services import (
    attendances,
    backfills,
    disputes,
    hours,
    notices,
    sanctions,
    settlements,
    shifts,
    signups,
)

ALL = PageRequest(limit=100)
EVENING = NINE + timedelta(hours=10)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def colleague(scene: Scene) -> Actor:
    """Another organizer of the organisation, who leads nothing."""
    organization = db.session.get_one(Organization, scene.organization_id)
    return organizer_of(person("孙干事"), organization)


def dispute(by: Actor, about_type: DisputeAbout, about_id: object) -> Dispute:
    return disputes.open(by, about_type=about_type, about_id=about_id, reason="与实际不符")  # type: ignore[arg-type]


def short_of(volunteer: Actor, scene: Scene) -> Attendance:
    """Seventy of a hundred and twenty minutes: nothing counts."""
    return served(volunteer, scene.shift_id, NINE, NINE + 70 * MINUTE)


def false_backfill(scene: Scene) -> tuple[Actor, Backfill, Sanction]:
    volunteer = make.volunteer("补记人")
    with clock.frozen(EVENING):
        (made,) = backfills.claim(
            volunteer,
            activity_id=scene.activity_id,
            shift_id=scene.shift_id,
            minutes=60,
            evidence="签到表照片",
            reference="2027-015 号",
            reason="现场没有信号",
        )
        backfills.approve(scene.organizer, made.id)
        backfills.void(scene.staff, made.id, reason="照片是去年的")
    query = select(Sanction).where(Sanction.person_id == volunteer.id)
    return volunteer, made, db.session.scalars(query).one()


def test_one_call_opens_it_and_a_repeat_gives_the_same(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = short_of(volunteer, scene)
    first = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
    assert first.status is DisputeStatus.OPEN
    assert dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id).id == first.id
    assert [d.id for d in disputes.list_own(volunteer, ALL).items] == [first.id]


def told_of(opened: Dispute) -> set[UUID]:
    query = select(InboxMessage.person_id).where(
        InboxMessage.template == "dispute_opened", InboxMessage.cause_id == opened.id
    )
    return set(db.session.scalars(query))


def test_whoever_may_judge_it_hears_of_it(scene: Scene) -> None:
    volunteer, office = make.volunteer(), person("李审核")
    roles.bestow(
        SYSTEM,
        office.id,
        role=Role.SITE_STAFF,
        scope_kind=ScopeKind.SITE,
        scope_id=scene.site_id,
    )
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, short_of(volunteer, scene).id)
    dispute(volunteer, DisputeAbout.ATTENDANCE, opened.about_id)
    assert told_of(opened) == {scene.organizer.id}
    made = dispute(volunteer, DisputeAbout.ACTIVITY, scene.activity_id)
    assert told_of(made) == {office.id}, "the leader does not judge the activity"


def test_only_what_concerns_the_person(scene: Scene) -> None:
    volunteer, other = make.volunteer(), make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    entry = settlements.entry_of(attendance)
    assert entry is not None
    with clock.frozen(DAY_BEFORE):
        signup = signups.sign_up(volunteer, scene.shift_id)
    about = {
        DisputeAbout.ATTENDANCE: attendance.id,
        DisputeAbout.ENTRY: entry.id,
        DisputeAbout.SIGNUP: signup.id,
        DisputeAbout.ACTIVITY: scene.activity_id,
    }
    for about_type, about_id in about.items():
        assert dispute(volunteer, about_type, about_id).person_id == volunteer.id
        with pytest.raises(NotFound):
            dispute(other, about_type, about_id)
    for about_type in DisputeAbout:
        with pytest.raises(NotFound):
            dispute(volunteer, about_type, new_id())


def test_honest_time_below_the_threshold_is_given(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = short_of(volunteer, scene)
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
    disputes.uphold(scene.organizer, opened.id, answer="确实在场到最后", minutes=120)
    assert (attendance.status, attendance.minutes) == ("counted", 120)
    assert opened.status is DisputeStatus.UPHELD
    assert [e.minutes for e in entries_of(volunteer)] == [120]
    settlements.resettle(
        scene.organizer,
        attendance,
        shifts.load(scene.shift_id),
        cause_type=SourceType.CORRECTION,
        cause_id=new_id(),
        reason="更正",
    )
    assert attendance.minutes == 120, "no settling changes what a dispute decided"
    with pytest.raises(WrongState):
        disputes.dismiss(scene.organizer, opened.id, answer="不对")


def test_hours_never_served_are_taken_back(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    (entry,) = entries_of(volunteer)
    opened = dispute(volunteer, DisputeAbout.ENTRY, entry.id)
    disputes.uphold(scene.organizer, opened.id, answer="确认是误录", minutes=0)
    assert [(e.kind, e.minutes, e.reason) for e in entries_of(volunteer)[1:]] == [
        (EntryKind.REVERSED, -120, "确认是误录")
    ]
    reversal = entries_of(volunteer)[1]
    assert (reversal.source_type, reversal.source_id) == (SourceType.DISPUTE, opened.id)
    assert attendance.minutes == 0
    assert hours.summarize(volunteer).verified_minutes == 0


def test_a_shift_never_served_gives_its_minutes_back_to_another(scene: Scene) -> None:
    volunteer, next_one = make.volunteer(), make.scene(starts_at=NINE + 60 * MINUTE)
    never = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    real = served(volunteer, next_one.shift_id, NINE + 60 * MINUTE, NINE + 180 * MINUTE)
    assert (never.minutes, real.minutes) == (120, 60)
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, never.id)
    disputes.uphold(scene.organizer, opened.id, answer="确认是误录", minutes=0)
    assert (never.minutes, real.minutes) == (0, 120)
    assert hours.summarize(volunteer).verified_minutes == 120


def test_an_honorary_entry_is_corrected_and_its_makers_do_not_judge(scene: Scene) -> None:
    volunteer = make.volunteer()
    with clock.frozen(EVENING):
        (made,) = backfills.claim(
            volunteer,
            activity_id=scene.activity_id,
            shift_id=scene.shift_id,
            minutes=60,
            evidence="签到表照片",
            reference="2027-015 号",
            reason="现场没有信号",
        )
        backfills.approve(scene.organizer, made.id)
    with clock.frozen(EVENING + timedelta(days=8)):
        notices.record(SYSTEM, made.id)
    (entry,) = entries_of(volunteer)
    opened = dispute(volunteer, DisputeAbout.ENTRY, entry.id)
    with pytest.raises(DisputeNotIndependent):
        disputes.uphold(scene.organizer, opened.id, answer="同意", minutes=90)
    disputes.uphold(colleague(scene), opened.id, answer="应为一个半小时", minutes=90)
    summary = hours.summarize(volunteer)
    assert (summary.verified_minutes, summary.honorary_minutes) == (0, 90)


def test_minutes_are_asked_for_where_they_mean_something(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = short_of(volunteer, scene)
    about_time = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
    about_day = dispute(volunteer, DisputeAbout.ACTIVITY, scene.activity_id)
    for opened, minutes in ((about_time, None), (about_time, 121), (about_day, 60)):
        with pytest.raises(InvalidInput):
            disputes.uphold(colleague(scene), opened.id, answer="同意", minutes=minutes)


def test_overstay_counts_when_somebody_agrees(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 150 * MINUTE)
    assert attendance.minutes == 120
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
    disputes.uphold(scene.organizer, opened.id, answer="确实收尾到十一点半", minutes=150)
    assert hours.summarize(volunteer).verified_minutes == 150


def test_a_day_above_a_tier_needs_the_higher_site_here_too(ctx: Flask) -> None:
    scene = make.scene(minutes=600)
    volunteer = make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 200 * MINUTE)
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
    with pytest.raises(HigherTierNeeded):
        disputes.uphold(scene.organizer, opened.id, answer="同意", minutes=481)
    disputes.uphold(scene.staff, opened.id, answer="同意", minutes=481)


def test_whoever_confirmed_the_time_does_not_judge_it(scene: Scene) -> None:
    volunteer = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, scene.shift_id)
    with clock.frozen(NINE):
        there = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    with clock.frozen(EVENING):
        attendances.miss_check_out(SYSTEM, there.id)
        attendances.confirm_time(
            scene.organizer, there.id, checked_out_at=NINE + 80 * MINUTE, reason="看到他离开"
        )
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, there.id)
    for maker in (
        scene.organizer,
        Actor(scene.organizer.id, (grant(Role.SITE_STAFF, over=site()),)),
    ):
        with pytest.raises(DisputeNotIndependent):
            disputes.dismiss(maker, opened.id, answer="就是这样")
    disputes.uphold(colleague(scene), opened.id, answer="照片显示在场", minutes=120)
    assert there.minutes == 120


def test_outsiders_and_the_person_themself_do_not_judge(scene: Scene) -> None:
    volunteer = make.volunteer()
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, short_of(volunteer, scene).id)
    himself = Actor(volunteer.id, (grant(Role.SITE_STAFF, over=site()),))
    with pytest.raises(OwnDispute):
        disputes.uphold(himself, opened.id, answer="同意", minutes=120)
    other = make.scene()
    for outsider in (volunteer, other.organizer, make.staff(site("411002002"))):
        with pytest.raises(NotFound):
            disputes.dismiss(outsider, opened.id, answer="不同意")
        assert disputes.list_open(outsider, ALL).items == []
    assert [d.id for d in disputes.list_open(scene.staff, ALL).items] == [opened.id]
    assert [d.id for d in disputes.list_open(scene.organizer, ALL).items] == [opened.id]


def test_an_open_attendance_has_nothing_to_fix(scene: Scene) -> None:
    volunteer = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, scene.shift_id)
    with clock.frozen(NINE):
        there = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, there.id)
    with pytest.raises(WrongState):
        disputes.uphold(scene.organizer, opened.id, answer="同意", minutes=60)


def test_a_sanction_is_appealed_to_other_staff_and_lifted(scene: Scene) -> None:
    volunteer, _, sanction = false_backfill(scene)
    opened = dispute(volunteer, DisputeAbout.SANCTION, sanction.id)
    with pytest.raises(DisputeNotIndependent):
        disputes.dismiss(scene.staff, opened.id, answer="维持")
    with pytest.raises(NotFound):
        disputes.uphold(colleague(scene), opened.id, answer="照片是真的")
    assert disputes.list_open(colleague(scene), ALL).items == []
    disputes.uphold(city_staff(), opened.id, answer="照片是真的")
    assert sanction.lifted_at is not None
    sanctions.require_free(volunteer.id)


def test_the_answer_is_told_once(scene: Scene) -> None:
    volunteer = make.volunteer()
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, short_of(volunteer, scene).id)
    disputes.dismiss(scene.organizer, opened.id, answer="十点过后没有人见到您")
    query = select(Message).where(Message.dedupe_key.startswith("dispute_decided:"))
    assert len(list(db.session.scalars(query))) == 1
    again = dispute(volunteer, DisputeAbout.ATTENDANCE, opened.about_id)
    assert again.id != opened.id, "new grounds may be brought"


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer = make.scene(), make.volunteer()
        attendance = short_of(volunteer, scene)
    me, leader = http.as_(volunteer), http.as_(scene.organizer)
    wanted = {
        "about_type": "attendance",
        "about_id": str(attendance.id),
        "reason": "我在后厨一直到结束",
    }
    opened = me.post("/disputes", json=wanted)
    assert (opened.status_code, opened.json["status"]) == (201, "open")  # type: ignore[index]
    path = f"/disputes/{opened.json['id']}"  # type: ignore[index]
    assert me.get("/disputes").status_code == 403
    (listed,) = leader.get("/disputes").json["items"]  # type: ignore[index]
    assert (listed["name"], listed["reason"]) == ("王**", "我在后厨一直到结束")
    missing = leader.post(f"{path}/uphold", json={"answer": "属实"})
    assert (missing.status_code, list(missing.json["errors"])) == (422, ["minutes"])  # type: ignore[index]
    upheld = leader.post(f"{path}/uphold", json={"answer": "属实", "minutes": 120})
    assert (upheld.json["status"], upheld.json["minutes"]) == ("upheld", 120)  # type: ignore[index]
    late = leader.post(f"{path}/dismiss", json={"answer": "不属实"})
    assert (late.status_code, late.json["code"]) == (409, "wrong_state")  # type: ignore[index]
    (mine,) = me.get("/me/disputes").json["items"]  # type: ignore[index]
    assert mine["answer"] == "属实"
    assert me.get("/me/hours").json["verified_minutes"] == 120  # type: ignore[index]
