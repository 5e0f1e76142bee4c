"""Every operation of the OpenAPI document, as a list to parametrize tests with."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask

from accounts.permissions import Permission
from core.actor import Actor, Grant, ScopeKind
from core.errors import every_error
from core.http.problems import TRANSPORT
from tests.factories.accounts import person

KNOWN_CODES = {error.code for error in every_error()} | {code for code, _ in TRANSPORT.values()}


@dataclass(frozen=True)
class Operation:
    """A method and a path template, with the schema of its body if it has one, and the query
    parameters that it can't do without."""

    method: str
    path: str
    permission: str
    body: dict[str, Any] | None
    query: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """Names of the ids in the path."""
        return re.findall(r"\{(\w+)\}", self.path)

    def url(self, ids: Mapping[str, str] | None = None) -> str:
        """The path below /api/v1, with these ids, or with some that nothing has."""
        values = ids if ids is not None else {name: str(uuid4()) for name in self.parameters}
        return self.path.format_map(values).removeprefix("/api/v1")


def operations(app: Flask) -> Iterator[Operation]:
    spec = app.extensions["liancheng.documentation"].made()
    schemas = spec["components"]["schemas"]
    for path, item in spec["paths"].items():
        for method, told in item.items():
            if "x-permission" not in told:
                continue
            content = told.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            body = schemas.get(reference.rpartition("/")[2])
            query = tuple(
                p["name"]
                for p in told.get("parameters", [])
                if p.get("in") == "query" and p.get("required")
            )
            yield Operation(
                method.upper(), path, told["x-permission"], _inlined(body, schemas), query
            )


def _inlined(schema: Any, schemas: dict[str, Any]) -> Any:
    """The schema with every reference replaced by what it points to."""
    if isinstance(schema, list):
        return [_inlined(part, schemas) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    return {name: _inlined(part, schemas) for name, part in schema.items()}


def almighty() -> Actor:
    """Somebody who holds every permission over everything, so that nothing hides behind a 403."""
    who = person("全权")
    every = frozenset(Permission)
    return Actor(
        person_id=who.id,
        session_id=uuid4(),
        grants=(
            Grant("test", every, ScopeKind.OWN),
            Grant("test", every, ScopeKind.CITY, None, "/"),
        ),
        facts=frozenset({"real_name"}),
    )
