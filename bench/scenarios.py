"""What is measured, against which floor, and what is promised."""

import itertools
import json
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from bench import data
from bench.client import Broken, Load, ask, load, request
from bench.data import World
from bench.floor import INSERT_PATH, STATIC_PATH
from bench.servers import Arena
from core.ids import new_id

API = "/api/v1"
ACTIVITIES = f"{API}/activities?limit=20"
DAYS_BEHIND = 9_000
"""Days from which a list can be asked: more addresses than the shared cache keeps."""

WRITTEN = 0.1
KEYED = 0.06
CACHED = 0.4
NOT_MODIFIED = 0.7
UNCACHED = 0.06
"""Least parts of the floor's rate; where they come from: docs/benchmarks.md."""

WARM_UP_SECONDS = 1.0
CONNECTIONS_OF_P99 = 64
LONGEST_P99 = 1.0


@dataclass
class Scenario:
    """Requests to the subject, and what stands beside them."""

    name: str
    expect: int
    requests: Iterator[bytes]
    floor: bytes
    floor_expect: int
    least_ratio: float
    """Of the floor's requests a second."""
    stored: Callable[[], set[int]] | None = None
    """How many effects are stored, by every way of counting; None where nothing is written.
    Requests of such a scenario end, and each is sent once."""
    people: int | None = None
    """Who can send one, where it is not everybody of the plan."""
    acknowledged: int = 0
    floor_acknowledged: int = 0

    def lost(self) -> str:
        """What is wrong between acknowledged and stored, or an empty string."""
        if self.stored is None or (stored := self.stored()) == {self.acknowledged}:
            return ""
        return f"{self.acknowledged} acknowledged, {sorted(stored)} stored"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Rates are medians over the rounds, times are of all answers."""

    scenario: str
    connections: int
    rate: float
    floor_rate: float
    ratio: float
    """Median of the ratios of each round, so that drift of the machine cancels."""
    least_ratio: float
    cpu: float
    """Seconds of processor time in the web server for a request: the figure that suffers least
    from a busy machine."""
    p50: float
    p99: float
    errors: Counter[str]
    """Answers that were not as expected, by what happened."""
    generator_share: float
    """The largest part of one core that the load generator took."""
    ran_out: bool
    """Whether requests that are sent once ended before the time did."""
    missed: list[str] = field(default_factory=list)
    """The targets that were missed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often."""

    seconds: float
    rounds: int
    connections: Sequence[int]
    people: int

    def share_of(self, people: int | None) -> int:
        """Requests of a writing scenario for one of its runs; None is everybody."""
        return (people or self.people) // (len(self.connections) * (self.rounds + 1))


def measure(scenario: Scenario, connections: int, plan: Plan, both: Arena[Any]) -> Row:
    """Floor and subject in alternation, after a warm-up of both."""

    def subject(seconds: float) -> Load:
        requests = scenario.requests
        if scenario.stored is not None:
            requests = itertools.islice(requests, plan.share_of(scenario.people))
        seen = load(
            both.subject.port,
            requests,
            connections=connections,
            seconds=seconds,
            expect=scenario.expect,
        )
        scenario.acknowledged += seen.good
        return seen

    def floor(seconds: float) -> Load:
        seen = load(
            both.floor.port,
            itertools.repeat(scenario.floor),
            connections=connections,
            seconds=seconds,
            expect=scenario.floor_expect,
        )
        scenario.floor_acknowledged += seen.good
        return seen

    warm_up = min(WARM_UP_SECONDS, plan.seconds)
    runs = [(floor(warm_up), subject(warm_up))]
    before = both.subject.cpu_seconds()
    runs += [(floor(plan.seconds), subject(plan.seconds)) for _ in range(plan.rounds)]
    return _row(scenario, connections, runs, both.subject.cpu_seconds() - before)


def _row(
    scenario: Scenario, connections: int, runs: Sequence[tuple[Load, Load]], cpu_seconds: float
) -> Row:
    """The line of these runs. The first was the warm-up: only its errors count."""
    measured = runs[1:]
    latencies = sorted(itertools.chain.from_iterable(s.latencies for _, s in measured))
    errors: Counter[str] = Counter()
    for f, s in runs:
        errors.update({f"floor: {what}": count for what, count in f.errors.items()})
        errors.update(s.errors)
    row = Row(
        scenario=scenario.name,
        connections=connections,
        rate=statistics.median(s.rate for _, s in measured),
        floor_rate=statistics.median(f.rate for f, _ in measured),
        ratio=statistics.median(s.rate / f.rate if f.rate else 0.0 for f, s in measured),
        least_ratio=scenario.least_ratio,
        cpu=cpu_seconds / max(1, len(latencies)),
        p50=_percentile(latencies, 50),
        p99=_percentile(latencies, 99),
        errors=errors,
        generator_share=max(seen.generator_share for run in measured for seen in run),
        ran_out=any(s.ran_out for _, s in measured),
    )
    if row.ratio < scenario.least_ratio:
        row.missed.append(f"ratio below {scenario.least_ratio}")
    if scenario.stored and connections >= CONNECTIONS_OF_P99 and row.p99 > LONGEST_P99:
        row.missed.append(f"p99 above {LONGEST_P99:.0f} s")
    return row


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else 0.0


def build(both: Arena[World]) -> list[Scenario]:
    """All of them; those that read come first, before writes change what they read.

    Raises Broken when the list does not answer as it should."""
    return [*lists(both.subject.port), *_writing(both)]


def lists(port: int) -> Iterator[Scenario]:
    """Reading the list of activities."""
    body, etag = first_page(port)
    static = request("GET", f"{STATIC_PATH}{len(body)}")
    for name, requests, expect, least_ratio in (
        ("list, shared cache", itertools.repeat(request("GET", ACTIVITIES)), 200, CACHED),
        (
            "list, not modified",
            itertools.repeat(request("GET", ACTIVITIES, etag=etag)),
            304,
            NOT_MODIFIED,
        ),
        ("list, from the database", itertools.cycle(_lists()), 200, UNCACHED),
    ):
        yield Scenario(name, expect, requests, static, 200, least_ratio)


def _writing(both: Arena[World]) -> Iterator[Scenario]:
    app, world = both.app, both.world
    hot, keyed = [world.hot_shift], [world.keyed_shift]
    signups = partial(data.stored_signups, app)
    for name, requests, least_ratio, stored in (
        ("ballots", _ballots(world), WRITTEN, partial(data.stored_ballots, app, world)),
        ("sign-ups, one shift", _signups(world, hot), WRITTEN, partial(signups, hot)),
        (
            "sign-ups, with keys",
            _signups(world, keyed, has_keys=True),
            KEYED,
            partial(signups, keyed),
        ),
        (
            "sign-ups, many shifts",
            _signups(world, world.shifts),
            WRITTEN,
            partial(signups, world.shifts),
        ),
    ):
        _, _, body = requests[0].partition(b"\r\n\r\n")
        floor = request("POST", INSERT_PATH, body=body or b"{}")
        yield Scenario(name, 201, iter(requests), floor, 201, least_ratio, stored)


def _ballots(world: World) -> list[bytes]:
    path = f"{API}/campaigns/{world.campaign}/ballots"
    choices = [[str(random.choice(few)) for few in world.candidates] for _ in world.tokens]
    return [
        request("POST", path, token=token, body=json.dumps({"choices": chosen}).encode())
        for token, chosen in zip(world.tokens, choices, strict=True)
    ]


def _signups(world: World, shifts: Sequence[UUID], *, has_keys: bool = False) -> list[bytes]:
    return [
        request(
            "POST",
            f"{API}/shifts/{random.choice(shifts)}/signups",
            token=token,
            key=str(new_id()) if has_keys else "",
        )
        for token in world.tokens
    ]


def _lists() -> list[bytes]:
    """The same list at different addresses, so that none is found in the shared cache."""
    first = date(2001, 1, 1)
    days = (first + timedelta(days=n) for n in range(DAYS_BEHIND))
    return [request("GET", f"{ACTIVITIES}&from={day.isoformat()}") for day in days]


def first_page(port: int) -> tuple[bytes, str]:
    """Body and ETag of the list. Raises Broken unless it has twenty activities."""
    body, etag = ask(port, ACTIVITIES)
    if len(json.loads(body)["items"]) != 20:
        raise Broken(f"{ACTIVITIES} gave {body[:300]!r}")
    return body, etag
