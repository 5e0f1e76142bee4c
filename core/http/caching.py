"""ETags for every read, and a short shared cache for public ones.

An empty read transaction costs as much as a whole static answer, so a hot public list is kept
as bytes in the process for a few seconds and answered, or refused with 304, without any.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flask import Request, Response

MAX_ENTRIES = 512


def etag_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def with_validators(response: Response, request: Request, cache_control: str) -> Response:
    """Add ETag and Cache-Control to a fresh 200, or turn it into a 304 for whoever has it."""
    response.headers["Cache-Control"] = cache_control
    etag = etag_of(response.get_data())
    response.set_etag(etag)
    if request.if_none_match.contains(etag):
        return _not_modified(response.headers["ETag"], cache_control)
    return response


def _not_modified(etag: str, cache_control: str) -> Response:
    response = Response(status=304, headers={"ETag": etag, "Cache-Control": cache_control})
    del response.headers["Content-Type"]
    return response


@dataclass(frozen=True, slots=True)
class Kept:
    body: bytes
    etag: str
    """Quoted, as in the header."""
    cache_control: str
    until: float
    content_type: str


class SharedCache:
    """Public answers of one process, by address. Bounded; the oldest leave first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def answer(self, request: Request) -> Response | None:
        """The kept answer for this address while it is fresh, or None."""
        kept = self._kept.get(request.full_path)
        if kept is None or kept.until < time.monotonic():
            return None
        asked = request.environ.get("HTTP_IF_NONE_MATCH")
        if asked is not None and kept.etag in asked:
            return _not_modified(kept.etag, kept.cache_control)
        headers = {
            "Content-Type": kept.content_type,
            "ETag": kept.etag,
            "Cache-Control": kept.cache_control,
        }
        return Response(kept.body, headers=headers)

    def keep(self, request: Request, response: Response, seconds: int) -> None:
        """Keep a 200 answer for `seconds`."""
        kept = Kept(
            response.get_data(),
            response.headers["ETag"],
            response.headers["Cache-Control"],
            time.monotonic() + seconds,
            response.content_type or "application/json",
        )
        with self._lock:
            self._kept[request.full_path] = kept
            self._kept.move_to_end(request.full_path)
            while len(self._kept) > MAX_ENTRIES:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
