"""Freed seats go to those who wait, and whoever has a seat is told."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import signups


def promote_waitlist(context: JobContext) -> int:
    """Fill the free seats of every shift in which somebody waits; gives the number of shifts."""
    return context.each(signups.to_promote, lambda shift_id: signups.promote(SYSTEM, shift_id))


def tell_seats(context: JobContext) -> int:
    """Tell everybody who has got a seat; gives the number of people."""
    return context.each(signups.to_tell, signups.tell_seat)
