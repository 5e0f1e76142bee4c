"""The rules of the house, read from the house itself."""

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Enum, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from accounts.permissions import Permission
from cli import documents
from core import clock
from core.db import Base, db
from core.errors import every_error
from core.http.declarations import PUBLIC
from core.ids import new_id
from core.lifecycle import Lifecycle
from jobs.schedule import TIMETABLE
from nominations.lifecycles import LIFECYCLES as NOMINATION_LIFECYCLES
from volunteer.lifecycles import LIFECYCLES as VOLUNTEER_LIFECYCLES

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "accounts", "volunteer", "nominations", "schemas", "jobs", "cli")
APPEND_ONLY = (
    "attendance_changes",
    "audit_entries",
    "ballots",
    "campaign_postponements",
    "certificate_entries",
    "checkpoint_signatures",
    "checkpoints",
    "consents",
    "declarations",
    "benefit_uses",
    "certificate_entries",
    "consents",
    "honor_warnings",
    "held_ballots",
    "hours_entries",
    "incident_people",
    "incidents",
    "log_leaves",
    "log_nodes",
    "monthly_reports",
    "ruled_ballots",
    "ruling_ballots",
    "screenings",
    "sealed_ballots",
    "service_request_steps",
    "star_awards",
)
OPEN_ENDPOINTS = {
    "home",
    "verify_certificate",
    "docs_page",
    "docs_start",
    "docs_asset",
    "docs_openapi",
    "health.alive",
    "health.ready",
    "health.metrics",
}
"""Pages outside the API; they show nothing about anybody, but what a certificate says to whoever
holds it."""


def sources() -> Iterator[Path]:
    yield ROOT / "app.py"
    yield ROOT / "wsgi.py"
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def found(pattern: str, *, but: set[str]) -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for path in sources()
        if str(path.relative_to(ROOT)) not in but and re.search(pattern, path.read_text("utf-8"))
    ]


def test_every_route_declares_a_permission_or_that_it_is_public(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS:
            continue
        declaration = getattr(app.view_functions[rule.endpoint], "__declaration__", None)
        assert declaration is not None, rule.endpoint
        assert declaration.permission == PUBLIC or declaration.permission in set(Permission)


def test_every_permission_stands_on_a_route(app: Flask) -> None:
    declared = {
        view.__declaration__.permission
        for view in app.view_functions.values()
        if hasattr(view, "__declaration__")
    }
    assert set(Permission) - declared == set()


def test_only_the_database_module_commits() -> None:
    assert found(r"\.commit\(\)", but={"core/db.py"}) == []


def test_only_the_clock_asks_the_time() -> None:
    asks = r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(\)|func\.now\("
    assert found(asks, but={"core/clock.py"}) == []


def test_routes_and_jobs_touch_neither_session_nor_queries() -> None:
    for folder in ("accounts/routes", "volunteer/routes", "nominations/routes", "jobs"):
        for path in (ROOT / folder).glob("*.py"):
            if path.name == "runner.py":  # it keeps the slots
                continue
            assert not re.search(r"db\.session|from sqlalchemy", path.read_text("utf-8")), path


def test_nothing_is_imported_inside_a_function() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert inner == [], f"{path}:{node.lineno}"


def test_the_composition_root_alone_knows_every_package() -> None:
    importers = found(r"^(from|import) app\b", but={"wsgi.py", "jobs/__main__.py"})
    assert importers == []


@pytest.mark.parametrize(
    "lifecycle", [*VOLUNTEER_LIFECYCLES, *NOMINATION_LIFECYCLES], ids=lambda life: life.noun
)
def test_every_transition_is_performed_by_a_service(lifecycle: Lifecycle) -> None:
    services = "\n".join(
        path.read_text("utf-8")
        for package in ("volunteer", "nominations")
        for path in (ROOT / package / "services").glob("*.py")
    )
    for verb in lifecycle.verbs:
        assert f'"{verb}"' in services, f"{lifecycle.noun}: nobody performs {verb}"


def test_codes_of_errors_are_unique() -> None:
    codes = [error.code for error in every_error()]
    assert len(codes) == len(set(codes))


def test_generated_documents_say_what_the_code_says(app: Flask) -> None:
    assert documents.stale(app) == []


def test_every_job_says_why() -> None:
    assert all(len(job.why) > 20 for job in TIMETABLE)
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


def test_the_numbers_of_the_migrations_tell_the_latest(app: Flask) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert app.extensions["liancheng.schema_head"] == head


def test_migrations_make_exactly_the_tables_of_the_models(ctx: Flask) -> None:
    inspector = inspect(db.session.connection())
    migrated = set(inspector.get_table_names()) - {"alembic_version"}
    assert migrated == set(Base.metadata.tables)
    for name, table in Base.metadata.tables.items():
        columns = {c["name"] for c in inspector.get_columns(name)}
        assert columns == set(table.columns.keys()), name
        assert {i["name"] for i in inspector.get_indexes(name)} >= {
            str(i.name) for i in table.indexes
        }, name


def test_migrations_make_exactly_the_checks_of_the_models(ctx: Flask) -> None:
    """Batch mode on SQLite could lose them when it rebuilds a table."""
    inspector = inspect(db.session.connection())
    for name, table in Base.metadata.tables.items():
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in inspector.get_check_constraints(name)} == wanted, name


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["delete", "update"])
def test_what_is_written_for_ever_refuses_change(ctx: Flask, table: str, change: str) -> None:
    """The triggers survive every migration (SQLite's batch mode drops them silently)."""
    stored = Base.metadata.tables[table]
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))  # rolled back before it matters
        db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
        db.session.execute(stored.insert().values(invented_row(stored)))
        db.session.execute(text("PRAGMA ignore_check_constraints = OFF"))
    key = next(iter(stored.primary_key.columns))
    statement = stored.delete() if change == "delete" else stored.update().values({key: key})
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(statement)


def invented_row(table: Table) -> dict[str, Any]:
    """Some value of the right type in every column that needs one."""
    values: dict[type, Any] = {
        UUID: new_id(),
        int: 1,
        bool: True,
        datetime: clock.now(),
        date: clock.today(),
        list: [],
        dict: [],
        bytes: b"x",
    }
    return {
        c.name: c.type.python_type.__members__[c.type.enums[0].upper()]
        if isinstance(c.type, Enum)
        else values.get(c.type.python_type, "x")
        for c in table.columns
        if not c.nullable
    }
