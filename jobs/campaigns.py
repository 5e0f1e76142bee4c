"""Moving campaigns on by their dates."""

from jobs.runner import JobContext
from nominations.services import stages


def advance_campaigns(context: JobContext) -> int:
    """Take every due step of every campaign, each campaign in a transaction of its own."""
    return context.each(stages.due, stages.advance)
