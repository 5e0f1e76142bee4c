"""Which minutes count, as a table that an organizer can check by hand."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from volunteer.accrual import (
    OUTSIDE_PLAN,
    REASON_SENTENCES,
    Accrual,
    Reason,
    Rules,
    Span,
    accrue,
)

EARLY = Reason.ARRIVED_EARLY
LATE = Reason.ARRIVED_LATE
LEFT = Reason.LEFT_EARLY
OVER = Reason.STAYED_OVER
TWICE = Reason.ALREADY_COUNTED
BELOW = Reason.BELOW_THRESHOLD


def on_the_day(text: str) -> datetime:
    """`09:00` or `09:00:30` of the leap day, or `+1 00:30` for the day after."""
    day, _, clock = text.rpartition(" ")
    hours = datetime.strptime(clock, "%H:%M:%S" if clock.count(":") == 2 else "%H:%M").replace(
        tzinfo=SHANGHAI
    )
    return hours.replace(year=2028, month=2, day=29) + timedelta(days=int(day or 0))


def span(
    number: int, came: str, left: str, plan: str = "09:00-11:00", *, is_settled: bool = False
) -> Span:
    start, end = plan.split("-")
    return Span(
        id=UUID(int=number),
        checked_in_at=on_the_day(came),
        checked_out_at=on_the_day(left),
        starts_at=on_the_day(start),
        ends_at=on_the_day(end),
        is_settled=is_settled,
    )


def lost(accrual: Accrual) -> dict[Reason, int]:
    return {part.reason: part.minutes for part in accrual.uncounted}


CASES = [
    # came       left        minutes  not counted
    ("09:00", "11:00", 120, {}),
    ("08:40", "11:00", 120, {EARLY: 20}),
    ("09:15", "11:00", 105, {LATE: 15}),
    ("09:00", "10:50", 110, {LEFT: 10}),
    ("09:00", "11:45", 120, {OVER: 45}),
    ("08:30", "13:00", 120, {EARLY: 30, OVER: 120}),
    ("09:10", "10:50", 100, {LATE: 10, LEFT: 10}),
    # 60 % of 120 minutes is 72
    ("09:00", "10:12", 72, {LEFT: 48}),
    ("09:00", "10:11", 0, {LEFT: 49, BELOW: 71}),
    ("09:00", "10:11:59", 0, {LEFT: 49, BELOW: 71}),
    ("09:49", "11:30", 0, {LATE: 49, BELOW: 71, OVER: 30}),
    # a minute counts only if the person was there all through it
    ("09:00:01", "11:00", 119, {LATE: 1}),
    ("09:00:59", "10:59:01", 118, {LATE: 1, LEFT: 1}),
    ("08:59:30", "11:00:30", 120, {}),
    # hardly there, or not at all in the planned time
    ("09:30", "09:30", 0, {LATE: 30, LEFT: 90}),
    ("09:30:10", "09:30:50", 0, {LATE: 31, LEFT: 89}),
    ("08:30", "08:50", 0, {EARLY: 20, LEFT: 120}),
    ("10:59:30", "12:00", 0, {LATE: 120, OVER: 60}),
]


@pytest.mark.parametrize(("came", "left", "minutes", "reasons"), CASES)
def test_a_shift_from_nine_to_eleven(
    came: str, left: str, minutes: int, reasons: dict[Reason, int]
) -> None:
    (accrual,) = accrue([span(1, came, left)]).values()
    assert (accrual.minutes, lost(accrual)) == (minutes, reasons)
    assert accrual.planned_minutes == 120


def test_a_shift_over_midnight_of_the_leap_day_counts_whole() -> None:
    (accrual,) = accrue([span(1, "21:50", "+1 02:00", "22:00-+1 02:00")]).values()
    assert (accrual.minutes, lost(accrual)) == (240, {EARLY: 10})


def test_a_minute_in_two_shifts_belongs_to_the_first_check_in() -> None:
    morning = span(1, "09:00", "11:00", "09:00-11:00")
    overlapping = span(2, "10:30", "12:30", "10:30-12:30")
    accruals = accrue([overlapping, morning])
    assert accruals[morning.id].minutes == 120
    assert accruals[overlapping.id].minutes == 90
    assert lost(accruals[overlapping.id]) == {TWICE: 30}


def test_minutes_in_the_ledger_stay_where_they_are_counted() -> None:
    settled = span(1, "10:30", "12:30", "10:30-12:30", is_settled=True)
    confirmed_later = span(2, "09:00", "11:00", "09:00-11:00")
    accruals = accrue([confirmed_later, settled])
    assert accruals[settled.id].minutes == 120
    assert lost(accruals[confirmed_later.id]) == {TWICE: 30}


def test_time_below_the_threshold_takes_no_minutes_from_another_shift() -> None:
    short = span(1, "09:00", "10:00", "09:00-11:00")
    other = span(2, "09:30", "10:30", "09:30-10:30")
    accruals = accrue([short, other])
    assert accruals[short.id].minutes == 0
    assert accruals[other.id].minutes == 60


def test_minutes_of_shifts_that_begin_at_different_seconds_are_told_apart() -> None:
    first = span(1, "09:00", "10:00", "09:00-10:00")
    second = span(2, "09:00", "11:00", "09:30:20-10:30:20")
    accrual = accrue([first, second])[second.id]
    assert (accrual.minutes, lost(accrual)) == (30, {EARLY: 30, TWICE: 30, OVER: 29})


def test_a_shift_shorter_than_a_minute_counts_nothing() -> None:
    (accrual,) = accrue([span(1, "09:00", "09:05", "09:00-09:00:30")]).values()
    assert (accrual.planned_minutes, accrual.minutes) == (0, 0)


def test_a_shift_inside_another_can_have_nothing_left_to_count() -> None:
    outer = span(1, "09:00", "11:00")
    inner = span(2, "09:30", "10:30", "09:30-10:30")
    accrual = accrue([outer, inner])[inner.id]
    assert (accrual.minutes, lost(accrual)) == (0, {TWICE: 60})


def test_the_threshold_is_a_rule_and_not_a_constant() -> None:
    (accrual,) = accrue([span(1, "09:00", "09:30")], Rules(threshold_percent=25)).values()
    assert accrual.minutes == 30


def test_every_reason_has_a_sentence() -> None:
    assert set(REASON_SENTENCES) == set(Reason)


DAWN = datetime(2026, 10, 1, tzinfo=UTC)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Up to four attendances of one day, with seconds, in any order and overlap."""
    second = st.integers(0, 24 * 3600)
    found = []
    for number in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, 22 * 3600))
        length = draw(st.integers(1, 24 * 3600))
        came, left = sorted((draw(second), draw(second)))
        found.append(
            Span(
                id=UUID(int=number),
                checked_in_at=DAWN + timedelta(seconds=came),
                checked_out_at=DAWN + timedelta(seconds=left),
                starts_at=DAWN + timedelta(seconds=start),
                ends_at=DAWN + timedelta(seconds=start + length),
                is_settled=draw(st.booleans()),
            )
        )
    return found


