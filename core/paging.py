"""Lists by key: a page continues after the last row that the reader saw.

Unlike an offset, a key neither skips nor repeats rows when others are added meanwhile, and the
thousandth page costs what the first one did.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_

from core.db import db
from core.errors import DomainError, Kind

T = TypeVar("T")
DEFAULT_LIMIT = 20
MAX_LIMIT = 100


class CursorInvalid(DomainError):
    kind = Kind.INVALID
    code = "cursor_invalid"
    message = "翻页位置无效，请从第一页重新查看"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items and the opaque cursor of the next page, or None on the last one."""

    items: Sequence[T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Where to go on and how many to give; what a paged route hands to its service."""

    cursor: str | None = None
    limit: int = DEFAULT_LIMIT


def paginate(
    query: Select[*tuple[Any, ...]],
    request: PageRequest,
    *,
    by: Sequence[Any],
    descending: bool = False,
    is_prebuilt: bool = False,
) -> Page[Any]:
    """One page of what `query` selects, ordered by the mapped attributes `by`: entities, or rows
    if it selects several columns (those of `by` among them).

    The attributes are compared together, so the last one must be unique. A query that
    `is_prebuilt`, once for the whole process, has its first page built once too.
    Raises CursorInvalid for a cursor that this list did not give.
    """
    columns: list[ColumnElement[Any]] = list(by)
    if request.cursor is not None:
        key = tuple_(*columns)
        bound = tuple_(*_decode(request.cursor, columns))
        query = query.where(key < bound if descending else key > bound)
    is_kept = is_prebuilt and request.cursor is None
    arrange = _kept if is_kept else _arranged
    found = db.session.execute(arrange(query, tuple(columns), request.limit, descending))
    rows = list(found.scalars() if len(found.keys()) == 1 else found)
    if len(rows) <= request.limit:
        return Page(rows)
    rows = rows[: request.limit]
    last = [getattr(rows[-1], attribute.key) for attribute in by]
    return Page(rows, _encode(last))


def _arranged(
    query: Select[*tuple[Any, ...]],
    columns: tuple[ColumnElement[Any], ...],
    limit: int,
    descending: bool,
) -> Select[*tuple[Any, ...]]:
    """In order, with one row more than the page has."""
    ordered = query.order_by(*(c.desc() if descending else c for c in columns))
    return ordered.limit(limit + 1)


_kept = lru_cache(maxsize=4 * MAX_LIMIT)(_arranged)


def _encode(values: Sequence[Any]) -> str:
    raw = json.dumps([_plain(v) for v in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _decode(cursor: str, columns: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(columns):
            raise CursorInvalid
        return [_typed(v, c.type.python_type) for v, c in zip(values, columns, strict=True)]
    except (ValueError, binascii.Error, TypeError, AttributeError) as error:
        raise CursorInvalid from error


def _typed(value: Any, python_type: type) -> Any:
    if python_type is datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise CursorInvalid
        return instant
    if python_type is UUID:
        return UUID(value)
    if type(value) is not python_type:
        raise CursorInvalid
    return value
