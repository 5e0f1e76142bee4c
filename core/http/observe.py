"""Every request has an id, one line in the log and a place in the metrics."""

import re
import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from core import logs
from core.http.parsing import check_url

GIVEN_REQUEST_ID = re.compile(r"[0-9a-f]{32}")
"""As nginx makes them (`$request_id`); too long to be anybody's number."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("liancheng_requests", "Requests answered", ["method", "endpoint", "status"])
SECONDS = Histogram(
    "liancheng_request_seconds",
    "Time to answer",
    ["endpoint"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def begin(given_id: str | None) -> str:
    """Name the request that begins: by the id that the proxy gave, or a new one."""
    chosen = given_id if given_id and GIVEN_REQUEST_ID.fullmatch(given_id) else None
    named = chosen or logs.new_request_id()
    logs.request_id.set(named)
    return named


def end(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Count and log the request that ends."""
    method = method if method in METHODS else "OTHER"
    REQUESTS.labels(method, endpoint, status).inc()
    SECONDS.labels(endpoint).observe(seconds)
    logs.write_access(method, endpoint, status, seconds * 1000)


def _begin() -> None:
    g.began = time.perf_counter()
    begin(request.headers.get("X-Request-Id"))
    check_url(request)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = logs.request_id.get() or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    seconds = time.perf_counter() - g.began
    end(request.method, request.endpoint or "unknown", response.status_code, seconds)
    return response
