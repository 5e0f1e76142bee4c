"""ETags for every read, and a short shared cache for public ones.

An empty read transaction costs as much as a whole static answer, and Flask's dispatch as much
again; so a hot public list is kept as bytes in the process for a few seconds and answered, or
refused with 304, in front of both.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask import Flask, Request, Response

from core.http import observe

MAX_BYTES = 2 * 1024 * 1024
"""Of answers in one process: the hot lists many times over."""
OK = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"
NOT_MODIFIED = f"{HTTPStatus.NOT_MODIFIED.value} {HTTPStatus.NOT_MODIFIED.phrase}"

Environ = dict[str, Any]


def etag_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def with_validators(response: Response, request: Request, cache_control: str) -> Response:
    """Add ETag and Cache-Control to a fresh 200, or turn it into a 304 for whoever has it."""
    response.headers["Cache-Control"] = cache_control
    etag = etag_of(response.get_data())
    response.set_etag(etag)
    if request.if_none_match.contains(etag):
        kept = ("ETag", "Cache-Control", "Vary")
        headers = {name: response.headers[name] for name in kept if name in response.headers}
        answer = Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        del answer.headers["Content-Type"]
        return answer
    return response


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is the same for everybody until `until` (monotonic seconds)."""

    body: bytes
    etag: str
    """Quoted, as in the header."""
    cache_control: str
    content_type: str
    endpoint: str
    until: float
    is_personal: bool
    """Whoever shows a token gets another answer."""


class SharedCache:
    """Public answers of one process, by address. Bounded; the oldest leave first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, environ: Environ) -> Kept | None:
        """The kept answer for this address while it is fresh."""
        kept = self._kept.get(_address(environ))
        if kept is None or kept.until <= time.monotonic():
            return None
        return None if kept.is_personal and "HTTP_AUTHORIZATION" in environ else kept

    def keep(
        self, request: Request, response: Response, seconds: int, *, is_personal: bool = False
    ) -> None:
        """Keep a 200 answer, with its validators, for `seconds`."""
        kept = Kept(
            response.get_data(),
            response.headers["ETag"],
            response.headers["Cache-Control"],
            response.headers["Content-Type"],
            request.endpoint or "unknown",
            time.monotonic() + seconds,
            is_personal,
        )
        address = _address(request.environ)
        with self._lock:
            if (before := self._kept.pop(address, None)) is not None:
                self._bytes -= len(before.body)
            self._kept[address] = kept
            self._bytes += len(kept.body)
            while self._bytes > MAX_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def _address(environ: Environ) -> str:
    return f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"


class SharedAnswers:
    """The WSGI layer in front of Flask that answers from the shared cache."""

    def __init__(self, app: Flask, cache: SharedCache) -> None:
        self._behind = app.wsgi_app
        self._cache = cache

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and (kept := self._cache.find(environ)):
            return _answer(kept, environ, start_response)
        return self._behind(environ, start_response)


def _answer(kept: Kept, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    began = time.perf_counter()
    headers = [
        ("ETag", kept.etag),
        ("Cache-Control", kept.cache_control),
        ("X-Request-Id", observe.begin(environ.get("HTTP_X_REQUEST_ID"))),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if kept.is_personal:
        headers.append(("Vary", "Authorization"))
    is_known = kept.etag in environ.get("HTTP_IF_NONE_MATCH", "")
    if is_known:
        status, body = HTTPStatus.NOT_MODIFIED, b""
        start_response(NOT_MODIFIED, headers)
    else:
        status, body = HTTPStatus.OK, kept.body
        headers += [("Content-Type", kept.content_type), ("Content-Length", str(len(body)))]
        start_response(OK, headers)
    observe.end("GET", kept.endpoint, status.value, time.perf_counter() - began)
    return [body]


def init_app(app: Flask) -> None:
    cache = SharedCache()
    app.extensions["liancheng.cache"] = cache
    app.wsgi_app = SharedAnswers(app, cache)  # type: ignore[method-assign]
