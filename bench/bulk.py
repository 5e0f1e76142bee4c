"""Rows by the thousand, written past the session."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert

from core.db import Base, db

CHUNK = 5_000
"""Rows of one transaction."""

Row = dict[str, Any]


def store(model: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        db.session.connection().execute(insert(model), rows)


def chunks(total: int) -> Iterator[int]:
    """Numbers of at most CHUNK that add up to the total."""
    for first in range(0, total, CHUNK):
        yield min(CHUNK, total - first)
