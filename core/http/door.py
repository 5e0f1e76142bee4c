"""The door of an endpoint: what happens around a view, in which order.

Outermost first: read the body → transaction { authenticate → permission → parse → precondition →
idempotency → view → dump } → commit → validators. Where a view declares `prepare`, that work and
all before it happen ahead of the transaction: authenticate → permission → parse → prepare →
transaction { precondition → idempotency → view → dump } → commit.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import marshmallow as ma
from flask import Flask, Response, current_app, g, request

from core.actor import ANONYMOUS, Actor
from core.db import atomically
from core.errors import NotSignedIn, Stale
from core.http import caching, idempotency
from core.http.declarations import PUBLIC, Declaration
from core.http.parsing import (
    MAX_JSON_BYTES,
    MAX_MULTIPART_BYTES,
    StrictParser,
    read_body,
)
from core.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest

READS = ("GET", "HEAD")
PARSER = StrictParser()
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


def build(blueprint: Any, view: Step, d: Declaration, method: str) -> Step:
    """The door of a view. `blueprint` lends flask-smorest's decorators."""
    step = _once(_answer(blueprint, view, d), d, method)
    if d.prepare is None:
        step = _permitted(_parsed(blueprint, step, d, method), d)
        step = _in_transaction(step, d, method)
    else:
        step = _prepared(_in_transaction(step, d, method), d.prepare)
        step = _permitted(_parsed(blueprint, step, d, method), d)
    return _cached(step, d) if method in READS else step


def _parsed(blueprint: Any, step: Step, d: Declaration, method: str) -> Step:
    if d.body is not None:
        step = blueprint.arguments(d.body(), location="json", arg_name="body")(step)
    elif d.upload is not None:
        step = blueprint.arguments(d.upload(), location="multipart", arg_name="body")(step)
    elif method not in READS and not d.takes_raw_body:
        step = _without_body(step)
    if d.query is None and not d.is_paged:
        return _without_query(step)
    query = blueprint.arguments(_query_schema(d)(), location="query", arg_name="query")
    return cast(Step, query(_query_split(step, d)))


def _answer(blueprint: Any, view: Step, d: Declaration) -> Step:
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


def _once(step: Step, d: Declaration, method: str) -> Step:
    """Compare If-Match, and answer a repeated Idempotency-Key from its first answer."""

    @wraps(step)
    def run(**arguments: Any) -> Response:
        actor: Actor = g.actor
        if d.current is not None:
            _check_precondition(d, arguments)
        if method == "POST" and d.is_idempotent and actor.is_signed_in:
            key = idempotency.key_of(request)
            if key is not None:
                return idempotency.once(actor, key, request, lambda: step(**arguments))
        return cast(Response, step(**arguments))

    return run


def _in_transaction(step: Step, d: Declaration, method: str) -> Step:
    """The one transaction of the request. A body is read before it begins, so that a slow
    client holds nobody up."""
    writes = method not in READS if d.writes is None else d.writes

    @wraps(step)
    def run(**arguments: Any) -> Response:
        if method not in READS:
            read_body(request, limit=MAX_JSON_BYTES if d.upload is None else MAX_MULTIPART_BYTES)
        if d.permission != PUBLIC and _token() is None:
            raise NotSignedIn
        response = atomically(app_of_request(), lambda: step(**arguments), write=writes)
        current_app.extensions["liancheng.seen"](g.actor)
        return cast(Response, response)

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
            PARSER.parse(EmptyQuery(), request, location="json")
        return step(**arguments)

    return run


def _without_query(step: Step) -> Step:
    """Refuse by name what stands in a query string that should be empty."""

    @wraps(step)
    def run(**arguments: Any) -> Any:
        if request.query_string:
            PARSER.parse(EmptyQuery(), request, location="query")
        return step(**arguments)

    return run


def _query_schema(d: Declaration) -> type[ma.Schema]:
    if d.query is None:
        return PageQuery
    if not d.is_paged:
        return d.query
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
    """Find out who asks, in the transaction of the request if it is open, and whether they may."""

    @wraps(step)
    def run(**arguments: Any) -> Any:
        g.actor = actor = ANONYMOUS if d.shared_seconds else _actor(d)
        if d.permission != PUBLIC:
            if not actor.is_signed_in:
                raise NotSignedIn
            if not actor.holds(cast(str, d.permission)):
                raise current_app.extensions["liancheng.refusal"](actor, d.permission)
        return step(**arguments)

    return run


def _actor(d: Declaration) -> Actor:
    token = _token()
    if token is None:
        return ANONYMOUS
    authenticate = current_app.extensions["liancheng.authenticate"]
    if d.prepare is None:
        return cast(Actor, authenticate(token))
    return cast(Actor, atomically(app_of_request(), lambda: authenticate(token), write=False))


def _token() -> str | None:
    """The bearer token, or None without a header. Raises NotSignedIn for another header."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    return token.strip()


def _cached(step: Step, d: Declaration) -> Step:
    """Validators on every read; a shared one is kept for `caching.SharedAnswers`."""
    seconds = d.shared_seconds
    control = f"public, max-age={seconds}" if seconds else "private, no-cache"

    @wraps(step)
    def run(**arguments: Any) -> Any:
        response = step(**arguments)
        if response.status_code != 200:
            return response
        if response.is_streamed:
            response.headers["Cache-Control"] = "private, no-store"
            return response
        answer = caching.with_validators(response, request, control)
        if seconds:
            cache: caching.SharedCache = current_app.extensions["liancheng.cache"]
            cache.keep(request, response, seconds)
        return answer

    return run


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
