"""Lists by key: a page continues after the last row that the reader saw.

Unlike an offset, a key neither skips nor repeats rows when others are added meanwhile, and the
thousandth page costs what the first one did.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, tuple_

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
) -> Page[Any]:
    """One page of what `query` selects, ordered by the mapped attributes `by`: entities, or rows
    if it selects several columns (those of `by` among them).

    The attributes are compared together, so the last one must be unique.
    Raises CursorInvalid for a cursor that this list did not give.
    """
    goes_on = request.cursor is not None
    ordered = in_order(query, by, goes_on=goes_on, descending=descending)
    found = db.session.execute(ordered, position_of(request, by))
    rows = list(found.scalars() if len(found.keys()) == 1 else found)
    if len(rows) <= request.limit:
        return Page(rows)
    rows = rows[: request.limit]
    return Page(rows, cursor_of([getattr(rows[-1], attribute.key) for attribute in by]))


def in_order(
    query: Select[*tuple[Any, ...]],
    by: Sequence[Any],
    *,
    goes_on: bool,
    descending: bool = False,
) -> Select[*tuple[Any, ...]]:
    """`query` in order, from where a cursor points if it `goes_on`, with the parameters of
    `position_of`."""
    if goes_on:
        key = tuple_(*by)
        bound = tuple_(*(bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(by)))
        query = query.where(key < bound if descending else key > bound)
    ordered = query.order_by(*(c.desc() if descending else c for c in by))
    return ordered.limit(bindparam("most", type_=Integer()))


def position_of(request: PageRequest, by: Sequence[Any]) -> dict[str, Any]:
    """Values for a statement `in_order`: one row more than the page has, and where the cursor
    points. Raises CursorInvalid."""
    values: dict[str, Any] = {"most": request.limit + 1}
    if request.cursor is not None:
        for n, value in enumerate(_decode(request.cursor, list(by))):
            values[f"after_{n}"] = value
    return values


def cursor_of(values: Sequence[Any]) -> str:
    """The cursor that points behind the row with these values."""
    raw = json.dumps([_plain(v) for v in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # or an instant, which is one
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
    if python_type is date:
        return date.fromisoformat(value)
    if python_type is UUID:
        return UUID(value)
    if type(value) is not python_type:
        raise CursorInvalid
    return value
