"""What stands on a view: marks that say who may call it, what goes in, what comes out.

The marks only take notes; `core.http.blueprint` builds the door from them and the OpenAPI
document tells exactly what they say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import marshmallow as ma

from core.errors import DomainError

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
"""The permission of a view that anybody may call. It is declared, never an absence."""


@dataclass
class Declaration:
    permission: str | None = None
    body: type[ma.Schema] | None = None
    query: type[ma.Schema] | None = None
    is_paged: bool = False
    prepare: Callable[..., Any] | None = None
    status: int = 200
    returns: type[ma.Schema] | None = None
    errors: tuple[type[DomainError], ...] = ()
    shared_seconds: int | None = None
    is_personal: bool = False
    is_kept: bool = True
    is_idempotent: bool = True
    writes: bool | None = None
    is_stored: bool = True
    current: Callable[..., Any] | None = None
    content_type: str | None = None
    takes_raw_body: bool = False
    upload: type[ma.Schema] | None = None
    is_one_by_one: bool = False


def declaration_of(view: Callable[..., Any]) -> Declaration:
    """The notes of a view, begun if there are none."""
    found = getattr(view, "__declaration__", None)
    if found is None:
        found = Declaration()
        view.__declaration__ = found  # type: ignore[attr-defined]
    return found


def _mark(**notes: Any) -> Callable[[View], View]:
    def mark(view: View) -> View:
        declaration = declaration_of(view)
        for name, value in notes.items():
            setattr(declaration, name, value)
        return view

    return mark


def permission(name: str) -> Callable[[View], View]:
    """Who may call: everybody who holds this permission in some scope."""
    return _mark(permission=name)


def public(view: View) -> View:
    """Anybody may call, signed in or not."""
    return _mark(permission=PUBLIC)(view)


def body(schema: type[ma.Schema]) -> Callable[[View], View]:
    """JSON in the request, given to the view as the dict `body`."""
    return _mark(body=schema)


def upload(schema: type[ma.Schema]) -> Callable[[View], View]:
    """A multipart form with one file of at most 10 MiB in the field `file` (an `UploadedFile` of
    the schema) beside plain fields, given to the view as the dict `body`."""
    return _mark(upload=schema)


def raw_body(view: View) -> View:
    """The body is not ours to shape; the view reads it from the request itself."""
    return _mark(takes_raw_body=True)(view)


def query(schema: type[ma.Schema]) -> Callable[[View], View]:
    """The query string, given to the view as the dict `query`."""
    return _mark(query=schema)


def paged(view: View) -> View:
    """A list: takes `cursor` and `limit`, gives the view a `page`, answers
    `{"items": […], "next_cursor": …}` of the schema in `returns`."""
    return _mark(is_paged=True)(view)


def prepare(work: Callable[..., Any]) -> Callable[[View], View]:
    """Work that must not hold a transaction (WeChat, argon2): runs after parsing, before the
    transaction, with the view's arguments; its result is given to the view as `prepared`."""
    return _mark(prepare=work)


def one_by_one(view: View) -> View:
    """Calls of one person are done one after another. Their service takes the person's lock in any
    case; with this mark it comes with the look at the token, where that saves a journey to the
    database server."""
    return _mark(is_one_by_one=True)(view)


def returns(schema: type[ma.Schema] | None, status: int = 200) -> Callable[[View], View]:
    """The shape of success and its status."""
    return _mark(returns=schema, status=status)


def returns_file(content_type: str) -> Callable[[View], View]:
    """Success is not JSON: the view gives (content, headers); content is bytes, text, or an
    iterator of bytes that is read after the transaction. A `Content-Type` among the headers tells
    more exactly what this one is."""
    return _mark(content_type=content_type)


def errors(*classes: type[DomainError]) -> Callable[[View], View]:
    """Refusals of this view's own, beside those that the door itself can give."""
    return _mark(errors=classes)


def shared(
    seconds: int, *, is_personal: bool = False, is_kept: bool = True
) -> Callable[[View], View]:
    """A public answer that is the same for everybody: kept in the process for `seconds`, with
    a public Cache-Control of the same length, and answered 304 without database work.

    `is_personal`: whoever shows a token gets an answer of their own instead, kept nowhere.
    `is_kept=False`: too large to be kept in the process; the caches in front still may."""
    return _mark(shared_seconds=seconds, is_personal=is_personal, is_kept=is_kept)


def not_idempotent(view: View) -> View:
    """An Idempotency-Key has no meaning here (sign-in: its answer is a secret)."""
    return _mark(is_idempotent=False)(view)


def traced(view: View) -> View:
    """The answer shows what else stays masked, and the look is written down: a writing
    transaction even for a GET, and an answer that nobody may store, ourselves included."""
    return _mark(writes=True, is_idempotent=False, is_stored=False)(view)


def replaces(current: Callable[..., Any]) -> Callable[[View], View]:
    """`current` reads what this PUT or PATCH replaces; If-Match is compared with its answer."""
    return _mark(current=current)
