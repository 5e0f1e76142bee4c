"""Qualifications of volunteers."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, Identifier, Instant, Text


class QualificationIn(Schema):
    code = Text(required=True, max_length=32)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, metadata={"description": "最后一天；长期有效则不填"})


class QualificationReasonIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class QualificationOut(Schema):
    id = Identifier(required=True)
    person_id = Identifier(required=True)
    code = ma.String(required=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True, allow_none=True)
    recorded_at = Instant(required=True)
