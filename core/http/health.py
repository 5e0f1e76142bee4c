"""Is it alive, is it ready, what does it measure."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client import REGISTRY as PROCESS_REGISTRY
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.db import atomically, db
from core.errors import DomainError

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that works less well than it should; the service still answers."""

    name: str
    detail: str


def init_app(app: Flask, *, migrations: str, concerns: Callable[[], list[Concern]]) -> None:
    """`concerns` runs in a read transaction and names what is degraded."""
    app.extensions["liancheng.schema_head"] = head_of(Path(migrations))
    app.extensions["liancheng.concerns"] = concerns
    app.register_blueprint(blueprint)


def head_of(migrations: Path) -> str:
    """The latest revision. They are numbered, so the file names tell: asking Alembic would load
    it into every web worker."""
    return max(path.name.split("_")[0] for path in (migrations / "versions").glob("[0-9]*.py"))


@blueprint.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """503 only if the database can't be reached or its schema is older than the code."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        found, concerns = atomically(app, _look, write=False)
    except (SQLAlchemyError, DomainError):
        return {"status": "unavailable", "reason": "database"}, 503
    if found != app.extensions["liancheng.schema_head"]:
        return {"status": "unavailable", "reason": "schema"}, 503
    if concerns:
        named = [{"name": c.name, "detail": c.detail} for c in concerns]
        return {"status": "degraded", "concerns": named}, 200
    return {"status": "ready"}, 200


def _look() -> tuple[str | None, list[Concern]]:
    found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found, current_app.extensions["liancheng.concerns"]()


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus text, summed over all processes when they share a folder for it."""
    registry = PROCESS_REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
