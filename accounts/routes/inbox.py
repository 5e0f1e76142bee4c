"""The signed-in person's messages."""

from typing import Any
from uuid import UUID

from accounts.models.inbox import InboxMessage
from accounts.permissions import Permission
from accounts.services import inbox
from core.actor import Actor
from core.http import Blueprint, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.inbox import InboxMessageOut, InboxQuery, ReadAllOut

blueprint = Blueprint("inbox", __name__, description="我的消息")


@blueprint.get("/me/inbox")
@permission(Permission.ACCOUNTS_INBOX_VIEW)
@query(InboxQuery)
@paged
@returns(InboxMessageOut)
def list_messages(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[InboxMessage]:
    """我的消息，新的在前"""
    return inbox.list_mine(actor, page, **query)


@blueprint.post("/me/inbox/<uuid:message_id>/read")
@permission(Permission.ACCOUNTS_INBOX_READ)
@returns(InboxMessageOut)
def read(actor: Actor, *, message_id: UUID) -> InboxMessage:
    """把一条消息标为已读"""
    return inbox.read(actor, message_id)


@blueprint.post("/me/inbox/read-all")
@permission(Permission.ACCOUNTS_INBOX_READ)
@returns(ReadAllOut)
def read_all(actor: Actor) -> dict[str, int]:
    """把全部消息标为已读"""
    return {"read": inbox.read_all(actor)}