@given(spans())
def test_every_planned_minute_counts_or_has_a_reason(day: list[Span]) -> None:
    for one in accrue(day).values():
        inside = sum(m for reason, m in lost(one).items() if reason not in OUTSIDE_PLAN)
        assert one.minutes + inside == one.planned_minutes
        assert all(minutes > 0 for minutes in lost(one).values())


@given(spans())
def test_nobody_earns_more_than_the_time_they_were_there(day: list[Span]) -> None:
    accruals = accrue(day)
    for one in day:
        there = (one.checked_out_at - one.checked_in_at).total_seconds() / 60
        assert 0 <= accruals[one.id].minutes <= there
    first, last = min(s.checked_in_at for s in day), max(s.checked_out_at for s in day)
    assert sum(a.minutes for a in accruals.values()) <= (last - first).total_seconds() / 60


@given(spans(), st.randoms(use_true_random=False))
def test_the_order_in_which_records_arrive_changes_nothing(day: list[Span], random: Random) -> None:
    shuffled = list(day)
    random.shuffle(shuffled)
    assert accrue(shuffled) == accrue(day)


@given(spans())
def test_alone_a_record_counts_all_or_nothing_of_the_planned_presence(day: list[Span]) -> None:
    for one in day:
        (alone,) = accrue([one]).values()
        share = alone.minutes * 100
        assert alone.minutes == 0 or share >= alone.planned_minutes * 60
        assert Reason.ALREADY_COUNTED not in lost(alone)
