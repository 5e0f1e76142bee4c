"""Breaks declared in a shift: shown to everybody, and neither planned nor served."""

from datetime import date, timedelta

import pytest
from flask import Flask

from core import clock
from core.errors import InvalidInput
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.hours import entries_of, served
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.errors import ActivityNotEditable, BackfillTooLong
from volunteer.models.disputes import DisputeAbout
from volunteer.models.shifts import Rest, Shift
from volunteer.services import (
    backfills,
    disputes,
    occurrences,
    postponements,
    rolls,
    shifts,
)
from volunteer.services.postponements import NewTime

MINUTE = timedelta(minutes=1)
NOON = NINE + 3 * HOUR
LUNCH = Rest(NOON, NOON + HOUR)


def day_with_lunch() -> Scene:
    """Nine to five with an hour for lunch, published."""
    made = make.scene(minutes=8 * 60, published=False)
    with clock.frozen(DAY_BEFORE):
        shifts.update_draft(made.organizer, made.shift_id, {"breaks": [LUNCH]})
        make.publish(made)
    return made


def draft(*, breaks: list[Rest]) -> tuple[Scene, Shift]:
    """Nine to one."""
    made = make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        return made, shifts.create(
            made.organizer,
            made.activity_id,
            starts_at=NINE,
            ends_at=NINE + 4 * HOUR,
            capacity=5,
            breaks=breaks,
        )


@pytest.mark.parametrize(
    "breaks",
    [
        [Rest(NINE - MINUTE, NINE + HOUR)],
        [Rest(NINE + 3 * HOUR, NINE + 4 * HOUR + MINUTE)],
        [Rest(NINE + HOUR, NINE + HOUR)],
        [Rest(NINE + 2 * HOUR, NINE + HOUR)],
        [Rest(NINE + HOUR, NINE + 2 * HOUR), Rest(NINE + 2 * HOUR - MINUTE, NINE + 3 * HOUR)],
        [Rest(NINE + HOUR, NINE + HOUR + timedelta(seconds=90))],
        [Rest(NINE, NINE + 2 * HOUR), Rest(NINE + 2 * HOUR, NINE + 4 * HOUR)],
    ],
    ids=["before", "after", "empty", "backwards", "overlap", "seconds", "nothing left"],
)
def test_breaks_that_cannot_be_are_refused(ctx: Flask, breaks: list[Rest]) -> None:
    with pytest.raises(InvalidInput) as refused:
        draft(breaks=breaks)
    assert list(refused.value.errors or {}) == ["breaks"]


def test_breaks_may_touch_each_other_and_the_ends(ctx: Flask) -> None:
    rests = [Rest(NINE + HOUR, NINE + 2 * HOUR), Rest(NINE, NINE + HOUR)]
    assert draft(breaks=rests)[1].breaks == rests[::-1]


def test_breaks_move_with_the_start_of_a_draft_and_must_still_fit(ctx: Flask) -> None:
    made, shift = draft(breaks=[Rest(NINE + HOUR, NINE + 2 * HOUR)])
    with clock.frozen(DAY_BEFORE):
        times = {"starts_at": NINE + HOUR, "ends_at": NINE + 5 * HOUR}
        moved = shifts.update_draft(made.organizer, shift.id, times)
        assert moved.breaks == [Rest(NINE + 2 * HOUR, NINE + 3 * HOUR)]
        with pytest.raises(InvalidInput):
            shifts.update_draft(made.organizer, shift.id, {"ends_at": NINE + 2 * HOUR + MINUTE})
        assert shifts.update_draft(made.organizer, shift.id, {"breaks": []}).breaks == []


def test_breaks_are_fixed_once_people_sign_up(ctx: Flask) -> None:
    scene = day_with_lunch()
    with clock.frozen(DAY_BEFORE), pytest.raises(ActivityNotEditable):
        shifts.update_draft(scene.organizer, scene.shift_id, {"breaks": []})


