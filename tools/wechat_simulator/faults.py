"""Ways to fail: a plan for each path, carried out in front of the Flask app."""

import json
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from threading import Event, Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tools.wechat_simulator.replies import Refused
from tools.wechat_simulator.state import Simulator

EVERY_PATH = "*"
CONTROL_PREFIX = "/_sim/"
TRICKLE_SECONDS = 0.05


class FaultKind(StrEnum):
    SLOW = "slow"
    """Wait `seconds`, then answer as usual."""
    TRICKLE = "trickle"
    """Answer a byte at a time for `seconds`."""
    RESET = "reset"
    """Reset the connection without an answer."""
    BAD_GATEWAY = "bad_gateway"
    """Status 502 with the HTML of a proxy."""
    TRUNCATED = "truncated"
    """JSON that ends in the middle."""
    ERRCODE = "errcode"
    """A business error: `errcode` and `errmsg`."""


@dataclass
class Fault:
    """One plan. `times` is how many calls it hits; None means all of them."""

    path: str
    kind: FaultKind
    times: int | None = 1
    seconds: float = 1.0
    errcode: int = -1
    errmsg: str = "system error"


class FaultPlan:
    """The faults to come, in the order in which they were planned. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def pending(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, path: str) -> Fault | None:
        """The fault that hits this call; each call uses one up."""
        with self._lock:
            for fault in self._faults:
                if fault.path in (path, EVERY_PATH):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return None


class FaultyGate:
    """The WSGI application that the server runs: the fault of a call, or else the app.

    Calls hit by a fault are recorded as well. `stopping` ends every wait at once."""

    def __init__(self, app: WSGIApplication, simulator: Simulator, plan: FaultPlan) -> None:
        self._app = app
        self._simulator = simulator
        self._plan = plan
        self.stopping = Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        fault = None if path.startswith(CONTROL_PREFIX) else self._plan.take(path)
        if fault is None:
            return self._app(environ, start_response)
        if fault.kind is FaultKind.SLOW:
            self.stopping.wait(fault.seconds)
            return self._app(environ, start_response)
        self._simulator.record(environ["REQUEST_METHOD"], path, {}, {"_fault": fault.kind.value})
        if fault.kind is FaultKind.RESET:
            _reset(environ["werkzeug.socket"])
        if fault.kind is FaultKind.BAD_GATEWAY:
            page = b"<html><head><title>502 Bad Gateway</title></head><body></body></html>"
            return _answer(start_response, "502 Bad Gateway", "text/html", page)
        if fault.kind is FaultKind.ERRCODE:
            refused = Refused(fault.errcode, fault.errmsg)
            reply = refused.reply(self._simulator.clock(), comma=path.startswith("/sns/"))
            return _answer(start_response, "200 OK", "text/plain", json.dumps(reply).encode())
        if fault.kind is FaultKind.TRICKLE:
            start_response("200 OK", [("Content-Type", "application/json")])
            return self._trickle(fault.seconds)
        return _answer(start_response, "200 OK", "application/json", b'{"errcode":0,"access_to')

    def _trickle(self, seconds: float) -> Iterator[bytes]:
        yield b"{"
        for _ in range(int(seconds / TRICKLE_SECONDS)):
            if self.stopping.wait(TRICKLE_SECONDS):
                break
            yield b" "
        yield b"}"


def _answer(
    start_response: StartResponse, status: str, content_type: str, content: bytes
) -> list[bytes]:
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(content)))])
    return [content]


def _reset(connection: socket.socket) -> None:
    """Close with RST: a linger of zero seconds. The server takes the exception for a client
    that has gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise ConnectionResetError
