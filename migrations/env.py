"""Alembic's entry: it migrates the database that the app is bound to.

Migrations name plain SQL types only, so that an old one still runs when the code has moved on.
"""

from typing import Any, Literal, cast

import sqlalchemy as sa
from alembic import context

from core.db import db
from core.types import UtcDateTime


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How a type of ours is written in a migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def is_same_type(_context: Any, _inspected: Any, _column: Any, found: Any, wanted: Any) -> Any:
    """Enums by value are strings to the database."""
    return False if isinstance(wanted, sa.Enum) and isinstance(found, sa.String) else None


def run() -> None:
    with db.engine.connect().execution_options(write=True) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:  # a rebuilt table is dropped for a moment; only outside a transaction
            _sqlite(connection, "PRAGMA foreign_keys=OFF")
        else:  # the web's limit of a few seconds is none for an index over years of rows
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=plain_type,
            compare_type=is_same_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"rows that refer to nothing: {orphans[:10]}")
        connection.commit()
        if is_sqlite:
            _sqlite(connection, "PRAGMA foreign_keys=ON")


def _sqlite(connection: sa.Connection, pragma: str) -> None:
    """Say something to the driver without beginning a transaction."""
    cast(Any, connection.connection.dbapi_connection).execute(pragma)


run()
