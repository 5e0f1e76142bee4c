"""Column types that carry a rule: instants in UTC, enums by value, encrypted text."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self, overload
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Enum, inspect
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.crypto import vault


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware in, aware and in UTC out, on both databases.

    A naive datetime is refused (ValueError, which SQLAlchemy wraps in a StatementError): nobody
    can tell which instant it means. SQLite keeps the UTC wall time as text that sorts by time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise TypeError("an instant must be a datetime")
        if value.utcoffset() is None:
            raise ValueError("a naive datetime does not name an instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        """A duration beside an instant stays a duration; anything else must be an instant."""
        if isinstance(value, timedelta):
            return self.impl_instance.coerce_compared_value(op, value)
        return self


def enum_by_value(enum_class: type[StrEnum], length: int = 32) -> Enum:
    """A VARCHAR that holds the members' values and gives members back.

    No native enum and no CHECK, because lists of values grow; what a status means is bound by
    CHECKs on the tables. A value that the enum does not know raises LookupError, on the way in
    (wrapped in a StatementError) and on the way out. Raises ValueError if `length` is too small.
    """
    return Enum(
        enum_class,
        values_callable=_values,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=length,
    )


def _values(enum_class: type[Any]) -> list[str]:
    return [member.value for member in enum_class]


class EncryptedText:
    """Text kept encrypted in a bytes column of the same row; None stays None.

    A descriptor rather than a column type, because a type can't see the row: the blob is bound
    to table, column and row id, so it opens nowhere else. The class therefore needs an `id`
    (UUID) that is assigned when the object is made. Reading raises CipherError if the blob does
    not open; writing raises UnboundRow while there is no id.
    """

    def __init__(self, column: str) -> None:
        """`column` names the mapped attribute that holds the blob."""
        self.column = column

    @overload
    def __get__(self, row: None, owner: type[Any]) -> Self: ...

    @overload
    def __get__(self, row: object, owner: type[Any]) -> str | None: ...

    def __get__(self, row: object | None, owner: type[Any]) -> Self | str | None:
        if row is None:
            return self
        blob: bytes | None = getattr(row, self.column)
        if blob is None:
            return None
        return vault().cipher.decrypt(blob, bound_to=self._binding(row)).decode()

    def __set__(self, row: object, value: str | None) -> None:
        blob = None
        if value is not None:
            blob = vault().cipher.encrypt(value.encode(), bound_to=self._binding(row))
        setattr(row, self.column, blob)

    def _binding(self, row: object) -> bytes:
        row_id: UUID | None = getattr(row, "id", None)
        if row_id is None:
            raise UnboundRow(f"{type(row).__name__} has no id yet, so nothing can be bound to it")
        column = inspect(type(row)).column_attrs[self.column].columns[0]
        return f"{column.table.name}.{column.name}.{row_id}".encode()


class UnboundRow(Exception):
    """An encrypted field was used on an object without an id. A mistake of ours."""
