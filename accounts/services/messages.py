"""Telling people: every message goes to the inbox, and to WeChat by the outbox job."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.services import persons, subscriptions
from accounts.templates import TEMPLATES, fill, sentence
from core import clock, outbox, wechat
from core.config import Settings
from core.db import apart, db, insert_all_absent
from core.ids import new_id

SUBSCRIBE_MESSAGE = "subscribe_message"
REWRITTEN_AT_ONCE = 500


class Telling(NamedTuple):
    """To whom, about which row, and the fields of the template (see `tell`)."""

    person_id: UUID
    cause: UUID
    values: Mapping[str, str]


def tell(
    person_id: UUID, template: str, cause: UUID, about: UUID | None = None, /, **values: str
) -> None:
    """Store a message to a person, in the caller's transaction.

    `values` are the fields that `accounts.templates` declares; instants in ISO 8601. One `cause`
    (the row that the message is about) sends one message of a template; by `about` several
    causes are found again (`rewrite`). Raises KeyError for what is not declared, ValueError
    without an instant that the sentence needs."""
    note_all([person_id], template, cause, about, **values)
    message = _outbox_message(template, Telling(person_id, cause, values))
    outbox.enqueue(SUBSCRIBE_MESSAGE, *message, about=about)


def tell_each(template: str, told: Sequence[Telling]) -> None:
    """`tell` for many messages of one template, by two statements. Raises as `tell` does."""
    insert_all_absent(
        InboxMessage,
        [_inbox_row(t.person_id, template, t.cause, sentence(template, t.values)) for t in told],
    )
    outbox.enqueue_all(SUBSCRIBE_MESSAGE, [_outbox_message(template, t) for t in told])


def _outbox_message(template: str, telling: Telling) -> tuple[str, dict[str, Any]]:
    person_id, cause, values = telling
    data = {"person_id": str(person_id), "template": template, "data": values}
    return f"{template}:{cause}:{person_id}", data


def tell_account(openid: str, template: str, cause: UUID, /, **values: str) -> None:
    """Store a message to a WeChat account that may no longer belong to the person it is about."""
    outbox.enqueue(
        SUBSCRIBE_MESSAGE,
        f"{template}:{cause}",
        {"openid": openid, "template": template, "data": values},
    )


def note_all(
    people: Sequence[UUID],
    template: str,
    cause: UUID,
    about: UUID | None = None,
    /,
    **values: str,
) -> None:
    """Tell several people the same in their inboxes alone, with one statement: for what nobody
    subscribes to in advance, and may concern thousands, whom the outbox would serve for hours."""
    text = sentence(template, values)
    insert_all_absent(InboxMessage, [_inbox_row(p, template, cause, text, about) for p in people])


def rewrite(about: Sequence[UUID], change: Callable[[str], str]) -> None:
    """Say differently what people were told about these rows: in every inbox, and in all that is
    kept for WeChat."""
    after = UUID(int=0)
    query = select(InboxMessage).where(InboxMessage.about_id.in_(about)).order_by(InboxMessage.id)
    while told := db.session.scalars(
        query.where(InboxMessage.id > after).limit(REWRITTEN_AT_ONCE)
    ).all():
        for message in told:
            if message.text is not None and (said := change(message.text)) != message.text:
                message.text = said
        db.session.flush()
        after = told[-1].id
    outbox.rewrite(
        about, lambda kept: {**kept, "data": {k: change(v) for k, v in kept["data"].items()}}
    )


def _inbox_row(
    person_id: UUID, template: str, cause: UUID, text: str, about: UUID | None = None
) -> dict[str, Any]:
    message = InboxMessage(id=new_id(), text=text)
    return {
        "id": message.id,
        "person_id": person_id,
        "template": template,
        "cause_id": cause,
        "about_id": about,
        "title": TEMPLATES[template].title,
        "text_cipher": message.text_cipher,
        "read_at": None,
        "created_at": clock.now(),
    }


def send_subscribe_message(payload: Mapping[str, Any]) -> outbox.MessageStatus:
    """Send one stored message; REFUSED to a person without WeChat, or who did not subscribe.

    A message takes one of the person's quota before it leaves, and gives it back if it could
    not. Raises Undeliverable when WeChat will never take it, WeChatUnavailable to try again."""
    template = payload["template"]
    person_id = UUID(payload["person_id"]) if "person_id" in payload else None
    openid = payload.get("openid") or _openid_of(person_id)
    if openid is None:
        return outbox.MessageStatus.REFUSED
    if person_id is None:
        return _status(_send(openid, template, payload["data"]))
    if not apart(lambda: subscriptions.take(person_id, template), write=True):
        return outbox.MessageStatus.REFUSED
    try:
        outcome = _send(openid, template, payload["data"])
    except Exception:
        apart(lambda: subscriptions.give_back(person_id, template), write=True)
        raise
    if outcome is wechat.SendOutcome.REFUSED:
        apart(lambda: subscriptions.exhaust(person_id, template), write=True)
    return _status(outcome)


def _status(outcome: wechat.SendOutcome) -> outbox.MessageStatus:
    is_refused = outcome is wechat.SendOutcome.REFUSED
    return outbox.MessageStatus.REFUSED if is_refused else outbox.MessageStatus.SENT


def _openid_of(person_id: UUID | None) -> str | None:
    if person_id is None:
        return None
    return apart(lambda: persons.openid_of(person_id), write=False)


def _send(openid: str, template: str, data: Mapping[str, str]) -> wechat.SendOutcome:
    settings: Settings = current_app.extensions["liancheng.settings"]
    try:
        return wechat.client().send_subscribe_message(
            openid, settings.template_id(template), fill(template, data)
        )
    except (wechat.WeChatMessageRejected, KeyError, ValueError) as fault:
        raise outbox.Undeliverable(type(fault).__name__) from fault
