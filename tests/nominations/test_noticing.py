"""How long a notice lasts: calendar days, working days, what is left after it stood still."""

from datetime import date

import pytest

from core.workdays import DAY, Workdays
from nominations import noticing
from nominations.noticing import Owed, Period

KNOWN = Workdays()
WEEK = noticing.full(7)

SPRING_FESTIVAL_2027 = {date(2027, 2, day): False for day in range(5, 14)} | {
    date(2027, 1, 30): True,
    date(2027, 2, 14): True,
}
"""As it might be announced: nine days off, two days at weekends worked in exchange."""


@pytest.mark.parametrize(
    ("opens_on", "days", "closes_on"),
    [
        (date(2026, 6, 1), 7, date(2026, 6, 7)),  # five working days lie in a plain week
        (date(2026, 6, 1), 5, date(2026, 6, 5)),
        (date(2026, 6, 6), 5, date(2026, 6, 12)),  # from a Saturday: until Friday
        (date(2026, 6, 1), 10, date(2026, 6, 10)),
        (date(2026, 9, 30), 7, date(2026, 10, 12)),  # over the holidays of October
        (date(2024, 2, 26), 7, date(2024, 3, 3)),  # with a 29 February
        (date(2024, 2, 29), 1, date(2024, 3, 6)),
    ],
)
def test_a_notice_has_its_days_and_five_working_days(
    opens_on: date, days: int, closes_on: date
) -> None:
    found = noticing.period(opens_on, noticing.full(days), KNOWN)
    assert found == Period(opens_on, closes_on, is_provisional=False)
    assert KNOWN.between(opens_on - DAY, closes_on) >= noticing.MIN_WORKDAYS


def test_over_spring_festival_it_lasts_until_people_are_back() -> None:
    calendar = Workdays(SPRING_FESTIVAL_2027)
    found = noticing.period(date(2027, 2, 4), WEEK, calendar)
    assert found == Period(date(2027, 2, 4), date(2027, 2, 17), is_provisional=False)


def test_in_a_year_that_nobody_knows_it_says_so_and_becomes_longer_only() -> None:
    opens_on = date(2027, 2, 4)
    guess = noticing.period(opens_on, WEEK, KNOWN)
    assert guess == Period(opens_on, date(2027, 2, 10), is_provisional=True)
    known = noticing.period(opens_on, WEEK, Workdays(SPRING_FESTIVAL_2027))
    assert known.closes_on > guess.closes_on


def test_across_new_year_only_what_it_leans_on_must_be_known() -> None:
    leaning = noticing.period(date(2026, 12, 28), WEEK, KNOWN)
    assert leaning.is_provisional  # its fifth working day is the first of January or later
    assert not noticing.period(date(2026, 12, 21), WEEK, KNOWN).is_provisional


@pytest.mark.parametrize(
    ("suspended_on", "owed"),
    [
        (date(2026, 6, 1), Owed(7, 5)),
        (date(2026, 6, 3), Owed(5, 3)),  # the broken day is owed again
        (date(2026, 6, 7), Owed(1, 0)),
        (date(2026, 6, 20), Owed(1, 0)),  # after its end: one day all the same
    ],
)
def test_what_is_left_when_it_stops(suspended_on: date, owed: Owed) -> None:
    left = noticing.left(date(2026, 6, 1), date(2026, 6, 7), WEEK, KNOWN, suspended_on=suspended_on)
    assert left == owed


def test_stopped_again_before_it_goes_on_it_owes_no_more() -> None:
    left = noticing.left(
        date(2026, 6, 11), date(2026, 6, 13), Owed(3, 2), KNOWN, suspended_on=date(2026, 6, 10)
    )
    assert left == Owed(3, 2)


def test_resumed_over_a_holiday_the_working_days_that_are_owed_are_made_up_for() -> None:
    found = noticing.period(date(2026, 10, 1), Owed(3, 3), KNOWN)
    assert KNOWN.between(date(2026, 9, 30), found.closes_on) == 3
    assert found.closes_on > date(2026, 10, 7)
