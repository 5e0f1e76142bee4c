"""Results of campaigns, with every component. Scores are text with four decimals: exact."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import fields as ma
from marshmallow import validate

from nominations.lifecycles import ResultStatus
from nominations.models.nominations import WITHHELD_NAME
from nominations.rules import CommitteeMethod, PublicFormula, TieBreaker
from nominations.selecting import Bar
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, StrictInteger, Text

MAX_QUOTA = 1000
MAX_LIMITS = 60
"""Categories, or counties and channels, that a question can name."""


class ResultComputeIn(Schema):
    lot_source = Text(
        min_length=4,
        max_length=200,
        metadata={"description": "抽签依据：种子将取自何处，须在其产生之前写明；首次计算时必填"},
    )


class LotIn(Schema):
    seed = ma.String(
        required=True,
        validate=validate.Regexp(
            r"^[0-9A-Za-z+/=:._-]{1,128}\Z", error="种子只能由数字、字母和常用符号组成"
        ),
        metadata={"description": "从事先公布的依据取得的数字或哈希值"},
    )


class DeviationIn(Schema):
    nomination_id = Identifier(required=True)
    is_selected = StrictBoolean(required=True)
    reason = Text(
        required=True, min_length=4, max_length=300, metadata={"description": "理由，随结果公布"}
    )


class WithheldProposalIn(Schema):
    bravery_number = Text(
        required=True, max_length=60, metadata={"description": "见义勇为确认文书编号"}
    )
    reason = Text(required=True, min_length=4, max_length=200)


class LimitIn(Schema):
    code = Text(required=True, max_length=32)
    limit = StrictInteger(required=True, minimum=0, maximum=MAX_QUOTA)


class WinnersIn(Schema):
    total = StrictInteger(load_default=None, minimum=0, maximum=MAX_QUOTA, allow_none=True)
    by_category = ma.List(
        ma.Nested(LimitIn), load_default=list, validate=validate.Length(max=MAX_LIMITS)
    )
    by_place = ma.List(
        ma.Nested(LimitIn),
        load_default=list,
        validate=validate.Length(max=MAX_LIMITS),
        metadata={"description": "按县（市、区）或渠道的代码"},
    )


class WhatIfIn(Schema):
    """What is left out is as in the campaign's rules."""

    public_percent = StrictInteger(
        minimum=0, maximum=100, metadata={"description": "群众评议所占百分比，其余归评委会"}
    )
    public_formula = EnumValue(PublicFormula)
    trimmed_from = StrictInteger(minimum=3, maximum=100)
    winners = ma.Nested(WinnersIn)


class LimitsOut(Schema):
    total = ma.Integer(required=True, allow_none=True)
    by_category = ma.Dict(keys=ma.String(), values=ma.Integer(), required=True)
    by_place = ma.Dict(keys=ma.String(), values=ma.Integer(), required=True)


class CommitteeOut(Schema):
    """What the panel says of a nominee; no member is named."""

    score = ma.String(
        required=True, allow_none=True, metadata={"description": "评分人数不足时没有"}
    )
    member_scores = ma.Function(
        lambda judged: _descending(judged),
        required=True,
        metadata={
            "description": "各评委的评分，从高到低，不署名",
            "type": "array",
            "items": {"type": "string"},
        },
    )
    eligible = ma.Integer(required=True, metadata={"description": "不需回避的评委人数"})
    judged_by = ma.Integer(required=True)
    approvals = ma.Integer(
        required=True, allow_none=True, metadata={"description": "票决时的赞成票"}
    )
    is_trimmed = ma.Boolean(
        required=True, metadata={"description": "是否去掉一个最高分和一个最低分"}
    )
    spread = ma.String(
        required=True, allow_none=True, metadata={"description": "分歧：最高分与最低分之差"}
    )
    top_marks = ma.Integer(required=True, metadata={"description": "满分项数；票决时为赞成票"})


