"""kill -9 in the middle of 2,000 ballots, and of a crowd at one shift: what was acknowledged is
stored, and counted once."""

import time
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import WeChatIdentity
from accounts.services import sessions
from core import clock
from core.config import Settings
from core.db import atomically, db
from core.wechat import WeChatSession
from nominations.lifecycles import CampaignStatus
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.tally import SealedBallot
from nominations.services import tally
from tests.conftest import closing_app
from tests.factories import nominations as make
from tests.factories.accounts import person
from tests.factories.volunteer import scene
from tests.processes.journal import Post, ballots, crowd, faults
from tests.support.postgres import PostgresServer
from tests.support.server import LiveServer
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup

pytestmark = pytest.mark.process

VOTERS = 2000
VOLUNTEERS, SEATS = 400, 150
THREADS = 12
KILLS = 3
DATABASE_KILL = 2


def app_of(server: LiveServer) -> Any:
    url = server.env.get("DATABASE_URL", "")
    settings = Settings(
        environment="test", var_dir=server.folder, database_url=url, log_level="WARNING"
    )
    return closing_app(settings)


def assessment_with_voters(app: Flask) -> tuple[str, list[str], list[str]]:
    def work() -> tuple[str, list[str], list[str]]:
        at = clock.now()
        campaign = make.campaign(
            CampaignStatus.ASSESSING,
            nominations_open_at=at - timedelta(days=3),
            nominations_close_at=at - timedelta(days=2),
            assessment_open_at=at - timedelta(days=1),
            assessment_close_at=at + timedelta(days=1),
        )
        candidates = [str(c) for c in make.candidates(campaign, 3)]
        tokens = [
            sessions.sign_in_with_wechat(WeChatSession(f"o-voter-{n}", None, "")).token
            for n in range(VOTERS)
        ]
        return str(campaign.id), candidates, tokens

    with app.app_context():
        return atomically(app, work, write=True)


def read(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def wait_until_sealed(app: Flask) -> None:
    deadline = time.monotonic() + 180
    while read(app, select(UnsealedBallot.ballot_id).limit(1)):
        assert time.monotonic() < deadline, "the scheduler does not seal"
        time.sleep(0.3)


def kill_and_restart(server: LiveServer, postgres: PostgresServer | None, number: int) -> None:
    """Web server and scheduler; the second time, where there is one, the database server and
    nothing else: the others must find it again by themselves."""
    if postgres is not None and number == DATABASE_KILL:
        postgres.kill()
        postgres.start()
        return
    server.kill_web()
    server.kill_scheduler()
    server.restart_web()
    server.restart_scheduler()


def test_killed_in_the_middle_of_two_thousand_ballots(
    durable_server: LiveServer, own_postgres: PostgresServer | None
) -> None:
    with app_of(durable_server) as app:
        campaign_id, candidates, tokens = assessment_with_voters(app)
        posts = ballots(campaign_id, candidates, tokens)
        journal, voters = crowd(durable_server.url, posts, threads=THREADS)
        for kill in range(1, KILLS + 1):
            while len(journal.acknowledged) < kill * VOTERS // (KILLS + 1):
                time.sleep(0.02)
            kill_and_restart(durable_server, own_postgres, kill)
        for voter in voters:
            voter.join()
        assert journal.surprises == []
        assert len(journal.acknowledged) == VOTERS
        wait_until_sealed(app)
        stored = read(app, select(Ballot.id))
        sealed = read(app, select(SealedBallot.ballot_id))
        acknowledged = set(journal.acknowledged.values())
        assert faults(acknowledged, {str(i) for i in stored}, [str(i) for i in sealed]) == []
        assert len(stored) == VOTERS
        assert sorted(read(app, select(SealedBallot.leaf_index))) == list(range(1, VOTERS + 1))
        check_counts(app, campaign_id)


def check_counts(app: Flask, campaign_id: str) -> None:
    """The counts equal an independent count of the stored rows."""
    votes: Counter[str] = Counter()
    for choices in read(app, select(Ballot.choices)):
        votes.update(choices)
    with app.app_context():
        found = atomically(app, lambda: tally.view(UUID(campaign_id)), write=False)
    assert {str(c.nomination_id): c.votes for c in found.items} == dict(votes)


def shift_with_volunteers(app: Flask) -> tuple[UUID, list[str]]:
    def work() -> tuple[UUID, list[str]]:
        made = scene(starts_at=clock.now() + timedelta(days=2), capacity=SEATS)
        tokens = []
        for n in range(VOLUNTEERS):
            openid = f"o-volunteer-{n}"
            at = clock.now()
            db.session.add(WeChatIdentity(openid=openid, person_id=person().id, last_seen_at=at))
            db.session.flush()
            tokens.append(sessions.sign_in_with_wechat(WeChatSession(openid, None, "")).token)
        return made.shift_id, tokens

    with app.app_context():
        return atomically(app, work, write=True)


def test_killed_in_the_middle_of_a_crowd_at_one_shift(
    durable_server: LiveServer, own_postgres: PostgresServer | None
) -> None:
    """Half of them with an Idempotency-Key: on PostgreSQL these commit in another way."""
    with app_of(durable_server) as app:
        shift_id, tokens = shift_with_volunteers(app)
        posts = [
            Post(token, f"/shifts/{shift_id}/signups", key=token if n % 2 else None)
            for n, token in enumerate(tokens)
        ]
        journal, people = crowd(durable_server.url, posts, threads=THREADS)
        for kill in range(1, DATABASE_KILL + 1):
            while len(journal.acknowledged) < kill * VOLUNTEERS // (DATABASE_KILL + 1):
                time.sleep(0.005)
            kill_and_restart(durable_server, own_postgres, kill)
        for one in people:
            one.join()
        assert journal.surprises == []
        assert len(journal.acknowledged) == VOLUNTEERS
        stored = read(app, select(Signup).where(Signup.shift_id == shift_id))
        assert {str(s.id) for s in stored} == set(journal.acknowledged.values())
        assert len(stored) == len({s.person_id for s in stored}) == VOLUNTEERS
        queue = sorted(s.position for s in stored if s.position is not None)
        assert queue == list(range(1, VOLUNTEERS - SEATS + 1))
        shift = read(app, select(Shift).where(Shift.id == shift_id))[0]
        assert (shift.seats_taken, shift.waiting) == (SEATS, VOLUNTEERS - SEATS)


def test_the_checker_finds_what_it_should() -> None:
    """Negative control of the history checker."""
    assert faults({"a"}, {"a", "b"}, ["a", "b"]) == []
    assert faults({"a", "c"}, {"a", "b"}, ["a", "b"]) == ["1 acknowledged and not stored"]
    assert faults({"a"}, {"a", "b"}, ["a", "a", "b"]) == ["counted twice"]
    assert faults({"a"}, {"a"}, ["a", "x"]) == ["1 counted and not stored"]
    assert faults({"a"}, {"a", "b"}, ["a"]) == ["1 stored and not counted"]
