"""Check-in and check-out."""

from typing import Any

from marshmallow import fields as ma
from marshmallow import post_load, validate

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.personal import MaskedName
from volunteer.accrual import Reason
from volunteer.codes import DIGITS
from volunteer.geofence import Position
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import CheckMethod, Direction
from volunteer.models.hours import Ledger

LARGEST_ACCURACY_M = 100_000


class PositionIn(Schema):
    """Of the phone, gcj02. Only whether it is within the fence, and the distance, are kept."""

    latitude = ma.Float(required=True, validate=validate.Range(-90, 90))
    longitude = ma.Float(required=True, validate=validate.Range(-180, 180))
    accuracy = ma.Float(
        load_default=0.0,
        validate=validate.Range(0, LARGEST_ACCURACY_M),
        metadata={"description": "精度，米"},
    )

    @post_load
    def position(self, data: dict[str, Any], **_: Any) -> Position:
        return Position(**data)


class CheckIn(Schema):
    """A code; or digits for a shift; or, at large events, a shift and a position alone."""

    code = Text(max_length=128, metadata={"description": "扫到的签到码"})
    digits = ma.String(
        validate=validate.Regexp(rf"[0-9]{{{DIGITS}}}\Z"),
        metadata={"description": "负责人出示的 6 位数字码，须同时给出 shift_id"},
    )
    shift_id = Identifier(metadata={"description": "自己报名的场次，不扫码时必填"})
    position = ma.Nested(PositionIn, metadata={"description": "可选，作为到场的佐证"})


class ScanIn(Schema):
    code = Text(required=True, max_length=128, metadata={"description": "志愿者出示的个人码"})
    direction = EnumValue(Direction, required=True)


class PersonalCodeOut(Schema):
    code = ma.String(required=True, metadata={"description": "二维码的内容，不含个人信息"})
    refresh_at = Instant(required=True, metadata={"description": "此时换用新码"})


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
        required=True,
        metadata={"description": "待审核的分钟数：当天超出时限，或本人负责的场次没有他人证明"},
    )
    not_counted = ma.List(ma.Nested(UncountedOut), required=True)
    ledger = EnumValue(Ledger, required=True, metadata={"description": "计入签到时长还是补记时长"})
    awaits_person = ma.Boolean(
        required=True, metadata={"description": "由负责人登记，待本人确认是否属实"}
    )


class ShiftAttendanceOut(AttendanceOut):
    """What the leader sees."""

    name = MaskedName(attribute="person.name", required=True, allow_none=True)
    check_in_method = EnumValue(CheckMethod, required=True)
    check_in_inside_fence = ma.Boolean(
        required=True, allow_none=True, metadata={"description": "签到时是否在活动地点附近"}
    )
    check_in_distance_m = ma.Integer(
        required=True, allow_none=True, metadata={"description": "签到时距活动地点的米数"}
    )
    check_out_method = EnumValue(CheckMethod, required=True, allow_none=True)
    check_out_inside_fence = ma.Boolean(required=True, allow_none=True)
    check_out_distance_m = ma.Integer(required=True, allow_none=True)
    is_offline = ma.Boolean(required=True, metadata={"description": "离线签到，事后上传"})
