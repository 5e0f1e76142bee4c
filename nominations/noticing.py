"""How long a public notice (公示) lasts. Pure.

Days are days in Shanghai, the last one inclusive: it ends at the following midnight. Sister cities
give five to seven days; that five of them are worked is our rule, so that a notice over Spring
Festival is not one that nobody reads.
"""

from dataclasses import dataclass
from datetime import date

from core.workdays import DAY, Workdays

MIN_WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class Owed:
    """How long something still has to be shown: full days, and working days among them."""

    days: int
    workdays: int


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day of notice. `is_provisional` when it leans on a year whose
    holidays nobody knows yet: then weekends alone were left out, and the end can only move
    back."""

    opens_on: date
    closes_on: date
    is_provisional: bool


def full(days: int) -> Owed:
    """What a notice of so many calendar days owes on its first morning."""
    return Owed(days, MIN_WORKDAYS)


def period(opens_on: date, owed: Owed, calendar: Workdays) -> Period:
    """The days of notice that begin with `opens_on`: as many as are owed, and on until enough
    working days lie among them."""
    last_of_days = opens_on + (owed.days - 1) * DAY
    last_workday = calendar.after(opens_on - DAY, owed.workdays)
    return Period(
        opens_on,
        max(last_of_days, last_workday.day),
        is_provisional=owed.workdays > 0 and not last_workday.is_certain,
    )


def left(
    opens_on: date, closes_on: date, owed: Owed, calendar: Workdays, *, suspended_on: date
) -> Owed:
    """What is still owed when a notice that owed `owed` on `opens_on` stops on `suspended_on`. The
    broken day was not shown in full and is owed again; at least one day always is."""
    shown = calendar.between(opens_on - DAY, suspended_on - DAY)
    return Owed(
        days=max((closes_on - max(suspended_on, opens_on)).days + 1, 1),
        workdays=max(owed.workdays - shown, 0),
    )
