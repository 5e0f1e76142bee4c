"""Visits to nominees."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, Identifier, Instant, Text


class VisitIn(Schema):
    visited_on = Day(required=True)
    place = Text(required=True, min_length=2, max_length=100)
    notes = Text(required=True, min_length=2, max_length=2000, multiline=True)


class SignatureOut(Schema):
    signed_by = Identifier(required=True)
    signed_at = Instant(required=True)


class VisitOut(Schema):
    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    visited_on = Day(required=True)
    place = ma.String(required=True)
    notes = ma.String(required=True)
    signatures = ma.List(ma.Nested(SignatureOut), required=True)
    recorded_at = Instant(required=True)


class VisitListOut(Schema):
    items = ma.List(ma.Nested(VisitOut), required=True)
