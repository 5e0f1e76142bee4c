"""Check-in and check-out."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, MaskedName, Text
from volunteer.accrual import Reason
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.hours import Ledger


class CodeIn(Schema):
    code = Text(required=True, max_length=128, metadata={"description": "扫到的签到码"})


class ConfirmTimeIn(Schema):
    checked_out_at = Instant(required=True)
    reason = Text(required=True, min_length=2, max_length=200)


class UncountedOut(Schema):
    reason = EnumValue(Reason, required=True)
    sentence = ma.String(required=True)
    minutes = ma.Integer(required=True)


class AttendanceOut(Schema):
    id = Identifier(required=True)
    shift_id = Identifier(required=True)
    status = EnumValue(AttendanceStatus, required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True, allow_none=True)
    planned_minutes = ma.Integer(required=True, allow_none=True)
    minutes = ma.Integer(
        required=True, allow_none=True, metadata={"description": "计入的分钟数，签退后才有"}
    )
    held_minutes = ma.Integer(
        required=True, metadata={"description": "当天超出时限、待审核的分钟数"}
    )
    ledger = EnumValue(Ledger, required=True)
    not_counted = ma.List(ma.Nested(UncountedOut), required=True)


class ShiftAttendanceOut(AttendanceOut):
    """What the leader sees."""

    name = MaskedName(attribute="person.name", required=True, allow_none=True)
