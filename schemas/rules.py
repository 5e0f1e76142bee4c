"""The rules of a campaign, nested in its shapes."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from marshmallow import fields as ma
from marshmallow import post_load, validate

from nominations.lifecycles import NomineeKind
from nominations.rules import (
    CommitteeMethod,
    Criterion,
    PublicFormula,
    Quota,
    Step,
    TieBreaker,
)
from schemas.base import Schema
from schemas.fields import EnumValue, StrictBoolean, StrictInteger, Text

LARGEST_NUMBER = 10_000
"""Of people or places in a quota."""

SUMMARY_MAX_CHARS, SHORT_DEEDS_MAX_CHARS, DEEDS_MAX_CHARS = 140, 300, 1500
"""What a nomination has room for."""


class _Exact(ma.String):
    """An exact number, written as text, so that no binary fraction gets in between."""

    shape: ClassVar[str]
    read: ClassVar[Any]

    def __init__(self, **options: Any) -> None:
        told = {"pattern": f"^(?:{self.shape})$", **(options.pop("metadata", None) or {})}
        super().__init__(metadata=told, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if re.fullmatch(self.shape, text) is None:
            raise self.make_error("exact")
        return type(self).read(text)


class Weight(_Exact):
    """A part of 1 or of 100 with at most four decimals; loads to Decimal."""

    default_error_messages = {"exact": "应为数字，最多四位小数，如 0.3"}
    shape = r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?"
    read = Decimal


class Share(_Exact):
    """A part of 1 as a fraction or a decimal ("2/3", "0.5"); loads to Fraction."""

    default_error_messages = {"exact": "应为分数或小数，如 2/3 或 0.5"}
    shape = r"[1-9][0-9]{0,5}/[1-9][0-9]{0,5}|0\.[0-9]{1,4}|1"
    read = Fraction


class Code(Text):
    """A name for machines."""

    def __init__(self, **options: Any) -> None:
        shape = validate.Regexp(
            r"^[a-z][a-z0-9_]*\Z", error="代码由小写字母、数字和下划线组成，以字母开头"
        )
        super().__init__(max_length=32, validate=shape, **options)


def _numbers(description: str) -> ma.Dict:
    return ma.Dict(
        keys=Text(max_length=32),
        values=StrictInteger(minimum=0, maximum=LARGEST_NUMBER),
        validate=validate.Length(max=100),
        metadata={"description": description},
    )


class QuotaIn(Schema):
    """A plan: fewer are always allowed."""

    total = StrictInteger(
        minimum=0,
        maximum=LARGEST_NUMBER,
        allow_none=True,
        metadata={"description": "总数，空为不限"},
    )
    by_category = _numbers("按类别代码")
    by_place = _numbers("按县区代码或推荐渠道代码")

    @post_load
    def quota(self, data: dict[str, Any], **_: Any) -> Quota:
        return Quota(**data)


class CriterionIn(Schema):
    code = Code(required=True)
    name = Text(required=True, max_length=20)
    weight = Weight(required=True, metadata={"description": "占 100 分中的几分"})
    max_points = StrictInteger(minimum=1, maximum=100, load_default=100)

    @post_load
    def criterion(self, data: dict[str, Any], **_: Any) -> Criterion:
        return Criterion(**data)


def _listed(inner: ma.Field[Any], most: int, description: str) -> ma.List[Any]:
    return ma.List(
        inner,
        validate=validate.Length(max=most),
        metadata={"description": description},
    )


class RulesIn(Schema):
    """Loads to the fields of `nominations.rules.Rules` that were given; the others stay."""

    steps = _listed(EnumValue(Step), len(Step), "环节：审核、征求意见、走访、群众评议、评委会")
    nominee_kinds = _listed(EnumValue(NomineeKind), len(NomineeKind), "推荐对象")
    min_age = StrictInteger(minimum=0, maximum=120, metadata={"description": "周岁"})
    allows_self_nomination = StrictBoolean()
    summary_max_chars = StrictInteger(minimum=10, maximum=SUMMARY_MAX_CHARS)
    short_deeds_max_chars = StrictInteger(minimum=10, maximum=SHORT_DEEDS_MAX_CHARS)
    deeds_min_chars = StrictInteger(minimum=0, maximum=DEEDS_MAX_CHARS)
    deeds_max_chars = StrictInteger(minimum=1, maximum=DEEDS_MAX_CHARS)
    life_photos_min = StrictInteger(minimum=0, maximum=20)
    life_photos_max = StrictInteger(minimum=0, maximum=20)
    departments = _listed(Code(), 30, "逐人征求意见的部门代码")
    winners = ma.Nested(QuotaIn, metadata={"description": "表彰名额"})
    recommendations = ma.Nested(QuotaIn, metadata={"description": "各县区和渠道的推荐名额"})
    public_weight = Weight(metadata={"description": "群众评议的权重，与评委会相加为 1"})
    committee_weight = Weight(metadata={"description": "评委会的权重"})
    public_weight_reason = Text(
        max_length=200,
        min_length=2,
        allow_none=True,
        metadata={"description": "群众评议的权重超过 0.4 的理由，公开"},
    )
    public_formula = EnumValue(PublicFormula)
    committee_method = EnumValue(CommitteeMethod)
    rubric = _listed(ma.Nested(CriterionIn), 20, "评分项目，权重相加为 100")
    trimmed_from = StrictInteger(
        minimum=3, maximum=99, metadata={"description": "评分满几人时去掉最高分和最低分"}
    )
    quorum = Share(metadata={"description": "不回避的评委中至少多少人评分才有效"})
    ties = _listed(EnumValue(TieBreaker), len(TieBreaker), "并列时依次比较，最后为抽签")
    notice_days = StrictInteger(minimum=1, maximum=60, metadata={"description": "公示的天数"})
    has_comments = StrictBoolean()
    hides_votes_from_panel = StrictBoolean()
    real_name_from = StrictInteger(
        minimum=20,
        maximum=100_000,
        allow_none=True,
        metadata={
            "description": "同一网络一小时内已有这么多选票后，再投票须先实名登记；空为不要求"
        },
    )

    @post_load
    def as_kept(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {n: tuple(v) if isinstance(v, list) else v for n, v in data.items()}


class QuotaOut(Schema):
    total = ma.Integer(required=True, allow_none=True)
    by_category = ma.Dict(keys=ma.String(), values=ma.Integer(), required=True)
    by_place = ma.Dict(keys=ma.String(), values=ma.Integer(), required=True)


class CriterionOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)
    weight = Weight(required=True)
    max_points = ma.Integer(required=True)


class RulesOut(Schema):
    steps = ma.List(EnumValue(Step), required=True)
    nominee_kinds = ma.List(EnumValue(NomineeKind), required=True)
    min_age = ma.Integer(required=True)
    allows_self_nomination = ma.Boolean(required=True)
    summary_max_chars = ma.Integer(required=True)
    short_deeds_max_chars = ma.Integer(required=True)
    deeds_min_chars = ma.Integer(required=True)
    deeds_max_chars = ma.Integer(required=True)
    life_photos_min = ma.Integer(required=True)
    life_photos_max = ma.Integer(required=True)
    departments = ma.List(ma.String(), required=True)
    winners = ma.Nested(QuotaOut, required=True)
    recommendations = ma.Nested(QuotaOut, required=True)
    public_weight = Weight(required=True)
    committee_weight = Weight(required=True)
    public_weight_reason = ma.String(required=True, allow_none=True)
    public_formula = EnumValue(PublicFormula, required=True)
    committee_method = EnumValue(CommitteeMethod, required=True)
    rubric = ma.List(ma.Nested(CriterionOut), required=True)
    trimmed_from = ma.Integer(required=True)
    quorum = Share(required=True)
    ties = ma.List(EnumValue(TieBreaker), required=True)
    notice_days = ma.Integer(required=True)
    has_comments = ma.Boolean(required=True)
    hides_votes_from_panel = ma.Boolean(required=True)
    real_name_from = ma.Integer(required=True, allow_none=True)
