"""The table of a run, and what makes the run a failure."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import scenarios
from bench.scenarios import Plan, Row, Scenario
from bench.servers import Arena

LARGEST_WORKER_MB = 150.0
LONGEST_START = 5.0
BUSY_GENERATOR = 0.7
MOST_GROWTH = 1.1
"""Of the time for one thing that is counted, from few of them to all."""
WAITS = 5
"""How often somebody waits for the same answer, after a first time."""
HEAD = (
    f"{'scenario':24}{'conns':>6}{'req/s':>8}{'floor/s':>9}{'ratio':>7}{'target':>8}"
    f"{'cpu ms':>8}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}  remarks"
)


@dataclass
class Findings:
    """What makes a run a failure: always, or with --enforce."""

    broken: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    measured: int = 0
    """Lines of the table."""


def measure_all(
    both: Arena[Any], plan: Plan, wanted: Iterable[Scenario], findings: Findings
) -> None:
    """Print a line for each scenario and number of connections, and compare what was
    acknowledged with what is stored."""
    inserted = 0
    for scenario in wanted:
        for connections in plan.connections:
            row = scenarios.measure(scenario, connections, plan, both)
            print(_line(row), flush=True)
            findings.measured += 1
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


def seconds_each(
    both: Arena[Any], rounds: int, make: Callable[[], int], work: Callable[[], None]
) -> list[float]:
    """Processor time of this process for each of the things that `make` made anew for a round;
    the first round warms up. On PostgreSQL the server's part is not in it: there it is time
    itself."""
    clock_of = time.process_time
    if both.app.extensions["liancheng.gate"] is None:
        clock_of = time.perf_counter
    found = []
    for _ in range(rounds + 1):
        made = make()
        began = clock_of()
        work()
        found.append((clock_of() - began) / max(1, made))
    return found[1:]


def compare(
    what: str, each: str, few: Sequence[float], much: Sequence[float], findings: Findings
) -> None:
    """Print what one thing costs beside few and beside all others."""
    small, large = statistics.median(few), statistics.median(much)
    print(
        f"{what}: {small * 1000:.3f} ms {each} beside few, {large * 1000:.3f} beside all"
        f" ({1 / large:.0f} a second), {large / small:.2f} times"
    )
    if large > small * MOST_GROWTH:
        findings.missed.append(f"{what} costs {large / small:.2f} times as much beside all")


def wait(what: str, look: Callable[[], Any]) -> float:
    """Seconds, median: one request at a time, as somebody of staff waits for it."""
    times = []
    for _ in range(WAITS + 1):
        began = time.perf_counter()
        look()
        times.append(time.perf_counter() - began)
    median = statistics.median(times[1:])
    print(f"  {what:38}{median * 1000:8.0f} ms", flush=True)
    return median


def measure_process(both: Arena[Any], findings: Findings) -> None:
    """Memory after all that load, and the time to start on the data that it left."""
    sizes = both.subject.workers_mb()
    print(f"memory of web workers: {', '.join(f'{mb:.0f}' for mb in sizes)} MB")
    if max(sizes, default=0) > LARGEST_WORKER_MB:
        findings.missed.append(f"a web worker takes more than {LARGEST_WORKER_MB:.0f} MB")
    seconds = both.subject.seconds_to_start()
    print(f"ready after {seconds:.1f} s")
    if seconds > LONGEST_START:
        findings.missed.append(f"ready only after {seconds:.1f} s")
