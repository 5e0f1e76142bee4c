"""From the time people were there to the minutes that count. Pure.

The minutes of a shift run from its start; one is served if the person was there all through it.
A minute that overlaps one already counted of the same person does not count again, so nobody
earns more than the time that passed. Every planned minute that does not count has a reason which
the volunteer reads.

Rules (design/tally.md, Hours): early arrival is not paid, late arrival is cut, overstay is not
counted, under 60 % of the planned time nothing counts, and one person-minute counts once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MINUTE = timedelta(minutes=1)
NOTHING = timedelta()

Run = tuple[datetime, datetime]
"""Time from the first instant up to the second."""


class Reason(StrEnum):
    """Why minutes do not count."""

    ARRIVED_EARLY = "arrived_early"
    ARRIVED_LATE = "arrived_late"
    LEFT_EARLY = "left_early"
    STAYED_OVER = "stayed_over"
    ALREADY_COUNTED = "already_counted"
    BELOW_THRESHOLD = "below_threshold"


REASON_SENTENCES: dict[Reason, str] = {
    Reason.ARRIVED_EARLY: "场次开始前的时间不计入",
    Reason.ARRIVED_LATE: "晚到的时间不计入",
    Reason.LEFT_EARLY: "提前离开后的时间不计入",
    Reason.STAYED_OVER: "场次结束后的时间不计入",
    Reason.ALREADY_COUNTED: "同一时间已在另一项服务中计入",
    Reason.BELOW_THRESHOLD: "服务时间不足计划的 60%，本次不计入",
}

OUTSIDE_PLAN = frozenset({Reason.ARRIVED_EARLY, Reason.STAYED_OVER})
"""These minutes were not planned; all others add up, with those counted, to the plan."""


@dataclass(frozen=True, slots=True)
class Rules:
    threshold_percent: int = 60
    """Share of the planned time below which nothing counts."""


CURRENT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Span:
    """One attendance of one person: the time there and the time planned. Ends are exclusive."""

    id: UUID
    checked_in_at: datetime
    checked_out_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_settled: bool = False
    """Its minutes stand in the ledger already, so they win over those of an earlier check-in."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    reason: Reason
    minutes: int

    @property
    def sentence(self) -> str:
        return REASON_SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class Accrual:
    """What counts of one attendance, in whole minutes, and what does not."""

    planned_minutes: int
    minutes: int
    uncounted: tuple[Uncounted, ...]


def accrue(spans: Iterable[Span], rules: Rules = CURRENT_RULES) -> Mapping[UUID, Accrual]:
    """The minutes of all attendances of one person on a day, by attendance.

    A minute in two of them belongs to the first check-in, unless another one is settled."""
    counted: list[Run] = []
    accruals: dict[UUID, Accrual] = {}
    for span in sorted(spans, key=lambda s: (not s.is_settled, s.checked_in_at, s.id)):
        accruals[span.id] = _accrue_one(span, rules, counted)
    return accruals


def _accrue_one(span: Span, rules: Rules, counted: list[Run]) -> Accrual:
    """One attendance; adds its time to what is `counted`."""
    planned = _floor(span.ends_at - span.starts_at)
    first = min(_ceiling(span.checked_in_at - span.starts_at), planned)
    last = max(first, min(_floor(span.checked_out_at - span.starts_at), planned))
    present = last - first
    lost = {
        Reason.ARRIVED_EARLY: _floor(min(span.starts_at, span.checked_out_at) - span.checked_in_at),
        Reason.ARRIVED_LATE: first,
        Reason.LEFT_EARLY: planned - last,
        Reason.STAYED_OVER: _floor(span.checked_out_at - max(span.ends_at, span.checked_in_at)),
    }
    if present == 0 or present * 100 < planned * rules.threshold_percent:
        lost[Reason.BELOW_THRESHOLD] = present
        return _accrual(planned, 0, lost)
    starts = [span.starts_at + number * MINUTE for number in range(first, last)]
    fresh = [start for start in starts if _is_free(start, counted)]
    counted += _runs(fresh)
    lost[Reason.ALREADY_COUNTED] = present - len(fresh)
    return _accrual(planned, len(fresh), lost)


def _accrual(planned: int, minutes: int, lost: Mapping[Reason, int]) -> Accrual:
    uncounted = tuple(Uncounted(reason, lost[reason]) for reason in Reason if lost.get(reason))
    return Accrual(planned, minutes, uncounted)


def _is_free(start: datetime, counted: Iterable[Run]) -> bool:
    """Whether the minute from `start` overlaps nothing that counts already."""
    return all(end <= start or start + MINUTE <= begin for begin, end in counted)


def _runs(starts: Iterable[datetime]) -> list[Run]:
    """Minutes in order of time, joined where they touch."""
    runs: list[Run] = []
    for start in starts:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], start + MINUTE)
        else:
            runs.append((start, start + MINUTE))
    return runs


def _floor(duration: timedelta) -> int:
    """Whole minutes in a duration; none in a negative one."""
    return max(duration, NOTHING) // MINUTE


def _ceiling(duration: timedelta) -> int:
    """Minutes that a duration has begun; none in a negative one."""
    return -(-max(duration, NOTHING) // MINUTE)
