"""Reviews that take too long."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import reviews


def escalate_reviews(context: JobContext) -> int:
    """Give overdue reviews to the next site up; gives the number looked at."""
    return context.each(reviews.to_escalate, lambda i: reviews.escalate(SYSTEM, i))
