"""Freed seats go to those who wait."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import signups


def promote_waitlist(context: JobContext) -> int:
    """Fill the free seats of every shift in which somebody waits; gives the number of shifts."""
    return context.each(signups.to_promote, lambda shift_id: signups.promote(SYSTEM, shift_id))
