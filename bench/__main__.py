"""`make bench`: the real server under load, beside the floor of the same machine.

`--help` tells the options, docs/benchmarks.md how to read the table.
"""

import argparse
import os
import platform
import sys
import tempfile
from dataclasses import dataclass, field

from bench import scenarios
from bench.scenarios import Plan, Row
from bench.servers import Arena, arena

DATABASES = ("sqlite", "postgresql")
PEOPLE_PER_SECOND = 1_000
"""More than the writing scenarios reach."""
MOST_PEOPLE = 100_000
LARGEST_WORKER_MB = 150.0
LONGEST_START = 5.0
BUSY_GENERATOR = 0.7
_HEAD = (
    f"{'scenario':24}{'conns':>6}{'req/s':>8}{'floor/s':>9}{'ratio':>7}{'target':>8}"
    f"{'cpu ms':>8}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}  remarks"
)


@dataclass
class Findings:
    """What makes a run a failure: always, or with --enforce."""

    broken: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def main() -> int:
    """The exit code: 1 if something is broken, or under --enforce if a target is missed."""
    options = _options()
    seconds = (options.rounds + 1) * options.seconds * len(options.connections)
    plan = Plan(
        seconds=options.seconds,
        rounds=options.rounds,
        connections=options.connections,
        people=options.people or min(MOST_PEOPLE, round(seconds * PEOPLE_PER_SECOND)),
    )
    print(_machine())
    print(f"{plan.rounds} rounds of {plan.seconds:g} s, floor and subject in turn")
    has_failed = False
    for database in options.database or DATABASES:
        findings = Findings()
        print(f"\n{database}: {plan.people} people\n{_HEAD}", flush=True)
        with arena(database, plan.people) as both:
            _measure(both, plan, options.scenario, findings)
            _measure_process(both, findings)
        for what in findings.broken:
            print(f"BROKEN  {what}")
        for what in findings.missed:
            print(f"MISSED  {what}")
        has_failed |= bool(findings.broken or (findings.missed and options.enforce))
    return int(has_failed)


def _measure(both: Arena, plan: Plan, wanted: str, findings: Findings) -> None:
    inserted = 0
    for scenario in scenarios.build(both):
        if wanted not in scenario.name:
            continue
        for connections in plan.connections:
            row = scenarios.measure(scenario, connections, plan, both)
            print(_line(row), flush=True)
            name = f"{scenario.name} at {connections}"
            findings.broken += [f"{name}: {n} times {what}" for what, n in row.errors.items()]
            if not row.rate:
                findings.broken.append(f"{name}: nothing measured")
            findings.missed += [f"{name}: {missed}" for missed in row.missed]
        if scenario.stored is None:
            continue
        inserted += scenario.floor_acknowledged
        if lost := scenario.lost():
            findings.broken.append(f"{scenario.name}: {lost}")
        else:
            print(f"  {scenario.acknowledged} acknowledged, as many stored")
    if both.floor.rows.count() != inserted:
        findings.broken.append("the floor lost rows")


def _line(row: Row) -> str:
    remarks = list(row.missed)
    if row.ran_out:
        remarks.append("ran out of people")
    if row.generator_share > BUSY_GENERATOR:
        remarks.append(f"load generator took {row.generator_share:.0%} of a core")
    return (
        f"{row.scenario:24}{row.connections:6}{row.rate:8.0f}{row.floor_rate:9.0f}"
        f"{row.ratio:7.3f}{row.least_ratio:8.2f}"
        f"{row.cpu * 1000:8.2f}{row.p50 * 1000:9.1f}{row.p99 * 1000:9.1f}"
        f"{sum(row.errors.values()):8}  {', '.join(remarks)}"
    )


def _measure_process(both: Arena, findings: Findings) -> None:
    """Memory after all that load, and the time to start on the data that it left."""
    sizes = both.subject.workers_mb()
    print(f"memory of web workers: {', '.join(f'{mb:.0f}' for mb in sizes)} MB")
    if max(sizes, default=0) > LARGEST_WORKER_MB:
        findings.missed.append(f"a web worker takes more than {LARGEST_WORKER_MB:.0f} MB")
    seconds = both.subject.seconds_to_start()
    print(f"ready after {seconds:.1f} s")
    if seconds > LONGEST_START:
        findings.missed.append(f"ready only after {seconds:.1f} s")


def _machine() -> str:
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}, "
        f"data in {tempfile.gettempdir()}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--database", action="append", choices=DATABASES, help="only this one")
    add("--scenario", default="", help="only those whose name contains this")
    add("--seconds", type=float, default=5.0, help="length of one run (default 5)")
    add("--rounds", type=int, default=3, help="runs of floor and of subject (default 3)")
    add("--connections", type=int, nargs="+", default=[16, 64], help="default 16 64")
    add("--people", type=int, help="people in the database (default: enough for the time)")
    add("--enforce", action="store_true", help="exit with 1 if a target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
