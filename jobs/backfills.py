"""Backfills whose notice is over."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import notices


def record_backfills(context: JobContext) -> int:
    """Enter what nobody objected to; gives the number of backfills."""
    return context.each(notices.to_record, lambda i: notices.record(SYSTEM, i))
