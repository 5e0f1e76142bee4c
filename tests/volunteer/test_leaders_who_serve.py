"""Leading is service: it counts once somebody else vouches for it (decision 17)."""

from collections.abc import Callable

import pytest
from flask import Flask

from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from core import clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.ids import new_id
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.hours import entries_of
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene, code_of, digits_of
from volunteer.accrual import Span, Tier, accrue
from volunteer.errors import OwnAttendance, ReviewNotIndependent
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance, Direction
from volunteer.services import (
    attendance_changes,
    attendances,
    deputies,
    reviews,
    roll_entries,
    settlements,
    shifts,
    signups,
)
from volunteer.services.roll_entries import Entry

ELEVEN = NINE + 2 * HOUR

Standing = tuple[AttendanceStatus, int | None, int, list[str]]
WAITING: Standing = (AttendanceStatus.UNDER_REVIEW, 0, 120, ["awaits_another"])
COUNTED: Standing = (AttendanceStatus.COUNTED, 120, 0, [])


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def leader_of(scene: Scene) -> Actor:
    return scene.organizer


def deputy_of(scene: Scene) -> Actor:
    deputy = make.volunteer("孙副队")
    with clock.frozen(DAY_BEFORE):
        deputies.replace(scene.organizer, scene.activity_id, [deputy.id])
    return deputy


def organizer_beside(scene: Scene) -> Actor:
    someone = person("周管理")
    granted = RoleGrant(
        id=new_id(),
        person_id=someone.id,
        role=Role.ORGANIZER,
        scope_kind=ScopeKind.ORGANIZATION,
        scope_id=scene.organization_id,
        granted_at=DAY_BEFORE,
    )
    db.session.add(granted)
    db.session.flush()
    return actor_of(someone, grant(Role.ORGANIZER, organization=scene.organization_id))


def sign_up(scene: Scene, who: Actor) -> None:
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(who, scene.shift_id)


def serve_by_code(scene: Scene, who: Actor) -> Attendance:
    sign_up(scene, who)
    with clock.frozen(NINE):
        attendances.check_in(who, code=code_of(scene.shift_id))
    with clock.frozen(ELEVEN):
        return attendances.check_out(who, code=code_of(scene.shift_id))


def scanned(scene: Scene, who: Actor, by: Actor, direction: Direction) -> Attendance:
    code = attendances.show_personal_code(who).code
    return attendances.scan(by, scene.shift_id, code=code, direction=direction)


def standing(attendance: Attendance) -> Standing:
    reasons = [part.reason.value for part in attendance.not_counted]
    return attendance.status, attendance.minutes, attendance.held_minutes, reasons


@pytest.mark.parametrize("find", [leader_of, deputy_of, organizer_beside])
def test_by_a_code_one_can_show_it_waits_for_somebody_else(
    scene: Scene, find: Callable[[Scene], Actor]
) -> None:
    someone = find(scene)
    attendance = serve_by_code(scene, someone)
    assert standing(attendance) == WAITING
    assert entries_of(someone) == []
    reviews.approve(scene.staff, attendance.id)
    assert standing(attendance) == COUNTED
    assert [e.minutes for e in entries_of(someone)] == [120]


def test_neither_they_nor_who_ran_it_with_them_let_it_count(scene: Scene) -> None:
    deputy = deputy_of(scene)
    attendance = serve_by_code(scene, deputy)
    over_site = grant(Role.SITE_STAFF, over=site())
    leader = Actor(scene.organizer.person_id, grants=(over_site,))
    for actor, refusal in (
        (Actor(deputy.person_id, grants=(over_site,)), OwnAttendance),
        (leader, ReviewNotIndependent),
    ):
        with pytest.raises(refusal):
            reviews.approve(actor, attendance.id)
    assert standing(attendance) == WAITING


def test_a_volunteer_is_believed_by_the_same_code(scene: Scene) -> None:
    assert standing(serve_by_code(scene, make.volunteer())) == COUNTED


def test_a_deputy_scans_the_leaders_own_code_and_it_counts(scene: Scene) -> None:
    leader, deputy = scene.organizer, deputy_of(scene)
    sign_up(scene, leader)
    with clock.frozen(NINE):
        scanned(scene, leader, deputy, Direction.IN)
    with clock.frozen(ELEVEN):
        assert standing(scanned(scene, leader, deputy, Direction.OUT)) == COUNTED


@pytest.mark.parametrize("own", list(Direction))
def test_both_ends_must_come_from_another(scene: Scene, own: Direction) -> None:
    leader, deputy = scene.organizer, deputy_of(scene)
    sign_up(scene, leader)
    with clock.frozen(NINE):
        if own is Direction.IN:
            digits = digits_of(scene.shift_id)
            attendances.check_in(leader, digits=digits, shift_id=scene.shift_id)
        else:
            scanned(scene, leader, deputy, Direction.IN)
    with clock.frozen(ELEVEN):
        if own is Direction.OUT:
            left = attendances.check_out(leader, code=code_of(scene.shift_id))
        else:
            left = scanned(scene, leader, deputy, Direction.OUT)
    assert standing(left) == WAITING


def test_by_hand_it_is_refused_and_the_answer_names_who_can(scene: Scene) -> None:
    leader, deputy = scene.organizer, deputy_of(scene)
    sign_up(scene, leader)
    with clock.frozen(NINE):
        with pytest.raises(OwnAttendance) as refused:
            scanned(scene, leader, leader, Direction.IN)
        entry = Entry("a" * 16, Direction.IN, NINE, person_id=leader.id)
        (outcome,) = roll_entries.send(leader, scene.shift_id, entries=[entry])
        present = scanned(scene, leader, deputy, Direction.IN)
    assert "副负责人" in refused.value.detail
    assert outcome.outcome == OwnAttendance.code
    times = {"checked_in_at": NINE, "checked_out_at": ELEVEN, "reason": "忘了"}
    with clock.frozen(ELEVEN):
        with pytest.raises(OwnAttendance):
            attendance_changes.record(leader, scene.shift_id, person_id=leader.id, **times)  # type: ignore[arg-type]
        with pytest.raises(OwnAttendance):
            attendance_changes.correct(leader, present.id, **times)  # type: ignore[arg-type]
        attendances.miss_check_out(scene.staff, present.id)
        with pytest.raises(OwnAttendance):
            attendances.confirm_time(leader, present.id, checked_out_at=ELEVEN, reason="忘了")
        attendances.confirm_time(deputy, present.id, checked_out_at=ELEVEN, reason="他在场")
    assert standing(present) == COUNTED


def test_giving_up_the_lead_afterwards_changes_nothing(scene: Scene) -> None:
    deputy = deputy_of(scene)
    attendance = serve_by_code(scene, deputy)
    with clock.frozen(ELEVEN - HOUR):
        deputies.replace(scene.organizer, scene.activity_id, [])
    settlements.settle(deputy, attendance, shifts.load(scene.shift_id))
    assert standing(attendance) == WAITING


def test_above_a_tier_the_city_decides_on_all_of_it() -> None:
    end = NINE + 13 * HOUR
    span = Span(new_id(), NINE, end, NINE, end, is_own_word=True)
    accrual = accrue([span])[span.id]
    assert (accrual.minutes, accrual.held, accrual.tier) == (0, 780, Tier.CITY)
