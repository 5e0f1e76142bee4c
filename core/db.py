"""The database: SQLite on one machine, PostgreSQL in production, one behaviour on both.

`transaction()` is the only place of the code base that commits. It is opened by the two doors
(an endpoint, the job runner); services only add, flush and execute.

On SQLite writers queue behind a first-in-first-out gate. On PostgreSQL scarce things are decided by
keys and conditional updates, never by the isolation level. `core.engine` has what each begins with.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ColumnElement,
    Insert,
    MetaData,
    Table,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from core import engine
from core.config import Settings
from core.errors import Conflict, DomainError, Unavailable
from core.gate import Gate, GateTimeout
from core.prepared import Prepared

ATTEMPTS = 3
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not available: the whole transaction is tried again."""
UNREACHABLE_SQLSTATES = frozenset({"57P01", "57P02", "57P03"})
"""Shut down, crashed, starting: so PostgreSQL says it while it still can."""


class Base(DeclarativeBase):
    """Every table. Constraints have names, so that a violated one can be told by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    __violations__: ClassVar[Mapping[str, type[DomainError]]] = {}
    """Names of constraints and unique indexes to the error that a person is told."""


T = TypeVar("T")
CONNECTION = "liancheng.connection"
"""Key of a session's `info`."""
HELD = "liancheng.held"
"""Key of a session's `info`: names of locks that the transaction took on the way in."""
ALONE = "liancheng.alone"
"""Key of a session's `info`: what the transaction does now is all that it is open for."""

db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)


class DatabaseBusy(Unavailable):
    code = "database_busy"
    message = "系统繁忙，请稍后再试"


class OutcomeUnknown(Unavailable):
    """The connection broke during COMMIT: it may or may not have taken effect."""

    code = "outcome_unknown"
    message = "网络中断，不确定是否成功，请用同一请求再试一次"


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the app to the database that `settings` names.

    Raises SettingsError on a SQLite with the WAL-reset bug."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.sqlalchemy_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine.options(settings)
    db.init_app(app)
    with app.app_context():
        engine.prepare(db.engine)
    gate = Gate(settings.var_dir / "write.lock") if settings.is_sqlite else None
    app.extensions["liancheng.gate"] = gate


def dispose(app: Flask) -> None:
    """Close every connection; a process calls it before it ends."""
    with app.app_context():
        db.engine.dispose()


@contextmanager
def transaction(app: Flask, *, write: bool) -> Iterator[Session]:
    """One transaction of the session of the present app context.

    Commits when the block ends, or when it raises an error that `keeps_writes`; rolls back on
    any other. Afterwards the session is empty: objects stay readable and nothing is stale.

    Raises DatabaseBusy when no turn to write came in time, OutcomeUnknown when COMMIT itself
    failed on a broken connection.
    """
    gate: Gate | None = app.extensions["liancheng.gate"] if write else None
    if gate:
        try:
            gate.enter(timeout=engine.BUSY_TIMEOUT_MS / 1000)
        except GateTimeout as timeout:
            raise DatabaseBusy(retry_after=1) from timeout
    try:
        with _session(write=write) as session:
            yield session
    finally:
        if gate:
            gate.leave()