class ResultLineOut(Schema):
    nomination_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    category = ma.String(required=True)
    place = ma.String(
        required=True,
        allow_none=True,
        attribute="components.place",
        metadata={"description": "名额所属的县（市、区）或渠道的代码"},
    )
    rank = ma.Integer(required=True, allow_none=True)
    is_selected = ma.Boolean(required=True)
    is_selected_by_rules = ma.Boolean(required=True, attribute="components.is_selected")
    bar = ma.String(
        required=True,
        allow_none=True,
        attribute="components.bar",
        validate=validate.OneOf([bar.value for bar in Bar]),
        metadata={"description": "按规则未入选的原因"},
    )
    deviation_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "未按名次或超出名额的理由"}
    )
    tie_rule = ma.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([rule.value for rule in TieBreaker]),
        metadata={"description": "总分相同时用以区分的规则"},
    )
    votes = ma.Integer(required=True, attribute="components.votes")
    public = ma.String(required=True, allow_none=True, attribute="components.public")
    formula = ma.String(
        required=True,
        allow_none=True,
        attribute="components.formula",
        validate=validate.OneOf([formula.value for formula in PublicFormula]),
    )
    committee = ma.Nested(
        CommitteeOut, required=True, allow_none=True, attribute="components.committee"
    )
    final = ma.String(required=True, allow_none=True, attribute="components.final")


class WithheldOut(Schema):
    """Somebody selected outside the ranking, whose name the law withholds."""

    category = ma.Function(lambda code: code, required=True, metadata={"type": "string"})
    nominee_name = ma.Function(lambda _: WITHHELD_NAME, required=True, metadata={"type": "string"})


class ResultOutcomeOut(Schema):
    """A result with its rules and every component."""

    campaign_id = Identifier(required=True)
    public_weight = ma.String(required=True, attribute="outcome.public_weight")
    committee_weight = ma.String(required=True, attribute="outcome.committee_weight")
    shrinkage = ma.String(
        required=True,
        attribute="outcome.shrinkage",
        metadata={"description": "按得票份额计分时，每位候选人先加的票数"},
    )
    public_formula = EnumValue(PublicFormula, required=True, attribute="rules.public_formula")
    committee_method = EnumValue(CommitteeMethod, required=True, attribute="rules.committee_method")
    trimmed_from = ma.Integer(required=True, attribute="rules.trimmed_from")
    quorum = ma.String(required=True, attribute="rules.quorum")
    ties = ma.List(EnumValue(TieBreaker), required=True, attribute="rules.ties")
    winners = ma.Nested(LimitsOut, required=True, attribute="rules.winners")
    needs_lot = ma.Boolean(
        required=True,
        attribute="outcome.needs_lot",
        metadata={"description": "有人各项完全相同，须先公开抽签"},
    )
    items = ma.List(ma.Nested(ResultLineOut), required=True, attribute="lines")
    withheld = ma.List(ma.Nested(WithheldOut), required=True)


class ResultOut(ResultOutcomeOut):
    id = Identifier(required=True, attribute="result.id")
    version = ma.Integer(required=True, attribute="result.version")
    status = EnumValue(ResultStatus, required=True, attribute="result.status")
    lot_source = ma.String(required=True, attribute="result.lot_source")
    lot_seed = ma.String(required=True, allow_none=True, attribute="result.lot_seed")
    lot_drawn_at = Instant(required=True, allow_none=True, attribute="result.lot_drawn_at")
    computed_at = Instant(required=True, attribute="result.computed_at")
    fixed_at = Instant(required=True, allow_none=True, attribute="result.fixed_at")


class ResultVersionOut(Schema):
    """A result without its lines, and who did what."""

    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    version = ma.Integer(required=True)
    status = EnumValue(ResultStatus, required=True)
    lot_source = ma.String(required=True)
    lot_seed = ma.String(required=True, allow_none=True)
    lot_witnessed_by = Identifier(required=True, allow_none=True)
    lot_drawn_at = Instant(required=True, allow_none=True)
    computed_by = Identifier(required=True)
    computed_at = Instant(required=True)
    fixed_by = Identifier(required=True, allow_none=True)
    fixed_at = Instant(required=True, allow_none=True)


def _descending(judged: Mapping[str, Any]) -> list[str]:
    return sorted(judged["by_member"].values(), key=Decimal, reverse=True)
