"""Shifts and their check-in codes."""

from typing import Any

from marshmallow import fields as ma
from marshmallow import post_load, validate

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, StrictInteger, Text
from volunteer.lifecycles import ShiftStatus
from volunteer.models.shifts import LARGEST_CAPACITY, Rest

MOST_BREAKS = 6


class BreakIn(Schema):
    """Rest or a meal, within the shift."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    @post_load
    def rest(self, data: dict[str, Any], **_: Any) -> Rest:
        return Rest(**data)


class BreakOut(Schema):
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)


def breaks_in(description: str) -> ma.Field[Any]:
    """The declared breaks of a shift, for an in-shape."""
    return ma.List(
        ma.Nested(BreakIn),
        validate=validate.Length(max=MOST_BREAKS),
        metadata={"description": description},
    )


def _breaks_out() -> ma.Field[Any]:
    return ma.List(
        ma.Nested(BreakOut),
        required=True,
        metadata={"description": "休息、用餐的时间，不计入服务时长"},
    )


class ShiftIn(Schema):
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    capacity = StrictInteger(required=True, minimum=1, maximum=LARGEST_CAPACITY)
    post = Text(min_length=0, max_length=30, metadata={"description": "岗位"})
    min_people = StrictInteger(
        minimum=0, maximum=LARGEST_CAPACITY, metadata={"description": "少于此数时提醒组织者"}
    )
    breaks = breaks_in("休息、用餐的时间，整分钟，在场次之内且互不重叠")


class ShiftUpdateIn(Schema):
    """Only the fields that change."""

    starts_at = Instant()
    ends_at = Instant()
    capacity = StrictInteger(minimum=1, maximum=LARGEST_CAPACITY)
    post = Text(min_length=0, max_length=30)
    min_people = StrictInteger(minimum=0, maximum=LARGEST_CAPACITY)
    breaks = breaks_in("不填则随开始时间移动")


class ShiftOut(Schema):
    id = Identifier(required=True)
    activity_id = Identifier(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    capacity = ma.Integer(required=True)
    seats_left = ma.Integer(required=True)
    waiting = ma.Integer(required=True, metadata={"description": "候补人数"})
    post = ma.String(required=True, metadata={"description": "岗位"})
    breaks = _breaks_out()


class ShiftInsideOut(ShiftOut):
    """As its organizers see it."""

    min_people = ma.Integer(required=True, metadata={"description": "少于此数时提醒组织者"})


class CheckInCodeOut(Schema):
    code = ma.String(required=True, metadata={"description": "二维码的内容"})
    shift_id = Identifier(required=True)
    refresh_at = Instant(required=True, metadata={"description": "此时换用新码"})
    expires_at = Instant(required=True)
    digits = ma.String(required=True, metadata={"description": "6 位数字码，供不便扫码的人使用"})
    digits_refresh_at = Instant(required=True, metadata={"description": "此时换用新数字码"})


class EndIn(Schema):
    reason = Text(
        min_length=2, max_length=200, metadata={"description": "提前结束的原因，提前结束时必填"}
    )
    check_out_everybody = StrictBoolean(
        load_default=False, metadata={"description": "同时为所有未签退的人签退"}
    )


class ShiftDayOut(Schema):
    """A shift on its day."""

    id = Identifier(required=True)
    status = EnumValue(ShiftStatus, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    begun_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    end_reason = ma.String(required=True, allow_none=True)
    roll_closed_at = Instant(required=True, allow_none=True)
    breaks = _breaks_out()
    counted_until = Instant(required=True, metadata={"description": "计划时间以此为止"})
