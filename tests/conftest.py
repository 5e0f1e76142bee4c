"""The two databases, rolled-back and committed, and a client that speaks for a person.

`pytest --database=sqlite|postgresql` runs the suite on one of them. Most tests run in a
transaction that is rolled back; tests marked by the fixture `committed` get a fresh database of
their own, because races, retries and processes need real commits.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

import accounts.services.reference
import nominations.services.reference
import volunteer.services.reference
from accounts.models.persons import Person
from app import create_app
from core import db as database
from core.actor import Actor
from core.config import Settings
from core.db import db
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import actor_of
from tests.support.postgres import fresh_database, running_postgres


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


WITHOUT_DATABASE = (
    "tests/accounts/test_messages.py::test_every_template",
    "tests/tools/",
    "tests/schemas/",
    "tests/bench/test_bench.py::test_bench_measures_every",
    "tests/bench/test_bench.py::test_a_scenario",
    "tests/cli/test_demo_content.py",
    "tests/cli/test_demo_selections.py",
    "tests/contract/test_bad_input.py::test_a_hostile_body",
    "tests/contract/test_bad_input.py::test_every_field_refuses",
    "tests/contract/test_openapi.py",
    "tests/contract/test_openapi_misfits.py",
    "tests/contract/test_role_matrix.py",
    "tests/core/test_caching.py",
    "tests/core/test_config.py",
    "tests/core/test_crypto.py",
    "tests/core/test_deferred.py",
    "tests/core/test_key_store.py",
    "tests/core/test_origin.py",
    "tests/core/test_parsing.py",
    "tests/core/test_sheets.py",
    "tests/core/test_signed_notes.py",
    "tests/core/test_uploads.py",
    "tests/core/test_wechat",
    "tests/core/test_logs",
    "tests/nominations/test_leaves.py",
    "tests/nominations/test_merkle.py",
    "tests/nominations/test_scoring.py",
    "tests/nominations/test_suspicion.py",
    "tests/processes/test_selection_walk.py::test_a_",
    "tests/processes/test_walk.py::test_a_",
    "tests/volunteer/test_accrual.py",
    "tests/volunteer/test_large_import.py",
    "tests/volunteer/test_service_request_machine.py",
)
"""What no database can change is run once, with SQLite: what the demo tells, what is refused before
a query, who may do what, whether an answer has its declared shape. That the demo loads, that a day
and a selection can be walked, and that strangers find nothing is asked of both."""


LONGEST_FIRST = (
    "tests/processes/test_walk.py",
    "tests/bench/test_bench.py",
    "tests/tools/test_run.py",
    "tests/contract/test_openapi_misfits.py",
    "tests/volunteer/test_large_import.py",
    "tests/contract/test_openapi.py",
    "tests/processes/test_faults.py",
    "tests/processes/test_selection_walk.py",
    "tests/nominations/test_selection_machine.py",
    "tests/contract/test_role_matrix.py",
    "tests/cli/test_demo.py",
    "tests/races/test_signup_races.py",
    "tests/contract/test_foreign_ids.py",
)
"""Files of tens of seconds are begun first, so that both processes end together."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    place = {file: n for n, file in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))
    on_postgres = config.getoption("--database") == "postgresql"
    left_out = [
        item
        for item in items
        if (
            item.nodeid.startswith(WITHOUT_DATABASE)
            if on_postgres
            else item.get_closest_marker("postgresql")
        )
    ]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


COMMITTED, LOCK = "liancheng_committed", "write.lock"


@pytest.fixture(scope="session")
def on_postgres(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--database") == "postgresql")


@pytest.fixture(scope="session")
def postgres_server(on_postgres: bool) -> Iterator[str | None]:
    """URL of the server of this run, or None on SQLite."""
    if not on_postgres:
        yield None
        return
    with running_postgres(durable=False) as url:
        yield url


def _migrate_and_load(app: Flask) -> None:
    with app.app_context():
        upgrade()
        database.atomically(app, _load_reference, write=True)


def _load_reference() -> None:
    accounts.services.reference.load()
    volunteer.services.reference.load()
    nominations.services.reference.load()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None) -> Settings:
    """Settings of a migrated database with reference data, from which others are copied."""
    folder = tmp_path_factory.mktemp("template")
    url = fresh_database(postgres_server, "template_liancheng") if postgres_server else ""
    settings = Settings(
        environment="test", var_dir=folder, database_url=url, log_level="WARNING", web_threads=16
    )
    with closing_app(settings) as app:
        _migrate_and_load(app)
        if not url:
            with app.app_context(), db.engine.connect().execution_options(write=True) as c:
                c.exec_driver_sql("COMMIT")
                c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                c.exec_driver_sql("BEGIN")
    return settings


