"""Winding up what is over or was called off."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import activities, attendances, closings, postponements, signups


def close_activities(context: JobContext) -> int:
    """Release the sign-ups of cancelled activities, mark missed check-outs, finish activities
    whose last shift is long over; gives the number of rows moved."""
    released = context.each(signups.to_release, lambda i: signups.release(SYSTEM, i))
    missed = context.each(attendances.to_miss, lambda i: attendances.miss_check_out(SYSTEM, i))
    finished = context.each(activities.to_finish, lambda i: activities.finish(SYSTEM, i))
    return released + missed + finished


def settle_activities(context: JobContext) -> int:
    """Settle finished activities of which no attendance is open; gives their number."""
    return context.each(closings.to_settle, lambda i: closings.settle(SYSTEM, i))


def tell_postponements(context: JobContext) -> int:
    """Tell people of postponed activities and of their new times; gives the number of batches."""
    return context.each(postponements.to_tell, postponements.tell)
