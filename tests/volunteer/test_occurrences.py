"""Holding an activity again, for a day or for a row of days."""

from datetime import date, timedelta

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE
from volunteer.errors import NoUpcomingShift, ProjectNotApproved
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import RiskLevel
from volunteer.recurrence import Every
from volunteer.services import activities, deputies, occurrences, projects, shifts

LATER = date(2027, 5, 9)


def test_a_copy_keeps_what_was_planned(ctx: Flask) -> None:
    scene, deputy = make.scene(published=False), make.volunteer()
    with clock.frozen(DAY_BEFORE):
        details = {"risk_level": RiskLevel.PERSONAL, "insurance_number": "PICC-1", "min_age": 16}
        activities.update_draft(scene.organizer, scene.activity_id, details)
        shifts.create(
            scene.organizer,
            scene.activity_id,
            starts_at=NINE + timedelta(days=1, hours=13),
            ends_at=NINE + timedelta(days=1, hours=16),
            capacity=7,
            post="引导",
            min_people=2,
        )
        deputies.replace(scene.organizer, scene.activity_id, [deputy.id])
        copied = occurrences.copy(scene.organizer, scene.activity_id, starts_on=LATER)
    assert (copied.status, copied.copied_from_id) == (ActivityStatus.DRAFT, scene.activity_id)
    assert (copied.min_age, copied.risk_level) == (16, RiskLevel.PERSONAL)
    assert copied.insurance_number is None
    assert copied.deputy_ids == [deputy.id]
    by = timedelta(days=8)
    assert [(s.starts_at - by, s.ends_at - by, s.capacity, s.post) for s in copied.shifts] == [
        (NINE, NINE + 2 * HOUR, 10, ""),
        (NINE + timedelta(days=1, hours=13), NINE + timedelta(days=1, hours=16), 7, "引导"),
    ]


def test_a_day_is_copied_once_unless_its_copy_was_called_off(ctx: Flask) -> None:
    scene = make.scene()
    with clock.frozen(DAY_BEFORE):
        first = occurrences.copy(scene.organizer, scene.activity_id, starts_on=LATER)
        again = occurrences.copy(scene.organizer, scene.activity_id, starts_on=LATER)
        assert (again.id, len(again.shifts)) == (first.id, 1)
        first.status, first.cancel_reason = ActivityStatus.CANCELLED, "下雨"
        db.session.flush()
        other = occurrences.copy(scene.organizer, scene.activity_id, starts_on=LATER)
    assert other.id != first.id


def test_a_week_has_one_occurrence_however_often_it_is_asked(ctx: Flask) -> None:
    scene = make.scene()
    until = date(2027, 5, 29)
    with clock.frozen(DAY_BEFORE):
        asked = [
            occurrences.repeat(scene.organizer, scene.activity_id, every=Every.WEEK, until=until)
            for _ in range(2)
        ]
    ids = [[activity.id for activity in found] for found in asked]
    assert ids[0] == ids[1]
    local = [a.shifts[0].starts_at.astimezone(clock.SHANGHAI) for a in asked[0]]
    assert [start.isoformat() for start in local] == [
        f"2027-05-{day:02}T09:00:00+08:00" for day in (8, 15, 22, 29)
    ]


def test_occurrences_that_are_past_are_left_out(ctx: Flask) -> None:
    scene = make.scene()
    with clock.frozen(NINE + timedelta(days=14)):
        found = occurrences.repeat(
            scene.organizer, scene.activity_id, every=Every.WEEK, until=date(2027, 5, 22)
        )
    assert [a.occurs_on for a in found] == [date(2027, 5, 22)]


@pytest.mark.parametrize(("weeks", "is_refused"), [(0, True), (26, False), (27, True)])
def test_half_a_year_at_most(ctx: Flask, weeks: int, is_refused: bool) -> None:
    scene = make.scene()
    until = date(2027, 5, 1) + timedelta(weeks=weeks)
    with clock.frozen(DAY_BEFORE):
        if is_refused:
            with pytest.raises(InvalidInput):
                occurrences.repeat(
                    scene.organizer, scene.activity_id, every=Every.WEEK, until=until
                )
        else:
            made = occurrences.repeat(
                scene.organizer, scene.activity_id, every=Every.WEEK, until=until
            )
            assert len(made) == weeks


def test_what_can_not_be_held_again(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene()
    with clock.frozen(NINE + timedelta(days=8)), pytest.raises(InvalidInput):
        occurrences.copy(scene.organizer, scene.activity_id, starts_on=LATER)
    with clock.frozen(DAY_BEFORE):
        with pytest.raises(NotFound):
            occurrences.copy(other.organizer, scene.activity_id, starts_on=LATER)
        empty = activities.create(
            scene.organizer, project_id=scene.project_id, title="清洁家园", place="文峰社区"
        )
        with pytest.raises(NoUpcomingShift):
            occurrences.copy(scene.organizer, empty.id, starts_on=LATER)
        projects.close(scene.organizer, scene.project_id, reason="做完了")
        with pytest.raises(ProjectNotApproved):
            occurrences.copy(scene.organizer, scene.activity_id, starts_on=LATER)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
    me, path = http.as_(scene.organizer), f"/activities/{scene.activity_id}"
    with clock.frozen(DAY_BEFORE):
        copied = me.post(f"{path}/copy", json={"starts_on": "2027-05-09"})
        assert (copied.status_code, copied.json["status"]) == (201, "draft")  # type: ignore[index]
        assert copied.json["copied_from_id"] == str(scene.activity_id)  # type: ignore[index]
        row = me.post(f"{path}/repeat", json={"every": "fortnight", "until": "2027-06-01"})
        assert row.status_code == 201, row.json
        starts = [a["shifts"][0]["starts_at"][:10] for a in row.json["items"]]  # type: ignore[index]
        assert starts == ["2027-05-15", "2027-05-29"]
