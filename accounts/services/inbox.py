"""A person's inbox: what they were told, unread first to be counted, kept for half a year."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update

from accounts.models.inbox import InboxMessage
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import Page, PageRequest, paginate

KEPT = timedelta(days=180)


def list_mine(actor: Actor, page: PageRequest, *, unread: bool | None = None) -> Page[InboxMessage]:
    """The actor's messages, newest first; only those unread (or read) if asked."""
    query = select(InboxMessage).where(InboxMessage.person_id == actor.id)
    if unread is not None:
        is_unread = InboxMessage.read_at.is_(None)
        query = query.where(is_unread if unread else ~is_unread)
    return paginate(query, page, by=[InboxMessage.id], descending=True)


def unread_count(actor: Actor) -> int:
    """How many messages the actor has not read."""
    query = select(func.count()).where(
        InboxMessage.person_id == actor.id, InboxMessage.read_at.is_(None)
    )
    return db.session.execute(query).scalar_one()


def read(actor: Actor, message_id: UUID) -> InboxMessage:
    """Mark one of the actor's messages as read; a second time changes nothing. Raises NotFound."""
    message = db.session.get(InboxMessage, message_id)
    if message is None or message.person_id != actor.id:
        raise NotFound
    if message.read_at is None:
        message.read_at = clock.now()
    return message


def read_all(actor: Actor) -> int:
    """Mark all of the actor's messages as read; gives how many were not."""
    marked = db.session.execute(
        update(InboxMessage)
        .where(InboxMessage.person_id == actor.id, InboxMessage.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", marked).rowcount


def purge(before: datetime) -> int:
    """Forget messages from before this instant; gives their number."""
    gone = db.session.execute(delete(InboxMessage).where(InboxMessage.created_at < before))
    return cast("CursorResult[Any]", gone).rowcount
