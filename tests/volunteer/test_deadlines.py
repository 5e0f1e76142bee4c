"""Records within ten working days (decree 67, art. 11): shown, chased, never closed."""

from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.clock import SHANGHAI
from core.db import db
from core.errors import NotFound
from core.outbox import Message
from jobs.deadlines import chase_records, warn_of_missing_holidays
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.hours import know_holidays
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.services import attendances, deadlines, holidays, signups

MINUTE = timedelta(minutes=1)


def noon(month: int, day: int) -> datetime:
    return datetime(2027, month, day, 12, tzinfo=SHANGHAI)


def left_open(scene: Scene) -> Actor:
    """Somebody who checked in and never out."""
    volunteer = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, scene.shift_id)
    with clock.frozen(NINE):
        there = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    with clock.frozen(NINE + 300 * MINUTE):
        attendances.miss_check_out(SYSTEM, there.id)
    return volunteer


def told() -> list[str]:
    query = select(Message.dedupe_key).where(Message.dedupe_key.startswith("records_due:"))
    return list(db.session.scalars(query))


def test_what_is_missing_is_shown_with_its_day(ctx: Flask) -> None:
    know_holidays(2027)
    scene = make.scene()
    left_open(scene)
    with clock.frozen(noon(5, 14)):
        (found,) = deadlines.list_outstanding(scene.organizer, scene.organization_id)
    assert (found.open_attendances, found.claimed_backfills, found.has_no_records) == (1, 0, False)
    assert (found.deadline.day, found.is_overdue) == (date(2027, 5, 14), False)
    with clock.frozen(noon(5, 15)):
        (found,) = deadlines.list_outstanding(scene.staff, scene.organization_id)
    assert found.is_overdue


def test_an_activity_of_which_nobody_has_a_record_is_missing_too(ctx: Flask) -> None:
    scene = make.scene()
    with clock.frozen(noon(5, 2)):
        assert deadlines.list_outstanding(scene.organizer, scene.organization_id) == []
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(make.volunteer(), scene.shift_id)
        assert deadlines.list_outstanding(scene.organizer, scene.organization_id) == []
    with clock.frozen(noon(5, 2)):
        (found,) = deadlines.list_outstanding(scene.organizer, scene.organization_id)
    assert (found.has_no_records, found.number) == (True, 1)


def test_nothing_is_overdue_on_an_uncertain_count(ctx: Flask) -> None:
    scene = make.scene()
    left_open(scene)
    with clock.frozen(noon(7, 1)):
        (found,) = deadlines.list_outstanding(scene.organizer, scene.organization_id)
    assert (found.deadline.is_certain, found.is_overdue) == (False, False)


