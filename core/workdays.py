"""Working days of China. Pure.

The State Council announces each year's holidays in the November before. `chinesecalendar` knows
them up to a year; days that staff loaded are added, and win. Of a year that nobody knows, the
weekdays are counted and the result says that it is not certain: on such a count nothing closes
by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period. It ends with that day."""

    day: date
    is_certain: bool
    """Whether the holidays of every day on the way are known."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked. `loaded` holds, for days that differ from their weekday, whether
    they are worked; a year of which a day is loaded is known."""

    loaded: Mapping[date, bool] = field(default_factory=dict)

    def knows(self, year: int) -> bool:
        return _ships(year) or any(day.year == year for day in self.loaded)

    def is_workday(self, day: date) -> bool:
        if day in self.loaded:
            return self.loaded[day]
        if _ships(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < SATURDAY

    def after(self, day: date, number: int) -> Deadline:
        """The `number`-th working day after `day`; `day` itself does not count."""
        last, years = day, {day.year}
        while number:
            last += DAY
            years.add(last.year)
            number -= self.is_workday(last)
        return Deadline(last, all(self.knows(year) for year in years))

    def between(self, day: date, later: date) -> int:
        """Working days after `day` up to and including `later`."""
        days = (later - day).days
        return sum(self.is_workday(day + n * DAY) for n in range(1, days + 1))


def _ships(year: int) -> bool:
    """Whether the library knows the year: then it knows its first day."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
