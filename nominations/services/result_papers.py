"""The result of a campaign as a paper and as a spreadsheet: every component, the rules, and the
decisions that depart from them. No member of the panel is named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select, union_all

from accounts.models.sites import Site
from core import clock
from core.actor import Actor
from core.db import apart, db
from core.deferred import Deferred
from core.sheets import Cell, xlsx_of
from nominations.models.campaigns import Campaign
from nominations.models.channels import Channel
from nominations.models.nominations import WITHHELD_NAME
from nominations.papers import Paper, Table, in_words
from nominations.rules import CommitteeMethod, PublicFormula, Quota, TieBreaker
from nominations.selecting import Bar
from nominations.services import result_views
from nominations.services.places import COUNTY_LEVELS
from nominations.services.result_views import LineView, ResultView

printing = Deferred("nominations.printing")

FORMULAS: Mapping[PublicFormula, str] = MappingProxyType(
    {PublicFormula.PERCENTILE: "百分位", PublicFormula.SHARE: "得票份额"}
)
METHODS: Mapping[CommitteeMethod, str] = MappingProxyType(
    {CommitteeMethod.SCORES: "逐项评分", CommitteeMethod.SECRET_BALLOT: "无记名票决"}
)
TIES: Mapping[TieBreaker, str] = MappingProxyType(
    {
        TieBreaker.COMMITTEE_SCORE: "评委会得分",
        TieBreaker.TOP_MARKS: "满分项数",
        TieBreaker.VERIFIED_VOTES: "有效票数",
        TieBreaker.LOT: "公开抽签",
    }
)
BARS: Mapping[Bar, str] = MappingProxyType(
    {
        Bar.UNJUDGED: "评分人数不足",
        Bar.CATEGORY: "类别名额已满",
        Bar.PLACE: "县（市、区）或渠道名额已满",
        Bar.TOTAL: "总名额已满",
    }
)
SHEET_HEADINGS = (
    "类别",
    "名次",
    "姓名（名称）",
    "名额归属",
    "有效票数",
    "群众评议得分",
    "计分方式",
    "各评委评分（不署名）",
    "应评人数",
    "实评人数",
    "同意票",
    "去掉最高最低分",
    "分歧",
    "满分项数",
    "评委会得分",
    "最终得分",
    "同分依据",
    "是否入选",
    "按规则是否入选",
    "未入选原因",
    "未按规则的理由",
)
PAPER_HEADINGS = (
    "名次",
    "姓名（名称）",
    "名额归属",
    "有效票数",
    "群众评议得分",
    "各评委评分（不署名）",
    "实评/应评",
    "同意票",
    "满分项数",
    "评委会得分",
    "最终得分",
    "同分依据",
    "结果",
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A result with what its codes mean."""

    view: ResultView
    title: str
    categories: Mapping[str, str]
    places: Mapping[str, str]


def print_result(actor: Actor, *, campaign_id: UUID) -> bytes:
    """The result as DOCX, as `result_views.shown_to`. Drawn outside any transaction."""
    return cast(bytes, printing.draw(_paper(_read(actor, campaign_id))))


def export_result(actor: Actor, *, campaign_id: UUID) -> Iterator[bytes]:
    """The result as XLSX: its lines, and below them its rules. As `result_views.shown_to`."""
    found = _read(actor, campaign_id)
    return xlsx_of(SHEET_HEADINGS, _sheet_rows(found))


def _read(actor: Actor, campaign_id: UUID) -> _Named:
    def read() -> _Named:
        view = result_views.shown_to(actor, campaign_id)
        campaign = db.session.get_one(Campaign, campaign_id)
        categories = {c.code: c.name for c in campaign.categories}
        return _Named(view, campaign.title, categories, _places())

    return apart(read, write=False)


def _places() -> dict[str, str]:
    """Names of counties, zones and channels, by the code that a quota has."""
    counties = select(Site.code, Site.division.label("name")).where(Site.level.in_(COUNTY_LEVELS))
    rows = db.session.execute(union_all(counties, select(Channel.code, Channel.name)))
    return {row.code: row.name for row in rows}


def _sheet_rows(found: _Named) -> Iterable[Sequence[Cell]]:
    for line in found.view.lines:
        yield _sheet_row(found, line)
    for code in found.view.withheld:
        yield found.categories[code], "", WITHHELD_NAME, *[""] * 14, "是", *[""] * 3
    yield ()
    yield from _rules(found)


def _sheet_row(found: _Named, line: LineView) -> Sequence[Cell]:
    told = line.components
    return (
        found.categories[line.category],
        line.rank,
        line.nominee_name,
        _place(found, told["place"]),
        told["votes"],
        told["public"],
        _formula(told),
        _marks(told),
        *_judged(told, "eligible", "judged_by", "approvals"),
        _yes(told["committee"]["is_trimmed"]) if told["committee"] else "",
        *_judged(told, "spread", "top_marks", "score"),
        told["final"],
        _tie(line),
        _yes(line.is_selected),
        _yes(told["is_selected"]),
        BARS[Bar(told["bar"])] if told["bar"] else "",
        line.deviation_reason,
    )


