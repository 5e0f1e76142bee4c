"""Disputes about what is recorded."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Minutes, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import DisputeStatus
from volunteer.models.disputes import DisputeAbout


class DisputeIn(Schema):
    about_type = EnumValue(DisputeAbout, required=True, metadata={"description": "对哪一类记录"})
    about_id = Identifier(required=True)
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class DisputeUpholdIn(Schema):
    answer = Text(required=True, min_length=2, max_length=500, multiline=True)
    minutes = Minutes(
        maximum=48 * 60, metadata={"description": "应计的分钟数，只用于时长和签到记录"}
    )


class DisputeDismissIn(Schema):
    answer = Text(required=True, min_length=2, max_length=500, multiline=True)


class DisputeOut(Schema):
    id = Identifier(required=True)
    about_type = EnumValue(DisputeAbout, required=True)
    about_id = Identifier(required=True)
    organization_id = Identifier(required=True)
    name = MaskedName(attribute="person.name", required=True, allow_none=True)
    reason = ma.String(required=True)
    status = EnumValue(DisputeStatus, required=True)
    opened_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = ma.String(required=True, allow_none=True)
    minutes = ma.Integer(required=True, allow_none=True)
