"""How connections are made and how a transaction begins, on either database.

SQLite: WAL with synchronous=FULL; a writing transaction begins with BEGIN IMMEDIATE, a reading one
with query_only=ON. PostgreSQL: READ COMMITTED, with limits for statements, locks and idleness.
"""

from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from core.config import Settings, SettingsError

OLDEST_SAFE_SQLITE = (3, 51, 3)
"""Before this version a WAL reset can corrupt the file."""

BUSY_TIMEOUT_MS = 15_000
SMALLEST_POOL = 16
"""Connections that a process may open; more than the scheduler has jobs."""
WRITABLE = "liancheng.writable"
"""Key of a connection's `info`: what was last said to it."""


def options(settings: Settings) -> dict[str, Any]:
    """Arguments for `create_engine`. Raises SettingsError on a SQLite with the WAL-reset bug."""
    size = max(settings.web_threads + 2, SMALLEST_POOL)
    pool = {"pool_size": size, "max_overflow": 0, "pool_timeout": 5}
    if settings.is_sqlite:
        if pysqlite3.dbapi2.sqlite_version_info < OLDEST_SAFE_SQLITE:
            raise SettingsError("this SQLite can corrupt its WAL; 3.51.3 or newer is needed")
        settings.var_dir.mkdir(parents=True, exist_ok=True)
        return pool | {
            "module": pysqlite3.dbapi2,
            "connect_args": {"check_same_thread": False},
        }
    limits = (
        "-c statement_timeout=5000 -c lock_timeout=2000 "
        "-c idle_in_transaction_session_timeout=10000 -c synchronous_commit=on -c timezone=UTC"
    )
    return pool | {
        "connect_args": {"options": limits, "connect_timeout": 5},
        "pool_pre_ping": False,
        "hide_parameters": True,
    }


def prepare(engine: Engine) -> None:
    """Have its connections and transactions begin as the house wants them."""
    event.listen(engine, "begin", _on_begin)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        f"journal_size_limit={64 * 1024 * 1024}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    """Begin for reading or for writing. Said to the driver itself: SQLAlchemy's way around costs
    more than the statement."""
    write = connection.get_execution_options().get("write", False)
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        if connection.info.get(WRITABLE) is not write:
            # Only when it changes: the pragma makes SQLite prepare every statement anew.
            driver.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
            connection.info[WRITABLE] = write
        driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    else:  # psycopg says it in its BEGIN, which saves a journey to the server
        driver.read_only = not write
