"""Statistics: from tallied sums, in the order of codes, within the caller's sites."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from accounts.permissions import Role
from accounts.services import merges
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.ledger import entry, present, taken_back
from tests.factories.volunteer import NINE, Scene
from volunteer.actions import Action
from volunteer.models.hours import HoursEntry, HoursTotal, Ledger, SourceType
from volunteer.models.statistics import PersonMonth, UnitMonth
from volunteer.services import entries, hours, statistics
from volunteer.services.entries import Source
from volunteer.services.statistics import By

JUNE = clock.start_of(date(2027, 6, 10))
APRIL = date(2027, 4, 30)


def admin() -> Actor:
    return actor_of(person("周管理"), grant(Role.ADMIN))


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    """Three people: two served twice in two months, one only has time entered afterwards."""
    made = make.scene()
    one, two, three = (make.volunteer() for _ in range(3))
    entry(one, made, 100)
    entry(one, made, 50, on=APRIL)
    entry(two, made, 30, action=Action.SKILLS_TRAINING)
    entry(two, made, 30, action=Action.RURAL_SERVICE)
    entry(three, made, 20, ledger=Ledger.HONORARY, on=APRIL)
    hours.tally_batch()
    return made


def table(actor: Actor, by: By, **wanted: object) -> list[tuple[str, int, int, int, int]]:
    with clock.frozen(JUNE):
        found = statistics.hours(actor, by=by, **wanted)  # type: ignore[arg-type]
    return [
        (r.name, r.verified_minutes, r.honorary_minutes, r.entries, r.people)
        for r in (*found.items, found.total)
    ]


def test_by_action_in_the_citys_order(scene: Scene) -> None:
    assert table(admin(), By.ACTION) == [
        ("文明实践志愿服务技能提升", 30, 0, 1, 1),
        ("志愿服务乡村行", 180, 20, 4, 3),
        ("合计", 210, 20, 5, 3),
    ]


def test_by_month_and_for_some_months(scene: Scene) -> None:
    assert table(admin(), By.MONTH) == [
        ("2027-04", 50, 20, 2, 2),
        ("2027-05", 160, 0, 3, 2),
        ("合计", 210, 20, 5, 3),
    ]
    assert table(admin(), By.MONTH, from_month="2027-05") == [
        ("2027-05", 160, 0, 3, 2),
        ("合计", 160, 0, 3, 2),
    ]
    assert table(admin(), By.MONTH, to_month="2027-03") == [("合计", 0, 0, 0, 0)]
    with pytest.raises(InvalidInput):
        table(admin(), By.MONTH, from_month="2027-06", to_month="2027-05")


def test_units_are_never_ranked(scene: Scene) -> None:
    """A later organisation with more hours stands after an earlier one with fewer."""
    other = make.scene()
    entry(make.volunteer(), other, 9000)
    hours.tally_batch()
    with clock.frozen(JUNE):
        units = statistics.hours(admin(), by=By.ORGANIZATION).items
        places = statistics.hours(admin(), by=By.SITE).items
    assert [u.key for u in units] == [str(scene.organization_id), str(other.organization_id)]
    assert [u.verified_minutes for u in units] == [210, 9000]
    assert [p.name for p in places] == [site().name]


def test_staff_see_their_own_sites(scene: Scene) -> None:
    assert table(make.staff(), By.ACTION)[-1][-1] == 3
    assert table(make.staff(site("411002")), By.ACTION)[-1][-1] == 3
    elsewhere = make.staff(site("411025"))
    assert table(elsewhere, By.ACTION) == [("合计", 0, 0, 0, 0)]
    with pytest.raises(NotFound):
        table(elsewhere, By.ACTION, site=site().id)
    assert table(admin(), By.ACTION, site=site("411025").id) == [("合计", 0, 0, 0, 0)]
    assert table(admin(), By.ACTION, site=site("411002").id)[-1][-1] == 3


def test_one_human_being_met_twice_is_counted_once(scene: Scene) -> None:
    """In months before the merge as well; who served under both ids is nobody new."""
    again, kept = person("同一人", registered=False), make.volunteer()
    entry(Actor(again.id), scene, 40)
    entry(kept, scene, 40)
    entry(Actor(again.id), scene, 40, on=APRIL)
    hours.tally_batch()
    before = table(admin(), By.MONTH)
    merges.merge(admin(), again.id, into=kept.id, reason="本人持身份证到窗口办理")
    assert [row[-1] for row in before] == [3, 4, 5]
    assert [row[-1] for row in table(admin(), By.MONTH)] == [3, 3, 4]
    with clock.frozen(JUNE):
        assert statistics.participation(admin()).people == 4
    assert hours.reconcile() == []


def test_what_counts_again_after_all_is_a_time_again(ctx: Flask) -> None:
    """A sanction takes it back, the dispute against that is upheld."""
    scene, who = make.scene(), make.volunteer()
    served = entry(who, scene, 60)

    def times(minutes: int) -> int:
        source = Source(SourceType.DISPUTE, new_id())
        entries.correct(scene.staff, served, minutes=minutes, source=source, reason="核实")
        hours.tally_batch()
        with clock.frozen(JUNE):
            return statistics.participation(admin()).verified_times

    assert [times(minutes) for minutes in (40, 0, 50, 60, 0, 30)] == [1, 0, 1, 1, 0, 1]
    assert hours.reconcile() == []


def test_who_has_nothing_left_did_not_serve(scene: Scene) -> None:
    only = db.session.query(HoursEntry).filter_by(action=Action.SKILLS_TRAINING).one()
    taken_back(only)
    hours.tally_batch()
    assert table(admin(), By.ACTION)[0] == ("文明实践志愿服务技能提升", 0, 0, 2, 0)
    assert hours.reconcile() == []


def counted_by_the_database(by: By, first: str, last: str) -> dict[str, int]:
    columns: dict[By, Any] = {
        By.ACTION: PersonMonth.action,
        By.SITE: PersonMonth.site_id,
        By.ORGANIZATION: PersonMonth.organization_id,
        By.MONTH: PersonMonth.month,
    }
    column = columns[by]
    query = (
        select(column, func.count(PersonMonth.person_id.distinct()))
        .where(
            PersonMonth.month.between(first, last),
            PersonMonth.verified_minutes + PersonMonth.honorary_minutes > 0,
        )
        .group_by(column)
    )
    return {str(unit): number for unit, number in db.session.execute(query)}


@pytest.mark.parametrize("by", list(By))
def test_people_are_as_many_as_a_plain_query_counts(ctx: Flask, by: By) -> None:
    """Of a few hundred entries, over which a quarter is taken back, in several tallies."""
    chance = random.Random(7)
    scenes = [make.scene() for _ in range(3)]
    people = [make.volunteer() for _ in range(12)]
    made: list[HoursEntry] = []
    for _ in range(4):
        for _ in range(40):
            day = date(2027, chance.randint(1, 6), 9)
            action = chance.choice(list(Action))
            made.append(entry(chance.choice(people), chance.choice(scenes), on=day, action=action))
        chance.shuffle(made)
        for _ in range(10):
            taken_back(made.pop())
        hours.tally_batch()
        for first, last in (("2027-01", "2027-06"), ("2027-02", "2027-03"), ("2027-05", "2027-05")):
            with clock.frozen(JUNE):
                found = statistics.hours(admin(), by=by, from_month=first, to_month=last)
            counted = counted_by_the_database(by, first, last)
            assert {row.key: row.people for row in found.items if row.people} == counted
    assert hours.reconcile() == []


def test_participation_shows_what_has_no_check_in(scene: Scene) -> None:
    silent = make.scene(starts_at=NINE + timedelta(days=1))
    make.scene(starts_at=NINE + timedelta(days=60))  # still to come
    present(make.volunteer(), scene)
    with clock.frozen(JUNE):
        found = statistics.participation(admin(), from_month="2027-04")
        elsewhere = statistics.participation(make.staff(site("411025")))
        may = statistics.participation(admin(), from_month="2027-05")
    assert (found.people, found.verified_times, found.honorary_times) == (3, 4, 1)
    assert (found.activities_with_check_ins, found.activities_without_check_ins) == (1, 1)
    assert (may.people, may.verified_times, may.honorary_times) == (2, 3, 0)
    assert (elsewhere.people, elsewhere.activities_without_check_ins) == (0, 0)
    assert silent.activity_id != scene.activity_id


@pytest.mark.parametrize(
    ("month", "first", "after"),
    [
        ("2027-05", date(2027, 5, 1), date(2027, 6, 1)),
        ("2027-12", date(2027, 12, 1), date(2028, 1, 1)),
    ],
)
def test_bounds_of_a_month(month: str, first: date, after: date) -> None:
    assert statistics.bounds(statistics.Span(month, month)) == (
        clock.start_of(first),
        clock.start_of(after),
    )


def test_the_nightly_comparison_finds_a_lost_person(scene: Scene) -> None:
    assert hours.reconcile() == []
    lost = db.session.scalars(select(PersonMonth).limit(1)).one()
    db.session.execute(delete(PersonMonth).where(PersonMonth.person_id == lost.person_id))
    found = [d.what for d in hours.reconcile()]
    assert {what.partition("people of ")[0] for what in found} == {"minutes of ", ""}
    assert db.session.scalars(select(HoursTotal)).first() is not None


def test_the_nightly_comparison_finds_somebody_missing_from_a_list(scene: Scene) -> None:
    db.session.execute(update(UnitMonth).values(people=b""))
    assert {d.what.split(" of ")[0] for d in hours.reconcile()} == {"people"}


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        volunteer = make.volunteer()
        entry(volunteer, scene, 60)
        hours.tally_batch()
    assert http.as_(volunteer).get("/statistics/hours?by=action").status_code == 403
    path = "/statistics/hours?by=action&from=2027-01&to=2027-05"
    told = http.as_(scene.staff).get(path)
    assert told.json == {
        "by": "action",
        "from": "2027-01",
        "to": "2027-05",
        "items": [
            {
                "key": "rural_service",
                "name": "志愿服务乡村行",
                "verified_minutes": 60,
                "honorary_minutes": 0,
                "entries": 1,
                "people": 1,
            }
        ],
        "total": {
            "key": "total",
            "name": "合计",
            "verified_minutes": 60,
            "honorary_minutes": 0,
            "entries": 1,
            "people": 1,
        },
    }
    assert http.as_(scene.staff).get("/statistics/hours?by=people").status_code == 422
    assert http.as_(scene.staff).get("/statistics/hours").status_code == 422
    taken = http.as_(scene.staff).get("/statistics/participation?from=2027-05&to=2027-05")
    assert taken.json["verified_times"] == 1  # type: ignore[index]
