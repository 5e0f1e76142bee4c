"""A live server on the database of this run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer, fresh_database
from tests.support.server import LiveServer

GIVEN = "TEST_POSTGRES_URL"


@pytest.fixture
def own_postgres(on_postgres: bool) -> Iterator[PostgresServer | None]:
    """A server with real durability, for a test to kill; None on SQLite, and where
    TEST_POSTGRES_URL names one that is not ours."""
    if not on_postgres or GIVEN in os.environ:
        yield None
        return
    with PostgresServer(durable=True) as server:
        yield server


@pytest.fixture
def live_url(on_postgres: bool, own_postgres: PostgresServer | None) -> str:
    """Of an empty database; nothing on SQLite."""
    if not on_postgres:
        return ""
    server = own_postgres.url if own_postgres else os.environ[GIVEN]
    return fresh_database(server, "liancheng_live")


@pytest.fixture
def live_server(tmp_path: Path, live_url: str) -> Iterator[LiveServer]:
    """With its scheduler and simulator."""
    env = {"DATABASE_URL": live_url}
    with LiveServer(tmp_path, env=env, scheduler=True, simulator=True) as server:
        yield server


@pytest.fixture
def demo_server(tmp_path: Path, live_url: str) -> Iterator[LiveServer]:
    env = {"DATABASE_URL": live_url}
    with LiveServer(tmp_path, env=env, scheduler=True, simulator=True, demo=True) as server:
        yield server
