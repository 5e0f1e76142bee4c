"""Sign-ups."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, MaskedName
from volunteer.lifecycles import SignupStatus


class SignupOut(Schema):
    id = Identifier(required=True)
    shift_id = Identifier(required=True)
    status = EnumValue(SignupStatus, required=True)
    position = ma.Integer(
        required=True, allow_none=True, metadata={"description": "候补序号，直接报上的没有"}
    )
    created_at = Instant(required=True)
    cancelled_at = Instant(required=True, allow_none=True)


class OwnSignupOut(SignupOut):
    starts_at = Instant(attribute="shift.starts_at", required=True)
    ends_at = Instant(attribute="shift.ends_at", required=True)
    activity = ma.Nested(ActivityRefOut, attribute="shift.activity", required=True)


class ShiftSignupOut(SignupOut):
    """What the leader sees."""

    name = MaskedName(attribute="person.name", required=True, allow_none=True)
