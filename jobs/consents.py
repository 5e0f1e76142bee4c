"""Links by which nominees are asked, that nobody answered."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from nominations.services import consents


def expire_consents(context: JobContext) -> int:
    """Let unanswered links lapse and tell the nominators; gives the number of links."""
    return context.each(consents.to_expire, lambda consent_id: consents.expire(SYSTEM, consent_id))
