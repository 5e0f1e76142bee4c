"""Every scenario of the bench runs, and what was acknowledged is stored. No figure is judged. Each
part is run on one database here, and on both by `make bench`."""

import os
import subprocess
import sys

import pytest

import bench.__main__ as main
from tools.processes import ROOT

pytestmark = pytest.mark.process

SCENARIOS = {"requests": 7, "city": 8, "selection": 5}
WRITING = {"requests": 4, "city": 1, "selection": 1}


def measured(part: str, on_postgres: bool) -> list[str]:
    """The lines that a short run of this part prints; all its scenarios must be among them."""
    database = "postgresql" if on_postgres else "sqlite"
    options = (
        f"--part {part} --database {database} --seconds 0.2 --rounds 1 --connections 4"
        " --people 400 --city-size 0.001 --selection-size 0.001"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench", *options.split()],
        env=os.environ,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    table = [line for line in lines if line[24:30].strip() == "4"]
    assert len(table) == SCENARIOS[part], done.stdout
    assert len([line for line in lines if "as many stored" in line]) == WRITING[part], done.stdout
    return lines


def test_bench_measures_every_scenario(on_postgres: bool) -> None:
    measured("requests", on_postgres)


def test_a_scenario_that_is_not_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "_measure_requests", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["bench", "--part", "requests", "--scenario", "sign-up-s"])
    assert main.main() == 1
    assert "no scenario has 'sign-up-s' in its name" in capsys.readouterr().out


@pytest.mark.postgresql
def test_bench_measures_a_tiny_city(on_postgres: bool) -> None:
    lines = measured("city", on_postgres)
    waited = [line for line in lines if line.startswith(("  hours?by=", "  participation"))]
    assert len(waited) == 10
    assert [line for line in lines if line.startswith("tally: ")]


@pytest.mark.postgresql
def test_bench_measures_a_tiny_selection(on_postgres: bool) -> None:
    lines = measured("selection", on_postgres)
    waited = [line for line in lines if line.startswith(("  queue, ", "  result, "))]
    assert len(waited) == 9
    assert [line for line in lines if line.startswith("nightly recount: ")]
