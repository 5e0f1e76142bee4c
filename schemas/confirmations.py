"""Legal confirmation of bravery, and secrecy."""

from marshmallow import fields as ma

from nominations.lifecycles import ConfirmationStatus
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Text


class ConfirmationApplyIn(Schema):
    applied_on = Day(required=True)


class ConfirmationConfirmIn(Schema):
    number = Text(
        required=True, min_length=2, max_length=60, metadata={"description": "确认文书编号"}
    )
    decided_on = Day(required=True)


class ConfirmationRefuseIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)
    decided_on = Day(required=True)


class ConfirmationOut(Schema):
    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    status = EnumValue(ConfirmationStatus, required=True)
    applied_on = Day(required=True)
    decided_on = Day(required=True, allow_none=True)
    number = ma.String(required=True, allow_none=True)
    refusal_reason = ma.String(required=True, allow_none=True)


class SecrecyIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class SecrecyOut(Schema):
    id = Identifier(required=True)
    is_withheld = ma.Boolean(required=True)
    withheld_reason = ma.String(required=True, allow_none=True)
