"""The day of a shift follows its plan where nobody says otherwise."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import rolls


def advance_shifts(context: JobContext) -> int:
    """Begin, end and close the rolls of the shifts that are due; gives the number of moves."""
    begun = context.each(rolls.to_begin, lambda i: rolls.begin(SYSTEM, i))
    ended = context.each(rolls.to_end, lambda i: rolls.end(SYSTEM, i))
    closed = context.each(rolls.to_close_roll, lambda i: rolls.close_roll(SYSTEM, i))
    return begun + ended + closed
