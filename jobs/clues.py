"""Clues that nobody answers."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from nominations.services import clues


def advance_clues(context: JobContext) -> int:
    """Answer the clues of campaigns that are over, and remind reviewers of others that wait;
    gives the number of both."""
    closed = context.each(clues.to_close, lambda i: clues.close(SYSTEM, i))
    return closed + context.each(clues.to_remind, lambda i: clues.remind(SYSTEM, i))
