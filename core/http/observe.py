"""Every request has an id, one line in the log and a place in the metrics."""

import logging
import re
import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from core import logs
from core.http.parsing import check_url

SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger("liancheng.access")

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


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    logs.request_id.set(given if SAFE_REQUEST_ID.fullmatch(given) else logs.new_request_id())
    g.began = time.perf_counter()
    check_url(request)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.began
    endpoint = request.endpoint or "unknown"
    response.headers["X-Request-Id"] = logs.request_id.get() or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    REQUESTS.labels(request.method, endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(seconds)
    log.info(
        "request",
        extra={
            "method": request.method,
            "endpoint": endpoint,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
        },
    )
    return response
