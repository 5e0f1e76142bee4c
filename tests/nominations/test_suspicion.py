"""哪些选票会被暂停计票、交两人核查：每一例都可以对照规则核对。

A table that a member of the committee can read, and properties that hold for any set of ballots.
"""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.suspicion import (
    LOOKS_BACK,
    RULES,
    GroupKind,
    Risk,
    Score,
    Sign,
    Signals,
    dump,
    score_all,
)

EVENING = datetime(2026, 5, 2, 12, tzinfo=UTC)  # 20:00 in Xuchang
NIGHT = datetime(2026, 5, 2, 18, tzinfo=UTC)  # 02:00 in Xuchang
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

_serial = count(1)


def ballots(
    number: int,
    gaps: Iterable[timedelta] | timedelta = 7 * MINUTE,
    *,
    at: datetime = EVENING,
    uneven: bool = True,
    **signals: Any,
) -> list[Signals]:
    """So many ballots of different people, by default of old accounts with a good rank, seven
    minutes apart more or less, of which nothing else is known."""
    dice = random.Random(number)
    made = []
    step = gaps if isinstance(gaps, timedelta) else 7 * MINUTE
    for n in range(number):
        serial = next(_serial)
        late = step * (n + (dice.uniform(-0.4, 0.4) if uneven else 0))
        known: dict[str, Any] = {
            "choices": f"choices-{serial}",
            "account_age_days": 400,
            "risk": Risk.RANK_0,
        } | signals
        made.append(Signals(f"{serial:06d}", f"voter-{serial}", "once", 1, at + late, **known))
    return made


def one(text: str) -> dict[str, Any]:
    return {"network": text, "choices": "甲"}


