"""The walk-through, as `make walk` runs it, against the real processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import LiveServer
from tools.processes import free_port
from tools.walk import preparing
from tools.walk.__main__ import main

pytestmark = pytest.mark.process


def walk(url: str, simulator: str, accounts: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-m", "tools.walk"),
            *("--url", url, "--simulator", simulator, "--accounts", str(accounts)),
        ],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_the_whole_main_job_can_be_walked(demo_server: LiveServer) -> None:
    accounts = demo_server.folder / "demo-accounts.json"
    done = walk(demo_server.url, demo_server.sim_url, accounts)
    assert done.returncode == 0, done.stdout + done.stderr + demo_server.log("web")[-2000:]
    assert "全程走通" in done.stdout
    logs = demo_server.log("web") + demo_server.log("scheduler")
    leaks = [personal for personal in ("o-walk-", "李思远", "吴桂英") if personal in logs]
    assert leaks == [], "an openid or a name stands in a log"


def test_a_wrong_number_ends_the_walk_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Negative control: the walk sees a minute too many."""
    monkeypatch.setattr(sys, "argv", ["walk"])
    monkeypatch.setattr(preparing, "run", lambda world: world.check("计入分钟", 2, 1))
    assert main() == 1
    assert "计入分钟：应为 1，却是 2" in capsys.readouterr().err


def test_a_walk_without_a_server_fails_in_plain_words(tmp_path: Path) -> None:
    """Negative control: the walk can fail."""
    nobody = f"http://127.0.0.1:{free_port()}"
    done = walk(nobody, nobody, tmp_path / "none.json")
    assert done.returncode == 1
    assert "连不上服务" in done.stderr
    assert "Traceback" not in done.stderr
