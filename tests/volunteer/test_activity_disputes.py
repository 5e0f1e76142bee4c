"""A dispute about an activity that was not as recorded: whose time changes, and by whom."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, WrongState
from core.outbox import Message
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import person
from tests.factories.hours import entries_of, served
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene, code_of
from volunteer.errors import DisputeNotIndependent
from volunteer.lifecycles import AttendanceStatus, CertificateStatus, DisputeStatus
from volunteer.models.attendances import Attendance
from volunteer.models.disputes import Dispute, DisputeAbout
from volunteer.models.hours import EntryKind
from volunteer.models.organizations import Organization
from volunteer.services import attendances, certificates, disputes, settlements, shifts, signups
from volunteer.services.disputed_minutes import Correction

ELEVEN = NINE + 2 * HOUR


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def was_there(scene: Scene, who: Actor | None = None) -> tuple[Actor, Attendance]:
    """From the beginning to the end."""
    volunteer, shift = who or make.volunteer(), shifts.load(scene.shift_id)
    return volunteer, served(volunteer, shift.id, shift.starts_at, shift.ends_at)


def dispute(scene: Scene, by: Actor) -> Dispute:
    return disputes.open(
        by,
        about_type=DisputeAbout.ACTIVITY,
        about_id=scene.activity_id,
        reason="那天下雨，活动没有办",
    )


def nothing_of(*found: Attendance) -> list[Correction]:
    return [Correction(attendance.id, 0) for attendance in found]


def uphold(by: Actor, of: Dispute, corrections: list[Correction]) -> Dispute:
    return disputes.uphold(by, of.id, answer="经查当天没有举办", corrections=corrections)


def test_what_never_took_place_is_taken_back_from_everybody(scene: Scene) -> None:
    (one, first), (other, second) = was_there(scene), was_there(scene)
    _, kept = was_there(make.scene(starts_at=NINE + 4 * HOUR))
    with clock.frozen(ELEVEN):
        paper = certificates.issue(other, from_day=date(2027, 5, 1), to_day=date(2027, 5, 1))
        upheld = uphold(scene.staff, dispute(scene, one), nothing_of(first, second))
    assert upheld.status is DisputeStatus.UPHELD
    for who, attendance in ((one, first), (other, second)):
        assert (attendance.status, attendance.minutes) == (AttendanceStatus.BELOW_THRESHOLD, 0)
        assert [(e.kind, e.minutes) for e in entries_of(who)] == [
            (EntryKind.EARNED, 120),
            (EntryKind.REVERSED, -120),
        ]
    assert paper.status is CertificateStatus.REVOKED
    assert kept.minutes == 120
    told = db.session.scalars(select(Message.dedupe_key)).all()
    assert len([key for key in told if key.startswith("hours_corrected:")]) == 2


def test_a_wrong_time_is_corrected_and_no_later_settling_changes_it(scene: Scene) -> None:
    one, first = was_there(scene)
    uphold(scene.staff, dispute(scene, one), [Correction(first.id, 90)])
    settlements.settle(one, first, shifts.load(scene.shift_id))
    assert (first.minutes, sum(e.minutes for e in entries_of(one))) == (90, 90)


def test_a_repeat_changes_nothing(scene: Scene) -> None:
    one, first = was_there(scene)
    said = dispute(scene, one)
    uphold(scene.staff, said, nothing_of(first))
    with pytest.raises(WrongState):
        uphold(scene.staff, said, [Correction(first.id, 60)])
    assert [e.minutes for e in entries_of(one)] == [120, -120]
    again = dispute(scene, one)
    uphold(scene.staff, again, nothing_of(first))
    assert [e.minutes for e in entries_of(one)] == [120, -120]


def test_words_alone_are_an_answer_too(scene: Scene) -> None:
    one, first = was_there(scene)
    uphold(scene.staff, dispute(scene, one), [])
    assert first.minutes == 120


def test_nobody_rewrites_the_hours_of_their_own_activity(scene: Scene) -> None:
    one, first = was_there(scene)
    said = dispute(scene, one)
    team = db.session.get_one(Organization, scene.organization_id)
    beside = make.organizer_of(person("孙干事"), team)
    with pytest.raises(DisputeNotIndependent):
        uphold(beside, said, nothing_of(first))
    _, own = was_there(scene, scene.staff)
    with pytest.raises(DisputeNotIndependent):
        uphold(scene.staff, said, nothing_of(first, own))
    assert (first.minutes, own.minutes) == (120, 120)


def test_only_attendances_of_the_activity_and_each_once(scene: Scene) -> None:
    one, first = was_there(scene)
    _, elsewhere = was_there(make.scene(starts_at=NINE + 4 * HOUR))
    said = dispute(scene, one)
    for wrong in (
        nothing_of(first, elsewhere),
        nothing_of(first, first),
        [Correction(first.id, 121)],
    ):
        with pytest.raises(InvalidInput):
            uphold(scene.staff, said, wrong)
    about_one = disputes.open(
        one, about_type=DisputeAbout.ATTENDANCE, about_id=first.id, reason="不对"
    )
    with pytest.raises(InvalidInput):
        disputes.uphold(
            scene.staff, about_one.id, answer="属实", minutes=0, corrections=nothing_of(first)
        )


def test_who_has_not_left_yet_is_not_judged(scene: Scene) -> None:
    one = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(one, scene.shift_id)
    with clock.frozen(NINE):
        present = attendances.check_in(one, code=code_of(scene.shift_id))
        with pytest.raises(WrongState):
            uphold(scene.staff, dispute(scene, one), nothing_of(present))


def test_the_call(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        one, first = was_there(scene)
        said = dispute(scene, one)
    body = {
        "answer": "经查当天没有举办",
        "corrections": [{"attendance_id": str(first.id), "minutes": 0}],
    }
    path = f"/disputes/{said.id}/uphold"
    upheld = http.as_(scene.staff).post(path, json=body)
    assert (upheld.status_code, upheld.json["status"]) == (200, "upheld")  # type: ignore[index]
    mine = http.as_(one).get("/me/hours")
    assert mine.json["verified_minutes"] == 0  # type: ignore[index]
