"""Every operation of the OpenAPI document, as a list to parametrize tests with."""

from collections.abc import Iterator
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
    """A method and a path template, with the schema of its body if it has one."""

    method: str
    path: str
    permission: str
    body: dict[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def url(self) -> str:
        """The path with ids that nothing has, below /api/v1."""
        path = self.path
        while "{" in path:
            before, _, rest = path.partition("{")
            path = before + str(uuid4()) + rest.partition("}")[2]
        return path.removeprefix("/api/v1")


def operations(app: Flask) -> Iterator[Operation]:
    spec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    schemas = spec["components"]["schemas"]
    for path, item in spec["paths"].items():
        for method, told in item.items():
            if "x-permission" not in told:
                continue
            content = told.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            body = schemas.get(reference.rpartition("/")[2])
            yield Operation(method.upper(), path, told["x-permission"], body)


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
