"""Sending what waits in the outbox."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.services import messages
from core import outbox
from jobs.runner import JobContext

HANDLERS: Mapping[str, outbox.Handler] = {
    messages.SUBSCRIBE_MESSAGE: messages.send_subscribe_message
}
BATCH = 100


def send_outbox(context: JobContext) -> int:
    """Deliver every message that is due; gives the number that left."""
    sent = 0
    for message_id in context.read(lambda: outbox.due(BATCH)):
        sent += _deliver(context, message_id)
    return sent


def _deliver(context: JobContext, message_id: UUID) -> int:
    status: Any = outbox.deliver(context.app, message_id, HANDLERS)
    return int(status is outbox.MessageStatus.SENT)
