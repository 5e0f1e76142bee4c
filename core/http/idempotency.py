"""A POST repeated with the same Idempotency-Key has its effect once and its first answer again.

The key is stored in the transaction of the effect, so both exist or neither. Only successes are
kept, encrypted, for a day. A twin that runs at the same moment waits for the first one.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from flask import Request, Response
from sqlalchemy import (
    LargeBinary,
    SmallInteger,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.actor import Actor
from core.crypto import vault
from core.db import Base, current_connection, db, finish, note_alone
from core.errors import DomainError, Kind
from core.prepared import Prepared
from core.types import UtcDateTime

KEPT = timedelta(hours=24)
HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LOCK_NOT_AVAILABLE = "55P03"


class IdempotencyKey(Base):
    """One acknowledged POST of a person."""

    __tablename__ = "idempotency_keys"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, path and body, in hex."""
    status: Mapped[int | None] = mapped_column(SmallInteger)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The answer, encrypted."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


_keys = cast(Table, IdempotencyKey.__table__)
_VALUES = {
    name: bindparam(f"new_{name}", type_=_keys.c[name].type)
    for name in ("person_id", "key", "fingerprint", "created_at")
}
_CLAIM = {
    "sqlite": Prepared(sqlite.insert(_keys).values(_VALUES).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(_keys).values(_VALUES).on_conflict_do_nothing()),
}
_KEEP = Prepared(
    update(_keys)
    .where(_keys.c.person_id == _VALUES["person_id"], _keys.c.key == _VALUES["key"])
    .values(status=bindparam("answered"), body=bindparam("sealed"))
    .returning(_keys.c.status)
)


class IdempotencyKeyInvalid(DomainError):
    kind = Kind.INVALID
    code = "idempotency_key_invalid"
    message = "Idempotency-Key 应为 1 至 64 个可见字符"


class IdempotencyKeyReused(DomainError):
    kind = Kind.INVALID
    code = "idempotency_key_reused"
    message = "同一个 Idempotency-Key 不能用于不同的请求"


class RequestInProgress(DomainError):
    kind = Kind.CONFLICT
    code = "request_in_progress"
    message = "同一请求正在处理中，请稍候再试"


def key_of(request: Request) -> str | None:
    """The key of this request. Raises IdempotencyKeyInvalid."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= 64 or not all("!" <= c <= "~" for c in key):
        raise IdempotencyKeyInvalid
    return key


def once(actor: Actor, key: str, request: Request, work: Callable[[], Response]) -> Response:
    """Run `work` unless this person's key was answered before; then give that answer.

    Runs inside the transaction. Raises IdempotencyKeyReused, RequestInProgress.
    """
    fingerprint = _fingerprint(request)
    if not _claim(actor.id, key, fingerprint):
        return _replay(actor.id, key, fingerprint)
    try:
        response = work()
    except DomainError as refusal:
        if refusal.keeps_writes:
            mine = (IdempotencyKey.person_id == actor.id, IdempotencyKey.key == key)
            db.session.execute(delete(IdempotencyKey).where(*mine))
        raise
    sealed = vault().cipher.encrypt(response.get_data(), bound_to=_binding(actor.id, key))
    kept = {"new_person_id": actor.id, "new_key": key, "answered": response.status_code}
    note_alone()
    finish(_KEEP, kept | {"sealed": sealed})
    return response


def _claim(person_id: UUID, key: str, fingerprint: str) -> bool:
    connection = current_connection()
    new = {
        "new_person_id": person_id,
        "new_key": key,
        "new_fingerprint": fingerprint,
        "new_created_at": clock.now(),
    }
    try:
        return _CLAIM[connection.dialect.name].run(connection, new) == 1
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise RequestInProgress(retry_after=1) from error
        raise


def _replay(person_id: UUID, key: str, fingerprint: str) -> Response:
    first = db.session.scalars(
        select(IdempotencyKey).where(
            IdempotencyKey.person_id == person_id, IdempotencyKey.key == key
        )
    ).one()
    if first.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if first.status is None or first.body is None:
        raise RequestInProgress(retry_after=1)
    body = vault().cipher.decrypt(first.body, bound_to=_binding(person_id, key))
    response = Response(body, status=first.status, content_type="application/json")
    response.headers[REPLAYED] = "true"
    return response


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256()
    for part in (request.method.encode(), request.full_path.encode(), request.get_data()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _binding(person_id: UUID, key: str) -> bytes:
    return b"idempotency:" + person_id.bytes + key.encode()


def purge(before: datetime) -> int:
    """Forget the keys made before this instant; gives their number."""
    return db.session.execute(  # type: ignore[attr-defined, no-any-return]
        delete(IdempotencyKey).where(IdempotencyKey.created_at < before)
    ).rowcount
