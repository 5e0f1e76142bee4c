"""Visits: planned once, a year after the last one, reminded of by the week."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.lifecycles import CareStatus
from nominations.models.care_visits import CareOccasion, CareVisit
from nominations.services import care_visits, honors, revocations
from nominations.services.care_visits import a_year_after
from tests.conftest import Http, stored
from tests.factories.accounts import person, site
from tests.factories.honors import honor, office, staff

NOON = datetime(2027, 1, 4, 4, tzinfo=UTC)


def visits_of(honor_id: UUID) -> list[CareVisit]:
    query = select(CareVisit).where(CareVisit.honor_id == honor_id)
    return list(db.session.scalars(query.order_by(CareVisit.planned_on)))


def test_a_follow_up_is_planned_with_the_honor_and_again_a_year_on(ctx: Flask) -> None:
    with clock.frozen(NOON):
        made = honor()
        (first,) = visits_of(made.id)
        assert first.planned_on == date(2027, 1, 4) + care_visits.FIRST_FOLLOW_UP
        day = date(2027, 1, 3)
        care_visits.complete(staff(), first.id, done_on=day, visitors="殳干事", notes="身体康健")
        done, following = visits_of(made.id)
    assert (done.status, following.status) == (CareStatus.PLANNED, CareStatus.DONE) or (
        done.status,
        following.status,
    ) == (CareStatus.DONE, CareStatus.PLANNED)
    assert {v.planned_on for v in (done, following)} == {
        date(2027, 7, 5),
        date(2028, 1, 3),
    }


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2027, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_year_after_a_leap_day_is_its_eve(day: date, after: date) -> None:
    assert a_year_after(day) == after


def test_festival_visits_are_planned_once(ctx: Flask) -> None:
    with clock.frozen(NOON):
        made, taken_back = honor(), honor()
        revocations.suspend(office(), taken_back.id, reason="核查")
        assert care_visits.plan_festivals() == 1
        assert care_visits.plan_festivals() == 0
    assert (CareOccasion.SPRING_FESTIVAL, date(2027, 2, 1)) in {
        (v.occasion, v.planned_on) for v in visits_of(made.id)
    }


@pytest.mark.parametrize(
    ("year", "spring", "mid_autumn"),
    [
        (2027, date(2027, 2, 6), date(2027, 9, 15)),
        (2028, date(2028, 1, 26), date(2028, 10, 3)),
        (2029, date(2029, 2, 13), date(2029, 9, 22)),
        (2030, date(2030, 2, 3), date(2030, 9, 12)),
        (2060, date(2060, 2, 2), date(2060, 9, 9)),
    ],
)
def test_festivals_are_those_of_the_chinese_calendar(
    year: int, spring: date, mid_autumn: date
) -> None:
    """As the almanacs print them, and one of a year for which nobody has bought one yet."""
    assert care_visits.day_of_festival(CareOccasion.SPRING_FESTIVAL, year) == spring
    assert care_visits.day_of_festival(CareOccasion.MID_AUTUMN, year) == mid_autumn


def test_a_festival_of_the_next_year_is_planned_before_new_year(ctx: Flask) -> None:
    """Spring Festival of 2031 is on 23 January, the visit on the 18th."""
    with clock.frozen(datetime(2030, 12, 3, 15, tzinfo=UTC)):
        made = honor()
        assert care_visits.plan_festivals() == 0
    with clock.frozen(datetime(2030, 12, 3, 16, tzinfo=UTC)):
        assert care_visits.plan_festivals() == 1
    assert date(2031, 1, 18) in {v.planned_on for v in visits_of(made.id)}


def test_staff_of_the_place_are_reminded_once_a_week(ctx: Flask) -> None:
    keeper = person("驻点")
    roles.bestow(
        SYSTEM,
        keeper.id,
        role=Role.SITE_STAFF,
        scope_kind=ScopeKind.SITE,
        scope_id=site("411002").id,
    )
    assert db.session.scalars(select(RoleGrant)).all()
    with clock.frozen(NOON):
        made = honor()
        visit = honors.plan_visit(
            staff(), made.id, occasion=CareOccasion.OTHER, planned_on=date(2027, 1, 12)
        )
        assert visit.id not in care_visits.to_remind()
    told = select(InboxMessage).where(InboxMessage.person_id == keeper.id)
    with clock.frozen(NOON + timedelta(days=1)):
        assert visit.id in care_visits.to_remind()
        care_visits.remind(visit.id)
        care_visits.remind(visit.id)
        assert visit.id not in care_visits.to_remind()
        assert len(db.session.scalars(told).all()) == 1
    with clock.frozen(NOON + timedelta(days=8)):
        assert visit.id in care_visits.to_remind()


def test_a_visit_is_planned_ahead_and_written_down_behind(ctx: Flask) -> None:
    made, today = honor(), clock.today()
    with pytest.raises(InvalidInput):
        honors.plan_visit(
            staff(), made.id, occasion=CareOccasion.OTHER, planned_on=today - timedelta(days=1)
        )
    visit = honors.plan_visit(staff(), made.id, occasion=CareOccasion.OTHER, planned_on=today)
    again = honors.plan_visit(staff(), made.id, occasion=CareOccasion.OTHER, planned_on=today)
    assert again.id == visit.id
    with pytest.raises(InvalidInput):
        care_visits.complete(
            staff(), visit.id, done_on=today + timedelta(days=1), visitors="某某", notes="好的"
        )
    with pytest.raises(NotFound):
        care_visits.cancel(staff("411082"), visit.id, reason="外地")
    care_visits.cancel(staff(), visit.id, reason="本人外出")
    with pytest.raises(WrongState):
        care_visits.cancel(staff(), visit.id, reason="本人外出")
    listed = care_visits.list_within(staff(), PageRequest(limit=9), status=CareStatus.CANCELLED)
    assert [v.id for v in listed.items] == [visit.id]


def test_visits_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        honor_id, local = honor().id, staff()
    day = clock.today().isoformat()
    made = http.as_(local).post(
        f"/honors/{honor_id}/care-visits", json={"occasion": "hardship", "planned_on": day}
    )
    assert made.status_code == 201
    assert made.json is not None
    listed = http.as_(local).get("/care-visits").json
    assert listed is not None
    assert made.json["id"] in {v["id"] for v in listed["items"]}
    notes = {"done_on": day, "visitors": "殳干事", "notes": "送去慰问品"}
    path = f"/care-visits/{made.json['id']}"
    done = http.as_(local).post(f"{path}/complete", json=notes)
    assert done.json is not None
    assert (done.status_code, done.json["notes"]) == (200, "送去慰问品")
    assert http.as_(local).post(f"{path}/cancel", json={"reason": "外出"}).status_code == 409
