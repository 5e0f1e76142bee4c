"""Forgetting what need not be kept."""

from datetime import timedelta

from accounts.services import inbox, sessions
from core import clock, outbox
from core.http import idempotency
from jobs import runner
from jobs.runner import JobContext
from volunteer.services import check_attempts

SENT_MESSAGES_KEPT = timedelta(days=30)


def purge_expired(context: JobContext) -> int:
    """Delete expired idempotency keys, ended sign-ins, old slots, sent messages, old refused
    check-ins and old inboxes."""
    at = clock.now()
    return sum(
        context.write(work)
        for work in (
            lambda: idempotency.purge(at - idempotency.KEPT),
            lambda: sessions.purge(at),
            lambda: runner.purge(at - runner.KEPT),
            lambda: outbox.purge(at - SENT_MESSAGES_KEPT),
            lambda: check_attempts.purge(at - check_attempts.KEPT),
            lambda: inbox.purge(at - inbox.KEPT),
        )
    )
