"""On which days something happens again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer.recurrence import Every, days_after


@pytest.mark.parametrize(
    ("first", "every", "until", "expected"),
    [
        ("2027-05-01", Every.WEEK, "2027-05-22", ["2027-05-08", "2027-05-15", "2027-05-22"]),
        ("2027-05-01", Every.WEEK, "2027-05-07", []),
        ("2027-05-01", Every.FORTNIGHT, "2027-06-01", ["2027-05-15", "2027-05-29"]),
        ("2027-12-31", Every.MONTH, "2028-03-31", ["2028-01-31", "2028-03-31"]),
        ("2028-02-29", Every.MONTH, "2028-04-01", ["2028-03-29"]),
        ("2027-05-01", Every.MONTH, "2027-04-01", []),
    ],
)
def test_days_follow_the_rule(first: str, every: Every, until: str, expected: list[str]) -> None:
    found = days_after(date.fromisoformat(first), every, date.fromisoformat(until))
    assert [day.isoformat() for day in found] == expected


@given(
    first=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    every=st.sampled_from(Every),
    span=st.integers(0, 800),
)
def test_days_rise_and_keep_to_the_span(first: date, every: Every, span: int) -> None:
    until = date.fromordinal(first.toordinal() + span)
    found = list(days_after(first, every, until))
    assert found == sorted(set(found))
    assert all(first < day <= until for day in found)
    if every is Every.MONTH:
        assert {day.day for day in found} <= {first.day}
    else:
        assert {day.weekday() for day in found} <= {first.weekday()}
