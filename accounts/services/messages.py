"""Subscribe messages to people, sent by the outbox job."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Flask, current_app

from accounts.services import persons
from accounts.templates import fill
from core import outbox, wechat
from core.config import Settings
from core.db import atomically

SUBSCRIBE_MESSAGE = "subscribe_message"


def tell(person_id: UUID, template: str, cause: UUID, **values: str) -> None:
    """Store a message to a person, in the caller's transaction.

    `values` are the fields that `accounts.templates` declares; instants in ISO 8601. One `cause`
    (the row that the message is about) sends one message of a template."""
    outbox.enqueue(
        SUBSCRIBE_MESSAGE,
        f"{template}:{cause}:{person_id}",
        {"person_id": str(person_id), "template": template, "data": values},
    )


def tell_account(openid: str, template: str, cause: UUID, **values: str) -> None:
    """Store a message to a WeChat account that may no longer belong to the person it is about."""
    outbox.enqueue(
        SUBSCRIBE_MESSAGE,
        f"{template}:{cause}",
        {"openid": openid, "template": template, "data": values},
    )


def send_subscribe_message(payload: Mapping[str, Any]) -> outbox.MessageStatus:
    """Send one stored message; REFUSED to a person without WeChat, or who did not subscribe.

    Raises Undeliverable when WeChat will never take it, WeChatUnavailable to try again."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    openid = payload.get("openid") or _openid_of(app, UUID(payload["person_id"]))
    if openid is None:
        return outbox.MessageStatus.REFUSED
    settings: Settings = app.extensions["liancheng.settings"]
    template = payload["template"]
    try:
        data = fill(template, payload["data"])
        outcome = wechat.client().send_subscribe_message(
            openid, settings.template_id(template), data
        )
    except (wechat.WeChatMessageRejected, KeyError) as fault:
        raise outbox.Undeliverable(type(fault).__name__) from fault
    if outcome is wechat.SendOutcome.REFUSED:
        return outbox.MessageStatus.REFUSED
    return outbox.MessageStatus.SENT


def _openid_of(app: Flask, person_id: UUID) -> str | None:
    return atomically(app, lambda: persons.openid_of(person_id), write=False)
