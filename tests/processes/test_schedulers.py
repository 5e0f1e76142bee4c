"""Two scheduler processes on one database: every slot once, every ballot counted once."""

import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from jobs.runner import JobRun, RunStatus
from nominations.models.ballots import Ballot
from nominations.models.tally import SealedBallot
from tests.processes.journal import ballots, crowd, faults
from tests.processes.test_faults import app_of, assessment_with_voters, read, wait_until_sealed
from tests.support.server import LiveServer

pytestmark = pytest.mark.process

VOTERS = 300


def test_two_schedulers_count_everything_once(live_server: LiveServer) -> None:
    second = subprocess.Popen(
        [sys.executable, "-m", "jobs"],
        env=live_server.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with app_of(live_server) as app:
            campaign_id, candidates, tokens = assessment_with_voters(app)
            posts = ballots(campaign_id, candidates, tokens[:VOTERS])
            journal, voters = crowd(live_server.url, posts, threads=6)
            for voter in voters:
                voter.join()
            wait_until_sealed(app)
            wait_until_both_worked(app)
            stored = [str(i) for i in read(app, select(Ballot.id))]
            sealed = [str(i) for i in read(app, select(SealedBallot.ballot_id))]
            assert faults(set(journal.acknowledged.values()), set(stored), sealed) == []
            assert len(stored) == VOTERS
            runs = read(app, select(JobRun).where(JobRun.status == RunStatus.DONE))
            assert {r.attempts for r in runs} == {1}, "no slot ran twice"
            ticks = Counter(r.job for r in runs)
            assert ticks["tally_votes"] >= 3
    finally:
        second.send_signal(signal.SIGTERM)
        second.wait(timeout=20)


def wait_until_both_worked(app: Flask) -> None:
    """Which process gets a slot is chance, and a slow machine starts the second one late."""
    done = select(JobRun).where(JobRun.status == RunStatus.DONE)
    deadline = time.monotonic() + 120
    while len({run.lease_owner for run in read(app, done)}) < 2:
        assert time.monotonic() < deadline, "one of the two does nothing"
        time.sleep(0.5)