@contextmanager
def closing_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    try:
        yield app
    finally:
        database.dispose(app)
        app.extensions["liancheng.wechat"].close()


def copy_of(template: Settings, folder: Path, postgres_server: str | None, name: str) -> Settings:
    """A fresh copy of the template database."""
    if postgres_server:
        url = fresh_database(postgres_server, name, template="template_liancheng")
        return replace(template, var_dir=folder, database_url=url)
    shutil.copy(template.var_dir / "liancheng.db", folder / "liancheng.db")
    return replace(template, var_dir=folder)


@pytest.fixture(scope="session")
def app(
    template: Settings, tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Flask]:
    """The app of the rolled-back tests."""
    folder = tmp_path_factory.mktemp("shared")
    with closing_app(copy_of(template, folder, postgres_server, "liancheng_shared")) as app:
        yield app


@pytest.fixture
def rolled_back(app: Flask) -> Iterator[Flask]:
    """The shared app, whose every write is undone after the test."""
    with ExitStack() as stack:
        with app.app_context():
            engine = db.engine
        connection = stack.enter_context(engine.connect().execution_options(write=True))
        outer = connection.begin()
        if engine.dialect.name == "postgresql":  # a busy machine may leave it idle for long
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        engines = db._app_engines[app]
        before = engines[None]
        engines[None] = connection  # type: ignore[assignment]
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        app.extensions["liancheng.cache"].clear()
        try:
            yield app
        finally:
            engines[None] = before
            db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
            outer.rollback()


@pytest.fixture
def ctx(rolled_back: Flask) -> Iterator[Flask]:
    """An app context in the rolled-back database: for tests that call services."""
    with rolled_back.app_context():
        yield rolled_back
        db.session.rollback()
        db.session.remove()


@pytest.fixture(scope="session")
def committing(
    template: Settings, tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Flask]:
    """The app of the tests that commit. To make it costs more than most of them."""
    folder = tmp_path_factory.mktemp("committed")
    with closing_app(copy_of(template, folder, postgres_server, COMMITTED)) as app:
        yield app


@pytest.fixture
def committed(
    committing: Flask, template: Settings, postgres_server: str | None
) -> Iterator[Flask]:
    """An app whose commits are real, on a fresh copy of the data."""
    folder: Path = committing.extensions["liancheng.settings"].var_dir
    database.dispose(committing)
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != LOCK:  # held open by the gate
            left.unlink()
    copy_of(template, folder, postgres_server, COMMITTED)
    committing.extensions["liancheng.cache"].clear()
    yield committing
    database.dispose(committing)


@pytest.fixture
def wechat(rolled_back: Flask, monkeypatch: pytest.MonkeyPatch) -> RecordingWeChat:
    """WeChat as a recording; what it is asked and sent can be looked at."""
    double = RecordingWeChat()
    monkeypatch.setitem(rolled_back.extensions, "liancheng.wechat", double)
    return double


@contextmanager
def stored(app: Flask) -> Iterator[None]:
    """An app context whose writes are stored, so that later requests see them."""
    with app.app_context(), database.transaction(app, write=True):
        yield


@dataclass(frozen=True)
class Http:
    """A client of the API that speaks as one actor. Paths start below /api/v1."""

    client: FlaskClient
    app: Flask
    actor: Actor | None = None

    def as_(self, who: Actor | Person) -> "Http":
        return replace(self, actor=actor_of(who) if isinstance(who, Person) else who)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._send("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self._send("POST", path, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self._send("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> TestResponse:
        return self._send("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self._send("DELETE", path, **options)

    def token(self) -> str:
        """A bearer token that the door takes for this actor."""
        assert self.actor is not None
        token = str(id(self.actor))
        self.app.extensions["tests.actors"][token] = self.actor
        return token

    def _send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.actor is not None:
            headers["Authorization"] = f"Bearer {self.token()}"
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)


@pytest.fixture
def http(rolled_back: Flask, monkeypatch: pytest.MonkeyPatch) -> Http:
    """A client in the rolled-back database. Its actors are handed to the door by their token,
    so a contract test needs no sign-in; sign-in itself is tested with real tokens."""
    return http_of(rolled_back, monkeypatch)


def http_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Http:
    actors: dict[str, Actor] = {}
    real = app.extensions["liancheng.authenticate"]

    def authenticate(token: str, **how: bool) -> Actor:
        return actors[token] if token in actors else real(token, **how)

    monkeypatch.setitem(app.extensions, "tests.actors", actors)
    monkeypatch.setitem(app.extensions, "liancheng.authenticate", authenticate)
    return Http(app.test_client(), app)
