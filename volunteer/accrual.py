"""From the time people were there to the minutes that count. Pure.

The minutes of a shift run from its start; one is served if the person was there all through it.
A minute that overlaps one already counted of the same person does not count again, so nobody
earns more than the time that passed. Every planned minute that does not count has a reason which
the volunteer reads.

Rules (design/tally.md, Hours): early arrival is not paid, late arrival is cut, overstay is not
counted, breaks are neither planned nor served (decree 67 leaves out rest and meals), under 60 % of
the planned time nothing counts, one person-minute counts once, and above 8 hours in a day minutes
wait for the site, above 12 for the city. The day of a minute is the day in Shanghai on which it
begins.

The result depends on the set of spans alone, not on the order in which they became known. What a
span takes from another is taken on the days that both touch, so the spans of those days, and the
spans that touch any day of theirs, are enough for an exact result.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core.clock import day_of

MINUTE = timedelta(minutes=1)
NOTHING = timedelta()

Run = tuple[datetime, datetime]
"""Time from the first instant up to the second."""

Break = tuple[int, int]
"""Rest or a meal: from one minute of a shift, counted from its start, up to another."""


class Reason(StrEnum):
    """Why minutes do not count."""

    ARRIVED_EARLY = "arrived_early"
    ARRIVED_LATE = "arrived_late"
    LEFT_EARLY = "left_early"
    STAYED_OVER = "stayed_over"
    BREAK = "break"
    ALREADY_COUNTED = "already_counted"
    BELOW_THRESHOLD = "below_threshold"
    AWAITS_ANOTHER = "awaits_another"
    """Only somebody who showed the code themself says that they were there."""
    AWAITS_SITE = "awaits_site"
    AWAITS_CITY = "awaits_city"
    REFUSED = "refused"
    """By the one who reviewed the time that waited; never given by the accrual itself."""


REASON_SENTENCES: dict[Reason, str] = {
    Reason.ARRIVED_EARLY: "场次开始前的时间不计入",
    Reason.ARRIVED_LATE: "晚到的时间不计入",
    Reason.LEFT_EARLY: "提前离开后的时间不计入",
    Reason.STAYED_OVER: "场次结束后的时间不计入，如确有需要可申诉说明",
    Reason.BREAK: "场次中的休息、用餐时间不计入",
    Reason.ALREADY_COUNTED: "同一时间已在另一项服务中计入",
    Reason.BELOW_THRESHOLD: "服务时间不足计划的 60%，本次不计入",
    Reason.AWAITS_ANOTHER: "本人可出示签到码，自己签到的时间，待所属阵地审核后计入",
    Reason.AWAITS_SITE: "当天超过 8 小时的时间，待所属阵地审核后计入",
    Reason.AWAITS_CITY: "当天超过 12 小时的时间，待市级审核后计入",
    Reason.REFUSED: "待审核的时间，审核未通过",
}

OUTSIDE_PLAN = frozenset({Reason.ARRIVED_EARLY, Reason.STAYED_OVER, Reason.BREAK})
"""These minutes were not planned; all others add up, with those counted, to the plan."""


class Tier(StrEnum):
    """Who lets minutes count when a day has many of them."""

    AT_ONCE = "at_once"
    SITE = "site"
    CITY = "city"


WAITS = {Tier.SITE: Reason.AWAITS_SITE, Tier.CITY: Reason.AWAITS_CITY}
WAITING = (Reason.AWAITS_ANOTHER, *WAITS.values())


@dataclass(frozen=True, slots=True)
class Rules:
    threshold_percent: int = 60
    """Share of the planned time below which nothing counts (Yunnan)."""
    site_above: int = 8 * 60
    """Minutes in a day above which the site decides (i志愿)."""
    city_above: int = 12 * 60
    """Minutes in a day above which the city decides (i志愿: the province)."""

    def tier_of(self, minutes_of_day: int) -> Tier:
        """The tier of the last of so many minutes in a day."""
        if minutes_of_day > self.city_above:
            return Tier.CITY
        return Tier.SITE if minutes_of_day > self.site_above else Tier.AT_ONCE


CURRENT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Span:
    """One attendance of one person: the time there and the time planned. Ends are exclusive.

    `ends_at` is the real end where the leader ended the shift early; breaks don't overlap."""

    id: UUID
    checked_in_at: datetime
    checked_out_at: datetime
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[Break, ...] = ()
    is_own_word: bool = False
    """Whether nobody but the person vouches for it; then the staff of the site decide."""


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
    """Those that count at once."""
    uncounted: tuple[Uncounted, ...]
    """With those that wait for a review."""

    @property
    def held(self) -> int:
        """Minutes that wait for somebody to let them count."""
        return sum(part.minutes for part in self.uncounted if part.reason in WAITING)

    @property
    def tier(self) -> Tier:
        """The highest tier of its minutes: who decides on those that wait."""
        reasons = {part.reason for part in self.uncounted}
        waiting = [tier for tier, reason in WAITS.items() if reason in reasons]
        if not waiting and Reason.AWAITS_ANOTHER in reasons:
            return Tier.SITE
        return waiting[-1] if waiting else Tier.AT_ONCE


