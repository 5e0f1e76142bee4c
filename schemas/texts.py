"""Texts of nominations that a moderator reads."""

from marshmallow import fields as ma

from core.wechat import TextVerdict
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text


class UnclearTextOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    site_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    nominee_unit = ma.String(required=True, allow_none=True)
    representative_name = ma.String(required=True, allow_none=True)
    earlier_honors = ma.String(required=True, allow_none=True)
    summary = ma.String(required=True)
    short_deeds = ma.String(required=True, allow_none=True)
    deeds = ma.String(required=True)
    text_verdict = EnumValue(
        TextVerdict, required=True, metadata={"description": "内容安全检查的意见"}
    )
    text_cleared_at = Instant(required=True, allow_none=True)
    submitted_at = Instant(required=True)


class TextRefuseIn(Schema):
    reason = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "哪里需要修改"},
    )
