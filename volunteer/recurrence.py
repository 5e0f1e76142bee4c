"""On which days something happens again. Pure: days in, days out."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import count


class Every(StrEnum):
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


DAYS = {Every.WEEK: 7, Every.FORTNIGHT: 14}


def days_after(first: date, every: Every, until: date) -> Iterator[date]:
    """The days after `first` on which it happens again, up to and with `until`.

    A month that lacks the day (the 31st) is left out, as RFC 5545 has it."""
    for step in count(1):
        day = _next(first, every, step)
        if day is not None and day > until:
            return
        if day is None:
            continue
        yield day


def _next(first: date, every: Every, step: int) -> date | None:
    if every in DAYS:
        return first + timedelta(days=DAYS[every] * step)
    years, month = divmod(first.month - 1 + step, 12)
    try:
        return first.replace(year=first.year + years, month=month + 1)
    except ValueError:
        return None
