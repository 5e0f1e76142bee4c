"""What a person needs today."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.attendances import AttendanceOut
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant
from schemas.personal import MaskedName
from volunteer.lifecycles import SignupStatus
from volunteer.next_step import StepCode


class OwnAttendanceOut(AttendanceOut):
    activity = ma.Nested(ActivityRefOut, attribute="shift.activity", required=True)
    ends_at = Instant(attribute="shift.counted_until", required=True)


class EngagementOut(Schema):
    """A sign-up of today or to come."""

    signup_id = Identifier(attribute="signup.id", required=True)
    shift_id = Identifier(attribute="shift.id", required=True)
    status = EnumValue(SignupStatus, required=True)
    offer_expires_at = Instant(
        attribute="signup.offer_expires_at",
        required=True,
        allow_none=True,
        metadata={"description": "为您保留名额到此时"},
    )
    activity = ma.Nested(
        ActivityRefOut, required=True, metadata={"description": "含用文字说明的地点"}
    )
    post = ma.String(attribute="shift.post", required=True, metadata={"description": "岗位"})
    starts_at = Instant(attribute="shift.starts_at", required=True)
    ends_at = Instant(attribute="shift.counted_until", required=True)
    leader_name = MaskedName(required=True, allow_none=True)
    leader_phone = ma.String(
        required=True,
        allow_none=True,
        metadata={"description": "报上名的人从前一天到场次结束可见，不隐去；其余时间为空"},
    )
    attendance = ma.Nested(AttendanceOut, required=True, allow_none=True)


class NextStepOut(Schema):
    code = EnumValue(StepCode, required=True)
    sentence = ma.String(required=True)
    about_id = Identifier(
        required=True, allow_none=True, metadata={"description": "报名、签到或点单的编号"}
    )


class TodayOut(Schema):
    next_step = ma.Nested(NextStepOut, required=True, metadata={"description": "下一步"})
    engagements = ma.List(
        ma.Nested(EngagementOut), required=True, metadata={"description": "今天的报名"}
    )
    next = ma.Nested(
        EngagementOut, required=True, allow_none=True, metadata={"description": "今天之后的第一场"}
    )
    open_attendance = ma.Nested(
        OwnAttendanceOut,
        required=True,
        allow_none=True,
        metadata={"description": "已签到、尚未签退"},
    )
    offers = ma.List(
        ma.Nested(EngagementOut), required=True, metadata={"description": "待您确认的名额"}
    )
    to_confirm = ma.List(
        ma.Nested(OwnAttendanceOut),
        required=True,
        metadata={"description": "负责人登记、待您确认的签到"},
    )
    unread = ma.Integer(required=True, metadata={"description": "未读消息数"})
