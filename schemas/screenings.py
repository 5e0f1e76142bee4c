"""Reviewing nominations."""

from marshmallow import fields as ma

from core.wechat import TextVerdict
from nominations.lifecycles import NomineeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text


class QueuedOut(Schema):
    """A submitted nomination as it waits for a reviewer; the deeds are in the nomination."""

    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    category = ma.String(required=True, attribute="category_code")
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    site_id = Identifier(required=True)
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
