"""When missing records of attendance keep a person from signing up. Pure.

A fair consequence: it takes several, each told when it was written down; a seat given up with
notice, however late, is none; who has waited out a pause begins anew; and what is taken off the
record (excused) was never there, so a pause that rested on it is over at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

ABSENCES = 3
WITHIN = timedelta(days=180)
PAUSE = timedelta(days=30)
LOOK_BACK = WITHIN + PAUSE
"""What is older can have no part in a pause of today."""


def paused_until(unrecorded: Iterable[datetime], at: datetime) -> datetime | None:
    """The end of the pause that lasts at `at`, or None.

    `unrecorded` are the instants at which rolls were closed without a record of the person, all
    of them, apart from the excused ones."""
    open_ones: list[datetime] = []
    for instant in sorted(unrecorded):
        open_ones = [one for one in open_ones if instant - one < WITHIN]
        open_ones.append(instant)
        if len(open_ones) == ABSENCES:
            if instant <= at < instant + PAUSE:
                return instant + PAUSE
            open_ones = []
    return None
