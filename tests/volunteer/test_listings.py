"""Finding an activity: by words, by distance, and by what one can take."""

import math
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.models.persons import Person
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import new_id
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.lifecycles import MembershipStatus
from volunteer.models.memberships import Membership
from volunteer.models.qualifications import Qualification
from volunteer.services import activities, listings, signups
from volunteer.services.listings import ActivityFilter, Position

ALL = PageRequest(limit=100)
HERE = Position(34.035, 113.852)
METRES = 111_320.0


def titles(**wanted: Any) -> list[str]:
    return [a.title for a in listings.list_published(ALL, ActivityFilter(**wanted)).items]


def at(metres_north: float, metres_east: float, title: str = "清洁家园") -> Scene:
    """A published activity so far from `HERE`."""
    made = make.scene(published=False, title=title)
    place = {
        "latitude": HERE.latitude + metres_north / METRES,
        "longitude": HERE.longitude
        + metres_east / (METRES * math.cos(math.radians(HERE.latitude))),
    }
    with clock.frozen(DAY_BEFORE):
        activities.update_draft(made.organizer, made.activity_id, place)
        make.publish(made)
    return made


def listed(http: Http, **query: str) -> Any:
    answer: Any = http.get("/activities", query_string=query).json
    (one,) = answer["items"]
    return one


