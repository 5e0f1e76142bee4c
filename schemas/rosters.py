"""Lists of the people of an activity, in full."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, Text
from volunteer.lifecycles import SignupStatus


class InsuredListIn(Schema):
    reason = Text(
        required=True, min_length=2, max_length=200, metadata={"description": "用途，记入日志"}
    )


class CalleeOut(Schema):
    shift_id = Identifier(required=True)
    starts_at = Instant(required=True)
    name = ma.String(required=True, metadata={"description": "真实姓名，不隐去"})
    phone = ma.String(required=True, allow_none=True, metadata={"description": "手机号码，不隐去"})
    status = EnumValue(SignupStatus, required=True)
    is_minor = ma.Boolean(required=True, metadata={"description": "未满 18 周岁"})
    companion = ma.String(
        required=True, allow_none=True, metadata={"description": "监护人指定的陪同人，真实姓名"}
    )


class CallListOut(Schema):
    items = ma.List(ma.Nested(CalleeOut), required=True)


class InsuredOut(Schema):
    name = ma.String(required=True)
    id_number = ma.String(required=True, allow_none=True)
    born_on = Day(required=True, allow_none=True)


class InsuredListOut(Schema):
    insurance_number = ma.String(required=True, allow_none=True)
    items = ma.List(ma.Nested(InsuredOut), required=True)
