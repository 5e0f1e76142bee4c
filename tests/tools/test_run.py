"""`make run` as an operator meets it: processes, signals and sentences."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from core.config import Settings
from tests.support.server import LiveServer
from tools import processes
from tools.run import cell_width

pytestmark = pytest.mark.process

STOP_SECONDS = 5.0


@pytest.fixture(name="environment", scope="module")
def _environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One data folder for all tests here: a start on present data is what most starts are."""
    return processes.child_environment(
        {
            "LIANCHENG_VAR": str(tmp_path_factory.mktemp("run") / "var"),
            "PORT": str(processes.free_port()),
            "WECHAT_SIM_PORT": str(processes.free_port()),
        },
        without=[f.metadata["env"] for f in fields(Settings)],
    )


def refusal(environment: dict[str, str], *arguments: str) -> str:
    """What a start that must fail says."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tools.run", *arguments],
        env=environment,
        cwd=processes.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


@contextlib.contextmanager
def running(environment: dict[str, str], output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`tools.run` from its Ready line on; stopped at the end if it still runs."""
    with output.open("wb") as file:
        process = processes.spawn([sys.executable, "-m", "tools.run"], env=environment, output=file)
    try:
        deadline = time.monotonic() + 180
        while "Ready" not in output.read_text(encoding="utf-8"):
            assert process.poll() is None, output.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, output.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("variable", ["PORT", "WECHAT_SIM_PORT"])
def test_run_names_the_variable_when_a_port_is_in_use(
    environment: dict[str, str], variable: str
) -> None:
    with socket.create_server(("127.0.0.1", int(environment[variable]))):
        message = refusal(environment)
    assert message.startswith(f"✗ 端口 {environment[variable]} 已被占用")
    assert f"set {variable})" in message
    assert not (Path(environment["LIANCHENG_VAR"]) / "liancheng.db").exists()


def test_run_names_the_variable_when_a_port_is_no_port(environment: dict[str, str]) -> None:
    assert "PORT=70000 不是有效端口" in refusal({**environment, "PORT": "70000"})


def test_run_for_production_refuses_placeholder_secrets_and_sqlite(
    environment: dict[str, str],
) -> None:
    message = refusal(environment, "--production")
    assert "FIELD_KEYS" in message
    assert "DATABASE_URL" in message


def test_run_stops_in_time_and_works_again_after_a_kill(
    environment: dict[str, str], tmp_path: Path
) -> None:
    address = ("127.0.0.1", int(environment["PORT"]))
    with running(environment, tmp_path / "first") as process:
        assert "端口" in refusal(environment)
        with socket.create_connection(address) as unfinished:
            unfinished.sendall(
                b"POST /api/v1/feedback HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
            )
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
            assert time.monotonic() - began < STOP_SECONDS
        assert processes.port_is_free(*address)
    with running(environment, tmp_path / "second") as process:
        process.kill()
    with running(environment, tmp_path / "third") as process:
        process.terminate()
        assert process.wait(20) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process in /proc")
def test_run_stops_everything_when_one_service_ends(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with running(environment, tmp_path / "output") as process:
        web = next(_children(process.pid, "granian"))
        os.kill(web, signal.SIGKILL)
        assert process.wait(20) == 1
        assert processes.port_is_free("127.0.0.1", int(environment["PORT"]))
    assert "web 意外退出，代码 -9" in (tmp_path / "output").read_text(encoding="utf-8")


def _children(parent: int, word: str) -> Iterator[int]:
    """Child processes whose command contains the word, as Linux tells."""
    for listed in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in listed.read_text(encoding="ascii").split():
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            if word.encode() in command:
                yield int(child)


def test_live_server_comes_back_on_the_same_port_after_a_kill() -> None:
    with LiveServer() as server:
        port = int(server.url.rsplit(":", 1)[1])
        server.kill_web()
        assert processes.readiness("127.0.0.1", port)[0] == 0
        server.restart_web()
        assert processes.readiness("127.0.0.1", port)[0] == 200
    assert not server.folder.exists()
    assert processes.port_is_free("127.0.0.1", port)


def test_chinese_characters_are_two_cells_wide() -> None:
    assert cell_width("王a") == 3