@contextmanager
def _session(*, write: bool) -> Iterator[Session]:
    session = cast(Session, db.session())
    try:
        session.info[CONNECTION] = session.connection(execution_options={"write": write})
        try:
            yield session
        except DomainError as refusal:
            if not refusal.keeps_writes:
                raise
            _commit(session)
            raise
        _commit(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(CONNECTION, None)
        session.info.pop(HELD, None)
        session.info.pop(ALONE, None)
        session.close()


def current_connection() -> Connection:
    """The connection of the present transaction, for statements that need no mapped objects.

    The session finds its connection anew for each statement, which costs a hot path a tenth. In a
    savepoint it has to: only then does it say SAVEPOINT."""
    session = db.session()
    if session.in_nested_transaction():
        return session.connection()
    return session.info.get(CONNECTION) or session.connection()


def _commit(session: Session) -> None:
    session.flush()
    with _committing():
        session.commit()


@contextmanager
def _committing() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_lost(error):
            raise OutcomeUnknown(retry_after=1) from error
        raise


def note_alone() -> None:
    """Nothing has to be stored together with what this transaction does next; the door says so."""
    db.session().info[ALONE] = True


def finish(statement: Prepared, values: Mapping[str, Any]) -> Any | None:
    """The first row of a statement that is all that its service writes, or None.

    On PostgreSQL, after `note_alone`, COMMIT goes along with it, so that a row for which a crowd
    waits is held neither for a journey nor for our turn to run. Then, with a row, the rest of the
    transaction can only read. Without one, what follows is a new transaction: it may write, and
    has to lock anew.

    Raises DBAPIError, and OutcomeUnknown when the connection broke meanwhile.
    """
    session, connection = db.session(), current_connection()
    is_alone = session.info.get(ALONE) and not connection.in_nested_transaction()
    if connection.dialect.name != "postgresql" or not is_alone:
        return statement.first(connection, values)
    session.flush()
    driver: Any = connection.connection.dbapi_connection
    with _committing():
        found = statement.first_along(connection, values, driver.commit)
    session.info.pop(HELD, None)
    if found is not None:
        driver.read_only = True
    return found


def atomically(app: Flask, work: Callable[[], T], *, write: bool) -> T:
    """Run `work` in a transaction, again on a serialization failure, deadlock or lock time-out,
    or when the connection was lost before COMMIT.

    `work` must have no effect outside the database. A violated constraint is raised as the
    error that its model names for it, or as Conflict; driver text never leaves.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction(app, write=write):
                return work()
        except IntegrityError as error:
            raise violation_of(error) from error
        except DBAPIError as error:
            if not _is_retryable(error):
                raise
            if attempt == ATTEMPTS:
                raise DatabaseBusy(retry_after=1) from error
            time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 - jitter, no secret
    raise AssertionError("unreachable")


def apart(work: Callable[[], T], *, write: bool) -> T:
    """`atomically` in the app of the context: for a service that runs outside any transaction,
    because it waits for WeChat, for the storage or for a paper to be drawn."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    return atomically(app, work, write=write)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _is_retryable(error: DBAPIError) -> bool:
    if db.engine.dialect.name == "sqlite":
        return "database is locked" in str(error.orig)
    return _sqlstate(error) in RETRYABLE_SQLSTATES or _is_lost(error)


def _is_lost(error: DBAPIError) -> bool:
    """Whether the server went away, or can't be reached."""
    state = _sqlstate(error)
    return (
        error.connection_invalidated
        or state in UNREACHABLE_SQLSTATES
        or (isinstance(error, OperationalError) and state is None)
    )


def violation_of(error: IntegrityError) -> DomainError:
    """The domain error for a violated constraint, by the `__violations__` of its model."""
    name = _violated_name(error)
    for mapper in Base.registry.mappers:
        if name and name in getattr(mapper.class_, "__violations__", {}):
            named: type[DomainError] = mapper.class_.__violations__[name]
            return named()
    return Conflict(constraint=name) if name else Conflict()


def _violated_name(error: IntegrityError) -> str | None:
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return cast("str | None", diagnostics.constraint_name)
    text = str(error.orig)
    if found := re.search(r"CHECK constraint failed: (\w+)", text):
        return found.group(1)
    if found := re.search(r"UNIQUE constraint failed: index '(\w+)'", text):
        return found.group(1)
    if found := re.search(r"UNIQUE constraint failed: (.+)$", text):
        table_name, columns = _split_columns(found.group(1))
        return _unique_name(Base.metadata.tables.get(table_name), columns)
    return None


def _split_columns(listing: str) -> tuple[str, frozenset[str]]:
    pairs = [part.strip().split(".", 1) for part in listing.split(",")]
    return pairs[0][0], frozenset(column for _, column in pairs)


def _unique_name(table: Table | None, columns: frozenset[str]) -> str | None:
    """SQLite tells the columns of a violated key and no name: find it in the metadata."""
    if table is None:
        return None
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and columns == {
            c.name for c in constraint.columns
        }:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and columns == {c.name for c in index.columns}:
            return str(index.name)
    return None


def insert_if_absent(model: type[Base], **values: Any) -> bool:
    """INSERT … ON CONFLICT DO NOTHING; True when the row is new.

    The deciding step for things that may exist once: a repeat is told apart from a first
    without an error and without reading before writing.
    """
    bound = current_connection()
    statement = _insert_or_nothing(model, bound.dialect.name)
    return bound.execute(statement, values).rowcount == 1


def insert_all_absent(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """`insert_if_absent` for several rows at once, without telling which of them were new."""
    if rows:
        connection = db.session.connection()
        connection.execute(_insert_or_nothing(model, connection.dialect.name), rows)


@cache
def _insert_or_nothing(model: type[Base], dialect: str) -> Insert:
    """Built once: to build it costs more than to run it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(cast(Table, model.__table__)).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


_LOCK_EXCLUSIVELY = Prepared(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"))
_ALLOW_LONG_STATEMENTS = text("SET LOCAL statement_timeout = 0")
_LOCK_SHARED = Prepared(text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))"))


def lock_exclusively(name: str) -> None:
    """Hold the named lock until the transaction ends; others wait.

    On SQLite the write transaction itself is that lock."""
    if name not in db.session().info.get(HELD, ()):
        _lock(_LOCK_EXCLUSIVELY, name)


def exclusive_lock(name: ColumnElement[str]) -> ColumnElement[Any]:
    """For a statement on PostgreSQL that takes the lock of `lock_exclusively` for each of its
    rows; `note_held` has to follow. What is to be read under the lock needs a statement of its
    own: this one sees what was before it waited."""
    return func.pg_advisory_xact_lock(func.hashtextextended(name, 0))


def note_held(name: str) -> None:
    """This transaction has the named lock already."""
    db.session().info.setdefault(HELD, set()).add(name)


def lock_shared(name: str) -> None:
    """Hold the named lock together with others until the transaction ends; whoever wants it
    exclusively waits."""
    _lock(_LOCK_SHARED, name)


def allow_long_statements() -> None:
    """Lift PostgreSQL's limit for statements until the transaction ends: for work at night that
    reads whole tables, for which a request would never wait."""
    bound = current_connection()
    if bound.dialect.name == "postgresql":
        bound.execute(_ALLOW_LONG_STATEMENTS)


def _lock(statement: Prepared, name: str) -> None:
    bound = current_connection()
    if bound.dialect.name == "postgresql":
        statement.run(bound, {"name": name})
