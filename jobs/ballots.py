"""Counting ballots every few seconds, and all of them again every night."""

import logging

from jobs.runner import JobContext
from nominations.services import tally

log = logging.getLogger(__name__)


def tally_votes(context: JobContext) -> int:
    """Seal what is unsealed, a batch of each campaign in turn, until nothing is left; gives the
    number of batches."""
    total = 0
    while batches := context.each(tally.waiting, tally.seal):
        total += batches
    return total


def recount_votes(context: JobContext) -> int:
    """Count every campaign from scratch. A difference is an alarm: it is logged as an error and
    fails the run, so that readiness says `degraded`. Gives the number of campaigns."""
    campaigns = context.read(tally.counted_campaigns)
    for campaign_id in campaigns:
        found = context.read(lambda campaign_id=campaign_id: tally.recount(campaign_id))  # type: ignore[misc]
        if not found.is_right:
            context.failures += 1
            differences = {str(n): pair for n, pair in found.differences.items()}
            log.error(
                "the tally differs from its ballots",
                extra={
                    "campaign": str(campaign_id),
                    "differences": differences,
                    "lost": found.lost,
                },
            )
    return len(campaigns)
