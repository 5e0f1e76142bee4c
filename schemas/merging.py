"""Nominations that look alike, and merging them."""

from marshmallow import fields as ma

from nominations.lifecycles import NominationStatus, NomineeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text


class SimilarOut(Schema):
    nomination_id = Identifier(required=True, attribute="nomination.id")
    nominee_name = ma.String(required=True, attribute="nomination.shown_name")
    nominee_kind = EnumValue(NomineeKind, required=True, attribute="nomination.nominee_kind")
    category = ma.String(required=True, attribute="nomination.category_code")
    site_id = Identifier(required=True, attribute="nomination.site_id")
    summary = ma.String(required=True, attribute="nomination.summary")
    status = EnumValue(NominationStatus, required=True, attribute="nomination.status")
    submitted_at = Instant(required=True, attribute="nomination.submitted_at")
    score = ma.Integer(required=True, metadata={"description": "1 至 100，越大越可能是同一人选"})
    is_certain = ma.Boolean(required=True, metadata={"description": "身份证号码相同"})
    reasons = ma.List(ma.String(), required=True)


class SimilarListOut(Schema):
    items = ma.List(ma.Nested(SimilarOut), required=True)


class NominationMergeIn(Schema):
    into = Identifier(
        required=True, metadata={"description": "并入哪份推荐：同一次活动中尚在评选的另一份"}
    )
    reason = Text(required=True, min_length=2, max_length=200)
