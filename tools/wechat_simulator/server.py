"""The server of the simulator: threads, loopback only, gone at once when told to stop."""

import logging
from threading import Thread
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

from tools.wechat_simulator.app import create_app
from tools.wechat_simulator.faults import FaultPlan, FaultyGate
from tools.wechat_simulator.state import Simulator

HOST = "127.0.0.1"
POLL_SECONDS = 0.02

log = logging.getLogger(__name__)


class _Handler(WSGIRequestHandler):
    """Logs the path alone: the query of a call carries the app secret or the access token."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        log.info("%s %s %s", self.command, self.path.partition("?")[0], code)

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """Also after a reset of our own: there is nothing left to read the next request from."""
        self.close_connection = True


class SimulatorServer:
    """Serves one simulator in a thread; a context manager for tests. Port 0 takes a free one."""

    def __init__(self, simulator: Simulator, port: int = 0) -> None:
        self.simulator = simulator
        self.plan = FaultPlan()
        self._gate = FaultyGate(create_app(simulator, self.plan), simulator, self.plan)
        self._server = make_server(HOST, port, self._gate, threaded=True, request_handler=_Handler)
        self._thread = Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="wechat-simulator"
        )

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self._server.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more calls, and wait for none that is under way."""
        self._gate.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