def _paper(found: _Named) -> Paper:
    result = found.view.result
    closing = [in_words(clock.day_of(result.fixed_at))] if result and result.fixed_at else []
    tables: list[str | Table] = []
    for code, lines in groupby(found.view.lines, key=lambda line: line.category):
        tables += [found.categories[code], _table(found, lines)]
    withheld = [
        f"{found.categories[c]}：{WITHHELD_NAME}，依法单独列入。" for c in found.view.withheld
    ]
    return Paper(
        title=f"{found.title}评选结果",
        parts=[*(f"{label}：{value}" for label, value in _rules(found)), *tables, *withheld],
        closing=closing,
        is_landscape=True,
    )


def _table(found: _Named, lines: Iterable[LineView]) -> Table:
    return Table(PAPER_HEADINGS, [_paper_row(found, line) for line in lines])


def _paper_row(found: _Named, line: LineView) -> Sequence[str]:
    told = line.components
    eligible, judged_by, approvals, top_marks, score = map(
        _said, _judged(told, "eligible", "judged_by", "approvals", "top_marks", "score")
    )
    public, formula = _said(told["public"]), _formula(told)
    return (
        _said(line.rank),
        line.nominee_name,
        _place(found, told["place"]),
        _said(told["votes"]),
        f"{public}（{formula}）" if formula else public,
        _marks(told),
        f"{judged_by}/{eligible}" if told["committee"] else "",
        approvals,
        top_marks,
        score,
        _said(told["final"]),
        _tie(line),
        _outcome(line),
    )


def _outcome(line: LineView) -> str:
    bar = line.components["bar"]
    outcome = "入选" if line.is_selected else "未入选"
    why = line.deviation_reason or (BARS[Bar(bar)] if bar and not line.is_selected else None)
    return f"{outcome}：{why}" if why else outcome


def _rules(found: _Named) -> Iterable[tuple[str, str]]:
    """What the result follows from, line by line."""
    view = found.view
    rules, outcome = view.rules, view.outcome
    yield "状态", _status(view)
    yield "权重", f"群众评议 {outcome['public_weight']}，评委会 {outcome['committee_weight']}"
    damped = f"，按份额计分时每位候选人先加 {outcome['shrinkage']} 票"
    yield "群众评议计分", FORMULAS[rules.public_formula] + damped
    yield "评委会评定", METHODS[rules.committee_method]
    yield "去掉最高分和最低分", f"评分满 {rules.trimmed_from} 人时"
    yield "法定人数", f"不需回避的评委的 {rules.quorum}"
    yield "同分时依次比较", "、".join(TIES[tie] for tie in rules.ties)
    yield "名额", _quota(found, rules.winners)
    if view.result is not None:
        yield "抽签依据", view.result.lot_source
        yield "抽签种子", view.result.lot_seed or "未抽签"
    for line in view.lines:
        if line.deviation_reason is not None:
            yield "未按规则的决定", f"{line.nominee_name}（{_outcome(line)}）"


def _status(view: ResultView) -> str:
    if view.result is None or view.result.fixed_at is None:
        return "尚未确认，仅供内部核对"
    return f"已于{in_words(clock.day_of(view.result.fixed_at))}确认"


def _quota(found: _Named, quota: Quota) -> str:
    total = [] if quota.total is None else [f"共 {quota.total} 名"]
    categories = [f"{found.categories[c]} {n} 名" for c, n in quota.by_category.items()]
    places = [f"{_place(found, code)} {n} 名" for code, n in quota.by_place.items()]
    return "，".join([*total, *categories, *places]) or "不限"


def _place(found: _Named, code: str | None) -> str:
    return "" if code is None else found.places.get(code, code)


def _formula(told: Mapping[str, Any]) -> str:
    return FORMULAS[PublicFormula(told["formula"])] if told["formula"] else ""


def _tie(line: LineView) -> str:
    return TIES[TieBreaker(line.tie_rule)] if line.tie_rule else ""


def _judged(told: Mapping[str, Any], *names: str) -> list[Cell]:
    """Of what the panel said; empty where there was none."""
    judged: Mapping[str, Any] = told["committee"] or {}
    return [judged.get(name) for name in names]


def _marks(told: Mapping[str, Any]) -> str:
    """From the highest down, so that their order tells nothing."""
    given = told["committee"]["by_member"].values() if told["committee"] else ()
    return "、".join(sorted(given, key=Decimal, reverse=True))


def _said(value: Cell) -> str:
    return "" if value is None else str(value)


def _yes(value: bool) -> str:
    return "是" if value else "否"
