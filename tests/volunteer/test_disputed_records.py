"""Disputes about records of every origin: who may not judge them, and what upholding one does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.errors import InvalidInput
from jobs.deadlines import chase_disputes
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import person
from tests.factories.hours import MINUTE, entries_of, know_holidays
from tests.factories.ledger import entry
from tests.factories.volunteer import NINE, Scene
from tests.volunteer.test_disputes import ALL, colleague, dispute, short_of
from volunteer.errors import DisputeNotIndependent
from volunteer.lifecycles import DisputeStatus, SignupStatus
from volunteer.models.attendances import Attendance
from volunteer.models.disputes import DisputeAbout
from volunteer.models.hours import EntryKind, HoursEntry, Ledger, SourceType
from volunteer.services import attendance_changes, attendances, disputes, signups

EVENING = NINE + timedelta(hours=10)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def missed(scene: Scene, came: timedelta = timedelta()) -> tuple[Actor, Attendance]:
    """Somebody who came and never checked out."""
    volunteer = make.checked_in(scene, at=NINE + came)
    (there,) = attendances.list_mine(volunteer, ALL).items
    with clock.frozen(EVENING):
        attendances.miss_check_out(SYSTEM, there.id)
    return volunteer, there


def imported(scene: Scene, volunteer: Actor) -> HoursEntry:
    """An entry as an import leaves it: no attendance, no backfill stands behind it."""
    return entry(
        volunteer,
        scene,
        180,
        ledger=Ledger.HONORARY,
        source=SourceType.IMPORT,
        by=scene.organizer,
    )


def test_whoever_wrote_it_down_by_hand_does_not_judge_it(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE + 121 * MINUTE):
        attendance = attendance_changes.record(
            scene.organizer,
            scene.shift_id,
            person_id=volunteer.id,
            checked_in_at=NINE,
            checked_out_at=NINE + 30 * MINUTE,
            reason="手机没电",
        )
        opened = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
        with pytest.raises(DisputeNotIndependent):
            disputes.dismiss(scene.organizer, opened.id, answer="就是这样")
        disputes.dismiss(colleague(scene), opened.id, answer="照片显示十点已离开")


@pytest.mark.parametrize("about", [DisputeAbout.ATTENDANCE, DisputeAbout.ENTRY])
def test_whoever_corrected_the_times_does_not_judge_them(scene: Scene, about: DisputeAbout) -> None:
    volunteer = make.checked_in(scene)
    with clock.frozen(NINE + 120 * MINUTE):
        there = attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
        attendance_changes.correct(
            scene.organizer, there.id, checked_out_at=NINE + 90 * MINUTE, reason="提前离开"
        )
    about_id = there.id if about is DisputeAbout.ATTENDANCE else entries_of(volunteer)[0].id
    opened = dispute(volunteer, about, about_id)
    with pytest.raises(DisputeNotIndependent):
        disputes.dismiss(scene.organizer, opened.id, answer="更正没有错")
    disputes.uphold(scene.staff, opened.id, answer="签到表显示在场", minutes=120)
    assert there.minutes == 120


@pytest.mark.parametrize(
    ("came", "minutes", "left"),
    [(0, 90, 90), (-20, 100, 100), (0, 120, 120), (40, 120, 120), (10, 0, 10)],
)
def test_a_missed_check_out_that_nobody_resolves_is_decided_by_a_dispute(
    scene: Scene, came: int, minutes: int, left: int
) -> None:
    volunteer, there = missed(scene, came * MINUTE)
    opened = dispute(volunteer, DisputeAbout.ATTENDANCE, there.id)
    with clock.frozen(EVENING):
        disputes.uphold(scene.staff, opened.id, answer="多名队员证明", minutes=minutes)
    assert there.checked_out_at == NINE + left * MINUTE
    assert (there.minutes, there.dispute_id) == (minutes, opened.id)
    assert there.status == ("counted" if minutes else "below_threshold")
    assert sum(e.minutes for e in entries_of(volunteer)) == minutes


def test_what_the_person_never_confirmed_is_taken_back(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE + 60 * MINUTE):
        attendance = attendance_changes.record(
            scene.organizer,
            scene.shift_id,
            person_id=volunteer.id,
            checked_in_at=NINE,
            checked_out_at=NINE + 60 * MINUTE,
            reason="见到他来了",
        )
        assert attendance.status == "unconfirmed"
        opened = dispute(volunteer, DisputeAbout.ATTENDANCE, attendance.id)
        disputes.uphold(scene.staff, opened.id, answer="认错了人", minutes=0)
    assert (attendance.status, attendance.minutes) == ("below_threshold", 0)
    assert entries_of(volunteer) == []
    with clock.frozen(NINE + timedelta(days=30)):
        assert attendance_changes.to_lapse() == []


def test_an_imported_record_is_taken_back_or_lowered(scene: Scene) -> None:
    volunteer = make.volunteer()
    made = imported(scene, volunteer)
    opened = dispute(volunteer, DisputeAbout.ENTRY, made.id)
    with pytest.raises(DisputeNotIndependent):
        disputes.dismiss(scene.organizer, opened.id, answer="台账如此")
    with pytest.raises(InvalidInput):
        disputes.uphold(scene.staff, opened.id, answer="属实", minutes=181)
    disputes.uphold(scene.staff, opened.id, answer="台账有误", minutes=0)
    assert [(e.kind, e.minutes) for e in entries_of(volunteer)] == [
        (EntryKind.EARNED, 180),
        (EntryKind.REVERSED, -180),
    ]


def test_a_sign_up_that_is_not_on_record_is_answered_in_words(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(make.DAY_BEFORE):
        signup = signups.sign_up(volunteer, scene.shift_id)
        signups.cancel(volunteer, signup.id)
    opened = dispute(volunteer, DisputeAbout.SIGNUP, signup.id)
    disputes.uphold(scene.staff, opened.id, answer="确实是误操作，欢迎重新报名")
    assert (opened.status, signup.status) == (DisputeStatus.UPHELD, SignupStatus.CANCELLED)


def test_the_site_hears_of_a_dispute_unanswered_for_ten_working_days(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer, office = make.scene(), make.volunteer(), person("李审核")
        know_holidays(2027)
        roles.bestow(
            SYSTEM,
            office.id,
            role=Role.SITE_STAFF,
            scope_kind=ScopeKind.SITE,
            scope_id=scene.site_id,
        )
        with clock.frozen(EVENING):
            opened = dispute(volunteer, DisputeAbout.ATTENDANCE, short_of(volunteer, scene).id)
            answered = dispute(volunteer, DisputeAbout.ACTIVITY, scene.activity_id)
            disputes.dismiss(scene.staff, answered.id, answer="活动如期举办")
    numbers = []
    for day in (14, 15, 17, 18):  # the 14th is the tenth working day after Saturday the 1st
        with clock.frozen(EVENING.replace(day=day)):
            make.run(rolled_back, chase_disputes)
        with rolled_back.app_context():
            query = select(InboxMessage).where(InboxMessage.template == "dispute_overdue")
            numbers.append([m.person_id for m in db.session.scalars(query)])
    assert numbers == [[], [], [office.id], [office.id]]
    with stored(rolled_back), clock.frozen(EVENING.replace(day=18)):
        disputes.dismiss(scene.staff, opened.id, answer="十点已离开")
        assert disputes.to_chase() == []
