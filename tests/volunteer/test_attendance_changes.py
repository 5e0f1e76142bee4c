"""What leaders write down by hand: marks, corrections, and the person's word on them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.outbox import Message
from jobs.attendances import lapse_unconfirmed
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.errors import (
    AttendanceExists,
    AttendanceSettled,
    CheckedInElsewhere,
    NotSignedUp,
    OwnAttendance,
    RollClosed,
)
from volunteer.lifecycles import ActivityStatus, AttendanceStatus
from volunteer.models.attendance_changes import AttendanceChange
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.hours import EntryKind, HoursEntry, Ledger
from volunteer.services import attendance_changes, attendances, rolls, signups

MINUTE = timedelta(minutes=1)
ELEVEN = NINE + 120 * MINUTE
SEEN = "在现场看到"


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def recorded(
    scene: Scene,
    volunteer: Actor,
    at: datetime = ELEVEN,
    *,
    came: datetime = NINE,
    left: datetime | None = ELEVEN,
) -> Attendance:
    with clock.frozen(at):
        return attendance_changes.record(
            scene.organizer,
            scene.shift_id,
            person_id=volunteer.id,
            checked_in_at=came,
            checked_out_at=left,
            reason=SEEN,
        )


def told(template: str) -> int:
    query = select(func.count()).where(Message.dedupe_key.startswith(f"{template}:"))
    return db.session.scalars(query).one()


def test_a_mark_counts_once_the_person_confirms_it(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    attendance = recorded(scene, volunteer)
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.UNCONFIRMED, None)
    assert (attendance.check_in_method, attendance.created_by) == (
        CheckMethod.LEADER,
        scene.organizer.id,
    )
    assert attendance.awaits_person
    assert told("attendance_recorded") == 1
    with pytest.raises(NotFound):
        attendance_changes.confirm(make.volunteer(), attendance.id)
    with pytest.raises(NotFound):
        attendance_changes.confirm(scene.organizer, attendance.id)
    for _ in range(2):
        confirmed = attendance_changes.confirm(volunteer, attendance.id)
        assert (confirmed.status, confirmed.minutes) == (AttendanceStatus.COUNTED, 120)
    assert (confirmed.ledger, confirmed.awaits_person) == (Ledger.VERIFIED, False)


def test_whoever_checks_out_themselves_has_confirmed(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    recorded(scene, volunteer, NINE, left=None)
    with clock.frozen(ELEVEN):
        left = attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
    assert (left.status, left.ledger) == (AttendanceStatus.COUNTED, Ledger.VERIFIED)


def test_a_mark_can_be_confirmed_before_leaving(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    attendance = recorded(scene, volunteer, NINE, left=None)
    attendance_changes.confirm(volunteer, attendance.id)
    assert attendance.status is AttendanceStatus.CHECKED_IN
    with clock.frozen(ELEVEN):
        rolls.begin(scene.organizer, scene.shift_id)
        rolls.end(scene.organizer, scene.shift_id, check_out_everybody=True)
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.COUNTED, 120)


def test_a_confirmed_time_of_a_mark_waits_for_the_person_too(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    attendance = recorded(scene, volunteer, NINE, left=None)
    with clock.frozen(ELEVEN + 120 * MINUTE):
        attendances.miss_check_out(SYSTEM, attendance.id)
    with clock.frozen(ELEVEN + 121 * MINUTE):
        attendances.confirm_time(scene.organizer, attendance.id, checked_out_at=ELEVEN, reason=SEEN)
    assert attendance.status is AttendanceStatus.UNCONFIRMED


@pytest.mark.parametrize(("hours", "ledger"), [(1.99, Ledger.VERIFIED), (2, Ledger.HONORARY)])
def test_what_is_written_down_afterwards_is_honorary(
    scene: Scene, hours: float, ledger: Ledger
) -> None:
    attendance = recorded(scene, make.signed_up(scene), ELEVEN + timedelta(hours=hours))
    assert attendance.ledger is ledger
    is_settled = attendance.status is AttendanceStatus.COUNTED
    assert is_settled is (ledger is Ledger.HONORARY)


def test_a_mark_that_nobody_confirms_in_time_is_honorary(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        volunteer = make.signed_up(scene)
        attendance_id = recorded(scene, volunteer).id
    until = ELEVEN + timedelta(hours=72)
    with clock.frozen(until - timedelta(microseconds=1)):
        assert make.run(rolled_back, lapse_unconfirmed) == 0
    with clock.frozen(until):
        assert make.run(rolled_back, lapse_unconfirmed) == 1
        assert make.run(rolled_back, lapse_unconfirmed) == 0
    with stored(rolled_back):
        found = attendance_changes.confirm(volunteer, attendance_id)
        assert (found.status, found.ledger) == (AttendanceStatus.COUNTED, Ledger.HONORARY)
        with pytest.raises(WrongState):
            attendance_changes.lapse(SYSTEM, attendance_id)


def test_who_may_mark_whom(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with pytest.raises(OwnAttendance):
        recorded(scene, scene.organizer)
    with pytest.raises(NotSignedUp):
        recorded(scene, make.volunteer("没报名的人"))
    for stranger in (make.volunteer(), make.scene().organizer, scene.staff):
        with pytest.raises(NotFound), clock.frozen(NINE):
            attendance_changes.record(
                stranger,
                scene.shift_id,
                person_id=volunteer.id,
                checked_in_at=NINE,
                reason=SEEN,
            )
    first = recorded(scene, volunteer)
    with pytest.raises(AttendanceExists) as exists:
        recorded(scene, volunteer)
    assert exists.value.details == {"attendance_id": str(first.id)}


def test_whoever_is_checked_in_elsewhere_is_not_marked_here(scene: Scene) -> None:
    volunteer, other = make.signed_up(scene), make.scene(starts_at=NINE + 120 * MINUTE)
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, other.shift_id)
    recorded(scene, volunteer, NINE, left=None)
    with pytest.raises(CheckedInElsewhere):
        recorded(other, volunteer, ELEVEN, came=ELEVEN - 5 * MINUTE, left=None)


@pytest.mark.parametrize(
    ("came", "left"), [(-31, 60), (120, 120), (60, 59), (0, 240), (130, None), (50, 121)]
)
def test_times_that_can_not_be_are_refused(scene: Scene, came: int, left: int | None) -> None:
    at = ELEVEN if left == 121 else ELEVEN + 180 * MINUTE
    with pytest.raises(InvalidInput):
        recorded(
            scene,
            make.signed_up(scene),
            at,
            came=NINE + came * MINUTE,
            left=None if left is None else NINE + left * MINUTE,
        )


def test_after_the_roll_is_closed_nobody_is_marked(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(ELEVEN):
        for move in (rolls.begin, rolls.end, rolls.close_roll):
            move(scene.organizer, scene.shift_id)
    with pytest.raises(RollClosed):
        recorded(scene, volunteer)


def corrected(scene: Scene, attendance: Attendance, **times: datetime) -> Attendance:
    with clock.frozen(ELEVEN + 10 * MINUTE):
        return attendance_changes.correct(
            scene.organizer, attendance.id, **times, reason="登记时看错了时间"
        )


def versions(attendance: Attendance) -> list[tuple[Any, ...]]:
    change = AttendanceChange
    query = select(
        change.old_checked_in_at,
        change.new_checked_in_at,
        change.old_checked_out_at,
        change.new_checked_out_at,
        change.changed_by,
    ).where(change.attendance_id == attendance.id)
    return [tuple(row) for row in db.session.execute(query.order_by(change.id))]


def test_every_version_of_a_correction_is_kept(scene: Scene) -> None:
    attendance, leader = recorded(scene, make.signed_up(scene)), scene.organizer.id
    later, earlier = NINE + 10 * MINUTE, ELEVEN - 10 * MINUTE
    corrected(scene, attendance, checked_in_at=later)
    corrected(scene, attendance, checked_out_at=earlier)
    assert versions(attendance) == [
        (NINE, later, ELEVEN, ELEVEN, leader),
        (later, later, ELEVEN, earlier, leader),
    ]
    assert (attendance.checked_in_at, attendance.checked_out_at) == (later, earlier)
    assert attendance.status is AttendanceStatus.UNCONFIRMED
    assert told("attendance_corrected") == 2


def test_a_correction_may_check_out_who_is_still_there(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE + 30 * MINUTE):
        attendance = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    corrected(scene, attendance, checked_in_at=NINE, checked_out_at=ELEVEN)
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.COUNTED, 120)
    assert attendance.check_out_method is CheckMethod.LEADER


def test_what_was_counted_is_counted_again_after_a_correction(scene: Scene) -> None:
    attendance = counted(scene)
    corrected(scene, attendance, checked_out_at=NINE + 90 * MINUTE)
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.COUNTED, 90)
    assert ledger() == [(EntryKind.EARNED, 120), (EntryKind.ADJUSTED, -30)]
    corrected(scene, attendance, checked_out_at=NINE + 60 * MINUTE)
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.BELOW_THRESHOLD, 0)
    assert ledger()[2:] == [(EntryKind.REVERSED, -90)]


def test_nothing_is_corrected_once_the_books_are_closed_or_a_dispute_has_decided(
    scene: Scene,
) -> None:
    attendance = counted(scene)
    attendance.dispute_id = new_id()
    with pytest.raises(AttendanceSettled):
        corrected(scene, attendance, checked_out_at=NINE + 90 * MINUTE)
    attendance.dispute_id = None
    make.ask(scene, status=ActivityStatus.SETTLED, settled_at=ELEVEN)
    with pytest.raises(AttendanceSettled):
        corrected(scene, attendance, checked_out_at=NINE + 90 * MINUTE)


def counted(scene: Scene) -> Attendance:
    """Of somebody who was there from the first minute to the last."""
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE):
        attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    with clock.frozen(ELEVEN):
        return attendances.check_out(volunteer, code=make.code_of(scene.shift_id))


def ledger() -> list[tuple[EntryKind, int]]:
    query = select(HoursEntry.kind, HoursEntry.minutes).order_by(HoursEntry.id)
    return [(row.kind, row.minutes) for row in db.session.execute(query)]


def test_a_correction_may_confirm_a_missed_time(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE):
        attendance = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
        attendances.miss_check_out(SYSTEM, attendance.id)
    corrected(scene, attendance, checked_out_at=NINE + 90 * MINUTE)
    assert (attendance.minutes, attendance.confirmed_by) == (90, scene.organizer.id)


def test_nobody_corrects_their_own_times_or_those_of_strangers(scene: Scene) -> None:
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(scene.organizer, scene.shift_id)
    with clock.frozen(NINE):
        own = attendances.check_in(scene.organizer, code=make.code_of(scene.shift_id))
    with pytest.raises(OwnAttendance):
        corrected(scene, own, checked_out_at=ELEVEN)
    with pytest.raises(NotFound):
        corrected(make.scene(), own, checked_out_at=ELEVEN)
    assert versions(own) == []


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        volunteer = make.signed_up(scene)
    leader, me = http.as_(scene.organizer), http.as_(volunteer)
    body = {
        "person_id": str(volunteer.id),
        "checked_in_at": NINE.isoformat(),
        "checked_out_at": ELEVEN.isoformat(),
        "reason": SEEN,
    }
    with clock.frozen(ELEVEN):
        path = f"/shifts/{scene.shift_id}/attendances"
        assert me.post(path, json=body).status_code == 404
        made: Any = leader.post(path, json=body)
        assert (made.status_code, made.json["status"]) == (201, "unconfirmed")
        assert made.json["awaits_person"] is True
        one = f"/attendances/{made.json['id']}"
        fix = {"checked_in_at": (NINE + 20 * MINUTE).isoformat(), "reason": "晚到二十分钟"}
        assert me.post(f"{one}/correct", json=fix).status_code == 404
        assert leader.post(f"{one}/correct", json=fix).status_code == 200
        assert leader.post(f"{one}/confirm").status_code == 404
        mine: Any = me.get("/me/attendances").json
        assert [(a["id"], a["awaits_person"]) for a in mine["items"]] == [(made.json["id"], True)]
        assert leader.get("/me/attendances").json["items"] == []  # type: ignore[index]
        confirmed: Any = me.post(f"{one}/confirm").json
        assert (confirmed["minutes"], confirmed["ledger"]) == (100, "verified")
        again: Any = leader.post(f"{one}/correct", json=fix | {"reason": "再次核对"})
        assert (again.status_code, again.json["minutes"]) == (200, 100)


@pytest.mark.parametrize(
    ("came", "left", "adds"),
    [
        (0, 110, True),
        (10, 101, True),
        (9, 100, True),
        (10, 100, False),
        (20, 100, False),
        (10, 90, False),
    ],
)
def test_once_the_roll_is_closed_a_correction_only_takes_time_away(
    scene: Scene, came: int, left: int, adds: bool
) -> None:
    volunteer = make.checked_in(scene, at=NINE + 10 * MINUTE)
    with clock.frozen(NINE + 100 * MINUTE):
        there = attendances.check_out(volunteer, code=make.code_of(scene.shift_id))
    times = {"checked_in_at": NINE + came * MINUTE, "checked_out_at": NINE + left * MINUTE}
    with clock.frozen(ELEVEN + timedelta(hours=1)):
        rolls.begin(SYSTEM, scene.shift_id)
        rolls.end(SYSTEM, scene.shift_id)
        rolls.close_roll(scene.organizer, scene.shift_id)
        if adds:
            with pytest.raises(RollClosed):
                attendance_changes.correct(scene.organizer, there.id, **times, reason="核对")
        else:
            attendance_changes.correct(scene.organizer, there.id, **times, reason="核对")
    assert there.minutes == (90 if adds else left - came)
