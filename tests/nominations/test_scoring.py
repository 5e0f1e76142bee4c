"""评分、排名、入选：每一例都可以用纸笔核对。

A table that a member of the committee can read and check by hand, and properties that hold
whatever the numbers are.
"""

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations import outcomes
from nominations.outcomes import Inputs, Outcome, decide
from nominations.ranking import lot
from nominations.rules import (
    CommitteeMethod,
    Criterion,
    PublicFormula,
    Quota,
    Rules,
    Step,
    TieBreaker,
)
from nominations.scoring import (
    Candidate,
    Marks,
    PanelRecord,
    damped_shares,
    member_score,
    percentiles,
    shown,
    shrinkage,
)

BOTH = Rules(steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL))
VOTES_ALONE = Rules(steps=(Step.COUNTY, Step.ASSESSMENT))
PANEL_ALONE = Rules(steps=(Step.COUNTY, Step.PANEL))
NEITHER = Rules(steps=(Step.COUNTY,))
SECRET = replace(PANEL_ALONE, committee_method=CommitteeMethod.SECRET_BALLOT)

TIE_RULES = {
    TieBreaker.COMMITTEE_SCORE: "比评委分",
    TieBreaker.TOP_MARKS: "比满分项",
    TieBreaker.VERIFIED_VOTES: "比票数",
    TieBreaker.LOT: "抽签",
}
BARS = {
    "category": "类别满额",
    "place": "属地满额",
    "total": "总数满额",
    "unjudged": "评委不足",
}


@dataclass(frozen=True)
class Case:
    """`votes`: 候选人 → 票数；候选人写作 姓名，或 姓名@类别，或 姓名@类别@属地。
    `marks`: 候选人 → 各评委依次的评分，以空格隔开；“回”为回避，“缺”为没有评；
    “90/80/-”为三项分别评分，“-”为该项不适用；只写一个数，三项相同（权重 40、30、30）。
    `ballots`: 候选人 → 赞成/投票。
    `expected`: 名次 姓名 群众分 评委分 总分 结果 [同分规则]，“-”为没有。"""

    title: str
    votes: Mapping[str, int]
    expected: tuple[str, ...]
    marks: Mapping[str, str] = field(default_factory=dict)
    ballots: Mapping[str, str] = field(default_factory=dict)
    members: int = 0
    """票决时的评委人数。"""
    rules: Rules = BOTH
    seed: str | None = None
    needs_lot: bool = False


def inputs_of(case: Case) -> Inputs:
    candidates = tuple(_candidate(label, number) for label, number in case.votes.items())
    panel = None
    if case.rules.uses(Step.PANEL):
        panel = _voted(case) if case.ballots else _marked(case.marks, case.rules)
    return Inputs(case.rules, candidates, panel)


def _candidate(label: str, votes: int) -> Candidate:
    name, category, place = (*label.split("@"), "", "")[:3]
    return Candidate(name, category or "助人为乐", place or None, votes)


def _marked(marks: Mapping[str, str], rules: Rules) -> PanelRecord:
    given = {name: told.split() for name, told in marks.items()}
    members = max(map(len, given.values()), default=0)
    names = tuple(f"评委{n + 1}" for n in range(members))
    told = [(names[n], name, one) for name, row in given.items() for n, one in enumerate(row)]
    return PanelRecord(
        names,
        recused=frozenset((member, name) for member, name, one in told if one == "回"),
        marks=tuple(
            Marks(member, name, _points(one, rules.rubric))
            for member, name, one in told
            if one not in ("回", "缺")
        ),
    )


def _points(told: str, rubric: tuple[Criterion, ...]) -> dict[str, Decimal | None]:
    parts = told.split("/") if "/" in told else [told] * len(rubric)
    return {
        c.code: None if part == "-" else Decimal(part)
        for c, part in zip(rubric, parts, strict=True)
    }


def _voted(case: Case) -> PanelRecord:
    counts = {name: told.split("/") for name, told in case.ballots.items()}
    return PanelRecord(
        tuple(f"评委{n + 1}" for n in range(case.members)),
        recused=frozenset(),
        approvals={name: int(pair[0]) for name, pair in counts.items()},
        voters={name: int(pair[1]) for name, pair in counts.items()},
    )