def test_a_day_with_lunch_counts_without_it(ctx: Flask) -> None:
    scene, volunteer = day_with_lunch(), make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 8 * HOUR)
    assert (attendance.planned_minutes, attendance.minutes) == (420, 420)
    (part,) = attendance.not_counted
    assert (part.reason, part.minutes, part.sentence) == (
        "break",
        60,
        "场次中的休息、用餐时间不计入",
    )


def test_an_early_end_plans_no_more_than_was_worked(ctx: Flask) -> None:
    scene, volunteer = day_with_lunch(), make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NOON)
    assert attendance.minutes == 0, "three hours of seven"
    with clock.frozen(NINE):
        rolls.begin(scene.organizer, scene.shift_id)
    with clock.frozen(NOON + HOUR // 2):
        rolls.end(scene.organizer, scene.shift_id, reason="下雨")
    assert (attendance.planned_minutes, attendance.minutes) == (180, 180)
    assert [e.minutes for e in entries_of(volunteer)] == [180]


def test_nothing_is_backfilled_or_awarded_for_lunch(ctx: Flask) -> None:
    scene, volunteer = day_with_lunch(), make.volunteer()
    claim = {"evidence": "合影和签到表", "reference": "FJ-1", "reason": "手机没电"}
    about = {"activity_id": scene.activity_id, "shift_id": scene.shift_id}
    with clock.frozen(NINE + 9 * HOUR), pytest.raises(BackfillTooLong) as caught:
        backfills.claim(volunteer, **about, minutes=421, **claim)  # type: ignore[arg-type]
    assert caught.value.details == {"free_minutes": 420}
    short = served(volunteer, scene.shift_id, NINE, NINE + HOUR)
    said = disputes.open(
        volunteer, about_type=DisputeAbout.ATTENDANCE, about_id=short.id, reason="全天都在"
    )
    with pytest.raises(InvalidInput):
        disputes.uphold(scene.staff, said.id, answer="属实", minutes=421)
    disputes.uphold(scene.staff, said.id, answer="属实", minutes=420)
    assert short.minutes == 420


def test_a_copy_and_a_new_time_keep_the_breaks(ctx: Flask) -> None:
    scene, later = day_with_lunch(), timedelta(days=8)
    with clock.frozen(DAY_BEFORE):
        copied = occurrences.copy(scene.organizer, scene.activity_id, starts_on=date(2027, 5, 9))
        assert copied.shifts[0].breaks == [Rest(NOON + later, NOON + later + HOUR)]
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
        start = NINE + later - HOUR
        short = NewTime(scene.shift_id, start, start + 3 * HOUR)
        with pytest.raises(InvalidInput):
            postponements.reschedule(scene.organizer, scene.activity_id, times=[short])
        whole = NewTime(scene.shift_id, start, start + 6 * HOUR)
        moved = postponements.reschedule(scene.organizer, scene.activity_id, times=[whole])
        assert moved.shifts[0].breaks == [Rest(NOON + later - HOUR, NOON + later)]
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
        none = NewTime(scene.shift_id, start, start + 3 * HOUR, breaks=[])
        moved = postponements.reschedule(scene.organizer, scene.activity_id, times=[none])
    assert moved.shifts[0].breaks == []


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    lunch = {"starts_at": "2027-05-01T12:00:00+08:00", "ends_at": "2027-05-01T13:00:00+08:00"}
    with stored(rolled_back):
        scene = make.scene(minutes=8 * 60, published=False)
    with clock.frozen(DAY_BEFORE):
        path = f"/shifts/{scene.shift_id}"
        me = http.as_(scene.organizer)
        seen = me.get(path)
        headers = {"If-Match": seen.headers["ETag"]}
        changed = me.patch(path, json={"breaks": [lunch]}, headers=headers)
        assert (changed.status_code, changed.json["breaks"]) == (200, [lunch])  # type: ignore[index]
        with stored(rolled_back):
            make.publish(scene)
        public = http.get(f"/activities/{scene.activity_id}").json
        assert [s["breaks"] for s in public["shifts"]] == [[lunch]]  # type: ignore[index]
