"""Counting ballots every few seconds, and all of them again every night; looking at whether they
were bought."""

import logging
from typing import Any
from uuid import UUID

from jobs.runner import JobContext
from nominations.services import log_recount, quarantine, signals, tally

log = logging.getLogger(__name__)


def tally_votes(context: JobContext) -> int:
    """Seal what is unsealed, a batch of each campaign in turn, until nothing is left; gives the
    number of batches."""
    total = 0
    while batches := context.each(tally.waiting, tally.seal):
        total += batches
    return total


def score_ballots(context: JobContext) -> int:
    """Look at what was sealed since the last run, a batch of each campaign in turn, and hold what
    looks bought; gives the number of batches."""
    total = 0
    while batches := context.each(quarantine.waiting, quarantine.score):
        total += batches
    return total


def ask_risk_ranks(context: JobContext) -> int:
    """Ask WeChat about accounts whose rank could put a ballot in quarantine; gives the number of
    answers."""
    return context.every(signals.without_rank, signals.ask_rank)


def forget_signals(context: JobContext) -> int:
    """Delete the signals of campaigns that are over; gives their number."""
    return context.drain(signals.forget)


def recount_votes(context: JobContext) -> int:
    """Count every campaign from scratch, from the ballots and from the public log. A difference
    is an alarm: it is logged as an error and fails the run, so that readiness says `degraded`.
    Gives the number of campaigns."""
    campaigns = context.read(tally.counted_campaigns)
    for campaign_id in campaigns:
        found = context.read(lambda campaign_id=campaign_id: tally.recount(campaign_id))  # type: ignore[misc]
        if not found.is_right:
            differences = {str(n): pair for n, pair in found.differences.items()}
            told = {"differences": differences, "lost": found.lost}
            _alarm(context, "the tally differs from its ballots", campaign_id, told)
    for campaign_id in context.read(log_recount.logged):
        by_log = context.read(lambda campaign_id=campaign_id: log_recount.recount(campaign_id))  # type: ignore[misc]
        if not by_log.is_right:
            told = {"faults": by_log.faults, "differences": by_log.differences}
            _alarm(context, "the public log differs from the counts", campaign_id, told)
    return len(campaigns)


def _alarm(context: JobContext, what: str, campaign_id: UUID, told: dict[str, Any]) -> None:
    context.failures += 1
    log.error(what, extra={"campaign": str(campaign_id), **told})
