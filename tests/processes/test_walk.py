"""The walk-through, as `make walk` runs it, against the real processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import LiveServer
from tools.processes import free_port

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
    leaks = [name for name in ("web", "scheduler") if "o-walk-" in demo_server.log(name)]
    assert leaks == [], "an openid stands in a log"


def test_a_walk_without_a_server_fails_in_plain_words(tmp_path: Path) -> None:
    """Negative control: the walk can fail."""
    nobody = f"http://127.0.0.1:{free_port()}"
    done = walk(nobody, nobody, tmp_path / "none.json")
    assert done.returncode == 1
    assert "连不上服务" in done.stderr
    assert "Traceback" not in done.stderr
