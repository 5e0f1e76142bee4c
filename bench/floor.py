"""The floor: the least that an answer can cost on this machine, with this web server.

`POST /insert` stores the body as one row and commits, by the bare driver: the same kind of
database with the same durability as the subject, and on SQLite behind the same gate, without
which writers mostly sleep and the floor would flatter us. `GET /static/<size>` is a Flask view
that answers JSON of that size from memory.

Granian runs it beside the subject, with the same settings (`bench.servers`).
"""

import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
import pysqlite3.dbapi2
from flask import Flask, Response

from core.config import Settings
from core.engine import BUSY_TIMEOUT_MS
from core.gate import Gate

INSERT_PATH = "/insert"
STATIC_PATH = "/static/"

_TABLE = {
    True: "CREATE TABLE floor_rows (id INTEGER PRIMARY KEY, body BLOB)",
    False: "CREATE TABLE floor_rows (id bigint GENERATED ALWAYS AS IDENTITY, body bytea)",
}
_INSERT = {
    True: "INSERT INTO floor_rows (body) VALUES (?)",
    False: "INSERT INTO floor_rows (body) VALUES (%s)",
}
_PRAGMAS = (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL")


class Rows:
    """The floor's one table, in the database of these settings; a connection a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = threading.local()
        self._insert = _INSERT[settings.is_sqlite]
        self._gate = Gate(settings.var_dir / "write.lock") if settings.is_sqlite else None

    def create(self) -> None:
        with contextlib.closing(self._connect()) as connection:
            connection.execute(_TABLE[self._settings.is_sqlite])

    def count(self) -> int:
        with contextlib.closing(self._connect()) as connection:
            return int(connection.execute("SELECT count(*) FROM floor_rows").fetchone()[0])

    def insert(self, body: bytes) -> None:
        connection = self._connection()
        if self._gate is None:
            connection.execute(self._insert, (body,))
            return
        self._gate.enter(timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            connection.execute(self._insert, (body,))
        finally:
            self._gate.leave()

    def _connection(self) -> Any:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        return self._local.connection

    def _connect(self) -> Any:
        """A connection on which every statement commits by itself."""
        if not self._settings.is_sqlite:
            url = self._settings.sqlalchemy_url.replace("postgresql+psycopg", "postgresql", 1)
            return psycopg.connect(url, autocommit=True, options="-c synchronous_commit=on")
        file = str(self._settings.var_dir / "floor.db")
        connection = pysqlite3.dbapi2.connect(file, isolation_level=None)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection


def create_floor() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The WSGI function, for the database that the environment names."""
    rows = Rows(Settings.from_environment())
    static = _static()

    def floor(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != INSERT_PATH:
            return static(environ, start_response)
        rows.insert(environ["wsgi.input"].read())
        start_response("201 Created", [("Content-Length", "2")])
        return [b"ok"]

    return floor


def _static() -> Flask:
    app = Flask(__name__, static_folder=None)
    bodies: dict[int, bytes] = {}

    @app.get(f"{STATIC_PATH}<int:size>")
    def static(size: int) -> Response:
        if size not in bodies:
            bodies[size] = b'"' + b"x" * (size - 2) + b'"'
        return Response(bodies[size], content_type="application/json")

    return app
