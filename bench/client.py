"""A load generator for one HTTP/1.1 server on the loopback: keep-alive, one request in flight a
connection, and as little work a request as Python allows, because it shares the cores with what
it measures. `Load.generator_share` tells how much it took."""

import asyncio
import http.client
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast

ANSWER_SECONDS = 30.0
"""An answer that takes longer is an error."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BODILESS = (b"204", b"304")


class Broken(Exception):
    """The subject does not do what is to be measured."""


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    token: str = "",
    body: bytes = b"",
    expect: int = 200,
) -> tuple[bytes, str]:
    """Body and ETag of one answer, by a connection of its own. Raises Broken for another
    status."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body:
        headers["Content-Type"] = "application/json"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body=body or None, headers=headers)
        answer = connection.getresponse()
        told = answer.read()
    if answer.status != expect:
        raise Broken(f"{method} {path} gave {answer.status} {told[:300]!r}")
    return told, answer.headers.get("ETag", "")


def request(
    method: str, path: str, *, token: str = "", body: bytes = b"", etag: str = "", key: str = ""
) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if etag:
        lines.append(f"If-None-Match: {etag}")
    if key:
        lines.append(f"Idempotency-Key: {key}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Load:
    """What a run saw."""

    good: int = 0
    """Answers with the expected status."""
    errors: Counter[str] = field(default_factory=Counter)
    """All others, by what happened."""
    latencies: list[float] = field(default_factory=list)
    """Seconds, of the good ones."""
    seconds: float = 0.0
    """Until the last answer."""
    generator_share: float = 0.0
    """Part of one core that the generator itself used."""
    ran_out: bool = False
    """Whether the requests ended before the time did."""

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.good / self.seconds if self.seconds else 0.0


def load(
    port: int, requests: Iterator[bytes], *, connections: int, seconds: float, expect: int
) -> Load:
    """Send the requests over so many connections for so many seconds, or until there are no
    more; answers under way at the end are waited for."""
    return asyncio.run(_Run(requests, seconds, expect).over(port, connections))


class _Run:
    def __init__(self, requests: Iterator[bytes], seconds: float, expect: int) -> None:
        self.seen = Load()
        self._requests = requests
        self._seconds = seconds
        self._expected = str(expect).encode()
        self._ends = 0.0

    async def over(self, port: int, connections: int) -> Load:
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)
            for _ in range(connections)
        ]
        began, worked = time.perf_counter(), time.process_time()
        self._ends = began + self._seconds
        protocols = [protocol for _, protocol in made]
        for protocol in protocols:
            protocol.send()
        await asyncio.wait([p.done for p in protocols], timeout=self._seconds + ANSWER_SECONDS)
        self.seen.seconds = time.perf_counter() - began
        self.seen.generator_share = (time.process_time() - worked) / self.seen.seconds
        for transport, protocol in made:
            if not protocol.done.done():
                protocol.end("no answer in time")
            transport.abort()
        return self.seen

    def next_request(self, now: float) -> bytes | None:
        if now >= self._ends:
            return None
        following = next(self._requests, None)
        if following is None:
            self.seen.ran_out = True
        return following

    def answered(self, status: bytes, seconds: float) -> None:
        if status == self._expected:
            self.seen.good += 1
            self.seen.latencies.append(seconds)
        else:
            self.seen.errors[status.decode("ascii", "replace")] += 1


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._received = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self.end("connection lost")

    def send(self) -> None:
        now = time.perf_counter()
        following = self._run.next_request(now)
        if following is None or self._transport is None:
            self.end()
            return
        self._sent_at = now
        self._transport.write(following)

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            if not _is_whole(self._received):
                return
        except ValueError as error:
            self.end(str(error))
            return
        self._run.answered(self._received[9:12], time.perf_counter() - self._sent_at)
        self._received = b""
        self.send()

    def end(self, error: str = "") -> None:
        if self.done.done():
            return
        if error:
            self._run.seen.errors[error] += 1
        self.done.set_result(None)


def _is_whole(received: bytes) -> bool:
    """Whether this is a whole answer. Raises ValueError for one that does not tell its length."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return False
    if received[9:12] in _BODILESS:
        return True
    length = _LENGTH.search(received, 0, head + 2)
    if length is None:
        raise ValueError("answer without a length")
    return len(received) >= head + 4 + int(length.group(1))
