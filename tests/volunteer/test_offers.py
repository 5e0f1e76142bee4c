"""How long a freed seat is kept."""

from datetime import timedelta

import pytest

from tests.factories.volunteer import NINE
from volunteer import offers

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        (72 * HOUR, 12 * HOUR),
        (24 * HOUR, 12 * HOUR),
        (10 * HOUR, 5 * HOUR),
        (2 * HOUR + timedelta(seconds=2), HOUR + timedelta(seconds=1)),
        (2 * HOUR, None),
        (timedelta(minutes=5), None),
    ],
)
def test_half_of_the_time_left_but_a_night_at_most(left: timedelta, kept: timedelta | None) -> None:
    at = NINE - left
    assert offers.deadline(at, NINE) == (None if kept is None else at + kept)
