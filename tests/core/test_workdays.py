"""Working days, with the holidays of 2026 as announced and a year that nobody knows yet."""

from datetime import date

import pytest

from core.workdays import Deadline, Workdays


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday worked in exchange
        (date(2026, 10, 11), False),
        (date(2028, 10, 2), True),  # unknown: a Monday
        (date(2028, 10, 1), False),  # unknown: a Sunday
    ],
)
def test_a_day(day: date, is_worked: bool) -> None:
    assert Workdays().is_workday(day) is is_worked


def test_ten_working_days_jump_over_the_national_holiday() -> None:
    assert Workdays().after(date(2026, 9, 26), 10) == Deadline(date(2026, 10, 15), True)
    assert Workdays().between(date(2026, 9, 26), date(2026, 10, 15)) == 10
    assert Workdays().between(date(2026, 9, 26), date(2026, 9, 26)) == 0


def test_a_count_into_an_unknown_year_is_not_certain() -> None:
    assert Workdays().after(date(2028, 3, 3), 10) == Deadline(date(2028, 3, 17), False)
    known = Workdays({date(2028, 3, 8): False})
    assert known.after(date(2028, 3, 3), 10) == Deadline(date(2028, 3, 20), True)


def test_the_turn_of_the_year_needs_both_years() -> None:
    december = date(2027, 12, 27)
    assert not Workdays({date(2027, 10, 1): False}).after(december, 10).is_certain
    both = Workdays({date(2027, 10, 1): False, date(2028, 1, 3): False})
    assert both.after(december, 10) == Deadline(date(2028, 1, 11), True)


def test_what_staff_loaded_wins_over_what_the_library_ships() -> None:
    assert Workdays({date(2026, 10, 8): False}).after(date(2026, 10, 7), 1).day == date(2026, 10, 9)