def test_lists_know_a_row_again_and_see_what_changed(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = make.scene()
    first, again = listed(http, **{"from": "2020-01-01"}), listed(http, **{"from": "2020-01-02"})
    near = listed(http, **{"from": "2020-01-03", "q": "清洁"})
    assert first == again == near
    with stored(rolled_back), clock.frozen(DAY_BEFORE):
        signups.sign_up(make.volunteer(), made.shift_id)
    after = listed(http, **{"from": "2020-01-04"})
    changed = {key for key in first if after[key] != first[key]}
    assert changed == {"shifts"}
    (before,), (now,) = first["shifts"], after["shifts"]
    assert now["seats_left"] == before["seats_left"] - 1


def open_to(someone: Actor, **wanted: Any) -> list[object]:
    with clock.frozen(DAY_BEFORE):
        found = listings.list_open(someone, ALL, ActivityFilter(**wanted))
    return [a.id for a in found.items]


def asking(**details: Any) -> Scene:
    made = make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        activities.update_draft(made.organizer, made.activity_id, details)
        make.publish(made)
    return made


def test_a_title_is_found_by_part_of_it(ctx: Flask) -> None:
    for title in ("周六清洁家园", "文艺下乡", "满意度100%"):
        make.scene(title=title)
    assert titles(title="清洁") == ["周六清洁家园"]
    assert titles(title="%") == ["满意度100%"], "a wildcard is a character"
    assert titles(category="community_service", title="下乡") == ["文艺下乡"]
    assert titles(category="legal_aid") == []


def test_the_nearest_come_first_and_the_far_not_at_all(ctx: Flask) -> None:
    at(3_000, 0, "三公里")
    at(0, -900, "九百米")
    at(3_600, 3_600, "角上")  # inside the box, outside the circle
    at(0, 4_990, "圈内")
    at(0, 5_010, "圈外")
    make.scene(title="不知在哪")
    found = listings.list_published(ALL, ActivityFilter(near=HERE)).items
    assert [(a.title, a.distance) for a in found] == [
        ("九百米", 900),
        ("三公里", 3_000),
        ("圈内", 4_990),
    ]
    assert titles(near=HERE, radius=1_000) == ["九百米"]


def test_pages_by_distance_neither_skip_nor_repeat(ctx: Flask) -> None:
    wanted = {at(500, 0).activity_id for _ in range(3)} | {
        at(100 * n, 0).activity_id for n in range(1, 5)
    }
    seen: list[Any] = []
    cursor: str | None = None
    while True:
        page = listings.list_published(PageRequest(cursor, 2), ActivityFilter(near=HERE))
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(wanted)
    assert {a.id for a in seen} == wanted
    assert [a.distance for a in seen] == sorted(a.distance for a in seen)


def test_what_is_full_past_or_at_another_time_of_mine_is_not_open_to_me(ctx: Flask) -> None:
    me, scene = make.volunteer(), make.scene(capacity=1)
    later = make.scene(starts_at=NINE + 2 * HOUR)
    assert open_to(me) == [scene.activity_id, later.activity_id]
    with clock.frozen(DAY_BEFORE):
        overlapping = make.scene(starts_at=NINE + HOUR)
        signup = signups.sign_up(me, overlapping.shift_id)
    assert open_to(me) == []
    with clock.frozen(DAY_BEFORE):
        signups.cancel(me, signup.id)
        signups.sign_up(make.volunteer(), scene.shift_id)
    assert open_to(me) == [overlapping.activity_id, later.activity_id]
    with clock.frozen(NINE + HOUR):
        assert [a.id for a in listings.list_open(me, ALL, ActivityFilter()).items] == [
            later.activity_id
        ]


def test_age_decides_what_is_open_to_me(ctx: Flask) -> None:
    scene, me, unknown = asking(min_age=18, max_age=60), make.volunteer(), make.volunteer()
    person = db.session.get_one(Person, me.id)
    db.session.get_one(Person, unknown.id).born_on = None
    for years, is_open in ((17, False), (18, True), (60, True), (61, False)):
        person.born_on = clock.day_of(DAY_BEFORE).replace(year=2027 - years)
        db.session.flush()
        assert open_to(me) == ([scene.activity_id] if is_open else []), years
    assert open_to(unknown) == []


def test_membership_and_qualification_decide_what_is_open_to_me(ctx: Flask) -> None:
    scene, me = asking(is_for_members=True, qualification_code="first_aid"), make.volunteer()
    day = clock.day_of(DAY_BEFORE)
    held = Qualification(
        id=new_id(),
        person_id=me.id,
        code="first_aid",
        valid_from=day - timedelta(days=9),
        valid_until=day,
        recorded_by=scene.staff.id,
        recorded_at=DAY_BEFORE,
    )
    db.session.add(held)
    assert open_to(me) == []
    db.session.add(
        Membership(
            id=new_id(),
            organization_id=scene.organization_id,
            person_id=me.id,
            status=MembershipStatus.ACTIVE,
            applied_at=DAY_BEFORE,
            decided_by=scene.organizer.id,
            decided_at=DAY_BEFORE,
        )
    )
    assert open_to(me) == [scene.activity_id]
    held.valid_until = day - timedelta(days=1)
    assert open_to(me) == []


def test_lists_of_insiders(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        activities.submit(other.organizer, other.activity_id)
    waiting = listings.list_submitted(scene.staff, ALL).items
    assert [a.id for a in waiting] == [other.activity_id]
    assert listings.list_submitted(scene.organizer, ALL).items == []
    own = listings.list_of_organization(scene.organizer, scene.organization_id, ALL).items
    assert [a.id for a in own] == [scene.activity_id]
    with pytest.raises(NotFound):
        listings.list_of_organization(other.organizer, scene.organization_id, ALL)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        at(700, 0, "七百米")
        me = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        wanted = {"near": "34.035,113.852", "radius": "1000", "q": "七百"}
        near = http.get("/activities", query_string=wanted)
        assert [a["distance"] for a in near.json["items"]] == [700]  # type: ignore[index]
        for bad in ("34", "34,", "113.852,34.035", "90,113", "nan,113", "34.0e1,113", " 34,113"):
            refused = http.get("/activities", query_string={"near": bad})
            assert (refused.status_code, list(refused.json["errors"])) == (422, ["near"]), bad  # type: ignore[index]
        mine = http.as_(me).get("/me/activities/open")
        assert [a["title"] for a in mine.json["items"]] == ["七百米"]  # type: ignore[index]
        assert mine.headers["Cache-Control"] == "private, no-cache"
        assert http.get("/me/activities/open").status_code == 401
