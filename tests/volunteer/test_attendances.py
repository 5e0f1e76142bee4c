"""Check-in, check-out, missed check-outs, and the minutes that they earn."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.actor import SYSTEM, Actor
from core.db import db, violation_of
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import PageRequest
from jobs.activities import close_activities
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.errors import (
    ActivityNotOpen,
    CheckedInElsewhere,
    CheckInClosed,
    CheckOutClosed,
    CodeExpired,
    CodeInvalid,
    CodeNotShown,
    NotCheckedIn,
    NotSignedUp,
    OwnAttendance,
)
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.hours import HoursEntry
from volunteer.services import activities, attendances, shifts, signups

ALL = PageRequest(limit=100)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def check_in(volunteer: Actor, scene: Scene, at: datetime) -> Attendance:
    with clock.frozen(at):
        return attendances.check_in(volunteer, code=make.code_of(scene.shift_id))


def check_out(volunteer: Actor, scene: Scene, at: datetime) -> Attendance:
    with clock.frozen(at):
        return attendances.check_out(volunteer, code=make.code_of(scene.shift_id))


def entries(attendance_id: UUID) -> list[HoursEntry]:
    query = select(HoursEntry).where(HoursEntry.source_id == attendance_id)
    return list(db.session.scalars(query))


def reasons(attendance: Attendance) -> dict[str, int]:
    return {part.reason.value: part.minutes for part in attendance.not_counted}


def test_a_morning_is_counted_to_the_minute(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    check_in(volunteer, scene, NINE + 10 * MINUTE)
    attendance = check_out(volunteer, scene, NINE + 125 * MINUTE)
    assert attendance.status is AttendanceStatus.COUNTED
    assert (attendance.planned_minutes, attendance.minutes) == (120, 110)
    assert reasons(attendance) == {"arrived_late": 10, "stayed_over": 5}
    (entry,) = entries(attendance.id)
    assert (entry.minutes, entry.person_id) == (110, volunteer.id)
    assert (entry.organization_id, entry.activity_id) == (
        scene.organization_id,
        scene.activity_id,
    )
    assert entry.served_on == NINE.date()


def test_too_short_a_time_earns_nothing_and_says_why(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    check_in(volunteer, scene, NINE)
    attendance = check_out(volunteer, scene, NINE + 71 * MINUTE)
    assert attendance.status is AttendanceStatus.BELOW_THRESHOLD
    assert attendance.minutes == 0
    assert reasons(attendance) == {"left_early": 49, "below_threshold": 71}
    assert entries(attendance.id) == []


def test_a_repeat_changes_nothing(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    first = check_in(volunteer, scene, NINE)
    again = check_in(volunteer, scene, NINE + 30 * MINUTE)
    assert (again.id, again.checked_in_at) == (first.id, NINE)
    left = check_out(volunteer, scene, NINE + 120 * MINUTE)
    late = check_out(volunteer, scene, NINE + 170 * MINUTE)
    back = check_in(volunteer, scene, NINE + 119 * MINUTE)
    assert left.id == late.id == back.id
    assert (late.checked_out_at, late.minutes) == (NINE + 120 * MINUTE, 120)
    assert len(entries(first.id)) == 1


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-31, False), (-30, True), (119, True), (120, False)]
)
def test_check_in_opens_half_an_hour_before_and_closes_with_the_shift(
    scene: Scene, minutes: int, is_open: bool
) -> None:
    volunteer = make.signed_up(scene)
    if is_open:
        check_in(volunteer, scene, NINE + minutes * MINUTE)
        return
    with pytest.raises(CheckInClosed):
        check_in(volunteer, scene, NINE + minutes * MINUTE)


def test_check_in_needs_a_seat(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    make.signed_up(scene)
    for volunteer in (make.volunteer(), make.signed_up(scene, "候补")):
        with pytest.raises(NotSignedUp):
            check_in(volunteer, scene, NINE)


def test_check_in_needs_an_activity_that_takes_place(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(DAY_BEFORE):
        activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
    with pytest.raises(ActivityNotOpen):
        check_in(volunteer, scene, NINE)


def test_a_photographed_code_is_of_no_use(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE):
        code = make.code_of(scene.shift_id)
    with clock.frozen(NINE + timedelta(seconds=30)), pytest.raises(CodeExpired):
        attendances.check_in(volunteer, code=code)
    with clock.frozen(NINE), pytest.raises(CodeInvalid):
        attendances.check_in(volunteer, code=code[:-2] + "AA")


def test_one_open_attendance_at_a_time(scene: Scene) -> None:
    after = make.scene(starts_at=NINE + 120 * MINUTE)
    volunteer = make.signed_up(scene)
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, after.shift_id)
    check_in(volunteer, scene, NINE)
    with pytest.raises(CheckedInElsewhere):
        check_in(volunteer, after, NINE + 100 * MINUTE)
    check_out(volunteer, scene, NINE + 120 * MINUTE)
    check_in(volunteer, after, NINE + 121 * MINUTE)


def test_the_key_of_the_open_attendance_is_told_by_its_error(scene: Scene) -> None:
    first = check_in(make.signed_up(scene), scene, NINE)
    values = {c.key: getattr(first, c.key) for c in Attendance.__table__.columns}
    other = make.scene()
    db.session.add(Attendance(**(values | {"id": new_id(), "shift_id": other.shift_id})))
    with pytest.raises(IntegrityError) as violated:
        db.session.flush()
    assert isinstance(violation_of(violated.value), CheckedInElsewhere)


def test_check_out_needs_a_check_in_and_closes_two_hours_after_the_end(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with pytest.raises(NotCheckedIn):
        check_out(volunteer, scene, NINE + 60 * MINUTE)
    check_in(volunteer, scene, NINE)
    with pytest.raises(CheckOutClosed):
        check_out(volunteer, scene, NINE + 240 * MINUTE)
    attendance = check_out(volunteer, scene, NINE + 240 * MINUTE - timedelta(seconds=1))
    assert reasons(attendance) == {"stayed_over": 119}


def missed(scene: Scene) -> tuple[Actor, Attendance]:
    volunteer = make.signed_up(scene)
    attendance = check_in(volunteer, scene, NINE)
    with clock.frozen(NINE + 240 * MINUTE):
        assert attendances.to_miss() == [attendance.id]
        attendances.miss_check_out(SYSTEM, attendance.id)
        assert attendances.to_miss() == []
    return volunteer, attendance


def test_a_missed_check_out_waits_for_the_leader(scene: Scene) -> None:
    volunteer, attendance = missed(scene)
    assert attendance.status is AttendanceStatus.PENDING_CHECK_OUT
    with pytest.raises(CheckOutClosed):
        check_out(volunteer, scene, NINE + 239 * MINUTE)
    assert entries(attendance.id) == []
    confirmed = attendances.confirm_time(
        scene.organizer,
        attendance.id,
        checked_out_at=NINE + 100 * MINUTE,
        reason="现场看到其离开",
    )
    assert (confirmed.status, confirmed.minutes) == (AttendanceStatus.COUNTED, 100)
    (entry,) = entries(attendance.id)
    assert (entry.created_by, entry.reason) == (scene.organizer.id, "现场看到其离开")
    with pytest.raises(WrongState):
        attendances.confirm_time(
            scene.organizer,
            attendance.id,
            checked_out_at=NINE + 120 * MINUTE,
            reason="改一下",
        )


@pytest.mark.parametrize("minutes", [-1, 121])
def test_a_confirmed_time_lies_between_check_in_and_the_end(scene: Scene, minutes: int) -> None:
    _, attendance = missed(scene)
    with pytest.raises(InvalidInput):
        attendances.confirm_time(
            scene.organizer,
            attendance.id,
            checked_out_at=NINE + minutes * MINUTE,
            reason="估计的",
        )


def test_nobody_confirms_their_own_time_or_that_of_strangers(scene: Scene) -> None:
    organizer = scene.organizer
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(organizer, scene.shift_id)
    own = check_in(organizer, scene, NINE)
    with clock.frozen(NINE + 240 * MINUTE):
        attendances.miss_check_out(SYSTEM, own.id)
    for actor, refusal in (
        (organizer, OwnAttendance),
        (make.volunteer(), NotFound),
        (make.scene().organizer, NotFound),
        (scene.staff, NotFound),
    ):
        with pytest.raises(refusal):
            attendances.confirm_time(actor, own.id, checked_out_at=NINE, reason="我确认")


def test_the_code_is_shown_to_those_who_lead_while_it_can_be_used(scene: Scene) -> None:
    for minutes, shown in ((-31, False), (-30, True), (239, True), (240, False)):
        with clock.frozen(NINE + minutes * MINUTE):
            if shown:
                assert shifts.show_code(scene.organizer, scene.shift_id).shift_id == scene.shift_id
                continue
            with pytest.raises(CodeNotShown):
                shifts.show_code(scene.organizer, scene.shift_id)
    with clock.frozen(NINE), pytest.raises(NotFound):
        shifts.show_code(make.volunteer(), scene.shift_id)


def test_a_leader_without_a_role_leads(ctx: Flask) -> None:
    scene, leader = make.scene(published=False), make.volunteer("孙负责")
    activity = db.session.get_one(Activity, scene.activity_id)
    activity.leader_id = leader.id
    with clock.frozen(DAY_BEFORE):
        make.publish(scene)
    with clock.frozen(NINE):
        assert shifts.show_code(leader, scene.shift_id).code == make.code_of(scene.shift_id)
    assert attendances.list_of_shift(leader, scene.shift_id, ALL).items == []


def test_the_job_marks_what_was_missed(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        attendance = check_in(make.signed_up(scene), scene, NINE)
        attendance_id = attendance.id
    with clock.frozen(NINE + 240 * MINUTE):
        assert make.run(rolled_back, close_activities) == 2
        assert make.run(rolled_back, close_activities) == 0
    with rolled_back.app_context():
        found = db.session.get_one(Attendance, attendance_id)
        assert found.status is AttendanceStatus.PENDING_CHECK_OUT


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        volunteer, forgetful = make.signed_up(scene, "王志愿"), make.signed_up(scene, "马大哈")
    leader, me = http.as_(scene.organizer), http.as_(volunteer)
    with clock.frozen(NINE):
        shown = leader.get(f"/shifts/{scene.shift_id}/check-in-code")
        assert shown.status_code == 200
        assert shown.json is not None
        assert shown.headers["Cache-Control"] == "private, no-cache"
        code = {"code": shown.json["code"]}
        came = me.post("/attendances/check-in", json=code)
        assert (came.status_code, came.json["status"]) == (200, "checked_in")  # type: ignore[index]
        assert http.as_(forgetful).post("/attendances/check-in", json=code).status_code == 200
        forged = me.post("/attendances/check-in", json={"code": "x" * 50})
        assert (forged.status_code, forged.json["code"]) == (422, "code_invalid")  # type: ignore[index]
        assert me.get(f"/shifts/{scene.shift_id}/check-in-code").status_code == 404
    with clock.frozen(NINE + 90 * MINUTE):
        code = leader.get(f"/shifts/{scene.shift_id}/check-in-code").json  # type: ignore[assignment]
        left = me.post("/attendances/check-out", json={"code": code["code"]})
        assert left.json is not None
        assert (left.json["status"], left.json["minutes"]) == ("counted", 90)
        assert left.json["not_counted"] == [
            {"reason": "left_early", "sentence": "提前离开后的时间不计入", "minutes": 30}
        ]
    with clock.frozen(NINE + 240 * MINUTE):
        make.run(rolled_back, close_activities)
        roll = leader.get(f"/shifts/{scene.shift_id}/attendances")
        assert [(a["name"], a["status"]) for a in roll.json["items"]] == [  # type: ignore[index]
            ("王**", "counted"),
            ("马**", "pending_check_out"),
        ]
        path = f"/attendances/{roll.json['items'][1]['id']}/confirm_time"  # type: ignore[index]
        body = {"checked_out_at": "2027-05-01T11:00:00+08:00", "reason": "忘记签退，现场确认"}
        assert me.post(path, json=body).status_code == 404
        confirmed = leader.post(path, json=body)
        assert (confirmed.json["status"], confirmed.json["minutes"]) == ("counted", 120)  # type: ignore[index]
