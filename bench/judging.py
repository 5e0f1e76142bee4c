"""A whole selection (`bench.selection`) under load, how long its staff wait, and what counting
costs by day and at night."""

import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from bench.client import Broken, ask, request
from bench.data import in_transaction
from bench.floor import INSERT_PATH, STATIC_PATH
from bench.report import HEAD, Findings, compare, measure_all, measure_process, seconds_each, wait
from bench.scenarios import API, CACHED, NOT_MODIFIED, WRITTEN, Plan, Scenario
from bench.selection import Selection
from bench.servers import Arena, arena
from core.db import atomically, db
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.services import tally
from tools.processes import ROOT

FEW = 10_000
"""Ballots beside which sealing is measured first."""
NEW_BALLOTS = 1_000
SEALING_ROUNDS = 5
LONGEST_QUEUE = 0.1
LONGEST_RESULT = 2.0
"""Seconds, medians (issue 4)."""
UNPROMISED = 0.0
"""Hundreds of candidates are written anew for every voter: the ratio tells their number."""
LOT_SOURCE = {"lot_source": "下一期福彩双色球开奖号码"}


def measure(database: str, size: float, plan: Plan, wanted: str, findings: Findings) -> None:
    """Print everything about the selection on this database; `wanted` is part of a scenario's
    name."""
    began = time.perf_counter()
    with arena(database, partial(_found, size=size)) as both:
        world = both.world
        few = _sealing_seconds(both, min(FEW, world.full // 10))
        much = _sealing_seconds(both, world.full)
        print(
            f"\n{database}: a selection of {world.nominations} nominations, twice"
            f" {world.candidates} candidates, {world.ballots} ballots,"
            f" made in {time.perf_counter() - began:.0f} s\n{HEAD}",
            flush=True,
        )
        _measure_queues(both, findings)
        _measure_result(both, findings)
        chosen = [s for s in _scenarios(both) if wanted in s.name]
        measure_all(both, plan, chosen, findings)
        compare("sealing", "a ballot", few, much, findings)
        _recount(both, findings)
        measure_process(both, findings)


def _found(app: Flask, size: float) -> Selection:
    selection = Selection(app, size)
    selection.found()
    return selection


def _scenarios(both: Arena[Selection]) -> Iterator[Scenario]:
    candidates = f"{API}/campaigns/{both.world.open}/candidates"
    result = f"{API}/campaigns/{both.world.judged}/result"
    anybody, voters = itertools.repeat, both.world.tokens
    body, etag = ask(both.subject.port, candidates)
    shown = len(json.loads(body)["items"])
    if shown != both.world.candidates:
        raise Broken(f"{shown} candidates are shown of {both.world.candidates}")
    own = (request("GET", candidates, token=random.choice(voters)) for _ in itertools.count())
    static = request("GET", f"{STATIC_PATH}{len(body)}")
    for name, requests, expect, least_ratio in (
        ("candidates, shared cache", anybody(request("GET", candidates)), 200, CACHED),
        (
            "candidates, not modified",
            anybody(request("GET", candidates, etag=etag)),
            304,
            NOT_MODIFIED,
        ),
        ("candidates, own order", own, 200, UNPROMISED),
    ):
        yield Scenario(name, expect, requests, static, 200, least_ratio)
    body, _ = ask(both.subject.port, result)
    static = request("GET", f"{STATIC_PATH}{len(body)}")
    yield Scenario(
        "result, shared cache", 200, anybody(request("GET", result)), static, 200, CACHED
    )
    yield _casts(both)


def _casts(both: Arena[Selection]) -> Scenario:
    """Everybody once today, beside all the ballots of the days before."""
    world = both.world
    path = f"{API}/campaigns/{world.open}/ballots"
    bodies = [json.dumps({"choices": chosen}).encode() for chosen in world.slates]
    requests = (
        request("POST", path, token=token, body=random.choice(bodies)) for token in world.tokens
    )
    floor = request("POST", INSERT_PATH, body=bodies[0])
    stored = partial(_stored_ballots, both)
    people = len(world.tokens)
    return Scenario("ballots", 201, requests, floor, 201, WRITTEN, stored, people=people)


def _stored_ballots(both: Arena[Selection]) -> set[int]:
    """How many ballots were cast since the bench began and how many wait to be counted; no
    scheduler runs beside a measurement, so the two must be one number."""
    since = both.world.began_on.isoformat()
    cast = select(func.count()).where(Ballot.campaign_id == both.world.open, Ballot.period >= since)
    waiting = select(func.count()).where(UnsealedBallot.campaign_id == both.world.open)
    return in_transaction(
        both.app, lambda: {db.session.scalars(q).one() for q in (cast, waiting)}, write=False
    )


def _sealing_seconds(both: Arena[Selection], ballots: int) -> list[float]:
    """For each new ballot, beside so many sealed."""
    both.world.vote(ballots)
    both.settle()
    new = partial(both.world.cast_unsealed, min(NEW_BALLOTS, both.world.full // 20))
    return seconds_each(both, SEALING_ROUNDS, new, partial(_seal_all, both))


def _seal_all(both: Arena[Selection]) -> None:
    work = partial(tally.seal, both.world.open)
    with both.app.app_context():
        while atomically(both.app, work, write=True):
            pass


def _measure_queues(both: Arena[Selection], findings: Findings) -> None:
    for whose, token in both.world.reviewers.items():
        for what, path in (("", "?limit=20"), ("overdue, ", "?overdue=true&limit=20")):
            look = partial(ask, both.subject.port, f"{API}/screenings/queue{path}", token=token)
            median = wait(f"queue, {what}{whose}", look)
            if median > LONGEST_QUEUE:
                findings.missed.append(f"the queue {what}{whose} takes {median * 1000:.0f} ms")


def _measure_result(both: Arena[Selection], findings: Findings) -> None:
    """Computed again and again, looked at, fixed by another, and then public."""
    port, (computes, fixes) = both.subject.port, both.world.office
    path = f"{API}/campaigns/{both.world.judged}/result"
    post = partial(ask, port, method="POST", token=computes, expect=201)
    median = wait("result, computed", partial(post, path, body=json.dumps(LOT_SOURCE).encode()))
    if median > LONGEST_RESULT:
        findings.missed.append(f"a result takes {median:.1f} s")
    wait("result, what if", partial(post, f"{path}/what_if", body=b"{}", expect=200))
    listed, _ = ask(port, f"{path}s", token=computes)
    result = UUID(json.loads(listed)["items"][0]["id"])
    wait("result, looked at", partial(ask, port, f"{API}/results/{result}", token=computes))
    ask(port, f"{API}/results/{result}/fix", method="POST", token=fixes)
    both.world.publish()


def _recount(both: Arena[Selection], findings: Findings) -> None:
    """The job of the night, in a process of its own as the operator runs it, once what was cast
    is sealed."""
    _seal_all(both)
    began = time.perf_counter()
    job = subprocess.Popen(
        [sys.executable, "-m", "flask", "jobs", "run", "recount_votes"],
        env={**both.subject.env, "FLASK_APP": "wsgi"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(job.pid, 0)
    job.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    print(f"nightly recount: {seconds:.1f} s, at most {used.ru_maxrss / 1024:.0f} MB")
    if job.returncode:
        findings.broken.append("the recount differs from the counts")
