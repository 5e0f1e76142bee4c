"""When missing records keep somebody from signing up."""

from datetime import timedelta

import pytest

from tests.factories.volunteer import NINE
from volunteer import standing

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("days", "at", "until"),
    [
        ([], 0, None),
        ([0, 1], 1, None),
        ([0, 1, 2], 1, None),
        ([0, 1, 2], 2, 32),
        ([2, 0, 1], 31, 32),
        ([0, 1, 2], 32, None),
        ([0, 90, 179], 180, 209),
        ([0, 90, 180], 180, None),
        ([0, 90, 180, 181], 181, 211),
        ([0, 1, 2, 40], 41, None),
        ([0, 1, 2, 40, 41, 42], 42, 72),
    ],
)
def test_three_within_half_a_year_pause_for_a_month(
    days: list[int], at: int, until: int | None
) -> None:
    instants = [NINE + day * DAY for day in days]
    expected = None if until is None else NINE + until * DAY
    assert standing.paused_until(instants, NINE + at * DAY) == expected


def test_the_pause_ends_with_its_last_instant() -> None:
    instants = [NINE] * 3
    end = NINE + standing.PAUSE
    assert standing.paused_until(instants, end - INSTANT) == end
    assert standing.paused_until(instants, end) is None