CASES: dict[str, tuple[Callable[[], list[Signals]], set[Sign], bool]] = {
    "零散的选票，没有任何迹象": (lambda: ballots(50), set(), False),
    "很多人都只选了甲，来自各处": (lambda: ballots(200, choices="甲"), set(), False),
    "一个大网络整天有人投票，选择各不相同": (lambda: ballots(150, network="移动"), set(), False),
    "十分钟内同一网络 20 票": (
        lambda: ballots(20, 20 * SECOND, network="村"),
        {Sign.BURST},
        False,
    ),
    "十分钟内同一网络 19 票": (lambda: ballots(19, 20 * SECOND, network="村"), set(), False),
    "一个村一晚上用新账号集中投给本村候选人": (
        lambda: ballots(40, 12 * SECOND, account_age_days=0, **one("村")),
        {Sign.BURST, Sign.SAME_CHOICES, Sign.NEW_ACCOUNTS},
        False,
    ),
    "同一个村，微信风险查询不可用": (
        lambda: ballots(40, 12 * SECOND, account_age_days=0, risk=Risk.UNKNOWN, **one("村")),
        {Sign.BURST, Sign.SAME_CHOICES, Sign.NEW_ACCOUNTS, Sign.RISKY_ACCOUNT},
        False,
    ),
    "同样的情形，发生在凌晨两点": (
        lambda: ballots(40, 12 * SECOND, at=NIGHT, account_age_days=0, **one("机房")),
        {Sign.BURST, Sign.SAME_CHOICES, Sign.NEW_ACCOUNTS, Sign.NIGHT},
        True,
    ),
    "同样的情形，微信评为高风险账号": (
        lambda: ballots(40, 12 * SECOND, account_age_days=0, risk=Risk.RANK_3, **one("机房")),
        {Sign.BURST, Sign.SAME_CHOICES, Sign.NEW_ACCOUNTS, Sign.RISKY_ACCOUNT},
        True,
    ),
    "同样的情形，刚投票微信却查不到人 (61010)": (
        lambda: ballots(40, 12 * SECOND, account_age_days=0, risk=Risk.NOT_SEEN, **one("机房")),
        {Sign.BURST, Sign.SAME_CHOICES, Sign.NEW_ACCOUNTS, Sign.RISKY_ACCOUNT},
        True,
    ),
    "每隔 30 秒一票，同一网络，选择相同": (
        lambda: ballots(25, 30 * SECOND, uneven=False, **one("机房")),
        {Sign.BURST, Sign.RHYTHM, Sign.SAME_CHOICES},
        True,
    ),
    "每隔 30 秒一票，经许多网络，选择相同": (
        lambda: ballots(25, 30 * SECOND, uneven=False, choices="甲"),
        {Sign.RHYTHM},
        False,
    ),
    "每隔 30 秒一票，经许多网络，选择相同，账号风险高": (
        lambda: ballots(25, 30 * SECOND, uneven=False, choices="甲", risk=Risk.RANK_3),
        {Sign.RHYTHM, Sign.RISKY_ACCOUNT},
        True,
    ),
    "一秒一票的人潮不是节拍": (
        lambda: ballots(40, SECOND, uneven=False, choices="甲"),
        set(),
        False,
    ),
    "一部手机五个人": (
        lambda: ballots(5, device="手机"),
        {Sign.SHARED_DEVICE},
        False,
    ),
    "一部手机四个人": (lambda: ballots(4, device="手机"), set(), False),
    "一部手机五个高风险账号，选择相同": (
        lambda: ballots(5, device="手机", choices="甲", risk=Risk.RANK_3),
        {Sign.SHARED_DEVICE, Sign.SAME_CHOICES, Sign.RISKY_ACCOUNT},
        True,
    ),
    "单独一票，账号风险最高": (lambda: ballots(1, risk=Risk.RANK_4), {Sign.RISKY_ACCOUNT}, False),
    "夜里的 15 票，白天同一网络还有 30 票": (
        lambda: (
            ballots(15, 10 * MINUTE, at=NIGHT, network="厂")
            + ballots(30, 10 * MINUTE, at=EVENING - timedelta(hours=7), network="厂")
        ),
        set(),
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    make, signs, is_held = CASES[case]
    scores = score_all(make())
    assert {sign for score in scores.values() for sign in score.signs} == signs
    held = [score.points >= RULES.threshold for score in scores.values()]
    assert any(held) == is_held


def test_a_ballot_outside_of_the_group_is_not_held_with_it() -> None:
    bought = CASES["同样的情形，发生在凌晨两点"][0]()
    (honest,) = ballots(1, at=NIGHT, choices="甲", network="家")
    scores = score_all([*bought, honest])
    assert scores[honest.ballot] == Score()
    assert {scores[b.ballot].group for b in bought} == {(GroupKind.NETWORK, "机房")}


def test_only_the_ballot_that_stands_is_scored() -> None:
    bought = CASES["每隔 30 秒一票，同一网络，选择相同"][0]()
    later = [
        replace(b, ballot=f"x{b.ballot}", revision=2, network=None, choices=b.voter) for b in bought
    ]
    scores = score_all([*later, *bought])
    assert scores.keys() == {b.ballot for b in later}
    assert not any(score.points for score in scores.values())


def test_a_shift_of_one_minute_at_the_end_of_the_night_is_not_night() -> None:
    five = datetime(2026, 5, 2, 21, tzinfo=UTC)
    inside = ballots(15, SECOND, at=five - timedelta(seconds=30), uneven=False, network="n")
    outside = ballots(15, SECOND, at=five, uneven=False, network="n")
    assert Sign.NIGHT in score_all(inside)[inside[0].ballot].signs
    assert Sign.NIGHT not in score_all(outside)[outside[0].ballot].signs


def test_no_rule_holds_a_ballot_alone() -> None:
    points = [
        RULES.burst.points,
        RULES.rhythm.points,
        RULES.same_choices.points,
        RULES.new_accounts.points,
        RULES.night.points,
        RULES.shared_device.points,
        *RULES.risky_account.values(),
    ]
    assert max(points) < RULES.threshold


def test_no_rule_looks_further_back_than_what_is_read() -> None:
    windows = (RULES.burst, RULES.same_choices, RULES.new_accounts, RULES.shared_device)
    assert max(rule.within for rule in windows) <= LOOKS_BACK


def test_the_rules_can_be_written_down() -> None:
    text = json.dumps(dump())
    assert json.loads(text)["burst"] == {"points": 15, "ballots": 20, "within": 600}
    assert json.loads(text)["risky_account"]["not_seen"] == 35


KEYS = st.sampled_from(["a", "b", "c"])
MAYBE = st.one_of(st.none(), KEYS)


@st.composite
def crowds(draw: st.DrawFn) -> list[Signals]:
    """Up to sixty ballots, some of a rhythm, of few networks, devices and choices."""
    number = draw(st.integers(0, 60))
    gap = draw(st.integers(0, 90))
    begins = draw(st.sampled_from([EVENING, NIGHT]))
    made = []
    for n in range(number):
        jitter = draw(st.integers(0, 3))
        made.append(
            Signals(
                f"{n:03d}",
                f"v{draw(st.integers(0, 50))}",
                "once",
                n,
                begins + timedelta(seconds=gap * n + jitter),
                draw(KEYS),
                draw(MAYBE),
                draw(MAYBE),
                draw(st.integers(0, 6)),
                draw(st.sampled_from(list(Risk))),
            )
        )
    return made


@given(crowds(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_does_not_matter(crowd: list[Signals], dice: random.Random) -> None:
    shuffled = crowd[:]
    dice.shuffle(shuffled)
    assert score_all(shuffled) == score_all(crowd)


@given(crowds(), st.integers(-7200, 7200), st.sampled_from(list(Risk)))
def test_an_unrelated_ballot_changes_nothing_about_the_others(
    crowd: list[Signals], seconds: int, risk: Risk
) -> None:
    stranger = Signals(
        "z", "stranger", "once", 1, EVENING + seconds * SECOND, "z", "z", "z", 0, risk
    )
    scores = score_all([*crowd, stranger])
    del scores["z"]
    assert scores == score_all(crowd)


@given(crowds())
def test_every_reason_is_of_a_group_that_the_ballot_is_in(crowd: list[Signals]) -> None:
    by_id = {ballot.ballot: ballot for ballot in crowd}
    for ballot_id, score in score_all(crowd).items():
        ballot = by_id[ballot_id]
        shares = dict(zip(GroupKind, (ballot.network, ballot.device, ballot.choices), strict=True))
        assert all(r.group is None or shares[r.group[0]] == r.group[1] for r in score.reasons)
        assert (score.group is None) == (set(score.signs) <= {Sign.RISKY_ACCOUNT})
        assert len(set(score.signs)) == len(score.signs)


@given(crowds())
def test_a_ballot_of_which_less_is_known_has_no_higher_score(crowd: list[Signals]) -> None:
    blind = [replace(ballot, network=None, device=None) for ballot in crowd]
    known = score_all(crowd)
    assert all(score.points <= known[b].points for b, score in score_all(blind).items())
