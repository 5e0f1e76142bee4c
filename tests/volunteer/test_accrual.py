"""Which minutes count, as a table that an organizer can check by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI, day_of
from volunteer.accrual import (
    MINUTE,
    OUTSIDE_PLAN,
    REASON_SENTENCES,
    Accrual,
    Reason,
    Rules,
    Span,
    Tier,
    accrue,
    free_minutes,
    time_there,
)

WORDS = {
    "早到": Reason.ARRIVED_EARLY,
    "晚到": Reason.ARRIVED_LATE,
    "早退": Reason.LEFT_EARLY,
    "超时": Reason.STAYED_OVER,
    "已计": Reason.ALREADY_COUNTED,
    "不足": Reason.BELOW_THRESHOLD,
    "待阵地": Reason.AWAITS_SITE,
    "待市级": Reason.AWAITS_CITY,
    "休息": Reason.BREAK,
}

CASES = """
情形                      | 在场                     | 计划                     | 计入     | 不计入的分钟
# 一个场次，9 点到 11 点
准时来回                  | 09:00–11:00              | 09:00–11:00              | 120      |
早到 5 分、晚走 2 分      | 08:55–11:02              | 09:00–11:00              | 120      | 早到 5 超时 2
早到 20 分                | 08:40–11:00              | 09:00–11:00              | 120      | 早到 20
晚到一刻                  | 09:15–11:00              | 09:00–11:00              | 105      | 晚到 15
早走 10 分                | 09:00–10:50              | 09:00–11:00              | 110      | 早退 10
晚走 45 分                | 09:00–11:45              | 09:00–11:00              | 120      | 超时 45
来得早走得晚              | 08:30–13:00              | 09:00–11:00              | 120      | 早到 30 超时 120
晚到又早走                | 09:10–10:50              | 09:00–11:00              | 100      | 晚到 10 早退 10
# 60 %：120 分钟的六成是 72 分钟
恰好六成                  | 09:00–10:12              | 09:00–11:00              | 72       | 早退 48
差一分钟不到六成          | 09:00–10:11              | 09:00–11:00              | 0        | 早退 49 不足 71
差一秒不到六成            | 09:00–10:11:59           | 09:00–11:00              | 0        | 早退 49 不足 71
晚到太久                  | 09:49–11:30              | 09:00–11:00              | 0        | 晚到 49 不足 71 超时 30
早到不补六成              | 08:00–10:11              | 09:00–11:00              | 0        | 早到 60 早退 49 不足 71
六成不是整数时向上        | 09:00–09:06              | 09:00–09:11              | 0        | 早退 5 不足 6
六成不是整数时够了        | 09:00–09:07              | 09:00–09:11              | 7        | 早退 4
# 整分钟：这一分钟从头到尾都在才算
晚一秒少一分              | 09:00:01–11:00           | 09:00–11:00              | 119      | 晚到 1
两头各差一点              | 09:00:59–10:59:01        | 09:00–11:00              | 118      | 晚到 1 早退 1
两头各多半分              | 08:59:30–11:00:30        | 09:00–11:00              | 120      |
# 几乎没来
来了就走                  | 09:30–09:30              | 09:00–11:00              | 0        | 晚到 30 早退 90
不到一分钟                | 09:30:10–09:30:50        | 09:00–11:00              | 0        | 晚到 31 早退 89
开始前就走了              | 08:30–08:50              | 09:00–11:00              | 0        | 早到 20 早退 120
快结束才来                | 10:59:30–12:00           | 09:00–11:00              | 0        | 晚到 120 超时 60
结束后才来                | 11:30–12:00              | 09:00–11:00              | 0        | 晚到 120 超时 30
不足一分钟的场次          | 09:00–09:05              | 09:00–09:00:30           | 0        | 超时 4
# 下雨：负责人提前结束，实际时间就是计划
十点收工，随即离开        | 09:00–10:00              | 09:00–10:00              | 60       |
十点收工，十点半才签退    | 09:00–10:30              | 09:00–10:00              | 60       | 超时 30
十点收工，只来了一半      | 09:30–10:00              | 09:00–10:00              | 0        | 晚到 30 不足 30
刚开始就下雨              | 08:50–09:02              | 09:00–09:01              | 1        | 早到 10 超时 1
还没开始就取消            | 08:50–09:02              | 09:00–08:55              | 0        | 早到 10 超时 2
# 休息、用餐：括号里的时间既不算计划，也不计入
中午休息一小时            | 09:00–17:00              | 09:00–17:00 (12:00–13:00) | 420     | 休息 60
休息前走了，恰好六成      | 09:00–12:00              | 09:00–15:00 (12:00–13:00) | 180     | 早退 120
休息不算在六成里          | 09:00–12:00              | 09:00–15:00 (11:30–12:30) | 0       | 早退 150 不足 150 休息 30
休息完走了，恰好六成      | 09:00–13:00              | 09:00–15:00 (12:00–13:00) | 180     | 早退 120 休息 60
休息不能凑够六成          | 09:00–12:00              | 09:00–14:00 (10:00–11:00) | 0       | 早退 120 不足 120 休息 60
休息中才来                | 12:20–17:00              | 09:00–17:00 (12:00–13:00) | 0       | 晚到 180 不足 240 休息 40
休息中来，下午够六成      | 11:30–17:00              | 10:00–17:00 (11:00–12:00) | 300     | 晚到 60 休息 30
只在休息时在场            | 12:05–12:55              | 09:00–17:00 (12:00–13:00) | 0       | 晚到 180 早退 240 休息 50
两次休息                  | 08:00–18:00              | 08:00–18:00 (10:00–10:15, 12:00–13:00) | 480 | 休息 75 待阵地 45
休息使一天不到 8 小时     | 08:00–17:00              | 08:00–17:00 (12:00–13:00) | 480     | 休息 60
休息前就收工              | 09:00–11:00              | 09:00–11:00 (12:00–13:00) | 120     |
休息中收工                | 09:00–12:30              | 09:00–12:30 (12:00–13:00) | 180     | 休息 30
秒数不齐                  | 09:00:30–13:00:30        | 09:00–13:00 (12:00–12:30) | 209     | 晚到 1 休息 30
休息时去了另一场          | 09:00–17:00; 12:00–13:00 | 09:00–17:00 (12:00–13:00); 12:00–13:00 | 420; 60 | 休息 60;
# 两个场次：重叠的一分钟归先签到的
前后相接                  | 09:00–10:00; 10:00–11:00 | 09:00–10:00; 10:00–11:00 | 60; 60   | ;
重叠半小时                | 09:00–11:00; 10:30–12:30 | 09:00–11:00; 10:30–12:30 | 120; 90  | ; 已计 30
重叠半小时，反过来登记    | 10:30–12:30; 09:00–11:00 | 10:30–12:30; 09:00–11:00 | 90; 120  | 已计 30;
一个套在另一个里          | 09:00–11:00; 09:30–10:30 | 09:00–11:00; 09:30–10:30 | 120; 0   | ; 已计 60
先签到的不足六成，不占用  | 09:00–10:00; 09:30–10:30 | 09:00–11:00; 09:30–10:30 | 0; 60    | 早退 60 不足 60;
同时签到，按编号          | 09:00–10:00; 09:00–10:00 | 09:00–10:00; 09:00–10:00 | 60; 0    | ; 已计 60
先签到者早走，后者接着算  | 09:00–10:40; 09:10–12:00 | 09:00–11:00; 10:00–12:00 | 100; 80  | 早退 20; 早到 50 已计 40
三个场次连环重叠          | 08:00–10:00; 09:00–11:00; 10:30–12:00 | 08:00–10:00; 09:00–11:00; 10:30–12:00 | 120; 60; 60 | ; 已计 60; 已计 30
分钟不对齐的两个场次      | 09:00–10:00; 09:00–11:00 | 09:00–10:00; 09:30:20–10:30:20 | 60; 30 | ; 早到 30 已计 30 超时 29
# 一天 8 小时以内随即计入，8 至 12 小时待阵地，12 小时以上待市级
恰好 8 小时               | 08:00–16:00              | 08:00–16:00              | 480      |
8 小时零 1 分             | 08:00–16:01              | 08:00–16:01              | 480      | 待阵地 1
恰好 12 小时              | 08:00–20:00              | 08:00–20:00              | 480      | 待阵地 240
12 小时零 1 分            | 08:00–20:01              | 08:00–20:01              | 480      | 待阵地 240 待市级 1
上午 5 小时下午 5 小时    | 08:00–13:00; 13:00–18:00 | 08:00–13:00; 13:00–18:00 | 300; 180 | ; 待阵地 120
已满 8 小时又来一场       | 08:00–16:00; 17:00–18:00 | 08:00–16:00; 17:00–18:00 | 480; 0   | ; 待阵地 60
三场共 13 小时            | 06:00–12:00; 12:00–18:00; 18:00–19:00 | 06:00–12:00; 12:00–18:00; 18:00–19:00 | 360; 120; 0 | ; 待阵地 240; 待市级 60
重叠的不算进 8 小时       | 08:00–16:00; 08:00–17:00 | 08:00–16:00; 08:00–17:00 | 480; 0   | ; 已计 480 待阵地 60
不足六成的不算进 8 小时   | 06:00–07:00; 08:00–16:00 | 06:00–08:00; 08:00–16:00 | 0; 480   | 早退 60 不足 60;
# 跨过零点：每一分钟算在它所在的那一天
夜里 10 点到 2 点         | 21:50–+1 02:00           | 22:00–+1 02:00           | 240      | 早到 10
跨夜 10 小时，两天各 5 小时 | 19:00–+1 05:00         | 19:00–+1 05:00           | 600      |
白天 7 小时，夜里又 4 小时 | 09:00–16:00; 22:00–+1 02:00 | 09:00–16:00; 22:00–+1 02:00 | 420; 180 | ; 待阵地 60
夜班之后白天 8 小时       | 22:00–+1 02:00; +1 09:00–+1 17:00 | 22:00–+1 02:00; +1 09:00–+1 17:00 | 240; 360 | ; 待阵地 120
24 小时值守               | 12:00–+1 12:00           | 12:00–+1 12:00           | 960      | 待阵地 480
24 小时，从零点起         | 00:00–+1 00:00           | 00:00–+1 00:00           | 480      | 待阵地 240 待市级 720
"""  # noqa: E501 - a table
"""In Shanghai, on the leap day of 2028; `+1` is the day after. Several shifts of one person on
that day are told apart by semicolons."""


def at(text: str) -> datetime:
    """`09:00`, `09:00:30` or `+1 02:00`."""
    day, _, time = text.strip().rpartition(" ")
    hour, minute, second = [*map(int, time.split(":")), 0][:3]
    first = datetime(2028, 2, 29, hour, minute, second, tzinfo=SHANGHAI)
    return first + timedelta(days=int(day or 0))


def span(number: int, there: str, planned: str = "09:00–11:00") -> Span:
    """`planned` may name breaks: `09:00–17:00 (12:00–13:00, 15:00–15:10)`."""
    plan, _, rests = planned.strip().rstrip(")").partition("(")
    starts, ends = map(at, plan.split("–"))
    pairs = [[at(end) for end in rest.split("–")] for rest in rests.split(",") if rest]
    breaks = [((a - starts) // MINUTE, (b - starts) // MINUTE) for a, b in pairs]
    came, left = map(at, there.split("–"))
    return Span(UUID(int=number), came, left, starts, ends, tuple(breaks))


def lost(accrual: Accrual) -> dict[Reason, int]:
    return {part.reason: part.minutes for part in accrual.uncounted}


def reasons(text: str) -> dict[Reason, int]:
    """`早到 5 超时 2`."""
    words = text.split()
    return {WORDS[w]: int(n) for w, n in zip(words[::2], words[1::2], strict=True)}


ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in CASES.strip().splitlines()[1:]
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("there", "planned", "counted", "uncounted"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_the_table(there: str, planned: str, counted: str, uncounted: str) -> None:
    pairs = zip(there.split(";"), planned.split(";"), strict=True)
    day = [span(number, *pair) for number, pair in enumerate(pairs)]
    accruals = [accrue(day)[one.id] for one in day]
    assert [a.minutes for a in accruals] == [int(m) for m in counted.split(";")]
    assert [lost(a) for a in accruals] == [reasons(part) for part in uncounted.split(";")]


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 40


def test_the_highest_tier_decides() -> None:
    (short,) = accrue([span(1, "09:00–11:00")]).values()
    (long,) = accrue([span(1, "08:00–18:00", "08:00–18:00")]).values()
    (longest,) = accrue([span(1, "06:00–20:00", "06:00–20:00")]).values()
    assert [(a.held, a.tier) for a in (short, long, longest)] == [
        (0, Tier.AT_ONCE),
        (120, Tier.SITE),
        (360, Tier.CITY),
    ]


def test_the_figures_are_rules_and_not_constants() -> None:
    half, whole = span(1, "09:00–09:30"), span(1, "09:00–11:00")
    assert accrue([half], Rules(threshold_percent=25))[half.id].minutes == 30
    assert accrue([whole], Rules(site_above=60, city_above=90))[whole.id].minutes == 60


def test_free_time_of_a_shift_is_what_no_other_took() -> None:
    shift = span(9, "09:00–09:00")
    assert free_minutes(shift, []) == 120
    assert free_minutes(shift, [span(1, "10:30–12:30", "10:30–12:30")]) == 90
    assert free_minutes(shift, [span(1, "09:00–10:20")]) == 40
    assert free_minutes(shift, [span(1, "09:00–10:00")]) == 120, "too short to count"


def test_free_time_and_time_there_leave_out_breaks() -> None:
    shift = span(9, "09:00–09:00", "09:00–17:00 (12:00–13:00)")
    assert free_minutes(shift, []) == 420
    assert free_minutes(shift, [span(1, "12:30–14:00", "12:30–14:00")]) == 360
    assert time_there(span(9, "08:00–12:30", "09:00–17:00 (12:00–13:00)")) == 240
    assert time_there(span(9, "13:00–18:00", "09:00–17:00 (12:00–13:00)")) == 300


def test_every_reason_has_a_sentence() -> None:
    assert set(REASON_SENTENCES) == set(Reason)


DAWN = datetime(2026, 10, 1, tzinfo=UTC)
LONGEST = 24 * 3600


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Up to five attendances within two days, with seconds, in any order and overlap."""
    second = st.integers(0, 2 * LONGEST)
    found = []
    for number in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, LONGEST))
        length = draw(st.integers(-60, LONGEST))
        came, left = sorted((draw(second), draw(second)))
        ends = sorted(draw(st.sets(st.integers(0, max(0, length // 60)), max_size=6)))
        found.append(
            Span(
                id=UUID(int=number),
                checked_in_at=DAWN + timedelta(seconds=came),
                checked_out_at=DAWN + timedelta(seconds=left),
                starts_at=DAWN + timedelta(seconds=start),
                ends_at=DAWN + timedelta(seconds=start + length),
                breaks=tuple(zip(ends[::2], ends[1::2], strict=False)),
            )
        )
    return found


def served(accrual: Accrual) -> int:
    """Minutes that count or may yet count."""
    return accrual.minutes + accrual.held


@given(spans())
def test_every_planned_minute_counts_or_has_a_reason(day: list[Span]) -> None:
    for one in accrue(day).values():
        inside = sum(m for reason, m in lost(one).items() if reason not in OUTSIDE_PLAN)
        assert one.minutes + inside == one.planned_minutes
        assert all(minutes > 0 for minutes in lost(one).values())


@given(spans())
def test_a_break_never_adds_minutes(day: list[Span]) -> None:
    """To those served in its shift, unless the 60 % of the shorter plan are reached by it."""
    unbroken = [replace(one, breaks=()) for one in day]
    for one, whole in zip(day, unbroken, strict=True):
        alone, without = accrue([one])[one.id], accrue([whole])[one.id]
        assert alone.planned_minutes <= without.planned_minutes
        if Reason.BELOW_THRESHOLD not in lost(without):
            assert served(alone) <= served(without)
        assert served(alone) + lost(alone).get(Reason.BREAK, 0) <= time_there(whole)


@given(spans())
def test_the_order_of_breaks_changes_nothing(day: list[Span]) -> None:
    turned = [replace(one, breaks=one.breaks[::-1]) for one in day]
    assert accrue(turned) == accrue(day)


@given(spans())
def test_ones_own_word_makes_minutes_wait_and_adds_none(day: list[Span]) -> None:
    """What is served stays the same, also in the spans beside it."""
    own = [replace(day[0], is_own_word=True), *day[1:]]
    before, after = accrue(day), accrue(own)
    assert after[day[0].id].minutes == 0
    assert [served(after[s.id]) for s in day] == [served(before[s.id]) for s in day]


@given(spans())
def test_nobody_earns_more_than_the_time_they_were_there(day: list[Span]) -> None:
    accruals = accrue(day)
    for one in day:
        there = (one.checked_out_at - one.checked_in_at).total_seconds() / 60
        assert 0 <= accruals[one.id].minutes <= served(accruals[one.id]) <= there


@given(spans())
def test_one_minute_of_a_person_counts_once(day: list[Span]) -> None:
    """All that is served fits into the time in which the person was in at least one shift."""
    edges = sorted(
        {e for s in day for e in (max(s.checked_in_at, s.starts_at), s.checked_out_at, s.ends_at)}
    )
    there = sum(
        (later - edge).total_seconds()
        for edge, later in pairwise(edges)
        if any(
            max(s.checked_in_at, s.starts_at) <= edge < min(s.checked_out_at, s.ends_at)
            for s in day
        )
    )
    assert sum(served(a) for a in accrue(day).values()) <= there / 60


@given(spans(), st.randoms(use_true_random=False))
def test_the_order_in_which_records_arrive_changes_nothing(day: list[Span], random: Random) -> None:
    shuffled = list(day)
    random.shuffle(shuffled)
    assert accrue(shuffled) == accrue(day)


@given(spans())
def test_under_sixty_per_cent_nothing_counts(day: list[Span]) -> None:
    for accrual in accrue(day).values():
        short = lost(accrual).get(Reason.BELOW_THRESHOLD, 0)
        assert not (short and served(accrual))
        assert short * 100 < accrual.planned_minutes * 60 or not short
        present = served(accrual) + lost(accrual).get(Reason.ALREADY_COUNTED, 0)
        assert not present or present * 100 >= accrual.planned_minutes * 60


@given(spans())
def test_never_more_than_eight_hours_of_a_day_count_at_once(day: list[Span]) -> None:
    accruals = accrue(day)
    days: set[date] = {day_of(s.starts_at) for s in day} | {day_of(s.ends_at) for s in day}
    assert sum(a.minutes for a in accruals.values()) <= 480 * len(days)
    held = sum(a.held for a in accruals.values())
    if held:
        assert sum(a.minutes for a in accruals.values()) >= 480, "only a full day makes some wait"


@given(spans(), spans())
def test_what_lies_on_other_days_changes_nothing(day: list[Span], other: list[Span]) -> None:
    """So the spans of the days that a change touches are enough to settle it."""
    week = timedelta(days=7)
    far = [
        Span(
            UUID(int=100 + n),
            s.checked_in_at + week,
            s.checked_out_at + week,
            s.starts_at + week,
            s.ends_at + week,
            s.breaks,
        )
        for n, s in enumerate(other)
    ]
    together = accrue([*day, *far])
    assert {s.id: together[s.id] for s in day} == accrue(day)
