"""Complaints and suggestions."""

from marshmallow import fields as ma

from accounts.models.feedback import FeedbackKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, QueryBoolean, Text


class FeedbackIn(Schema):
    kind = EnumValue(FeedbackKind, required=True)
    text = Text(required=True, min_length=2, max_length=2000, multiline=True)
    about = Text(max_length=60, metadata={"description": "涉及的页面、活动或地点"})


class FeedbackQuery(Schema):
    kind = EnumValue(FeedbackKind)
    answered = QueryBoolean()


class AnswerIn(Schema):
    text = Text(required=True, min_length=2, max_length=1000, multiline=True)


class FeedbackReceiptOut(Schema):
    id = Identifier(required=True)
    kind = EnumValue(FeedbackKind, required=True)
    created_at = Instant(required=True)


class FeedbackOut(FeedbackReceiptOut):
    text = ma.String(required=True)
    about = ma.String(required=True, allow_none=True)
    answer = ma.String(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)
