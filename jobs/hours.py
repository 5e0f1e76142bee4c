"""Keeping the sums of hours, and checking them."""

import logging

from jobs.runner import JobContext
from volunteer.services import evaluations, hours, stars

log = logging.getLogger(__name__)


class HoursDiffer(Exception):
    """Sums do not equal the ledger; each difference is in the log."""


def tally_hours(context: JobContext) -> int:
    """Add new entries to the sums and award stars, for time, evaluations and ratings; gives the
    number of all."""
    return context.drain(hours.tally_batch) + context.drain(evaluations.tally_batch)


def review_stars(context: JobContext) -> int:
    """Bring stars in line with levels that have changed; gives the number looked at."""
    return context.each(stars.to_review, evaluations.review_star)


def reconcile_hours(context: JobContext) -> int:
    """Compare all sums with the ledger. Raises HoursDiffer, so that the run shows as dead."""
    differences = context.read(hours.reconcile)
    for found in differences:
        log.error(
            "hours differ",
            extra={"what": found.what, "stored": found.stored, "summed": found.summed},
        )
    if differences:
        raise HoursDiffer(f"{len(differences)} sums differ from the ledger")
    return 0
