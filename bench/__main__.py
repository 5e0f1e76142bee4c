"""`make bench`: the real server under load, beside the floor of the same machine.

`--help` tells the options, docs/benchmarks.md how to read the table.
"""

import argparse
import os
import platform
import sys
import tempfile

from bench import at_scale, data, judging, scenarios
from bench.report import HEAD, Findings, measure_all, measure_process
from bench.scenarios import Plan
from bench.servers import arena

DATABASES = ("sqlite", "postgresql")
PEOPLE_PER_SECOND = 1_000
"""More than the writing scenarios reach."""
MOST_PEOPLE = 100_000
PARTS = ("requests", "city", "selection")


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
        if "requests" in (options.part or PARTS):
            _measure_requests(database, plan, options.scenario, findings)
        if "city" in (options.part or PARTS):
            at_scale.measure(database, options.city_size, plan, options.scenario, findings)
        if "selection" in (options.part or PARTS):
            judging.measure(database, options.selection_size, plan, options.scenario, findings)
        if not findings.measured:
            findings.broken.append(f"no scenario has {options.scenario!r} in its name")
        for what in findings.broken:
            print(f"BROKEN  {what}")
        for what in findings.missed:
            print(f"MISSED  {what}")
        has_failed |= bool(findings.broken or (findings.missed and options.enforce))
    return int(has_failed)


def _measure_requests(database: str, plan: Plan, wanted: str, findings: Findings) -> None:
    print(f"\n{database}: {plan.people} people\n{HEAD}", flush=True)
    with arena(database, lambda app: data.fill(app, plan.people)) as both:
        measure_all(both, plan, [s for s in scenarios.build(both) if wanted in s.name], findings)
        measure_process(both, findings)


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
    add("--part", action="append", choices=PARTS, help="only this one")
    add("--city-size", type=float, default=1.0, help="part of the whole city (default 1.0)")
    add("--selection-size", type=float, default=1.0, help="part of the whole selection")
    add("--scenario", default="", help="only those whose name contains this")
    add("--seconds", type=float, default=5.0, help="length of one run (default 5)")
    add("--rounds", type=int, default=3, help="runs of floor and of subject (default 3)")
    add("--connections", type=int, nargs="+", default=[16, 64], help="default 16 64")
    add("--people", type=int, help="people in the database (default: enough for the time)")
    add("--enforce", action="store_true", help="exit with 1 if a target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
