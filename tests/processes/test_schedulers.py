"""Two scheduler processes on one database: every slot once, every ballot counted once."""

import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import select

from jobs.runner import JobRun, RunStatus
from nominations.models.ballots import Ballot
from nominations.models.tally import SealedBallot
from tests.processes.journal import crowd, faults
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
            journal, voters = crowd(
                live_server.url, campaign_id, candidates, tokens[:VOTERS], threads=6
            )
            for voter in voters:
                voter.join()
            time.sleep(7)  # so that every short slot comes round twice
            wait_until_sealed(app)
            stored = [str(i) for i in read(app, select(Ballot.id))]
            sealed = [str(i) for i in read(app, select(SealedBallot.ballot_id))]
            assert faults(set(journal.acknowledged.values()), set(stored), sealed) == []
            assert len(stored) == VOTERS
            runs = read(app, select(JobRun).where(JobRun.status == RunStatus.DONE))
            assert len({r.lease_owner for r in runs}) == 2, "both processes worked"
            assert {r.attempts for r in runs} == {1}, "no slot ran twice"
            ticks = Counter(r.job for r in runs)
            assert ticks["tally_votes"] >= 3
    finally:
        second.send_signal(signal.SIGTERM)
        second.wait(timeout=20)