def told(outcome: Outcome) -> tuple[str, ...]:
    return tuple(_line(line) for line in map(outcomes.dump_line, outcome.lines))


def _line(line: Mapping[str, Any]) -> str:
    committee = (line["committee"] or {}).get("score")
    bar = line["bar"]
    parts = [
        line["rank"] or "-",
        line["nomination_id"],
        line["public"] or "-",
        committee or "-",
        line["final"] or "-",
        "入选" if line["is_selected"] else BARS[bar],
    ]
    if line["tie_rule"]:
        parts.append(TIE_RULES[TieBreaker(line["tie_rule"])])
    return " ".join(map(str, parts))


def quota(rules: Rules, **limits: Any) -> Rules:
    return replace(rules, winners=Quota(**limits))


FIVE = {"甲": 50, "乙": 40, "丙": 30, "丁": 20, "戊": 10}

CASES = (
    Case(
        "五人：群众占三成、评委占七成",
        FIVE,
        marks={"甲": "80", "乙": "90", "丙": "70", "丁": "60", "戊": "95"},
        expected=(
            "1 甲 100.0000 80.0000 86.0000 入选",
            "2 乙 75.0000 90.0000 85.5000 入选",
            "3 戊 0.0000 95.0000 66.5000 入选",
            "4 丙 50.0000 70.0000 64.0000 入选",
            "5 丁 25.0000 60.0000 49.5000 入选",
        ),
    ),
    Case(
        "票数再悬殊，群众分也只看名次：一万票与十一票的第一名同为一百分",
        {"甲": 10_000, "乙": 40, "丙": 30, "丁": 20, "戊": 10},
        rules=VOTES_ALONE,
        expected=(
            "1 甲 100.0000 - 100.0000 入选",
            "2 乙 75.0000 - 75.0000 入选",
            "3 丙 50.0000 - 50.0000 入选",
            "4 丁 25.0000 - 25.0000 入选",
            "5 戊 0.0000 - 0.0000 入选",
        ),
    ),
    Case(
        "没有评委会：群众分就是总分；票数相同的名次分相同，未抽签前并列",
        {"甲": 50, "乙": 40, "丙": 40, "丁": 20, "戊": 10},
        rules=VOTES_ALONE,
        expected=(
            "1 甲 100.0000 - 100.0000 入选",
            "2 丙 62.5000 - 62.5000 入选 抽签",
            "2 乙 62.5000 - 62.5000 入选 抽签",
            "4 丁 25.0000 - 25.0000 入选",
            "5 戊 0.0000 - 0.0000 入选",
        ),
    ),
    Case(
        "没有群众评议：评委分就是总分，票数不起作用",
        {"甲": 0, "乙": 99},
        marks={"甲": "90 80", "乙": "70 80"},
        rules=PANEL_ALONE,
        expected=(
            "1 甲 - 85.0000 85.0000 入选",
            "2 乙 - 75.0000 75.0000 入选",
        ),
    ),
    Case(
        "既无评议也无评委：没有得分，名额不限时都入选，不必抽签",
        {"甲": 0, "乙": 0},
        rules=NEITHER,
        expected=(
            "1 乙 - - - 入选 抽签",
            "1 甲 - - - 入选 抽签",
        ),
    ),
    Case(
        "既无评议也无评委：名额不够时须抽签",
        {"甲": 0, "乙": 0},
        rules=quota(NEITHER, total=1),
        needs_lot=True,
        expected=(
            "1 乙 - - - 入选 抽签",
            "1 甲 - - - 总数满额 抽签",
        ),
    ),
    Case(
        "四人：按份额计分，每人先加三十票",
        {"甲": 60, "乙": 30, "丙": 0, "丁": 30},
        marks={"甲": "80", "乙": "80", "丙": "80", "丁": "90"},
        expected=(
            "1 丁 25.0000 90.0000 70.5000 入选",
            "2 甲 37.5000 80.0000 67.2500 入选",
            "3 乙 25.0000 80.0000 63.5000 入选",
            "4 丙 12.5000 80.0000 59.7500 入选",
        ),
    ),
    Case(
        "四人都没有票：份额相同",
        {"甲": 0, "乙": 0, "丙": 0, "丁": 0},
        marks={"甲": "80", "乙": "70", "丙": "60", "丁": "50"},
        expected=(
            "1 甲 25.0000 80.0000 63.5000 入选",
            "2 乙 25.0000 70.0000 56.5000 入选",
            "3 丙 25.0000 60.0000 49.5000 入选",
            "4 丁 25.0000 50.0000 42.5000 入选",
        ),
    ),
    Case(
        "五人都没有票：名次分都是五十",
        dict.fromkeys(FIVE, 0),
        marks={"甲": "80", "乙": "70", "丙": "60", "丁": "50", "戊": "40"},
        expected=(
            "1 甲 50.0000 80.0000 71.0000 入选",
            "2 乙 50.0000 70.0000 64.0000 入选",
            "3 丙 50.0000 60.0000 57.0000 入选",
            "4 丁 50.0000 50.0000 50.0000 入选",
            "5 戊 50.0000 40.0000 43.0000 入选",
        ),
    ),
    Case(
        "只有一人：份额是全部",
        {"甲": 0},
        marks={"甲": "88"},
        expected=("1 甲 100.0000 88.0000 91.6000 入选",),
    ),
    Case(
        "规则写明按份额计分：五人以上也按份额",
        {"甲": 70, "乙": 20, "丙": 10, "丁": 0, "戊": 0},
        rules=replace(VOTES_ALONE, public_formula=PublicFormula.SHARE),
        expected=(
            "1 甲 28.3333 - 28.3333 入选",
            "2 乙 20.0000 - 20.0000 入选",
            "3 丙 18.3333 - 18.3333 入选",
            "4 丁 16.6667 - 16.6667 入选 抽签",
            "4 戊 16.6667 - 16.6667 入选 抽签",
        ),
    ),
    Case(
        "各类别分开比较：人少的类别按份额，人多的按名次",
        {**FIVE, "己@孝老爱亲": 90, "庚@孝老爱亲": 10},
        rules=VOTES_ALONE,
        expected=(
            "1 甲 100.0000 - 100.0000 入选",
            "2 乙 75.0000 - 75.0000 入选",
            "3 丙 50.0000 - 50.0000 入选",
            "4 丁 25.0000 - 25.0000 入选",
            "5 戊 0.0000 - 0.0000 入选",
            "1 己 63.3333 - 63.3333 入选",
            "2 庚 36.6667 - 36.6667 入选",
        ),
    ),
    Case(
        "总分相同，比评委分",
        {"甲": 50, "乙": 40, "丙": 30, "丁": 20, "戊": 10},
        marks={"甲": "50", "乙": "75", "丙": "100", "丁": "50", "戊": "50"},
        rules=replace(BOTH, public_weight=Decimal("0.5"), committee_weight=Decimal("0.5")),
        expected=(
            "1 丙 50.0000 100.0000 75.0000 入选 比评委分",
            "2 乙 75.0000 75.0000 75.0000 入选 比评委分",
            "3 甲 100.0000 50.0000 75.0000 入选 比评委分",
            "4 丁 25.0000 50.0000 37.5000 入选",
            "5 戊 0.0000 50.0000 25.0000 入选",
        ),
    ),
    Case(
        "总分、评委分相同，比满分项",
        {"甲": 30, "乙": 30},
        marks={"甲": "100/70/80 100", "乙": "85 100"},
        expected=(
            "1 甲 50.0000 92.5000 79.7500 入选 比满分项",
            "2 乙 50.0000 92.5000 79.7500 入选 比满分项",
        ),
    ),
    Case(
        "总分、评委分、满分项相同，比票数",
        {"甲": 10, "乙": 20},
        marks={"甲": "90 80", "乙": "80 90"},
        rules=PANEL_ALONE,
        expected=(
            "1 乙 - 85.0000 85.0000 入选 比票数",
            "2 甲 - 85.0000 85.0000 入选 比票数",
        ),
    ),
    Case(
        "各项都相同，名额不够：须抽签，先按并列显示",
        {"甲": 20, "乙": 20, "丙": 5},
        marks={"甲": "90 80", "乙": "80 90", "丙": "60 60"},
        rules=quota(BOTH, by_category={"助人为乐": 1}),
        needs_lot=True,
        expected=(
            "1 乙 37.0370 85.0000 70.6111 入选 抽签",
            "1 甲 37.0370 85.0000 70.6111 类别满额 抽签",
            "3 丙 25.9259 60.0000 49.7778 类别满额",
        ),
    ),
    Case(
        "各项都相同：按种子“2027051”抽签",
        {"甲": 20, "乙": 20, "丙": 5},
        marks={"甲": "90 80", "乙": "80 90", "丙": "60 60"},
        rules=quota(BOTH, by_category={"助人为乐": 1}),
        seed="2027051",
        expected=(
            "1 乙 37.0370 85.0000 70.6111 入选 抽签",
            "2 甲 37.0370 85.0000 70.6111 类别满额 抽签",
            "3 丙 25.9259 60.0000 49.7778 类别满额",
        ),
    ),
    Case(
        "各项都相同：换一个种子，次序可以不同",
        {"甲": 20, "乙": 20, "丙": 5},
        marks={"甲": "90 80", "乙": "80 90", "丙": "60 60"},
        rules=quota(BOTH, by_category={"助人为乐": 1}),
        seed="2027053",
        expected=(
            "1 甲 37.0370 85.0000 70.6111 入选 抽签",
            "2 乙 37.0370 85.0000 70.6111 类别满额 抽签",
            "3 丙 25.9259 60.0000 49.7778 类别满额",
        ),
    ),
    Case(
        "规则只写抽签：总分相同就抽签，不看票数",
        {"甲": 10, "乙": 20},
        marks={"甲": "90 80", "乙": "80 90"},
        rules=replace(PANEL_ALONE, ties=(TieBreaker.LOT,)),
        seed="2027051",
        expected=(
            "1 乙 - 85.0000 85.0000 入选 抽签",
            "2 甲 - 85.0000 85.0000 入选 抽签",
        ),
    ),
    Case(
        "三人总分相同：各写明用来区分的最后一条规则",
        {"甲": 10, "乙": 20, "丙": 20},
        marks={"甲": "90 80", "乙": "80 90", "丙": "70 100"},
        rules=PANEL_ALONE,
        expected=(
            "1 丙 - 85.0000 85.0000 入选 比满分项",
            "2 乙 - 85.0000 85.0000 入选 比票数",
            "3 甲 - 85.0000 85.0000 入选 比票数",
        ),
    ),
    Case(
        "回避：回避者不计入，也不影响达到人数",
        {"甲": 0, "乙": 0},
        marks={"甲": "90 80 回", "乙": "60 70 80"},
        rules=PANEL_ALONE,
        expected=(
            "1 甲 - 85.0000 85.0000 入选",
            "2 乙 - 70.0000 70.0000 入选",
        ),
    ),
    Case(
        "全体评委回避：没有评委分，不排名，由主办方说明",
        {"甲": 0, "乙": 0},
        marks={"甲": "回 回", "乙": "60 70"},
        rules=PANEL_ALONE,
        expected=(
            "1 乙 - 65.0000 65.0000 入选",
            "- 甲 - - - 评委不足",
        ),
    ),
    Case(
        "缺评：三人中两人评分，刚好三分之二，有效",
        {"甲": 0},
        marks={"甲": "90 缺 80"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 85.0000 85.0000 入选",),
    ),
    Case(
        "缺评：四人中两人评分，不足三分之二，不排名；群众分照列",
        {"甲": 3, "乙": 0},
        marks={"甲": "90 缺 80 缺", "乙": "50 50 50 50"},
        expected=(
            "1 乙 47.6190 50.0000 49.2857 入选",
            "- 甲 52.3810 - - 评委不足",
        ),
    ),
    Case(
        "回避加缺评：四人中一人回避、一人缺评，三人中两人评分，有效",
        {"甲": 0},
        marks={"甲": "90 回 80 缺"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 85.0000 85.0000 入选",),
    ),
    Case(
        "不适用不是零分：两项按 40 比 30 重新分配",
        {"甲": 0, "乙": 0},
        marks={"甲": "90/80/-", "乙": "90/80/0"},
        rules=PANEL_ALONE,
        expected=(
            "1 甲 - 85.7143 85.7143 入选",
            "2 乙 - 60.0000 60.0000 入选",
        ),
    ),
    Case(
        "三项都不适用，等于没有评",
        {"甲": 0},
        marks={"甲": "-/-/- 80 90"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 85.0000 85.0000 入选",),
    ),
    Case(
        "四个评分：不去掉最高最低",
        {"甲": 0},
        marks={"甲": "100 80 80 20"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 70.0000 70.0000 入选",),
    ),
    Case(
        "五个评分：去掉一个最高分和一个最低分",
        {"甲": 0},
        marks={"甲": "100 80 80 70 20"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 76.6667 76.6667 入选",),
    ),
    Case(
        "九个评分：只去掉一个最高分和一个最低分，相同的最高分留下一个",
        {"甲": 0},
        marks={"甲": "100 100 90 90 90 80 80 70 0"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 85.7143 85.7143 入选",),
    ),
    Case(
        "五人中一人缺评：只有四个评分，不去掉最高最低",
        {"甲": 0},
        marks={"甲": "100 80 80 20 缺"},
        rules=PANEL_ALONE,
        expected=("1 甲 - 70.0000 70.0000 入选",),
    ),
    Case(
        "去掉的最高分里的满分项，比满分项时仍然算数",
        {"甲": 0, "乙": 0},
        marks={"甲": "100 80 80 80 60", "乙": "90 80 80 80 60"},
        rules=PANEL_ALONE,
        expected=(
            "1 甲 - 80.0000 80.0000 入选 比满分项",
            "2 乙 - 80.0000 80.0000 入选 比满分项",
        ),
    ),
    Case(
        "除不尽：只在最后四舍六入五成双到四位小数",
        {"甲": 1, "乙": 0},
        marks={"甲": "90 80 80", "乙": "80 80 81"},
        expected=(
            "1 甲 50.8197 83.3333 73.5792 入选",
            "2 乙 49.1803 80.3333 70.9874 入选",
        ),
    ),
    Case(
        "第五位小数的差别不算：公布的分数相同就是同分",
        {"甲": 1, "乙": 2},
        marks={"甲": "80 80 80.0001", "乙": "80 80 80"},
        rules=PANEL_ALONE,
        expected=(
            "1 乙 - 80.0000 80.0000 入选 比票数",
            "2 甲 - 80.0000 80.0000 入选 比票数",
        ),
    ),
    Case(
        "票决：赞成票占投票人数的比例",
        {"甲": 0, "乙": 0},
        ballots={"甲": "7/9", "乙": "5/8"},
        members=9,
        rules=SECRET,
        expected=(
            "1 甲 - 77.7778 77.7778 入选",
            "2 乙 - 62.5000 62.5000 入选",
        ),
    ),
    Case(
        "票决：投票人数不足三分之二，不排名",
        {"甲": 0, "乙": 0},
        ballots={"甲": "5/5", "乙": "5/8"},
        members=9,
        rules=SECRET,
        expected=(
            "1 乙 - 62.5000 62.5000 入选",
            "- 甲 - - - 评委不足",
        ),
    ),
    Case(
        "类别名额两人：按名次取前两名",
        FIVE,
        rules=quota(VOTES_ALONE, by_category={"助人为乐": 2}),
        expected=(
            "1 甲 100.0000 - 100.0000 入选",
            "2 乙 75.0000 - 75.0000 入选",
            "3 丙 50.0000 - 50.0000 类别满额",
            "4 丁 25.0000 - 25.0000 类别满额",
            "5 戊 0.0000 - 0.0000 类别满额",
        ),
    ),
    Case(
        "名额多于候选人：可以少选",
        {"甲": 9, "乙": 8},
        rules=quota(VOTES_ALONE, by_category={"助人为乐": 5}, total=25),
        expected=(
            "1 甲 50.2304 - 50.2304 入选",
            "2 乙 49.7696 - 49.7696 入选",
        ),
    ),
    Case(
        "属地名额一人：同县第二名让给别县",
        {"甲@助人为乐@魏都": 9, "乙@助人为乐@魏都": 8, "丙@助人为乐@长葛": 7},
        rules=quota(VOTES_ALONE, by_category={"助人为乐": 2}, by_place={"魏都": 1}),
        expected=(
            "1 甲 33.6420 - 33.6420 入选",
            "2 乙 33.3333 - 33.3333 属地满额",
            "3 丙 33.0247 - 33.0247 入选",
        ),
    ),
    Case(
        "属地名额跨类别合并计算：两类的第一名同县，总分高的先选",
        {
            "甲@助人为乐@魏都": 90,
            "乙@助人为乐@长葛": 10,
            "丙@孝老爱亲@魏都": 60,
            "丁@孝老爱亲@长葛": 40,
        },
        rules=quota(VOTES_ALONE, by_category={"助人为乐": 1, "孝老爱亲": 1}, by_place={"魏都": 1}),
        expected=(
            "1 甲 63.3333 - 63.3333 入选",
            "2 乙 36.6667 - 36.6667 类别满额",
            "1 丙 53.3333 - 53.3333 属地满额",
            "2 丁 46.6667 - 46.6667 入选",
        ),
    ),
    Case(
        "总数三人：先取各类别第一名，再按总分取第二名",
        {"甲": 90, "乙": 80, "丙@孝老爱亲": 90, "丁@孝老爱亲": 10},
        rules=quota(VOTES_ALONE, total=3),
        expected=(
            "1 甲 51.3514 - 51.3514 入选",
            "2 乙 48.6486 - 48.6486 入选",
            "1 丙 63.3333 - 63.3333 入选",
            "2 丁 36.6667 - 36.6667 总数满额",
        ),
    ),
    Case(
        "两个类别的第一名各项相同，只有一个总名额：须抽签",
        {"甲": 5, "乙@孝老爱亲": 5},
        rules=quota(VOTES_ALONE, total=1),
        needs_lot=True,
        expected=(
            "1 甲 100.0000 - 100.0000 总数满额",
            "1 乙 100.0000 - 100.0000 入选",
        ),
    ),
    Case(
        "两个类别的第一名各项相同，各有名额：不必抽签",
        {"甲": 5, "乙": 1, "丙@孝老爱亲": 5},
        rules=quota(VOTES_ALONE, by_category={"助人为乐": 1}),
        expected=(
            "1 甲 50.9709 - 50.9709 入选",
            "2 乙 49.0291 - 49.0291 类别满额",
            "1 丙 100.0000 - 100.0000 入选",
        ),
    ),
    Case(
        "名额为零的类别：不选",
        {"甲": 5},
        rules=quota(VOTES_ALONE, by_category={"助人为乐": 0}),
        expected=("1 甲 100.0000 - 100.0000 类别满额",),
    ),
    Case("没有候选人", {}, expected=()),
)


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_the_table(case: Case) -> None:
    outcome = decide(inputs_of(case), case.seed)
    assert told(outcome) == case.expected
    assert outcome.needs_lot is case.needs_lot


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(2, 3), "0.6667"),
        (Fraction(5, 100_000), "0.0000"),
        (Fraction(15, 100_000), "0.0002"),
        (Fraction(25, 100_000), "0.0002"),
        (Fraction(250_001, 1_000_000_000), "0.0003"),
        (Fraction(100), "100.0000"),
        (Fraction(0), "0.0000"),
    ],
)
def test_a_half_is_rounded_to_the_even_neighbour(exact: Fraction, text: str) -> None:
    assert str(shown(exact)) == text


def test_the_lot_is_the_order_of_hashes_that_anybody_can_compute() -> None:
    """As `printf 2027051:甲 | sha256sum` does."""
    digests = {name: sha256(f"2027051:{name}".encode()).hexdigest() for name in "甲乙丙"}
    assert lot("2027051", "甲乙丙") == sorted(digests, key=digests.__getitem__)


NAMES = tuple("甲乙丙丁戊己庚辛壬癸")
counts = st.integers(0, 400)
points = st.none() | st.integers(0, 1000).map(lambda n: Decimal(n) / 10)


@st.composite
def some_inputs(draw: st.DrawFn) -> Inputs:
    """Up to ten candidates in two categories and two counties, judged by up to seven members."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    candidates = tuple(
        Candidate(
            name,
            draw(st.sampled_from(("助人为乐", "孝老爱亲"))),
            draw(st.sampled_from((None, "魏都", "长葛"))),
            draw(st.integers(0, 5)),
        )
        for name in names
    )
    members = tuple(f"评委{n}" for n in range(draw(st.integers(1, 7))))
    pairs = [(member, name) for member in members for name in names]
    marked = draw(st.lists(st.sampled_from(pairs), unique=True))
    panel = PanelRecord(
        members,
        frozenset(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))),
        tuple(
            Marks(member, name, {c.code: draw(points) for c in BOTH.rubric})
            for member, name in marked
        ),
    )
    limits = st.none() | st.integers(0, 4)
    by_place = {p: n for p in ("魏都", "长葛") if (n := draw(limits)) is not None}
    by_category = {"助人为乐": draw(st.integers(0, 4))}
    return Inputs(
        quota(BOTH, total=draw(limits), by_category=by_category, by_place=by_place),
        candidates,
        panel,
    )


seeds = st.none() | st.sampled_from(("2027051", "2027053"))


def test_leaving_after_the_counts_are_known_moves_nobody_elses_score() -> None:
    """Without the last of five, a percentile would become a share."""
    inputs = inputs_of(Case("", FIVE, (), rules=VOTES_ALONE))
    gone = [replace(c, has_left=c.id == "戊") for c in inputs.candidates]
    everybody = told(decide(inputs))
    assert told(decide(replace(inputs, candidates=tuple(gone)))) == everybody[:4]


@given(some_inputs(), seeds, st.randoms(use_true_random=False))
def test_the_order_of_what_goes_in_changes_nothing(
    inputs: Inputs, seed: str | None, dice: random.Random
) -> None:
    assert inputs.panel is not None
    candidates, marks = list(inputs.candidates), list(inputs.panel.marks)
    dice.shuffle(candidates)
    dice.shuffle(marks)
    panel = replace(inputs.panel, marks=tuple(marks), members=inputs.panel.members[::-1])
    other = Inputs(inputs.rules, tuple(candidates), panel)
    assert sorted(told(decide(other, seed))) == sorted(told(decide(inputs, seed)))


@given(some_inputs(), st.data())
def test_marks_of_the_recused_and_of_outsiders_never_count(
    inputs: Inputs, data: st.DataObject
) -> None:
    panel = inputs.panel
    assert panel is not None
    barred = [*panel.recused, *(("局外人", c.id) for c in inputs.candidates)]
    marks = [m for m in panel.marks if (m.member, m.nominee) not in panel.recused]
    forged = tuple(
        Marks(member, nominee, {c.code: data.draw(points) for c in BOTH.rubric})
        for member, nominee in barred
    )
    clean = replace(inputs, panel=replace(panel, marks=tuple(marks)))
    dirty = replace(inputs, panel=replace(panel, marks=(*marks, *forged)))
    assert decide(dirty) == decide(clean)


@given(some_inputs(), seeds)
def test_what_is_kept_as_json_gives_the_same_again(inputs: Inputs, seed: str | None) -> None:
    kept = json.loads(json.dumps(outcomes.dump_inputs(inputs)))
    assert outcomes.dump_inputs(outcomes.load_inputs(kept)) == kept
    assert outcomes.dump(decide(outcomes.load_inputs(kept), seed)) == json.loads(
        json.dumps(outcomes.dump(decide(inputs, seed)))
    )


@given(some_inputs(), st.sampled_from(("2027051", "2027053")))
def test_no_quota_is_exceeded_and_nobody_fitting_is_left_out(inputs: Inputs, seed: str) -> None:
    winners = inputs.rules.winners
    lines = [outcomes.dump_line(line) for line in decide(inputs, seed).lines]
    chosen = [line for line in lines if line["is_selected"]]
    categories = Counter(line["category"] for line in chosen)
    places = Counter(line["place"] for line in chosen)

    def is_full(line: dict[str, Any]) -> bool:
        limits = (
            (winners.total, len(chosen)),
            (winners.by_category.get(line["category"]), categories[line["category"]]),
            (winners.by_place.get(line["place"] or ""), places[line["place"]]),
        )
        return any(limit is not None and taken >= limit for limit, taken in limits)

    assert winners.total is None or len(chosen) <= winners.total
    assert all(categories[code] <= limit for code, limit in winners.by_category.items())
    assert all(places[code] <= limit for code, limit in winners.by_place.items())
    assert all(line["is_selected"] or line["rank"] is None or is_full(line) for line in lines)


@given(st.lists(counts, min_size=1, max_size=8), st.integers(0, 100), st.data())
def test_one_ballot_never_moves_a_final_score_by_a_point(
    votes: list[int], percent: int, data: st.DataObject
) -> None:
    """The ballot is cast, voided or replaced: before it names some, afterwards others."""
    before = dict(zip(NAMES, votes, strict=False))
    old, new = (
        {name for name in before if data.draw(st.booleans()) and (before[name] or n)}
        for n in range(2)
    )
    after = {n: v - (n in old) + (n in new) for n, v in before.items()}
    weight = Fraction(percent, 100)
    k = shrinkage(weight)
    was, now = damped_shares(before, k), damped_shares(after, k)
    assert all(abs(now[name] - was[name]) * weight < 1 for name in before)


def test_the_bound_of_a_point_is_no_idle_one() -> None:
    """With an eighth of the shrinkage one ballot moves more than a point."""
    k = shrinkage(Fraction(1)) / 8
    nobody = damped_shares({"甲": 0, "乙": 0, "丙": 0, "丁": 0}, k)
    others = damped_shares({"甲": 0, "乙": 1, "丙": 1, "丁": 1}, k)
    assert nobody["甲"] - others["甲"] > 1


@given(st.lists(counts, min_size=5, max_size=10), st.data())
def test_a_vote_more_never_lowers_a_score(votes: list[int], data: st.DataObject) -> None:
    before = dict(zip(NAMES, votes, strict=False))
    lucky = data.draw(st.sampled_from(sorted(before)))
    after = before | {lucky: before[lucky] + 1}
    assert percentiles(after)[lucky] >= percentiles(before)[lucky]
    assert damped_shares(after, Fraction(30))[lucky] > damped_shares(before, Fraction(30))[lucky]


@given(st.lists(counts, min_size=2, max_size=10))
def test_shares_add_up_to_a_hundred_and_percentiles_average_fifty(votes: list[int]) -> None:
    by_name = dict(zip(NAMES, votes, strict=False))
    assert sum(damped_shares(by_name, Fraction(30)).values()) == 100
    assert sum(percentiles(by_name).values()) == 50 * len(votes)


@given(st.lists(points, min_size=3, max_size=3), st.integers(1, 50))
def test_the_scale_of_points_and_of_weights_does_not_matter(
    given_points: list[Decimal | None], factor: int
) -> None:
    rubric = BOTH.rubric
    codes = [c.code for c in rubric]
    larger = tuple(
        replace(c, weight=c.weight * factor, max_points=c.max_points * factor) for c in rubric
    )
    plain = dict(zip(codes, given_points, strict=True))
    scaled = {code: None if p is None else p * factor for code, p in plain.items()}
    assert member_score(scaled, larger) == member_score(plain, rubric)


@given(st.lists(st.integers(0, 50), min_size=5, max_size=9), st.integers(0, 50))
def test_from_five_scores_on_a_single_extreme_does_not_count(marks: list[int], more: int) -> None:
    """Whatever the highest becomes, as long as it stays the highest."""
    ordered = sorted(marks)
    raised = [*ordered[:-1], ordered[-1] + more]
    case = Case("", {"甲": 0}, (), rules=PANEL_ALONE)
    finals = {
        told(decide(inputs_of(replace(case, marks={"甲": " ".join(map(str, row))}))))
        for row in (ordered, raised)
    }
    assert len(finals) == 1
