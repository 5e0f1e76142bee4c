"""Whether the rules of a campaign hold together: what is wrong, field by field. Pure.

`Rules` says what can be said; here stands what makes sense of it. Sources: domain/nominations,
and State Council General Office letter 2026/12 on votes for units.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from nominations.lifecycles import NomineeKind
from nominations.rules import (
    LADDER,
    PUBLIC_WEIGHT_CAP,
    CommitteeMethod,
    Quota,
    Rules,
    Step,
    TieBreaker,
)

SHORTEST_NOTICE_DAYS = 5
"""公示 of five to seven days everywhere seen."""

Faults = dict[str, Any]
"""Field to messages, or to the faults of its own fields."""


def faults(rules: Rules, *, categories: Collection[str], places: Collection[str]) -> Faults:
    """What contradicts in the rules of a campaign with these category codes; `places` are the
    codes of counties and channels. Empty: nothing. Fields are named as in `Rules`."""
    found: Faults = {}
    for field, message in _plain_faults(rules):
        found.setdefault(field, []).append(message)
    for name in ("winners", "recommendations"):
        if wrong := _quota_faults(getattr(rules, name), categories, places):
            found[name] = wrong
    return found


def _plain_faults(rules: Rules) -> Iterator[tuple[str, str]]:
    yield from _step_faults(rules)
    yield from _weight_faults(rules)
    yield from _rubric_faults(rules)
    yield from _length_faults(rules)
    if not rules.nominee_kinds or _repeats(rules.nominee_kinds):
        yield "nominee_kinds", "至少选一种推荐对象，且不能重复"
    if _repeats(rules.departments):
        yield "departments", "征求意见的部门不能重复"
    if not 0 < rules.quorum <= 1:
        yield "quorum", "应大于 0，不大于 1"
    if not rules.ties or rules.ties[-1] is not TieBreaker.LOT or _repeats(rules.ties):
        yield "ties", "并列规则不能重复，最后一条应为抽签"
    if rules.notice_days < SHORTEST_NOTICE_DAYS:
        yield "notice_days", f"公示不能少于 {SHORTEST_NOTICE_DAYS} 天"


def _step_faults(rules: Rules) -> Iterator[tuple[str, str]]:
    if _repeats(rules.steps):
        yield "steps", "环节不能重复"
    if not any(step in rules.steps for step in LADDER):
        yield "steps", "至少需要一级审核"
    if rules.committee_weight > 0 and not rules.uses(Step.PANEL):
        yield "steps", "评委会评分占有权重，需要评委会环节"
    if rules.public_weight > 0 and not rules.uses(Step.ASSESSMENT):
        yield "steps", "群众评议占有权重，需要群众评议环节"


def _weight_faults(rules: Rules) -> Iterator[tuple[str, str]]:
    for name in ("public_weight", "committee_weight"):
        if not 0 <= getattr(rules, name) <= 1:
            yield name, "应在 0 至 1 之间"
    if rules.public_weight + rules.committee_weight != 1:
        yield "committee_weight", "群众评议与评委会的权重相加应为 1"
    if rules.public_weight > PUBLIC_WEIGHT_CAP and rules.public_weight_reason is None:
        yield "public_weight_reason", f"群众评议的权重超过 {PUBLIC_WEIGHT_CAP}，请说明理由（公开）"
    if rules.public_weight > 0 and NomineeKind.UNIT in rules.nominee_kinds:
        yield "public_weight", "评选单位时，票数不能作为评定依据"


def _rubric_faults(rules: Rules) -> Iterator[tuple[str, str]]:
    if _repeats([criterion.code for criterion in rules.rubric]):
        yield "rubric", "评分项目的代码不能重复"
    marked = rules.uses(Step.PANEL) and rules.committee_method is CommitteeMethod.SCORES
    if (marked or rules.rubric) and sum(c.weight for c in rules.rubric) != Decimal(100):
        yield "rubric", "评分项目的权重相加应为 100"
    if any(criterion.weight <= 0 for criterion in rules.rubric):
        yield "rubric", "评分项目的权重应大于 0"


def _length_faults(rules: Rules) -> Iterator[tuple[str, str]]:
    if rules.deeds_min_chars > rules.deeds_max_chars:
        yield "deeds_max_chars", "不能小于最少字数"
    if rules.life_photos_min > rules.life_photos_max:
        yield "life_photos_max", "不能小于最少张数"


def _quota_faults(quota: Quota, categories: Collection[str], places: Collection[str]) -> Faults:
    found: Faults = {}
    for name, known, message in (
        ("by_category", categories, "本次活动没有这个类别：{}"),
        ("by_place", places, "没有这个县区或推荐渠道：{}"),
    ):
        given = getattr(quota, name)
        wrong = [message.format(code) for code in given if code not in known]
        wrong += ["名额不能为负数"] if any(number < 0 for number in given.values()) else []
        if wrong:
            found[name] = wrong
    if quota.total is not None and quota.total < 0:
        found["total"] = ["名额不能为负数"]
    return found


def _repeats(values: Collection[object]) -> bool:
    return len(set(values)) != len(values)
