"""The door of every endpoint, built from the declarations that stand on its view.

Outermost first: shared cache → authenticate → permission → parse query and body → prepare →
transaction { precondition → idempotency → view → dump } → commit → validators. The same
declarations make the OpenAPI document, so it can't tell anything else than what happens.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import flask_smorest
import marshmallow as ma
from flask import Flask, Response, current_app, g, request

from core.actor import ANONYMOUS, Actor
from core.db import atomically
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
from core.http import caching, idempotency
from core.http.declarations import PUBLIC, Declaration, View, declaration_of
from core.http.parsing import MalformedJSON, StrictParser
from core.http.problems import CONTENT_TYPE, STATUS, Problem
from core.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest

READS = ("GET", "HEAD")
Step = Callable[..., Any]


class EmptyQuery(ma.Schema):
    """No query string at all."""

    class Meta:
        unknown = ma.RAISE


class PlainInteger(ma.fields.Integer):
    """Digits and nothing else; int() would also take spaces, signs and other scripts' digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10):
            raise ma.ValidationError("应为整数")
        return int(value)


class PageQuery(EmptyQuery):
    cursor = ma.fields.String(
        validate=ma.validate.Length(max=512), metadata={"description": "上一页的 next_cursor"}
    )
    limit = PlainInteger(
        load_default=DEFAULT_LIMIT,
        validate=ma.validate.Range(1, MAX_LIMIT, error="每页 1 至 100 条"),
    )


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """Registers doors instead of bare views. A view without a permission is a TypeError."""

    ARGUMENTS_PARSER = StrictParser()

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
            door = _document(self, _build(self, view, declaration, method), declaration, method)
            super(Blueprint, self).route(rule, **options)(door)
            return view

        return register


def _build(blueprint: Blueprint, view: Step, d: Declaration, method: str) -> Step:
    step = _answer(blueprint, view, d)
    step = _in_transaction(step, d, method)
    if d.prepare is not None:
        step = _prepared(step, d.prepare)
    if d.body is not None:
        step = blueprint.arguments(d.body, location="json", arg_name="body")(step)
    elif method not in READS and not d.takes_raw_body:
        step = _without_body(step)
    step = blueprint.arguments(_query_schema(d), location="query", arg_name="query")(
        _query_split(step, d)
    )
    step = _permitted(step, d)
    return _cached(step, d) if method in READS else step


def _answer(blueprint: Blueprint, view: Step, d: Declaration) -> Step:
    """Call the view and dump what it gives, while the transaction is still open."""

    @wraps(view)
    def call(**arguments: Any) -> Any:
        result = view(g.actor, **arguments)
        if d.content_type is not None:
            content, headers = result
            return Response(content, headers=headers, content_type=d.content_type)
        if d.status == 204:
            return Response(status=204)
        return result

    if d.returns is None:
        return cast(Step, blueprint.response(d.status, content_type=d.content_type)(call))
    schema = page_of(d.returns) if d.is_paged else d.returns
    return cast(Step, blueprint.response(d.status, schema)(call))


def _in_transaction(step: Step, d: Declaration, method: str) -> Step:
    writes = method not in READS if d.writes is None else d.writes

    @wraps(step)
    def run(**arguments: Any) -> Response:
        actor: Actor = g.actor
        key = None
        if method == "POST" and d.is_idempotent and actor.is_signed_in:
            key = idempotency.key_of(request)

        def work() -> Response:
            if d.current is not None:
                _check_precondition(d, arguments)
            if key is not None:
                return idempotency.once(actor, key, request, lambda: step(**arguments))
            return cast(Response, step(**arguments))

        return atomically(app_of_request(), work, write=writes)

    return run


def _check_precondition(d: Declaration, arguments: dict[str, Any]) -> None:
    if not request.if_match or d.current is None or d.returns is None:
        return
    path_only = {k: v for k, v in arguments.items() if k in (request.view_args or {})}
    present: Any = current_app.json.response(d.returns().dump(d.current(g.actor, **path_only)))
    if not request.if_match.contains(caching.etag_of(present.get_data())):
        raise Stale


