"""Whether the data are whole: after a restore, and on any other day.

The nightly comparisons, every encrypted field and every file; nothing is changed.
"""

import hashlib
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import load_only

from core.crypto import CipherError
from core.db import Base, allow_long_statements, atomically, db
from core.errors import DomainError
from core.storage import storage
from core.types import EncryptedText
from jobs.runner import run_now
from jobs.schedule import BY_NAME
from nominations.models.attachments import Attachment

COMPARISONS = ("reconcile_hours", "recount_votes", "recheck_results")
STREAMED = 1_000


def faults(app: Flask) -> Iterator[str]:
    """What is wrong, a line each, without a word of what a field says. Needs an app context."""
    for name in COMPARISONS:
        try:
            run_now(app, BY_NAME[name].work)
        except Exception as error:
            yield f"{name}: {error}"
    for model, name, field in _encrypted():
        if shut := _count_shut(app, model, name, field):
            yield f"{model.__tablename__}.{name}: {shut} do not open with FIELD_KEYS"
    if lost := _count_lost(app):
        yield f"attachments: {lost} are missing or not as they were stored"


def _encrypted() -> Iterator[tuple[type[Base], str, EncryptedText]]:
    for mapper in Base.registry.mappers:
        for name, field in vars(mapper.class_).items():
            if isinstance(field, EncryptedText):
                yield mapper.class_, name, field


def _count_shut(app: Flask, model: type[Base], name: str, field: EncryptedText) -> int:
    blob = getattr(model, field.column)
    query = (
        select(model)
        .where(blob.is_not(None))
        .options(load_only(model.id, blob, raiseload=True))  # type: ignore[attr-defined]
        .execution_options(yield_per=STREAMED)
    )

    def count() -> int:
        allow_long_statements()
        return sum(not _opens(row, name) for row in db.session.scalars(query))

    return atomically(app, count, write=False)


def _opens(row: Base, name: str) -> bool:
    try:
        getattr(row, name)
    except CipherError:
        return False
    return True


def _count_lost(app: Flask) -> int:
    """Files that should be kept; read outside any transaction, because a bucket may be slow."""
    query = select(Attachment.storage_key, Attachment.sha256).where(Attachment.slot.is_not(None))
    kept = atomically(app, lambda: db.session.execute(query).all(), write=False)
    return sum(not _is_stored(str(key), sha256) for key, sha256 in kept)


def _is_stored(key: str, sha256: bytes) -> bool:
    try:
        return hashlib.sha256(storage().get(key)).digest() == sha256
    except (DomainError, CipherError):
        return False
