"""Every scenario of the bench runs, and what was acknowledged is stored. No figure is judged."""

import os
import subprocess
import sys

import pytest

from tools.processes import ROOT

pytestmark = pytest.mark.process

SCENARIOS = 6
WRITING = 3


def test_bench_measures_every_scenario(on_postgres: bool) -> None:
    database = "postgresql" if on_postgres else "sqlite"
    options = f"--database {database} --seconds 0.2 --rounds 1 --connections 4 --people 400"
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
    assert len([line for line in lines if line[24:30].strip() == "4"]) == SCENARIOS, done.stdout
    assert len([line for line in lines if "as many stored" in line]) == WRITING, done.stdout
