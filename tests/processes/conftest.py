"""A live server on the database of this run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.postgres import fresh_database, running_postgres
from tests.support.server import LiveServer


@contextmanager
def live(folder: Path, *, on_postgres: bool, **options: Any) -> Iterator[LiveServer]:
    """A server with its scheduler and simulator; on PostgreSQL with real durability."""
    if not on_postgres:
        with LiveServer(folder, scheduler=True, simulator=True, **options) as server:
            yield server
        return
    with running_postgres(durable=True) as url:
        env = {"DATABASE_URL": fresh_database(url, "liancheng_live")}
        with LiveServer(folder, env=env, scheduler=True, simulator=True, **options) as server:
            yield server


@pytest.fixture
def live_server(tmp_path: Path, on_postgres: bool) -> Iterator[LiveServer]:
    with live(tmp_path, on_postgres=on_postgres) as server:
        yield server


@pytest.fixture
def demo_server(tmp_path: Path, on_postgres: bool) -> Iterator[LiveServer]:
    with live(tmp_path, on_postgres=on_postgres, demo=True) as server:
        yield server
