"""Refused attempts to check in or out."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant
from schemas.personal import MaskedName
from volunteer.models.attendances import CheckMethod, Direction


class CheckAttemptOut(Schema):
    id = Identifier(required=True)
    name = MaskedName(attribute="person.name", required=True, allow_none=True)
    at = Instant(required=True)
    direction = EnumValue(Direction, required=True)
    method = EnumValue(CheckMethod, required=True)
    outcome = ma.String(required=True, metadata={"description": "未成功的原因，见错误码"})
