"""A whole city (`bench.city`) under load, how long its staff wait, and what the tally costs."""

import itertools
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from bench.city import WORDS, City
from bench.client import ask, request
from bench.data import in_transaction
from bench.floor import INSERT_PATH, STATIC_PATH
from bench.report import HEAD, Findings, compare, measure_all, measure_process, seconds_each, wait
from bench.scenarios import ACTIVITIES, API, UNCACHED, WRITTEN, Plan, Scenario, lists
from bench.servers import Arena, arena
from core import clock
from core.config import Settings
from core.db import atomically, db
from volunteer import codes
from volunteer.actions import Action
from volunteer.models.attendances import Attendance
from volunteer.services import hours
from volunteer.services.statistics import By

FEW = 10_000
"""Entries beside which the tally is measured first."""
NEW_ENTRIES = 1_000
TALLY_ROUNDS = 5
LONGEST_STATISTICS = 1.0
"""Seconds, median: somebody waits for it."""
CODE_SECONDS = 2.0
"""How long one check-in code is used before the next is made."""
ADDRESSES = 3_000
"""Of searches: more than the shared cache keeps while it is fresh."""


def measure(database: str, size: float, plan: Plan, wanted: str, findings: Findings) -> None:
    """Print everything about the city on this database; `wanted` is part of a scenario's name."""
    began = time.perf_counter()
    with arena(database, partial(_found, size=size)) as both:
        city = both.world
        few = _tally_seconds(both, min(FEW, city.full // 10))
        much = _tally_seconds(both, city.full)
        print(
            f"\n{database}: a city of {city.volunteers} volunteers, {city.activities} activities,"
            f" {city.entries} hour entries, made in {time.perf_counter() - began:.0f} s\n{HEAD}",
            flush=True,
        )
        measure_all(both, plan, [s for s in _scenarios(both) if wanted in s.name], findings)
        _measure_statistics(both, findings)
        compare("tally", "an entry", few, much, findings)
        _reconcile(both, findings)
        measure_process(both, findings)


def _found(app: Flask, size: float) -> City:
    city = City(app, size)
    city.found()
    return city


def _scenarios(both: Arena[City]) -> Iterator[Scenario]:
    yield from lists(both.subject.port)
    for name, path in (
        ("search, words", f"{ACTIVITIES}&q={{word}}&from={{day}}"),
        ("search, nearby", f"{ACTIVITIES}&near=34.{{n}},113.8{{n}}&radius=20000"),
        ("search, site and action", f"{ACTIVITIES}&site={{site}}&action={{action}}&from={{day}}"),
    ):
        paths = [_filled(path, n, both.world) for n in range(ADDRESSES)]
        random.shuffle(paths)
        body, _ = ask(both.subject.port, paths[0])
        static = request("GET", f"{STATIC_PATH}{len(body)}")
        requests = itertools.cycle([request("GET", path) for path in paths])
        yield Scenario(name, 200, requests, static, 200, UNCACHED)
    yield _own_hours(both)
    yield _check_ins(both)


def _filled(path: str, n: int, city: City) -> str:
    """The path with this number's own values, so that no two addresses are the same."""
    return path.format(
        n=f"{n:05}",
        word=quote(WORDS[n % len(WORDS)]),
        day=(date(2001, 1, 1) + timedelta(days=n)).isoformat(),
        site=city.sites[n % len(city.sites)],
        action=list(Action)[n % len(Action)].value,
    )


def _own_hours(both: Arena[City]) -> Scenario:
    path, tokens = f"{API}/me/hours", both.world.tokens
    body, _ = ask(both.subject.port, path, token=tokens[0])
    static = request("GET", f"{STATIC_PATH}{len(body)}")
    requests = (request("GET", path, token=random.choice(tokens)) for _ in itertools.count())
    return Scenario("own hours", 200, requests, static, 200, UNCACHED)


def _check_ins(both: Arena[City]) -> Scenario:
    """Everybody at one gate with the code of the moment; each comes once."""
    city, settings = both.world, Settings.from_environment(both.subject.env)
    floor = request("POST", INSERT_PATH, body=_check_in_body(settings, city.gate))
    stored = partial(_stored_attendances, both.app, city.gate)
    requests = _arrivals(settings, city)
    return Scenario(
        "check-ins, one gate", 200, requests, floor, 201, WRITTEN, stored, people=city.expected
    )


def _arrivals(settings: Settings, city: City) -> Iterator[bytes]:
    body, made_at = b"", 0.0
    for token in city.tokens[: city.expected]:
        if time.monotonic() - made_at > CODE_SECONDS:
            body, made_at = _check_in_body(settings, city.gate), time.monotonic()
        yield request("POST", f"{API}/attendances/check-in", token=token, body=body)


def _check_in_body(settings: Settings, gate: UUID) -> bytes:
    code = codes.issue(settings.code_key.encode(), gate, clock.now()).code
    return json.dumps({"code": code}).encode()


def _stored_attendances(app: Flask, gate: UUID) -> set[int]:
    query = select(func.count()).where(Attendance.shift_id == gate)
    return {in_transaction(app, lambda: db.session.scalars(query).one(), write=False)}


def _tally_seconds(both: Arena[City], entries: int) -> list[float]:
    """For each new entry, beside so many in the ledger. What the rounds before it left behind
    (messages, a long write-ahead log) is cleared away, so that only the ledger differs."""
    city = both.world
    city.serve(entries)
    city.forget_messages()
    both.settle()

    def tally() -> None:
        with both.app.app_context():
            while atomically(both.app, hours.tally_batch, write=True):
                pass

    def new() -> int:
        made = city.enter_untallied(min(NEW_ENTRIES, city.full // 20))
        both.settle()
        return made

    return seconds_each(both, TALLY_ROUNDS, new, tally)


def _reconcile(both: Arena[City], findings: Findings) -> None:
    began = time.perf_counter()
    with both.app.app_context():
        differences = atomically(both.app, hours.reconcile, write=False)
    print(f"nightly comparison of all sums: {time.perf_counter() - began:.1f} s")
    findings.broken += [f"{d.what}: {d.stored} instead of {d.summed}" for d in differences[:5]]


def _measure_statistics(both: Arena[City], findings: Findings) -> None:
    year = clock.today().year - 1
    for what in (*(f"hours?by={by}" for by in By), "participation?"):
        for name, first, last in (("a year", year, year), ("two years", year - 1, year)):
            path = f"{API}/statistics/{what}&from={first}-01&to={last}-12"
            look = partial(ask, both.subject.port, path, token=both.world.staff_token)
            median = wait(f"{what.rstrip('?'):26}{name:>12}", look)
            if name == "a year" and median > LONGEST_STATISTICS:
                findings.missed.append(f"{what} of a year takes {median:.1f} s")