def test_outsiders_do_not_see_it(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene()
    for outsider in (other.organizer, make.volunteer(), make.staff(site("411002002"))):
        with pytest.raises(NotFound):
            deadlines.list_outstanding(outsider, scene.organization_id)


def test_leader_and_organizers_hear_of_it_after_five_and_eight_working_days(
    rolled_back: Flask,
) -> None:
    with stored(rolled_back):
        know_holidays(2027)
        scene = make.scene()
        left_open(scene)
        roles.bestow(
            SYSTEM,
            person("孙干事").id,
            role=Role.ORGANIZER,
            scope_kind=ScopeKind.ORGANIZATION,
            scope_id=scene.organization_id,
        )
    numbers = []
    for day in (6, 7, 8, 11, 12, 13, 20):  # the 7th is the fifth working day, the 12th the eighth
        with clock.frozen(noon(5, day)):
            make.run(rolled_back, chase_records)
            make.run(rolled_back, chase_records)
        with rolled_back.app_context():
            numbers.append(len(told()))
    leader_and_organizers = numbers[1]
    assert leader_and_organizers == 2
    assert numbers == [0, 2, 2, 2, 4, 4, 4]


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        left_open(scene)
        admin = actor_of(person("管理员"), grant(Role.ADMIN))
    path = f"/organizations/{scene.organization_id}/deadlines"
    with clock.frozen(noon(5, 20)):
        (before,) = http.as_(scene.organizer).get(path).json["items"]  # type: ignore[index]
        assert (before["due_on"], before["is_certain"]) == ("2027-05-14", False)
        loaded = http.as_(admin).post(
            "/holidays",
            json={
                "days": [
                    {"day": "2027-05-03", "is_workday": False, "name": "劳动节"},
                    {"day": "2027-05-08", "is_workday": True, "name": "调休"},
                ]
            },
        )
        assert [d["day"] for d in loaded.json["items"]] == ["2027-05-03", "2027-05-08"]  # type: ignore[index]
        (after,) = http.as_(scene.organizer).get(path).json["items"]  # type: ignore[index]
        assert (after["due_on"], after["is_certain"], after["is_overdue"]) == (
            "2027-05-14",
            True,
            True,
        )
        assert after["open_attendances"] == 1
    listed = http.as_(admin).get("/holidays?year=2027")
    assert [d["name"] for d in listed.json["items"]] == ["劳动节", "调休"]  # type: ignore[index]
    assert http.as_(scene.organizer).get("/holidays?year=2027").status_code == 403
    assert http.as_(scene.organizer).post("/holidays", json={"days": []}).status_code == 403


@pytest.mark.parametrize(
    ("day", "missing"),
    [
        (date(2038, 11, 30), []),
        (date(2038, 12, 1), [2039]),
        (date(2038, 12, 31), [2039]),
        (date(2039, 1, 1), [2039]),
    ],
)
def test_the_next_year_is_wanted_from_december_on(
    ctx: Flask, day: date, missing: list[int]
) -> None:
    know_holidays(2038)
    with clock.frozen(clock.start_of(day)):
        assert holidays.missing_years() == missing
        know_holidays(2039)
        assert holidays.missing_years() == []


def test_administrators_hear_once_a_week_of_a_year_that_is_missing(rolled_back: Flask) -> None:
    with stored(rolled_back):
        know_holidays(2038)
        office = person("管理员")
        roles.bestow(SYSTEM, office.id, role=Role.ADMIN, scope_kind=ScopeKind.CITY, scope_id=None)
    numbers = []
    for day in (29, 30, 1, 5, 6):  # the 29th and the 6th are Mondays
        month = 11 if day > 20 else 12
        with clock.frozen(clock.start_of(date(2038, month, day))):
            make.run(rolled_back, warn_of_missing_holidays)
            make.run(rolled_back, warn_of_missing_holidays)
        with rolled_back.app_context():
            query = select(InboxMessage).where(InboxMessage.template == "holidays_missing")
            numbers.append(len(db.session.scalars(query).all()))
    assert numbers == [0, 0, 1, 1, 2]


def test_a_day_that_is_loaded_again_is_replaced(ctx: Flask) -> None:
    day = {"day": date(2028, 10, 2), "is_workday": False, "name": "国庆节"}
    holidays.load(SYSTEM, [day])
    holidays.load(SYSTEM, [{**day, "is_workday": True}])
    assert [(h.day, h.is_workday) for h in holidays.list_year(2028)] == [(date(2028, 10, 2), True)]
    assert holidays.workdays().knows(2028)


@pytest.mark.parametrize("line", ["2028-02-30,0,除夕", "2028-01-01,是,元旦", "2028-01-01"])
def test_a_bad_file_of_holidays_is_refused_by_line_and_loads_nothing(
    rolled_back: Flask, tmp_path: Path, line: str
) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(f"day,is_workday,name\n2028-10-01,0,国庆节\n{line}\n", encoding="utf-8")
    result = rolled_back.test_cli_runner().invoke(args=["holidays", "load", str(file)])
    assert (result.exit_code, "line 3" in result.output) == (1, True)
    with rolled_back.app_context():
        assert holidays.list_year(2028) == []


def test_holidays_are_loaded_from_a_file(rolled_back: Flask, tmp_path: Path) -> None:
    file = tmp_path / "2028.csv"
    rows = StringIO("day,is_workday,name\n2028-10-02,0,国庆节\n2028-10-07,1,调休\n")
    file.write_text(rows.getvalue(), encoding="utf-8")
    result = rolled_back.test_cli_runner().invoke(args=["holidays", "load", str(file)])
    assert "2 days" in result.output
    with rolled_back.app_context():
        assert [h.is_workday for h in holidays.list_year(2028)] == [False, True]
