"""The real processes on free ports: for tests that kill them, for the walk and for the bench."""

import contextlib
import json
import socket
import tempfile
import time
from collections.abc import Mapping
from dataclasses import fields
from http import HTTPStatus
from pathlib import Path
from typing import Any

from core.config import Settings
from tools import processes
from tools.processes import Service

READY_SECONDS = 120.0
_SETTINGS = [f.metadata["env"] for f in fields(Settings)]


class LiveServer:
    """Web server, and on demand scheduler and WeChat simulator, as the Procfile starts them.

    Only `env` configures them, not the variables of the caller. Without a DATABASE_URL in it the
    data is SQLite in `folder`, a temporary one unless given. `prepare` says whether to bring it
    up to date first, `demo` whether with demo data.

        with LiveServer(scheduler=True) as server:
            httpx.get(f"{server.url}/healthz")
            server.kill_web()
            server.restart_web()
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        env: Mapping[str, str] | None = None,
        scheduler: bool = False,
        simulator: bool = False,
        demo: bool = False,
        prepare: bool = True,
        workers: int = 2,
        threads: int = 4,
    ) -> None:
        self._closing = contextlib.ExitStack()
        if folder is None:
            folder = Path(
                self._closing.enter_context(tempfile.TemporaryDirectory(prefix="liancheng-"))
            )
        self.folder = folder
        self._port = processes.free_port()
        self._sim_port = processes.free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.sim_url = f"http://127.0.0.1:{self._sim_port}"
        self.env = processes.child_environment(
            {
                "LIANCHENG_ENV": "test",
                "LIANCHENG_VAR": str(folder),
                "BIND": "127.0.0.1",
                "PORT": str(self._port),
                "PUBLIC_URL": self.url,
                "WEB_WORKERS": str(workers),
                "WEB_THREADS": str(threads),
                "WECHAT_SIM_PORT": str(self._sim_port),
                "WECHAT_BASE_URL": self.sim_url,
                **(env or {}),
            },
            without=_SETTINGS,
        )
        self._prepare = prepare
        self._demo = demo
        names = ["web"] + ["scheduler"] * scheduler + ["wechat"] * simulator
        metrics = folder / "metrics"
        served = {**self.env, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
        self._metrics = metrics
        self._services = {
            name: Service(name, env=served, log=folder / f"{name}.log") for name in names
        }

    def __enter__(self) -> "LiveServer":
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._metrics.mkdir(exist_ok=True)
            if self._prepare:
                self.flask("prepare", *(["--demo"] if self._demo else []))
            for service in self._services.values():
                service.start()
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def flask(self, *command: str) -> None:
        """Run a command of the application on the same data."""
        processes.flask(*command, env=self.env)

    def accounts(self) -> dict[str, list[dict[str, Any]]]:
        """The demo accounts: `staff` and `citizens`."""
        text = (self.folder / "demo-accounts.json").read_text(encoding="utf-8")
        accounts: dict[str, list[dict[str, Any]]] = json.loads(text)
        return accounts

    def log(self, name: str) -> str:
        """What "web", "scheduler" or "wechat" has printed."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Raises RuntimeError with the log when a service ended or does not answer in time."""
        deadline = time.monotonic() + seconds
        answer = ""
        while time.monotonic() < deadline:
            for service in self._services.values():
                code = service.ended_by_itself()
                if code is not None:
                    raise RuntimeError(
                        f"{service.name} ended with {code}:\n{service.last_lines(60)}"
                    )
            status, answer = processes.readiness("127.0.0.1", self._port)
            if status == HTTPStatus.OK and self._simulator_answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"not ready: {answer}\n{self._services['web'].last_lines(60)}")

    def _simulator_answers(self) -> bool:
        if "wechat" not in self._services:
            return True
        try:
            socket.create_connection(("127.0.0.1", self._sim_port), timeout=5).close()
        except OSError:
            return False
        return True

    def kill_web(self) -> None:
        """SIGKILL the web server with its workers."""
        self._services["web"].kill()

    def kill_scheduler(self) -> None:
        """SIGKILL the scheduler."""
        self._services["scheduler"].kill()

    def restart_web(self) -> None:
        """Kill it if it still runs, start it on the same port, wait until it is ready."""
        self._restart("web")
        self.wait_until_ready()

    def restart_scheduler(self) -> None:
        """Kill it if it still runs and start it."""
        self._restart("scheduler")

    def _restart(self, name: str) -> None:
        self._services[name].kill()
        self._services[name].start()

    def stop(self) -> None:
        """Stop what runs as an operator would, and remove a temporary folder."""
        processes.stop(self._services.values())
        self._closing.close()
