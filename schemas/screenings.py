"""Reviewing nominations."""

from marshmallow import fields as ma

from core.wechat import TextVerdict
from nominations.lifecycles import NomineeKind, StepDecision, Verdict
from nominations.rules import Step
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, QueryBoolean, Text


class QueueQuery(Schema):
    overdue = QueryBoolean(
        load_default=False, metadata={"description": "只看等待超过 5 个工作日的"}
    )


class QueuedOut(Schema):
    """A submitted nomination as it waits for a reviewer; the deeds are in the nomination."""

    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    category = ma.String(required=True, attribute="category_code")
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    site_id = Identifier(required=True)
    channel_id = Identifier(required=True, allow_none=True)
    step = EnumValue(Step, required=True)
    step_since = Instant(required=True)
    reviews_count = ma.Integer(
        required=True, metadata={"description": "这一环节已有几位审核人员发表意见"}
    )
    summary = ma.String(required=True)
    submitted_at = Instant(required=True)
    text_verdict = EnumValue(
        TextVerdict,
        required=True,
        metadata={"description": "内容安全检查结果；除 pass 外请人工复核"},
    )


class SendBackIn(Schema):
    missing = Text(required=True, min_length=2, max_length=500, multiline=True)


class NominationRejectIn(Schema):
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class NominationPassIn(Schema):
    opinion = Text(load_default=None, min_length=2, max_length=500, multiline=True)


class NominationTransferIn(Schema):
    """Exactly one of the two places."""

    site_id = Identifier(load_default=None, metadata={"description": "转到这个阵地"})
    channel_id = Identifier(load_default=None, metadata={"description": "转到这个渠道"})
    reason = Text(required=True, min_length=2, max_length=200)


class ScreeningIn(Schema):
    opinion = Text(required=True, min_length=2, max_length=500, multiline=True)
    verdict = EnumValue(
        StepDecision,
        load_default=None,
        metadata={"description": "不填则只发表意见，不作决定"},
    )


class ScreeningOut(Schema):
    id = Identifier(required=True)
    step = EnumValue(Step, required=True)
    site_id = Identifier(required=True, allow_none=True)
    channel_id = Identifier(required=True, allow_none=True)
    verdict = EnumValue(Verdict, required=True)
    opinion = ma.String(required=True, allow_none=True)
    decided_by = Identifier(required=True, allow_none=True)
    at = Instant(required=True)


class ScreeningListOut(Schema):
    items = ma.List(ma.Nested(ScreeningOut), required=True)
