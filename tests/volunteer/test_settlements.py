"""Bringing the ledger to what the times say, in whatever order they become known."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.actor import Actor
from core.ids import new_id
from tests.factories import volunteer as make
from tests.factories.hours import MINUTE, entries_of, served
from tests.factories.volunteer import NINE, Scene
from volunteer.errors import AlreadyCounted
from volunteer.lifecycles import AttendanceStatus, ShiftStatus
from volunteer.models.attendances import Attendance
from volunteer.models.hours import EntryKind, SourceType
from volunteer.services import entries, hours, settlements, shifts
from volunteer.services.entries import Source

HOUR = timedelta(hours=1)


def minutes(attendance: Attendance) -> tuple[str, int | None, int]:
    return attendance.status.value, attendance.minutes, attendance.held_minutes


def reasons(attendance: Attendance) -> dict[str, int]:
    return {part.reason.value: part.minutes for part in attendance.not_counted}


def resettle(attendance: Attendance, by: Actor, cause: UUID | None = None) -> Attendance:
    return settlements.resettle(
        by,
        attendance,
        shifts.load(attendance.shift_id),
        cause_type=SourceType.CORRECTION,
        cause_id=cause or new_id(),
        reason="更正签退时间",
    )


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def test_a_late_record_takes_its_minutes_back_from_a_later_check_in(scene: Scene) -> None:
    overlapping = make.scene(starts_at=NINE + 90 * MINUTE)
    volunteer = make.volunteer()
    first_known = served(volunteer, overlapping.shift_id, NINE + 90 * MINUTE, NINE + 210 * MINUTE)
    assert first_known.minutes == 120
    late = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    assert (late.minutes, first_known.minutes) == (120, 90)
    assert reasons(first_known) == {"already_counted": 30}
    (adjusted,) = (e for e in entries_of(volunteer) if e.kind is EntryKind.ADJUSTED)
    root = entries.earned_from(Source(SourceType.ATTENDANCE, first_known.id))
    assert root is not None
    assert (adjusted.minutes, adjusted.corrects_id) == (-30, root.id)
    assert (adjusted.source_type, adjusted.source_id) == (SourceType.ATTENDANCE, late.id)
    assert (adjusted.organization_id, adjusted.served_on) == (
        overlapping.organization_id,
        NINE.date(),
    )
    assert adjusted.reason
    assert hours.summarize(volunteer).verified_minutes == 210


def test_the_order_in_which_records_arrive_leaves_the_same_hours(ctx: Flask) -> None:
    """Overlaps, a span too short to count, and a day above eight hours."""
    times = [(0, 300), (120, 360), (240, 540), (500, 700)]
    scenes = [
        make.scene(starts_at=NINE - HOUR + start * MINUTE, minutes=end - start)
        for start, end in times
    ]
    results = set()
    for order in permutations(range(4)):
        volunteer = make.volunteer()
        known = {}
        for number in order:
            start, end = times[number]
            came, left = NINE - HOUR + start * MINUTE, NINE - HOUR + end * MINUTE
            known[number] = served(volunteer, scenes[number].shift_id, came, left)
        results.add(tuple(minutes(known[number]) for number in range(4)))
        total = hours.summarize(volunteer).verified_minutes
        assert total == sum(e.minutes for e in entries_of(volunteer)) == 480
        for attendance in known.values():
            entry = settlements.entry_of(attendance)
            left_over = entries.left_of(entry) if entry else 0
            assert left_over == attendance.minutes
    assert len(results) == 1


def test_an_entry_of_which_nothing_is_left_is_reversed(scene: Scene) -> None:
    inner = make.scene(starts_at=NINE + 30 * MINUTE, minutes=60)
    volunteer = make.volunteer()
    taken = served(volunteer, inner.shift_id, NINE + 30 * MINUTE, NINE + 90 * MINUTE)
    served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    assert minutes(taken) == ("below_threshold", 0, 0)
    assert sorted((e.kind.value, e.minutes) for e in entries_of(volunteer)) == [
        ("earned", 60),
        ("earned", 120),
        ("reversed", -60),
    ]


def test_corrected_times_bring_the_ledger_along_and_the_neighbours(scene: Scene) -> None:
    next_one = make.scene(starts_at=NINE + 90 * MINUTE)
    volunteer = make.volunteer()
    first = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    second = served(volunteer, next_one.shift_id, NINE + 90 * MINUTE, NINE + 210 * MINUTE)
    assert (first.minutes, second.minutes) == (120, 90)
    first.checked_out_at = NINE + 100 * MINUTE
    resettle(first, scene.organizer)
    assert (first.minutes, second.minutes) == (100, 110)
    first.checked_out_at = NINE + 60 * MINUTE
    resettle(first, scene.organizer)
    assert minutes(first) == ("below_threshold", 0, 0)
    assert second.minutes == 120
    first.checked_out_at = NINE + 120 * MINUTE
    resettle(first, scene.organizer)
    assert (minutes(first), second.minutes) == (("counted", 120, 0), 90)
    assert hours.summarize(volunteer).verified_minutes == 210
    mine = [e for e in entries_of(volunteer) if e.organization_id == scene.organization_id]
    assert [(e.kind.value, e.minutes) for e in mine] == [
        ("earned", 120),
        ("adjusted", -20),
        ("reversed", -100),
        ("earned", 120),
    ]
    assert {e.created_by for e in mine[1:]} == {scene.organizer.id}


def test_one_correction_changes_an_entry_once(scene: Scene) -> None:
    volunteer, cause = make.volunteer(), new_id()
    first = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    first.checked_out_at = NINE + 100 * MINUTE
    resettle(first, scene.organizer, cause)
    resettle(first, scene.organizer, cause)
    assert [e.minutes for e in entries_of(volunteer)] == [120, -20]


def test_an_early_end_makes_the_real_time_the_planned_one(scene: Scene) -> None:
    volunteer = make.volunteer()
    short = served(volunteer, scene.shift_id, NINE, NINE + 50 * MINUTE)
    assert minutes(short) == ("below_threshold", 0, 0)
    shift = shifts.load(scene.shift_id)
    shift.status, shift.ended_at = ShiftStatus.ENDED, NINE + 60 * MINUTE
    resettle(short, scene.organizer)
    assert (minutes(short), short.planned_minutes) == (("counted", 50, 0), 60)
    assert hours.summarize(volunteer).verified_minutes == 50


def test_a_night_shift_fills_the_day_after(ctx: Flask) -> None:
    """Four hours of the night belong to the next day, of which only eight count at once."""
    night = make.scene(starts_at=NINE + 13 * HOUR, minutes=360)
    day = make.scene(starts_at=NINE + 24 * HOUR, minutes=300)
    volunteer = make.volunteer()
    later = served(volunteer, day.shift_id, NINE + 24 * HOUR, NINE + 29 * HOUR)
    assert minutes(later) == ("counted", 300, 0)
    served(volunteer, night.shift_id, NINE + 13 * HOUR, NINE + 19 * HOUR)
    assert minutes(later) == ("under_review", 240, 60)
    assert reasons(later) == {"awaits_site": 60}


def test_settling_a_record_that_did_not_change_writes_nothing(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    settlements.settle(volunteer, attendance, shifts.load(scene.shift_id))
    assert [e.minutes for e in entries_of(volunteer)] == [120]
    assert attendance.status is AttendanceStatus.COUNTED


def test_nobody_is_left_with_less_than_nothing(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    entry = settlements.entry_of(attendance)
    assert entry is not None
    source = Source(SourceType.CORRECTION, new_id())
    with pytest.raises(ValueError, match="less than nothing"):
        entries.correct(scene.organizer, entry, minutes=-1, source=source, reason="误录")


def test_the_same_source_corrects_once_by_key(scene: Scene) -> None:
    volunteer = make.volunteer()
    attendance = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    entry = settlements.entry_of(attendance)
    assert entry is not None
    source = Source(SourceType.CORRECTION, new_id())
    entries.correct(scene.organizer, entry, minutes=60, source=source, reason="误录")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - a driver's error, named at the door
        entries.correct(scene.organizer, entry, minutes=30, source=source, reason="误录")
    assert "uq_hours_entries_correction" in str(caught.value) or "UNIQUE" in str(caught.value)
    assert AlreadyCounted.code == "already_counted"


def test_sums_follow_corrections(scene: Scene) -> None:
    volunteer = make.volunteer()
    with clock.frozen(NINE + 3 * HOUR):
        attendance = served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    assert hours.tally_batch() == 1
    attendance.checked_out_at = NINE + 80 * MINUTE
    resettle(attendance, scene.organizer)
    assert hours.tally_batch() == 1
    assert hours.reconcile() == []
    assert hours.summarize(volunteer).tallied_minutes == 80
