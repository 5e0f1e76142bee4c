"""Campaigns and their rules."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema
from marshmallow import fields as ma

from nominations.lifecycles import BallotPeriod, CampaignDate, CampaignStatus, HonorKind, ListPeriod
from nominations.presets import BY_CODE
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, StrictBoolean, StrictInteger, Text
from schemas.rules import Code, RulesIn, RulesOut

MAX_CHOICES = 50
"""Candidates on one ballot, whatever a campaign says."""


class CategoryIn(Schema):
    code = Code(required=True)
    name = Text(required=True, max_length=20)


class CampaignDatesIn(Schema):
    """Instants by the names of CampaignDate."""

    nominations_open_at = Instant()
    nominations_close_at = Instant(metadata={"description": "这一刻已不在推荐期内"})
    review_close_at = Instant(
        allow_none=True, metadata={"description": "没有群众评议的活动：审核结束，评委会开始评审"}
    )
    assessment_open_at = Instant(allow_none=True)
    assessment_close_at = Instant(allow_none=True, metadata={"description": "这一刻已不在评议期内"})
    judging_close_at = Instant(
        allow_none=True, metadata={"description": "计划的评审结束时间，条件具备时公示从此开始"}
    )


class CampaignPatchIn(CampaignDatesIn):
    title = Text(min_length=2, max_length=60)
    kind = EnumValue(HonorKind)
    list_period = EnumValue(ListPeriod, allow_none=True)
    list_year = StrictInteger(minimum=2000, maximum=2099, allow_none=True)
    list_number = StrictInteger(
        minimum=1, maximum=999, allow_none=True, metadata={"description": "第几月、季、批、届"}
    )
    max_choices = StrictInteger(
        minimum=1, maximum=MAX_CHOICES, metadata={"description": "一张选票最多选几人"}
    )
    max_per_category = StrictInteger(minimum=1, maximum=MAX_CHOICES)
    period = EnumValue(BallotPeriod)
    has_hidden_counts = StrictBoolean(metadata={"description": "活动结束前不公开票数"})
    categories = ma.List(
        ma.Nested(CategoryIn),
        validate=validate.Length(min=1, max=20),
        metadata={"description": "不填则为预设的类别，没有预设时为通常的五类"},
    )
    rules = ma.Nested(RulesIn, metadata={"description": "不填的为预设或通常的规则"})


_NEEDED = (
    "title",
    "kind",
    "nominations_open_at",
    "nominations_close_at",
    "max_choices",
    "max_per_category",
    "period",
    "has_hidden_counts",
)
"""Without a preset."""


class CampaignIn(CampaignPatchIn):
    preset = Text(
        max_length=32,
        validate=validate.OneOf(sorted(BY_CODE)),
        metadata={"description": "预设的代码；与 starts_on 一起填写，其余各项可以另行指定"},
    )
    starts_on = Day(metadata={"description": "推荐开始的日子，预设的各个时间由此推算"})

    @validates_schema
    def _check_given(self, data: dict[str, Any], **_: Any) -> None:
        if ("preset" in data) != ("starts_on" in data):
            raise ValidationError("预设与推荐开始的日子应一起填写", "starts_on")
        if "starts_on" in data and not 2000 <= data["starts_on"].year <= 2099:
            raise ValidationError("日期应在 2000 年至 2099 年之间", "starts_on")
        lacking = [name for name in _NEEDED if name not in data] if "preset" not in data else []
        if lacking:
            raise ValidationError({name: ["必须填写"] for name in lacking})


class CampaignReasonIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200, metadata={"description": "公开"})


class CampaignResumeIn(Schema):
    accepts_passed_dates = StrictBoolean(
        load_default=False,
        metadata={"description": "暂停期间过去的时间不再延期，相应的阶段随即开始或结束"},
    )


class CampaignPostponeIn(CampaignReasonIn):
    dates = ma.Nested(CampaignDatesIn, required=True)

    @validates_schema
    def _check_dates(self, data: dict[str, Any], **_: Any) -> None:
        dates = data.get("dates") or {}
        if not dates or None in dates.values():
            raise ValidationError("请填写新的时间", "dates")


class CategoryOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)


class CampaignOut(Schema):
    id = Identifier(required=True)
    title = ma.String(required=True)
    kind = EnumValue(HonorKind, required=True)
    list_period = EnumValue(ListPeriod, required=True, allow_none=True)
    list_year = ma.Integer(required=True, allow_none=True)
    list_number = ma.Integer(required=True, allow_none=True)
    status = EnumValue(CampaignStatus, required=True)
    nominations_open_at = Instant(required=True)
    nominations_close_at = Instant(required=True)
    review_close_at = Instant(required=True, allow_none=True)
    assessment_open_at = Instant(required=True, allow_none=True)
    assessment_close_at = Instant(required=True, allow_none=True)
    judging_close_at = Instant(required=True, allow_none=True)
    categories = ma.List(ma.Nested(CategoryOut), required=True)
    holding_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "到期的步骤为何尚未进行"}
    )
    pause_reason = ma.String(required=True, allow_none=True)
    cancel_reason = ma.String(required=True, allow_none=True)
    announced_at = Instant(required=True, allow_none=True)


class CampaignRulesOut(Schema):
    """What nominators, voters and judges go by; frozen when nominations open."""

    campaign_id = Identifier(attribute="id", required=True)
    categories = ma.List(ma.Nested(CategoryOut), required=True)
    max_choices = ma.Integer(required=True)
    max_per_category = ma.Integer(required=True)
    period = EnumValue(BallotPeriod, required=True)
    has_hidden_counts = ma.Boolean(required=True)
    rules = ma.Nested(RulesOut, required=True)
    rules_frozen_at = Instant(required=True, allow_none=True)


class CampaignInsideOut(CampaignOut):
    """All that its office decides."""

    max_choices = ma.Integer(required=True)
    max_per_category = ma.Integer(required=True)
    period = EnumValue(BallotPeriod, required=True)
    has_hidden_counts = ma.Boolean(required=True)
    rules = ma.Nested(RulesOut, required=True)
    rules_frozen_at = Instant(required=True, allow_none=True)
    paused_from = EnumValue(CampaignStatus, required=True, allow_none=True)
    created_at = Instant(required=True)


class CampaignPostponementOut(Schema):
    date = EnumValue(CampaignDate, required=True)
    before_at = Instant(required=True, allow_none=True)
    after_at = Instant(required=True)
    reason = ma.String(required=True)
    postponed_at = Instant(required=True)


class CampaignPostponementListOut(Schema):
    items = ma.List(ma.Nested(CampaignPostponementOut), required=True)


class PresetOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)
    kind = EnumValue(HonorKind, required=True)
    list_period = EnumValue(ListPeriod, required=True)
    categories = ma.List(ma.Nested(CategoryOut), required=True)
    max_choices = ma.Integer(required=True)
    max_per_category = ma.Integer(required=True)
    period = EnumValue(BallotPeriod, required=True)
    has_hidden_counts = ma.Boolean(required=True)
    rules = ma.Nested(RulesOut, required=True)
    days = ma.Dict(
        keys=EnumValue(CampaignDate),
        values=ma.Integer(),
        required=True,
        metadata={"description": "各个时间在推荐开始之后的天数"},
    )


class PresetListOut(Schema):
    items = ma.List(ma.Nested(PresetOut), required=True)