def _prepared(step: Step, work: Step) -> Step:
    @wraps(step)
    def run(**arguments: Any) -> Any:
        return step(**arguments, prepared=work(g.actor, **arguments))

    return run


def _without_body(step: Step) -> Step:
    """A verb takes no body; an empty object is let pass, a field is refused by name."""

    @wraps(step)
    def run(**arguments: Any) -> Any:
        if request.content_length or "Transfer-Encoding" in request.headers:
            Blueprint.ARGUMENTS_PARSER.parse(EmptyQuery(), request, location="json")
        return step(**arguments)

    return run


def _query_schema(d: Declaration) -> type[ma.Schema]:
    if not d.is_paged:
        return d.query or EmptyQuery
    if d.query is None:
        return PageQuery
    return type(f"{d.query.__name__}Page", (d.query, PageQuery), {})


def _query_split(step: Step, d: Declaration) -> Step:
    """Give the view `query` only if it declared one, and `page` if it is a list."""

    @wraps(step)
    def run(*, query: dict[str, Any], **arguments: Any) -> Any:
        if d.is_paged:
            arguments["page"] = PageRequest(query.pop("cursor", None), query.pop("limit"))
        if d.query is not None:
            arguments["query"] = query
        return step(**arguments)

    return run


def _permitted(step: Step, d: Declaration) -> Step:
    @wraps(step)
    def run(**arguments: Any) -> Any:
        actor = ANONYMOUS if d.shared_seconds else _authenticated()
        g.actor = actor
        if d.permission != PUBLIC:
            if not actor.is_signed_in:
                raise NotSignedIn
            if not actor.holds(cast(str, d.permission)):
                raise current_app.extensions["liancheng.refusal"](actor, d.permission)
        return step(**arguments)

    return run


def _authenticated() -> Actor:
    header = request.headers.get("Authorization")
    if header is None:
        return ANONYMOUS
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    return cast(Actor, current_app.extensions["liancheng.authenticate"](token.strip()))


def _cached(step: Step, d: Declaration) -> Step:
    """Validators on every read; for a shared one the cache in front of all else."""
    seconds = d.shared_seconds
    control = f"public, max-age={seconds}" if seconds else "private, no-cache"

    @wraps(step)
    def run(**arguments: Any) -> Any:
        if not seconds:
            return _validated(step(**arguments), control)
        cache: caching.SharedCache = current_app.extensions["liancheng.cache"]
        if (kept := cache.answer(request)) is not None:
            return kept
        response = step(**arguments)
        answer = _validated(response, control)
        if response.status_code == 200:
            cache.keep(request, response, seconds)
        return answer

    return run


def _validated(response: Response, control: str) -> Response:
    if response.status_code != 200:
        return response
    return caching.with_validators(response, request, control)


def app_of_request() -> Flask:
    """The app itself, not the proxy."""
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]


_pages: dict[type[ma.Schema], type[ma.Schema]] = {}


def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a list of `item`."""
    if item not in _pages:
        _pages[item] = type(
            f"{item.__name__}Page",
            (ma.Schema,),
            {
                "items": ma.fields.List(ma.fields.Nested(item), required=True),
                "next_cursor": ma.fields.String(required=True, allow_none=True),
            },
        )
    return _pages[item]


def _document(blueprint: Blueprint, door: Step, d: Declaration, method: str) -> Step:
    """Tell the OpenAPI document what the declarations say."""
    by_status: dict[int, list[type[DomainError]]] = defaultdict(list)
    for error in dict.fromkeys([*_door_errors(d, method), *d.errors]):
        by_status[int(STATUS[error.kind])].append(error)
    for status, classes in by_status.items():
        door = blueprint.alt_response(
            status,
            schema=Problem,
            content_type=CONTENT_TYPE,
            description="；".join(f"`{e.code}` {e.message}" for e in classes),
        )(door)
    if d.shared_seconds is not None or method in READS:
        door = blueprint.alt_response(304, description="未变化")(door)
    door = blueprint.alt_response(
        "default", schema=Problem, content_type=CONTENT_TYPE, description="其他错误"
    )(door)
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
    return cast(Step, blueprint.doc(**manual)(door))


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
