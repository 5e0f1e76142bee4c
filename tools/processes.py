"""Services: the long-running commands of the Procfile, each a process group of its own.

Granian's workers outlive a main process that was killed and go on answering, so a service is
always ended as a group; and no service outlives the process that started it (on Linux, the
kernel ends it).
"""

import contextlib
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 4.0
"""How long services may take to stop; more than the 3 s that Granian gives running requests."""

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

# The kernel's "parent died" signal follows the *thread* that forked, so one thread that lives as
# long as this process starts them all; otherwise a test's short-lived thread would take its
# services along.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    output: int | IO[bytes] | None,
    cwd: Path = ROOT,
    death_signal: int = signal.SIGTERM,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own that gets `death_signal` when this process dies."""

    def follow_parent() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, death_signal)

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            preexec_fn=follow_parent,
            **options,
        )

    return _spawner.submit(start).result()


def procfile() -> dict[str, str]:
    """The commands of the Procfile by name."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
    return {name.strip(): command.strip() for name, command in pairs}


def child_environment(extra: Mapping[str, str], *, without: Iterable[str] = ()) -> dict[str, str]:
    """This process's environment, this interpreter's programs first, and `extra` on top."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    base = {name: value for name, value in os.environ.items() if name not in set(without)}
    return {**base, "PATH": path, "FLASK_APP": "wsgi", "PYTHONUNBUFFERED": "1", **extra}


def flask(*command: str, env: Mapping[str, str]) -> None:
    """Run one command of the application to its end. Raises CommandFailed with its output."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "flask", *command],
        env=dict(env),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        output = done.stdout.decode("utf-8", "replace").strip()
        raise CommandFailed(f"flask {' '.join(command)}:\n{output}")


class CommandFailed(Exception):
    """A command of the application ended with an error; the message is its output."""


def readiness(host: str, port: int) -> tuple[int, str]:
    """Status and body of GET /readyz; status 0 and the reason when nothing answers."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, response.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


class Service:
    """One command of the Procfile. Its output goes to `log`, or to ours when there is none."""

    def __init__(self, name: str, *, env: Mapping[str, str], log: Path | None = None) -> None:
        self.name = name
        self.log = log
        self._command = procfile()[name]
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None
        self._group_ended = True

    def start(self) -> None:
        with contextlib.ExitStack() as files:
            output = files.enter_context(self.log.open("ab")) if self.log else None
            self._process = spawn(
                ["/bin/sh", "-c", f"exec {self._command}"], env=self._env, output=output
            )
        self._group_ended = False

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.pid

    def ended_by_itself(self) -> int | None:
        """The exit code of one that nobody killed; None while it runs or before it was started."""
        return None if self._process is None or self._group_ended else self._process.poll()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def terminate(self) -> None:
        """Ask the main process to stop; it knows how to end its workers."""
        if self._process is not None and self.is_running():
            self._process.terminate()

    def kill(self) -> None:
        """SIGKILL the whole group, workers included, and reap the main process."""
        if self._process is None or self._group_ended:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._group_ended = True

    def last_lines(self, count: int = 20) -> str:
        if self.log is None or not self.log.exists():
            return ""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-count:])


def stop(services: Iterable[Service], seconds: float = STOP_SECONDS) -> None:
    """Stop all together: SIGTERM, then SIGKILL to the groups of those that take too long."""
    services = list(services)
    for service in services:
        service.terminate()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(service.is_running() for service in services):
        time.sleep(0.02)
    for service in services:
        service.kill()


def end_processes_with(variable: str, value: str) -> int:
    """SIGKILL every process whose environment has `variable=value`; their number.

    Finds what a killed supervisor left behind, by a value that no other process can have.
    Needs /proc; elsewhere it finds nothing."""
    needle = f"{variable}={value}".encode()
    ended: set[int] = set()
    for _ in range(40):
        alive = [pid for pid in _processes() if needle in _environment(pid)]
        if not alive:
            break
        for pid in alive:
            ended.add(pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    return len(ended)


def _processes() -> list[int]:
    proc = Path("/proc")
    if not proc.is_dir():
        return []
    return [int(p.name) for p in proc.iterdir() if p.name.isdigit() and int(p.name) != os.getpid()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def port_is_free(host: str, port: int) -> bool:
    """Whether no server listens there. Raises OSError where nobody could listen at all."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
