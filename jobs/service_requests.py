"""Service orders that wait too long."""

from jobs.runner import JobContext
from volunteer.services import ratings, service_returns, service_steps


def advance_service_requests(context: JobContext) -> int:
    """Give orders of cancelled activities back to their teams and unanswered ones to the staff,
    remind of overdue ones, close those that were done a week ago; gives the number of orders."""
    unlinked = context.each(service_returns.to_unlink, service_returns.unlink)
    reminded = context.each(service_steps.to_remind, service_steps.remind)
    lapsed = context.each(service_returns.to_lapse, service_returns.lapse)
    closed = context.each(ratings.to_close, ratings.close)
    return unlinked + reminded + lapsed + closed
