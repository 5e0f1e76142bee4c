"""A live server on the database of this run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import Settings
from tests.conftest import copy_of
from tests.support.postgres import PostgresServer, fresh_database
from tests.support.server import LiveServer

GIVEN = "TEST_POSTGRES_URL"
ALL = {"scheduler": True, "simulator": True}


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
def live_server(
    tmp_path: Path, template: Settings, postgres_server: str | None
) -> Iterator[LiveServer]:
    """With its scheduler and simulator, on a copy of the template."""
    url = copy_of(template, tmp_path, postgres_server, "liancheng_live").database_url
    with LiveServer(tmp_path, env={"DATABASE_URL": url}, **ALL, prepare=False) as server:
        yield server


@pytest.fixture
def durable_server(
    tmp_path: Path, template: Settings, on_postgres: bool, own_postgres: PostgresServer | None
) -> Iterator[LiveServer]:
    """The same on a database that loses nothing when it is killed."""
    if on_postgres:
        server = own_postgres.url if own_postgres else os.environ[GIVEN]
        url = fresh_database(server, "liancheng_durable")
    else:
        url = copy_of(template, tmp_path, None, "").database_url
    env = {"DATABASE_URL": url}
    with LiveServer(tmp_path, env=env, **ALL, prepare=on_postgres) as live:
        yield live


@pytest.fixture
def demo_server(tmp_path: Path, postgres_server: str | None) -> Iterator[LiveServer]:
    """The same with demo data, made as `make run` makes them."""
    url = fresh_database(postgres_server, "liancheng_demo") if postgres_server else ""
    with LiveServer(tmp_path, env={"DATABASE_URL": url}, **ALL, demo=True) as server:
        yield server
