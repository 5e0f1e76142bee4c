"""Flags on hours, for site staff."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import FlagStatus
from volunteer.models.flags import FlagKind


class FlagCloseIn(Schema):
    note = Text(required=True, min_length=2, max_length=500, metadata={"description": "核查结果"})


class FlagOut(Schema):
    id = Identifier(required=True)
    kind = EnumValue(FlagKind, required=True)
    status = EnumValue(FlagStatus, required=True)
    site_id = Identifier(required=True)
    organization_id = Identifier(required=True)
    activity_id = Identifier(required=True)
    person_id = Identifier(required=True, allow_none=True)
    name = MaskedName(required=True, allow_none=True)
    count = ma.Integer(required=True)
    raised_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)
    note = ma.String(required=True, allow_none=True)
