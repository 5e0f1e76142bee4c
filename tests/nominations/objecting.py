"""A notice, and who hears what of objections to it."""

from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from core.actor import Actor
from core.db import db
from core.workdays import DAY
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice
from tests.factories.notices import (
    MONDAY,
    opened,
    proposed,
)

WEDNESDAY = MONDAY + 2 * DAY


def on_notice(count: int = 2) -> tuple[Notice, list[Nomination]]:
    campaign, nominees = proposed(count)
    return opened(campaign), nominees


def told(who: Actor, template: str) -> list[str]:
    query = select(InboxMessage).where(
        InboxMessage.person_id == who.id, InboxMessage.template == template
    )
    return [message.text or "" for message in db.session.scalars(query)]
