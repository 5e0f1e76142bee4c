"""Statements of hot paths, compiled once and handed to the database driver itself.

SQLAlchemy asks anew at every execution how to compile, bind and fetch, which costs a hot request
a quarter of its processor time. Here its compiler and its types answer once for each dialect;
what remains is the driver's own cost. For single statements with named parameters: no lists
behind IN, no defaults of Python, no mapped objects.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Float
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one dialect wants it. `positions` is the order of parameters where the
    driver knows no names."""

    text: str
    constants: Mapping[str, Any]
    asked: tuple[tuple[str, Processor | None], ...]
    """Parameters that every execution gives."""
    positions: tuple[str, ...] | None
    row: Callable[..., Any]
    fetched: tuple[tuple[int, Processor], ...]
    """Columns whose value the driver does not give as Python wants it."""


class Prepared:
    """One statement. Rows are named tuples of its columns."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row. Raises DBAPIError as SQLAlchemy does, KeyError without a parameter."""
        form, cursor = self._run(connection, values)
        try:
            found = cursor.fetchall()
        finally:
            cursor.close()
        return [_row(form, one) for one in found]

    def fetch(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row as the driver gives it, for `row` to read. Raises as `all` does."""
        _, cursor = self._run(connection, values)
        try:
            return cast(list[tuple[Any, ...]], cursor.fetchall())
        finally:
            cursor.close()

    def row(self, dialect: Dialect, fetched: tuple[Any, ...]) -> Any:
        """What a row says that `fetch` gave on this dialect."""
        return _row(self._form(dialect), fetched)

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any | None:
        """The first row, or None. Raises as `all` does."""
        form, cursor = self._run(connection, values)
        try:
            found = cursor.fetchone()
        finally:
            cursor.close()
        return None if found is None else _row(form, found)

    def first_along(
        self, connection: Connection, values: Mapping[str, Any], then: Callable[[], object]
    ) -> Any | None:
        """`first`, with whatever `then` tells the driver in the same journey to the server; on
        PostgreSQL. Raises as `all` does, for a failure of the statement or of what came along."""
        driver: Any = connection.connection.dbapi_connection
        driver_error = connection.dialect.loaded_dbapi.Error
        cursor, failure = driver.cursor(), None
        try:
            with driver.pipeline():
                try:
                    form = self._execute(cursor, connection.dialect, values)
                    then()
                    found = cursor.fetchone()
                except driver_error as error:
                    failure = error
        except driver_error as error:  # after a failure it says only that nothing followed
            failure = failure or error
        if failure is not None:
            raise _wrapped(failure, connection, cursor) from failure
        return None if found is None else _row(form, found)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """How many rows were written. Raises as `all` does."""
        _, cursor = self._run(connection, values)
        try:
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> tuple[_Form, Any]:
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        try:
            return self._execute(cursor, connection.dialect, values), cursor
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(error, connection, cursor) from error

    def _execute(self, cursor: Any, dialect: Dialect, values: Mapping[str, Any]) -> _Form:
        form = self._form(dialect)
        bound = dict(form.constants)
        for name, process in form.asked:
            bound[name] = values[name] if process is None else process(values[name])
        told: Any = bound if form.positions is None else [bound[name] for name in form.positions]
        cursor.execute(form.text, told)
        return form

    def _form(self, dialect: Dialect) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _form(self._statement, dialect)
        return form


def _row(form: _Form, found: Any) -> Any:
    values = list(found)
    for position, process in form.fetched:
        values[position] = process(values[position])
    return form.row(*values)


def _form(statement: ClauseElement, dialect: Dialect) -> _Form:
    compiled: Any = statement.compile(dialect=dialect)
    constants, asked = {}, []
    for bind, name in compiled.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            asked.append((name, process))
        else:
            constants[name] = bind.value if process is None else process(bind.value)
    columns = list(getattr(statement, "exported_columns", ()))
    processors = [_reader(c.type, dialect) for c in columns]
    return _Form(
        text=compiled.string,
        constants=constants,
        asked=tuple(asked),
        positions=tuple(compiled.positiontup) if compiled.positional else None,
        row=namedtuple("Row", [str(c.key) for c in columns]) if columns else tuple,
        fetched=tuple((n, process) for n, process in enumerate(processors) if process is not None),
    )


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    if isinstance(kind, Float):  # both drivers give one; SQLAlchemy would ask the cursor
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _wrapped(error: Exception, connection: Connection, cursor: Any) -> BaseException:
    """As SQLAlchemy would raise it, so that `core.db` tells a retry from a refusal."""
    dialect: Any = connection.dialect
    is_lost = bool(dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor))
    wrapped = DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    if is_lost:
        connection.invalidate(error)
    return wrapped
