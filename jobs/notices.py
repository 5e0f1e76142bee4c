"""Public notices, day by day."""

from functools import partial

from core.actor import SYSTEM
from jobs.runner import JobContext
from nominations.services import notice_days


def advance_notices(context: JobContext) -> int:
    """Open, close and count anew what is due, each notice in a transaction of its own."""
    return context.each(notice_days.to_advance, partial(notice_days.advance, SYSTEM))
