"""From the time people were there to the minutes that count. Pure.

A minute is a minute of the clock (09:00:00 to 09:01:00), and it is served if the person was there
all through it; so two records of the same person can be compared minute by minute, and sums are
exact. Every planned minute that does not count has a reason which the volunteer reads.

Rules (design/tally.md, Hours): early arrival is not paid, late arrival is cut, overstay is not
counted, under 60 % of the planned time nothing counts, and one person-minute counts once.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MINUTE = 60


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
    claimed: set[int] = set()
    accruals: dict[UUID, Accrual] = {}
    for span in sorted(spans, key=lambda s: (not s.is_settled, s.checked_in_at, s.id)):
        accruals[span.id] = _accrue_one(span, rules, claimed)
    return accruals


def _accrue_one(span: Span, rules: Rules, claimed: set[int]) -> Accrual:
    """One attendance; adds its minutes to those `claimed`."""
    planned = _whole_minutes(span.starts_at, span.ends_at)
    first = _clip(_first_minute(span.checked_in_at), planned)
    last = max(first, _clip(_end_minute(span.checked_out_at), planned))
    present = range(first, last)
    lost = {
        Reason.ARRIVED_EARLY: len(_whole_minutes(span.checked_in_at, _earlier(span))),
        Reason.ARRIVED_LATE: first - planned.start,
        Reason.LEFT_EARLY: planned.stop - last,
        Reason.STAYED_OVER: len(_whole_minutes(_later(span), span.checked_out_at)),
    }
    if len(present) * 100 < len(planned) * rules.threshold_percent or not present:
        lost[Reason.BELOW_THRESHOLD] = len(present)
        return _accrual(planned, 0, lost)
    fresh = set(present) - claimed
    claimed |= fresh
    lost[Reason.ALREADY_COUNTED] = len(present) - len(fresh)
    return _accrual(planned, len(fresh), lost)


def _accrual(planned: range, minutes: int, lost: Mapping[Reason, int]) -> Accrual:
    uncounted = tuple(Uncounted(reason, lost[reason]) for reason in Reason if lost.get(reason))
    return Accrual(len(planned), minutes, uncounted)


def _earlier(span: Span) -> datetime:
    """Where the time before the plan ends."""
    return min(span.starts_at, span.checked_out_at)


def _later(span: Span) -> datetime:
    """Where the time after the plan begins."""
    return max(span.ends_at, span.checked_in_at)


def _first_minute(at: datetime) -> int:
    """The first minute that begins at `at` or after it."""
    return math.ceil(at.timestamp() / MINUTE)


def _end_minute(at: datetime) -> int:
    """The first minute that is not over at `at`."""
    return math.floor(at.timestamp() / MINUTE)


def _whole_minutes(start: datetime, end: datetime) -> range:
    first = _first_minute(start)
    return range(first, max(first, _end_minute(end)))


def _clip(minute: int, window: range) -> int:
    return min(max(minute, window.start), window.stop)
