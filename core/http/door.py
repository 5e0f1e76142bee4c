"""The door of an endpoint: what happens around a view, in which order.

Outermost first: read the body → transaction { authenticate → permission → parse → precondition →
idempotency → view → dump } → commit → validators. In two cases the first half happens ahead of the
transaction: authenticate → permission → parse → prepare → transaction { precondition → idempotency
→ view → dump } → commit. One is a view that declares `prepare`. The other is any write on SQLite,
where one transaction writes at a time and the others wait for it: there a turn should be short,
and a look at the token costs no journey to a server.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast

import marshmallow as ma
from flask import Flask, Response, current_app, g, request

from core.actor import ANONYMOUS, Actor
from core.db import atomically, note_alone
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
    answer = _once(_answer(blueprint, view, d), d, method)
    answered = _in_transaction(answer, d, method)
    asked_inside = _in_transaction(_asked(blueprint, answer, d, method), d, method)
    if d.prepare is not None:
        step = _asked_ahead(blueprint, _prepared(answered, d.prepare), d, method)
    elif _writes(d, method):
        asked_ahead = _asked_ahead(blueprint, answered, d, method)
        step = _by_database(one_at_a_time=asked_ahead, side_by_side=asked_inside)
    else:
        step = asked_inside
    step = _received(step, d, method)
    return _cached(step, d) if method in READS or not d.is_stored else step


def _writes(d: Declaration, method: str) -> bool:
    return method not in READS if d.writes is None else d.writes


def _by_database(*, one_at_a_time: Step, side_by_side: Step) -> Step:
    """The order of steps that suits how the database takes writes."""

    @wraps(side_by_side)
    def run(**arguments: Any) -> Any:
        has_gate = current_app.extensions["liancheng.gate"] is not None
        return one_at_a_time(**arguments) if has_gate else side_by_side(**arguments)

    return run


def _received(step: Step, d: Declaration, method: str) -> Step:
    """Read the body before anything is held, so that a slow client holds nobody up; and turn
    away who shows no token at all."""

    @wraps(step)
    def run(**arguments: Any) -> Any:
        if method not in READS:
            read_body(request, limit=MAX_JSON_BYTES if d.upload is None else MAX_MULTIPART_BYTES)
        if d.permission != PUBLIC and _token() is None:
            raise NotSignedIn
        return step(**arguments)

    return run


def _asked(blueprint: Any, step: Step, d: Declaration, method: str) -> Step:
    """Who asks, whether they may, and what for; in the transaction that is open."""
    who = partial(_actor, one_by_one=d.is_one_by_one)
    return _permitted(_parsed(blueprint, step, d, method), d, who)


def _asked_ahead(blueprint: Any, step: Step, d: Declaration, method: str) -> Step:
    """The same with a transaction of its own for the token."""
    return _permitted(_parsed(blueprint, step, d, method), d, _actor_ahead)


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
            return Response(content, headers={"Content-Type": d.content_type, **headers})
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
        if method not in READS:
            note_alone()
        return cast(Response, step(**arguments))

    return run


def _in_transaction(step: Step, d: Declaration, method: str) -> Step:
    """The one transaction of the request."""
    writes = _writes(d, method)

    @wraps(step)
    def run(**arguments: Any) -> Response:
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


def _permitted(step: Step, d: Declaration, who: Callable[[], Actor]) -> Step:
    """Find out who asks, and whether they may."""

    @wraps(step)
    def run(**arguments: Any) -> Any:
        g.actor = actor = ANONYMOUS if _is_shared(d) else who()
        if d.permission != PUBLIC:
            if not actor.is_signed_in:
                raise NotSignedIn
            if not actor.holds(cast(str, d.permission)):
                raise current_app.extensions["liancheng.refusal"](actor, d.permission)
        return step(**arguments)

    return run


def _actor(*, one_by_one: bool = False) -> Actor:
    token = _token()
    if token is None:
        return ANONYMOUS
    find = current_app.extensions["liancheng.authenticate"]
    return cast(Actor, find(token, one_by_one=one_by_one))


def _actor_ahead() -> Actor:
    if _token() is None:
        return ANONYMOUS
    return atomically(app_of_request(), _actor, write=False)


def _token() -> str | None:
    """The bearer token, or None without a header. Raises NotSignedIn for another header."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    return token.strip()


def _is_shared(d: Declaration) -> bool:
    """Whether the answer is the same for everybody who asks as this request does."""
    return bool(d.shared_seconds) and not (d.is_personal and "Authorization" in request.headers)


def _cached(step: Step, d: Declaration) -> Step:
    """Validators on every read; a shared one is kept for `caching.SharedAnswers`."""
    if not d.is_stored:
        return _unstored(step)

    @wraps(step)
    def run(**arguments: Any) -> Any:
        response = step(**arguments)
        if response.status_code != 200:
            return response
        seconds = d.shared_seconds if _is_shared(d) else None
        control = f"public, max-age={seconds}" if seconds else "private, no-cache"
        if d.is_personal:
            response.headers["Vary"] = "Authorization"
        answer = caching.with_validators(response, request, control)
        if seconds and d.is_kept:
            cache: caching.SharedCache = current_app.extensions["liancheng.cache"]
            cache.keep(request, response, seconds, is_personal=d.is_personal)
        return answer

    return run


def _unstored(step: Step) -> Step:
    @wraps(step)
    def run(**arguments: Any) -> Any:
        response = step(**arguments)
        response.headers["Cache-Control"] = "no-store"
        return response

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
