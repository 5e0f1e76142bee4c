"""Campaigns and their rules."""

from marshmallow import fields as ma
from marshmallow import validate

from nominations.lifecycles import BallotPeriod, CampaignStatus, HonorKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, StrictInteger, Text

MAX_CHOICES = 50
"""Candidates on one ballot, whatever a campaign says."""


class CategoryIn(Schema):
    code = Text(
        required=True,
        max_length=32,
        validate=validate.Regexp(
            r"^[a-z][a-z0-9_]*\Z", error="类别代码由小写字母、数字和下划线组成，以字母开头"
        ),
    )
    name = Text(required=True, max_length=20)


class CampaignIn(Schema):
    title = Text(required=True, min_length=2, max_length=60)
    kind = EnumValue(HonorKind, required=True)
    nominations_open_at = Instant(required=True)
    nominations_close_at = Instant(required=True, metadata={"description": "这一刻已不在推荐期内"})
    assessment_open_at = Instant(required=True)
    assessment_close_at = Instant(required=True, metadata={"description": "这一刻已不在评议期内"})
    max_choices = StrictInteger(
        required=True,
        minimum=1,
        maximum=MAX_CHOICES,
        metadata={"description": "一张选票最多选几人"},
    )
    max_per_category = StrictInteger(required=True, minimum=1, maximum=MAX_CHOICES)
    period = EnumValue(BallotPeriod, required=True)
    has_hidden_counts = StrictBoolean(
        required=True, metadata={"description": "活动结束前不公开票数"}
    )
    categories = ma.List(
        ma.Nested(CategoryIn),
        validate=validate.Length(min=1, max=20),
        metadata={"description": "不填则为通常的五类"},
    )


class CampaignCancelIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class CategoryOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)


class CampaignOut(Schema):
    id = Identifier(required=True)
    title = ma.String(required=True)
    kind = EnumValue(HonorKind, required=True)
    status = EnumValue(CampaignStatus, required=True)
    nominations_open_at = Instant(required=True)
    nominations_close_at = Instant(required=True)
    assessment_open_at = Instant(required=True)
    assessment_close_at = Instant(required=True)
    categories = ma.List(ma.Nested(CategoryOut), required=True)
    holding_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "到期的步骤为何尚未进行"}
    )
    announced_at = Instant(required=True, allow_none=True)


class CampaignRulesOut(Schema):
    """What nominators and voters go by; fixed when the campaign is made."""

    campaign_id = Identifier(required=True)
    categories = ma.List(ma.Nested(CategoryOut), required=True)
    max_choices = ma.Integer(required=True)
    max_per_category = ma.Integer(required=True)
    period = EnumValue(BallotPeriod, required=True)
    has_hidden_counts = ma.Boolean(required=True)
    summary_max_chars = ma.Integer(required=True)
    deeds_min_chars = ma.Integer(required=True)
    deeds_max_chars = ma.Integer(required=True)
