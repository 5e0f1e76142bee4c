"""Activities and their shifts: drafted, published, listed, called off, finished."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.actor import SYSTEM
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from jobs.activities import close_activities
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import person, site
from tests.factories.volunteer import DAY_BEFORE, NINE
from volunteer.actions import Action
from volunteer.errors import ActivityNotEditable, NoUpcomingShift, ProjectNotApproved
from volunteer.lifecycles import ActivityStatus, ProjectStatus
from volunteer.models.activities import Activity
from volunteer.models.projects import Project
from volunteer.services import activities, listings, shifts, signups
from volunteer.services.listings import ActivityFilter, ListedActivity

ALL = PageRequest(limit=100)
HOUR = timedelta(hours=1)


def listed(**wanted: Any) -> list[ListedActivity]:
    return list(listings.list_published(ALL, ActivityFilter(**wanted)).items)


def test_publishing_spans_all_shifts(ctx: Flask) -> None:
    scene = make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        for begin in (NINE + 4 * HOUR, NINE + 7 * HOUR):
            shifts.create(
                scene.organizer,
                scene.activity_id,
                starts_at=begin,
                ends_at=begin + HOUR,
                capacity=1,
            )
        make.publish(scene)
    activity = activities.load(scene.activity_id)
    assert (activity.starts_at, activity.ends_at) == (NINE, NINE + 8 * HOUR)
    assert len(activity.shifts) == 3
    with pytest.raises(WrongState):
        activities.publish(scene.organizer, scene.activity_id)


def test_without_a_shift_to_come_nothing_is_published(ctx: Flask) -> None:
    scene = make.scene(published=False)
    with clock.frozen(NINE), pytest.raises(NoUpcomingShift):
        activities.submit(scene.organizer, scene.activity_id)
    with clock.frozen(DAY_BEFORE):
        activities.submit(scene.organizer, scene.activity_id)
        activities.approve(scene.staff, scene.activity_id)
    with clock.frozen(NINE), pytest.raises(NoUpcomingShift):
        activities.publish(scene.organizer, scene.activity_id)


def test_a_published_activity_takes_no_more_shifts(ctx: Flask) -> None:
    scene = make.scene()
    with clock.frozen(DAY_BEFORE), pytest.raises(ActivityNotEditable):
        shifts.create(
            scene.organizer,
            scene.activity_id,
            starts_at=NINE,
            ends_at=NINE + HOUR,
            capacity=1,
        )


@pytest.mark.parametrize(
    ("begins", "lasts", "field"),
    [
        (-25 * HOUR, HOUR, "starts_at"),
        (timedelta(), timedelta(), "ends_at"),
        (timedelta(), -HOUR, "ends_at"),
        (timedelta(), timedelta(hours=24, minutes=1), "ends_at"),
    ],
)
def test_a_shift_with_impossible_times_is_refused(
    ctx: Flask, begins: timedelta, lasts: timedelta, field: str
) -> None:
    scene = make.scene(published=False)
    with clock.frozen(DAY_BEFORE), pytest.raises(InvalidInput) as refused:
        shifts.create(
            scene.organizer,
            scene.activity_id,
            starts_at=NINE + begins,
            ends_at=NINE + begins + lasts,
            capacity=1,
        )
    assert refused.value.errors is not None
    assert list(refused.value.errors) == [field]


def test_a_title_that_speaks_of_back_entry_is_refused(ctx: Flask) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.scene(title="五月时长补录")
    assert refused.value.errors == {"title": ["活动名称不能含有“补录”"]}


def test_a_leader_needs_a_real_name(ctx: Flask) -> None:
    scene = make.scene()
    with pytest.raises(InvalidInput):
        activities.create(
            scene.organizer,
            project_id=scene.project_id,
            title="清洁家园",
            place="文峰社区",
            leader_id=person(registered=False).id,
        )


def test_a_project_must_be_approved_first(ctx: Flask) -> None:
    scene = make.scene()
    db.session.get_one(Project, scene.project_id).status = ProjectStatus.SUBMITTED
    with pytest.raises(ProjectNotApproved):
        activities.create(
            scene.organizer, project_id=scene.project_id, title="清洁家园", place="文峰社区"
        )


def test_another_organizer_finds_no_activity(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene()
    with pytest.raises(NotFound):
        activities.cancel(other.organizer, scene.activity_id, reason="下雨")
    with pytest.raises(NotFound):
        activities.create(
            other.organizer, project_id=scene.project_id, title="清洁家园", place="文峰社区"
        )


def test_a_draft_is_not_public(ctx: Flask) -> None:
    scene = make.scene(published=False)
    assert listed() == []
    with pytest.raises(NotFound):
        activities.get_public(scene.activity_id)


def test_the_list_is_filtered_by_action_site_and_day(ctx: Flask) -> None:
    make.scene()
    day = clock.day_of(NINE)
    with clock.frozen(DAY_BEFORE):
        cases: list[tuple[dict[str, Any], int]] = [
            ({}, 1),
            ({"action": Action.RURAL_SERVICE}, 1),
            ({"action": Action.SKILLS_TRAINING}, 0),
            ({"site": site("411002").id}, 1),
            ({"site": site("411003").id}, 0),
            ({"from_day": day, "to_day": day}, 1),
            ({"from_day": day + timedelta(days=1)}, 0),
            ({"to_day": day - timedelta(days=1)}, 0),
        ]
        for wanted, number in cases:
            assert len(listed(**wanted)) == number, wanted


def test_open_activities_have_a_free_seat_in_a_shift_to_come(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    with clock.frozen(DAY_BEFORE):
        assert (len(listed(is_open=True)), len(listed(is_open=False))) == (1, 0)
        signups.sign_up(make.volunteer(), scene.shift_id)
        assert (len(listed(is_open=True)), len(listed(is_open=False))) == (0, 1)


def test_pages_follow_the_order_of_time(ctx: Flask) -> None:
    later = make.scene(starts_at=NINE + 2 * HOUR)
    first = make.scene()
    same_time = make.scene()
    page = listings.list_published(PageRequest(limit=2), ActivityFilter())
    rest = listings.list_published(PageRequest(page.next_cursor, 2), ActivityFilter())
    found = [a.id for a in (*page.items, *rest.items)]
    assert found == [first.activity_id, same_time.activity_id, later.activity_id]
    assert rest.next_cursor is None


def test_an_activity_is_finished_two_hours_after_its_last_shift(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(minutes=120)
    with clock.frozen(NINE + timedelta(hours=3, minutes=59)):
        assert make.run(rolled_back, close_activities) == 0
    with clock.frozen(NINE + timedelta(hours=4)):
        assert make.run(rolled_back, close_activities) == 1
        assert make.run(rolled_back, close_activities) == 0
    with rolled_back.app_context():
        status = db.session.get_one(Activity, scene.activity_id).status
        assert status is ActivityStatus.FINISHED
        with pytest.raises(WrongState):
            activities.cancel(SYSTEM, scene.activity_id, reason="晚了")


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
    with clock.frozen(DAY_BEFORE):
        me = http.as_(scene.organizer)
        body = {"project_id": str(scene.project_id), "title": "文艺下乡", "place": "五女店镇政府"}
        made = me.post("/activities", json=body)
        assert made.status_code == 201, made.json
        assert made.json is not None
        assert made.json["shifts"] == []
        path = f"/activities/{made.json['id']}"
        assert http.get(path).status_code == 404
        early = me.post(f"{path}/submit")
        assert (early.status_code, early.json["code"]) == (409, "no_upcoming_shift")  # type: ignore[index]
        times = {"starts_at": "2027-05-02T14:00:00+08:00", "ends_at": "2027-05-02T16:00:00+08:00"}
        shift = me.post(f"{path}/shifts", json={**times, "capacity": 30})
        assert shift.status_code == 201, shift.json
        assert shift.json is not None
        assert (shift.json["seats_left"], shift.json["starts_at"]) == (30, times["starts_at"])
        for capacity in (0, 10_001, 1.5, "3", True):
            bad = me.post(f"{path}/shifts", json={**times, "capacity": capacity})
            assert (bad.status_code, list(bad.json["errors"])) == (422, ["capacity"])  # type: ignore[index]
        assert me.post(f"{path}/publish").json["code"] == "wrong_state"  # type: ignore[index]
        assert me.post(f"{path}/submit").json["status"] == "submitted"  # type: ignore[index]
        assert me.post(f"{path}/approve").status_code == 403
        approved = http.as_(scene.staff).post(f"{path}/approve")
        assert approved.json["status"] == "approved"  # type: ignore[index]
        assert me.post(f"{path}/publish").json["status"] == "published"  # type: ignore[index]
        seen = http.get(path)
        assert (seen.status_code, seen.json["starts_at"]) == (200, times["starts_at"])  # type: ignore[index]
        kept = http.get(path, headers={"If-None-Match": seen.headers["ETag"]})
        assert (kept.status_code, kept.data) == (304, b"")
        found = http.get("/activities?from=2027-05-02&open=true")
        assert [a["title"] for a in found.json["items"]] == ["文艺下乡"]  # type: ignore[index]
        assert found.headers["Cache-Control"] == "public, max-age=5"
        assert http.get("/activities?near=1").status_code == 422
        off = me.post(f"{path}/cancel", json={"reason": "暴雨红色预警"})
        assert (off.json["status"], off.json["cancel_reason"]) == ("cancelled", "暴雨红色预警")  # type: ignore[index]
        assert http.as_(make_stranger(rolled_back)).post(f"{path}/publish").status_code == 403


def make_stranger(app: Flask) -> Any:
    with stored(app):
        return make.volunteer()