def accrue(spans: Iterable[Span], rules: Rules = CURRENT_RULES) -> Mapping[UUID, Accrual]:
    """The minutes of all attendances of one person, by attendance.

    A minute in two of them belongs to the first check-in."""
    day = _Day(rules)
    return {span.id: day.add(span) for span in in_order(spans)}


def after_review(accrual: Accrual, *, approved: int, refused: int) -> Accrual:
    """What counts when, of the minutes that wait, so many were let count and so many refused.

    Both are taken from the lower tier first; more than waits changes nothing."""
    left = {part.reason: part.minutes for part in accrual.uncounted}
    counted = _take(left, approved)
    left[Reason.REFUSED] = _take(left, refused)
    return _accrual(accrual.planned_minutes, accrual.minutes + counted, left)


def _take(left: dict[Reason, int], number: int) -> int:
    """Take up to `number` of the minutes that wait; gives how many were there."""
    taken = 0
    for reason in WAITING:
        part = min(left.get(reason, 0), number - taken)
        left[reason] = left.get(reason, 0) - part
        taken += part
    return taken


def free_minutes(span: Span, others: Iterable[Span], rules: Rules = CURRENT_RULES) -> int:
    """Planned minutes of a shift in which nothing of `others` counts or waits."""
    day = _Day(rules)
    for other in in_order(others):
        day.add(other)
    starts = _starts(span, range(_floor(span.ends_at - span.starts_at)))
    return sum(_is_free(start, day.taken) for start in starts)


def time_there(span: Span) -> int:
    """Minutes between coming and leaving, planned or not, but those of breaks."""
    there = _floor(span.checked_out_at - span.checked_in_at)
    first = _ceiling(span.checked_in_at - span.starts_at)
    return there - _resting(span, range(first, _floor(span.checked_out_at - span.starts_at)))


def in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda s: (s.checked_in_at, s.id))


class _Day:
    """What is counted so far of one person: the time taken, and the minutes of each day."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.taken: list[Run] = []
        self.minutes: Counter[date] = Counter()

    def add(self, span: Span) -> Accrual:
        length = _floor(span.ends_at - span.starts_at)
        first = min(_ceiling(span.checked_in_at - span.starts_at), length)
        last = max(first, min(_floor(span.checked_out_at - span.starts_at), length))
        planned, present = _working(span, range(length)), _working(span, range(first, last))
        lost = Counter(
            {
                Reason.ARRIVED_EARLY: _floor(
                    min(span.starts_at, span.checked_out_at) - span.checked_in_at
                ),
                Reason.ARRIVED_LATE: _working(span, range(first)),
                Reason.LEFT_EARLY: _working(span, range(last, length)),
                Reason.STAYED_OVER: _floor(
                    span.checked_out_at - max(span.starts_at, span.ends_at, span.checked_in_at)
                ),
                Reason.BREAK: last - first - present,
            }
        )
        if present == 0 or present * 100 < planned * self.rules.threshold_percent:
            lost[Reason.BELOW_THRESHOLD] = present
            return _accrual(planned, 0, lost)
        fresh = [s for s in _starts(span, range(first, last)) if _is_free(s, self.taken)]
        self.taken += _runs(fresh)
        lost[Reason.ALREADY_COUNTED] = present - len(fresh)
        tiers = Counter(self._tier_of(start) for start in fresh)
        lost.update({reason: tiers[tier] for tier, reason in WAITS.items()})
        if span.is_own_word:
            lost[Reason.AWAITS_ANOTHER] = tiers.pop(Tier.AT_ONCE, 0)
        return _accrual(planned, tiers[Tier.AT_ONCE], lost)

    def _tier_of(self, start: datetime) -> Tier:
        """Of the next minute of its day."""
        day = day_of(start)
        self.minutes[day] += 1
        return self.rules.tier_of(self.minutes[day])


def _accrual(planned: int, minutes: int, lost: Mapping[Reason, int]) -> Accrual:
    uncounted = tuple(Uncounted(reason, lost[reason]) for reason in Reason if lost.get(reason))
    return Accrual(planned, minutes, uncounted)


def _starts(span: Span, numbers: range) -> Iterator[datetime]:
    """The instants at which these minutes of a shift begin, but those of its breaks."""
    return (
        span.starts_at + number * MINUTE
        for number in numbers
        if not any(first <= number < after for first, after in span.breaks)
    )


def _working(span: Span, numbers: range) -> int:
    """How many of these minutes of a shift are in no break."""
    return len(numbers) - _resting(span, numbers)


def _resting(span: Span, numbers: range) -> int:
    return sum(
        len(range(max(first, numbers.start), min(after, numbers.stop)))
        for first, after in span.breaks
    )


def _is_free(start: datetime, taken: Iterable[Run]) -> bool:
    """Whether the minute from `start` overlaps nothing that counts already."""
    return all(end <= start or start + MINUTE <= begin for begin, end in taken)


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
