"""Records that are due."""

from jobs.runner import JobContext
from volunteer.services import deadlines


def chase_records(context: JobContext) -> int:
    """Remind organisers of missing records; gives the number of activities."""
    return context.each(deadlines.to_chase, deadlines.chase)
