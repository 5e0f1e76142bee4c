"""Hours that somebody should look at."""

from jobs.runner import JobContext
from volunteer.services import flags


def flag_hours(context: JobContext) -> int:
    """Raise what is new; gives the number of flags."""
    return context.write(flags.sweep)
