"""Hours that somebody should look at."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.paging import PageRequest
from jobs.flags import flag_hours
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import site
from tests.factories.hours import MINUTE, served
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.models.attendances import CheckMethod
from volunteer.models.flags import Flag
from volunteer.services import attendances, backfills, flags, notices, rolls, signups

ALL = PageRequest(limit=100)
EVENING = NINE + timedelta(hours=10)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seconds", "most"),
    [([], 0), ([5], 1), ([0, 60, 120], 3), ([0, 60, 121], 2), ([0, 121, 130, 140, 300], 3)],
)
def test_the_most_within_two_minutes(seconds: list[int], most: int) -> None:
    instants = [NINE + s * SECOND for s in reversed(seconds)]
    assert flags.densest(instants, 2 * MINUTE) == most


def approved(scene: Scene, at: datetime, volunteer: Actor | None = None) -> Actor:
    volunteer = volunteer or make.volunteer()
    with clock.frozen(at):
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
    return volunteer


def sweep(at: datetime) -> list[tuple[str, int]]:
    with clock.frozen(at):
        flags.sweep()
    found = db.session.scalars(select(Flag).order_by(Flag.kind))
    return [(f.kind.value, f.count) for f in found]


def test_three_approvals_in_two_minutes_are_looked_at(ctx: Flask) -> None:
    scene, one, another = make.scene(), make.volunteer(), make.volunteer()
    served(another, scene.shift_id, NINE, NINE + 120 * MINUTE)
    for delay in (0, 60):
        approved(scene, EVENING + delay * SECOND)
    assert sweep(EVENING + 5 * MINUTE) == []
    approved(scene, EVENING + 120 * SECOND, one)
    assert sweep(EVENING + 5 * MINUTE) == [("rapid_approvals", 3)]
    assert sweep(EVENING + 6 * MINUTE) == [("rapid_approvals", 3)], "raised once"
    (flag,) = flags.list_raised(scene.staff, ALL).items
    assert flag.person_id == scene.organizer.id


def test_a_burst_of_confirmed_times_is_looked_at(ctx: Flask) -> None:
    scene = make.scene(capacity=30)
    people = [make.volunteer(f"志愿{n}") for n in range(flags.BURST)]
    for volunteer in people:
        with clock.frozen(DAY_BEFORE):
            signups.sign_up(volunteer, scene.shift_id)
        with clock.frozen(NINE):
            there = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
        with clock.frozen(EVENING):
            if volunteer is people[-1]:
                assert sweep(EVENING) == []
            attendances.miss_check_out(SYSTEM, there.id)
            attendances.confirm_time(
                scene.organizer, there.id, checked_out_at=NINE + 120 * MINUTE, reason="都在"
            )
    assert sweep(EVENING) == [("burst", flags.BURST)]


def test_backfills_without_any_check_in_are_shown_as_such(ctx: Flask) -> None:
    scene = make.scene()
    approved(scene, EVENING)
    assert sweep(EVENING) == [("no_check_ins", 1)]
    other = make.scene()
    served(make.volunteer(), other.shift_id, NINE, NINE + 120 * MINUTE)
    approved(other, EVENING)
    assert sweep(EVENING) == [("no_check_ins", 1)]


@pytest.mark.parametrize(
    ("method", "is_begun_by_hand", "found"),
    [
        (CheckMethod.LOCATION, False, [("no_leader", 1)]),
        (CheckMethod.LOCATION, True, []),
        (CheckMethod.CODE, False, []),
    ],
)
def test_a_shift_on_which_its_leader_left_no_trace_is_looked_at(
    ctx: Flask, method: CheckMethod, is_begun_by_hand: bool, found: list[tuple[str, int]]
) -> None:
    scene = make.scene()
    attendance = served(make.volunteer(), scene.shift_id, NINE, NINE + 120 * MINUTE)
    attendance.check_in_method = method
    with clock.frozen(NINE + SECOND):
        rolls.begin(scene.organizer if is_begun_by_hand else SYSTEM, scene.shift_id)
    with clock.frozen(EVENING):
        rolls.end(SYSTEM, scene.shift_id)
    assert sweep(EVENING) == found
    assert sweep(EVENING + SECOND) == found


def test_an_overlap_with_a_counted_shift_is_looked_at(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene(starts_at=NINE + 60 * MINUTE)
    volunteer = make.volunteer()
    served(volunteer, other.shift_id, NINE + 60 * MINUTE, NINE + 180 * MINUTE)
    served(make.volunteer(), scene.shift_id, NINE, NINE + 120 * MINUTE)
    approved(scene, EVENING, volunteer)
    assert sweep(EVENING) == [("overlap", 1)]


def test_what_happened_long_ago_is_not_raised_again(ctx: Flask) -> None:
    scene = make.scene()
    approved(scene, EVENING)
    assert sweep(EVENING + flags.LOOKS_BACK + SECOND) == []


def test_staff_of_the_site_close_a_flag_with_what_they_found(ctx: Flask) -> None:
    scene = make.scene()
    approved(scene, EVENING)
    sweep(EVENING)
    (flag,) = flags.list_raised(scene.staff, ALL).items
    outsider = make.staff(site("411002002"))
    assert flags.list_raised(outsider, ALL).items == []
    with pytest.raises(NotFound):
        flags.close(outsider, flag.id, note="没问题")
    flags.close(scene.staff, flag.id, note="现场断网，纸质签到表齐全")
    assert flags.list_raised(scene.staff, ALL).items == []
    assert sweep(EVENING) == [("no_check_ins", 1)], "closed is closed"
    with pytest.raises(WrongState):
        flags.close(scene.staff, flag.id, note="再关一次")


def test_a_void_backfill_is_no_longer_looked_at(ctx: Flask) -> None:
    scene = make.scene()
    approved(scene, EVENING)
    with clock.frozen(EVENING):
        (open_one,) = notices.list_open(scene.organizer, scene.organization_id, ALL).items
        backfills.void(scene.staff, open_one.id, reason="照片是去年的", sanctioned=[])
    assert sweep(EVENING) == []


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        approved(scene, EVENING)
    with clock.frozen(EVENING):
        assert make.run(rolled_back, flag_hours) == 1
        assert make.run(rolled_back, flag_hours) == 0
    desk = http.as_(scene.staff)
    (listed,) = desk.get("/hours-flags").json["items"]  # type: ignore[index]
    assert (listed["kind"], listed["activity_id"], listed["name"]) == (
        "no_check_ins",
        str(scene.activity_id),
        None,
    )
    closed = desk.post(f"/hours-flags/{listed['id']}/close", json={"note": "纸质签到表齐全"})
    assert (closed.json["status"], closed.json["note"]) == ("closed", "纸质签到表齐全")  # type: ignore[index]
    assert http.as_(scene.organizer).get("/hours-flags").status_code == 403
