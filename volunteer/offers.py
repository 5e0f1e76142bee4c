"""How long a freed seat is kept for the person to whom it is offered. Pure.

Everybody gets at most half of the time that is left, so that after a person who does not answer
there is time for the next ones, and no offer outlives the shift's start.
"""

from datetime import datetime, timedelta

LONGEST = timedelta(hours=12)
"""A night's sleep and a morning to look at the phone."""

DIRECT_WITHIN = timedelta(hours=2)
"""So near to the start nobody can be expected to answer in time: who waits gets the seat at once,
and may still cancel."""


def deadline(at: datetime, starts_at: datetime) -> datetime | None:
    """Until when a seat offered at `at` is kept; None when it is given without asking."""
    left = starts_at - at
    return None if left <= DIRECT_WITHIN else at + min(LONGEST, left / 2)
