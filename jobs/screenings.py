"""Cases that wait on the ladder of review."""

from jobs.runner import JobContext
from nominations.services import consultations, ladder, overdue_reviews


def pass_up_orphans(context: JobContext) -> int:
    """Give cases that nobody may decide to the next step; gives their number."""
    return context.each(ladder.to_pass_up, ladder.pass_up)


def remind_reviewers(context: JobContext) -> int:
    """Remind of what waits too long, for reviewers and for departments; gives the number."""
    reviews = context.each(overdue_reviews.to_remind, overdue_reviews.remind)
    return reviews + context.each(consultations.to_remind, consultations.remind)
