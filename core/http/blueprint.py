"""Blueprints of doors: a view is registered with what it declares, and the OpenAPI document tells
exactly that, so it can't tell anything else than what happens. The notes for the document are
taken when it is asked for: a web worker seldom is, and they take memory and time to start.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import flask_smorest

from core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Stale,
    Unavailable,
    WrongState,
)
from core.http import idempotency
from core.http.declarations import PUBLIC, Declaration, View, declaration_of
from core.http.door import PARSER, READS, Step, build
from core.http.parsing import MalformedJSON
from core.http.problems import CONTENT_TYPE, STATUS, Problem

PROBLEM = Problem()
"""One for all answers of all doors: an instance holds copies of its fields, and one for each took
a tenth of the memory of a process."""


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """Registers doors instead of bare views. A view without a permission is a TypeError."""

    ARGUMENTS_PARSER = PARSER
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": "multipart/form-data",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._untold: list[Callable[[], None]] = []

    def get(self, rule: str) -> Callable[[View], View]:
        return self.route(rule, methods=["GET"])

    def post(self, rule: str) -> Callable[[View], View]:
        return self.route(rule, methods=["POST"])

    def put(self, rule: str) -> Callable[[View], View]:
        return self.route(rule, methods=["PUT"])

    def patch(self, rule: str) -> Callable[[View], View]:
        return self.route(rule, methods=["PATCH"])

    def delete(self, rule: str) -> Callable[[View], View]:
        return self.route(rule, methods=["DELETE"])

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        def register(view: View) -> View:
            declaration = declaration_of(view)
            if declaration.permission is None:
                raise TypeError(f"{view.__module__}.{view.__name__} declares no permission")
            method = options.get("methods", ["GET"])[0]
            door = build(self, view, declaration, method)
            self._untold.append(lambda: _document(self, door, declaration, method))
            super(Blueprint, self).route(rule, **options)(door)
            return view

        return register

    def _store_endpoint_docs(self, *args: Any, **kwargs: Any) -> None:
        store = super()._store_endpoint_docs
        self._untold.append(lambda: store(*args, **kwargs))

    def register_views_in_doc(self, *args: Any, **kwargs: Any) -> None:
        while self._untold:
            self._untold.pop(0)()
        super().register_views_in_doc(*args, **kwargs)


def _document(blueprint: Blueprint, door: Step, d: Declaration, method: str) -> None:
    """Tell the OpenAPI document what the declarations say.

    Flask-smorest's decorators wrap the view once more each; only their notes are taken."""
    told = door
    by_status: dict[int, list[type[DomainError]]] = defaultdict(list)
    for error in dict.fromkeys([*_door_errors(d, method), *d.errors]):
        by_status[int(STATUS[error.kind])].append(error)
    for status, classes in by_status.items():
        told = blueprint.alt_response(
            status,
            schema=PROBLEM,
            content_type=CONTENT_TYPE,
            description="；".join(f"`{e.code}` {e.message}" for e in classes),
        )(told)
    if d.shared_seconds is not None or method in READS:
        told = blueprint.alt_response(304, description="未变化")(told)
    told = blueprint.alt_response(
        "default", schema=PROBLEM, content_type=CONTENT_TYPE, description="其他错误"
    )(told)
    security: list[Any] = [] if d.permission == PUBLIC else [{"bearer": []}]
    manual: dict[str, Any] = {"security": security, "x-permission": str(d.permission)}
    if method == "POST" and d.is_idempotent and d.permission != PUBLIC:
        manual["parameters"] = [
            {
                "in": "header",
                "name": idempotency.HEADER,
                "schema": {"type": "string", "minLength": 1, "maxLength": 64},
            }
        ]
    door._apidoc = blueprint.doc(**manual)(told)._apidoc  # type: ignore[attr-defined]


def _door_errors(d: Declaration, method: str) -> list[type[DomainError]]:
    found: list[type[DomainError]] = [InvalidInput, Unavailable]
    if d.permission != PUBLIC:
        found += [NotSignedIn, Forbidden]
    if d.body is not None:
        found.append(MalformedJSON)
    found.append(NotFound)
    if method not in READS:
        found += [Conflict, WrongState]
    if method == "POST" and d.is_idempotent and d.permission != PUBLIC:
        found += [idempotency.IdempotencyKeyReused, idempotency.RequestInProgress]
    if d.current is not None:
        found.append(Stale)
    return found
