"""Messages to the world outside, stored in the transaction of their cause, sent by a job.

A message leaves at least once: it is claimed in one transaction, sent outside any, and marked in
another. `dedupe_key` makes sure that one cause stores one message.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from flask import Flask
from sqlalchemy import (
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.crypto import vault
from core.db import Base, atomically, db, insert_all_absent, insert_if_absent
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
BACKOFF = timedelta(seconds=10)

ABOUT_SOMETHING = text("about_id IS NOT NULL")

log = logging.getLogger(__name__)


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    """The receiver does not want it; not an error."""
    DEAD = "dead"
    """Given up: a fault of ours or of the template, or too many attempts."""


class Message(Base):
    """One message; its payload is encrypted, since it may name a person."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index("ix_outbox_messages_due", "status", "not_before"),
        Index(
            "ix_outbox_messages_about",
            "about_id",
            sqlite_where=ABOUT_SOMETHING,
            postgresql_where=ABOUT_SOMETHING,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(48))
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    about_id: Mapped[UUID | None]
    """The row by which `rewrite` finds it."""
    status: Mapped[MessageStatus] = mapped_column(enum_by_value(MessageStatus))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


class Undeliverable(Exception):
    """Trying again can't help; the message is dead."""


Handler = Callable[[Mapping[str, Any]], MessageStatus]
"""Sends one payload outside any transaction; gives SENT or REFUSED, raises Undeliverable or
any other exception for "try again later"."""


def enqueue(
    kind: str, dedupe_key: str, payload: Mapping[str, Any], *, about: UUID | None = None
) -> None:
    """Store a message, in the caller's transaction. The same `dedupe_key` is stored once."""
    insert_if_absent(Message, **_row(kind, dedupe_key, payload), about_id=about)


def enqueue_all(kind: str, payloads: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """`enqueue` for several, each with its `dedupe_key`, by one statement."""
    insert_all_absent(Message, [_row(kind, key, payload) for key, payload in payloads])


def _row(kind: str, dedupe_key: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    message_id, at = new_id(), clock.now()
    return {
        "id": message_id,
        "kind": kind,
        "dedupe_key": dedupe_key,
        "payload": _sealed(message_id, payload),
        "status": MessageStatus.WAITING,
        "attempts": 0,
        "not_before": at,
        "created_at": at,
    }


def _sealed(message_id: UUID, payload: Mapping[str, Any]) -> bytes:
    raw = json.dumps(payload, ensure_ascii=False).encode()
    return vault().cipher.encrypt(raw, bound_to=b"outbox:" + message_id.bytes)


def _opened(message_id: UUID, sealed: bytes) -> dict[str, Any]:
    raw = vault().cipher.decrypt(sealed, bound_to=b"outbox:" + message_id.bytes)
    return cast("dict[str, Any]", json.loads(raw))


def rewrite(
    about: Sequence[UUID], change: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> None:
    """Change the payloads of what is kept about these rows, sent or not. A message that is on its
    way leaves as it was; if it has to be tried again, it leaves changed."""
    kept = select(Message.id, Message.payload).where(Message.about_id.in_(about))
    for message_id, sealed in db.session.execute(kept).all():
        payload = _opened(message_id, sealed)
        if (changed := change(payload)) != payload:
            row = update(Message).where(Message.id == message_id)
            db.session.execute(
                row.values(payload=_sealed(message_id, changed)).execution_options(
                    synchronize_session=False
                )
            )


def due(limit: int) -> list[UUID]:
    """Ids of the messages to send now, oldest first; leases that ran out are due again."""
    at = clock.now()
    return list(
        db.session.scalars(
            select(Message.id)
            .where(
                or_(
                    Message.status == MessageStatus.WAITING,
                    Message.status == MessageStatus.SENDING,
                ),
                Message.not_before <= at,
            )
            .order_by(Message.not_before)
            .limit(limit)
        )
    )


def deliver(app: Flask, message_id: UUID, handlers: Mapping[str, Handler]) -> MessageStatus | None:
    """Claim, send and mark one message; None if another process has it."""
    claimed = atomically(app, lambda: _claim(message_id), write=True)
    if claimed is None:
        return None
    kind, payload, attempts = claimed
    error: str | None = None
    try:
        status = handlers[kind](payload)
    except (Undeliverable, KeyError) as fault:
        status, error = MessageStatus.DEAD, repr(fault)
    except Exception as fault:  # whatever went wrong outside, the message stays
        gave_up = attempts >= MAX_ATTEMPTS
        status = MessageStatus.DEAD if gave_up else MessageStatus.WAITING
        error = type(fault).__name__
    if error:
        log.warning("message not delivered", extra={"kind": kind, "error": error})
    atomically(app, lambda: _mark(message_id, status, attempts, error), write=True)
    return status


def _claim(message_id: UUID) -> tuple[str, Mapping[str, Any], int] | None:
    at = clock.now()
    row = db.session.execute(
        update(Message)
        .where(
            Message.id == message_id,
            Message.status.in_((MessageStatus.WAITING, MessageStatus.SENDING)),
            Message.not_before <= at,
        )
        .values(status=MessageStatus.SENDING, attempts=Message.attempts + 1, not_before=at + LEASE)
        .returning(Message.kind, Message.payload, Message.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    return row.kind, _opened(message_id, row.payload), row.attempts


def _mark(message_id: UUID, status: MessageStatus, attempts: int, error: str | None) -> None:
    at = clock.now()
    is_sent = status is MessageStatus.SENT
    db.session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            status=status,
            sent_at=at if is_sent else None,
            last_error=error,
            not_before=at + BACKOFF * 2**attempts,
        )
        .execution_options(synchronize_session=False)
    )


def purge(before: datetime) -> int:
    """Forget messages that left, or were refused, before this instant; gives their number."""
    result = db.session.execute(
        delete(Message).where(
            Message.status.in_((MessageStatus.SENT, MessageStatus.REFUSED)),
            Message.created_at < before,
        )
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
