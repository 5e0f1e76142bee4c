"""Records that are due."""

from jobs.runner import JobContext
from volunteer.services import deadlines, disputes, holidays


def chase_records(context: JobContext) -> int:
    """Remind organisers of missing records; gives the number of activities."""
    return context.each(deadlines.to_chase, deadlines.chase)


def chase_disputes(context: JobContext) -> int:
    """Tell the staff of sites of disputes that nobody answers; gives their number."""
    return context.each(disputes.to_chase, disputes.chase)


def warn_of_missing_holidays(context: JobContext) -> int:
    """Tell the administrators whose holidays are not known; gives the number of years."""
    return context.write(holidays.warn)
