"""Sign-ups."""

from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import SignupStatus

REASON_MAX_CHARS = 200


class SignUpIn(Schema):
    accept_overlap = StrictBoolean(
        load_default=False,
        metadata={"description": "已知与另一场次有不超过一小时的重叠，仍要报名"},
    )


class ProxySignUpIn(SignUpIn):
    person_id = Identifier(required=True, metadata={"description": "为谁报名"})


class WalkInIn(Schema):
    person_id = Identifier(metadata={"description": "到场的人"})
    code = Text(max_length=100, metadata={"description": "到场的人手机上的个人码，代替编号"})

    @validates_schema
    def one_person(self, data: dict[str, Any], **_: Any) -> None:
        if ("code" in data) == ("person_id" in data):
            raise ValidationError("个人码和志愿者编号须填且只填一项", "code")


class MoveIn(Schema):
    shift_id = Identifier(required=True, metadata={"description": "同一活动的另一场次"})


class SignupReasonIn(Schema):
    reason = Text(
        required=True, max_length=REASON_MAX_CHARS, metadata={"description": "本人可以看到"}
    )


class ShiftSignupQuery(Schema):
    status = EnumValue(
        SignupStatus,
        load_default=None,
        metadata={"description": "只看这一状态；不填则看所有有效的报名"},
    )


class SignupOut(Schema):
    id = Identifier(required=True)
    shift_id = Identifier(required=True)
    status = EnumValue(SignupStatus, required=True)
    position = ma.Integer(
        required=True, allow_none=True, metadata={"description": "候补序号，直接报上的没有"}
    )
    created_at = Instant(required=True)
    cancelled_at = Instant(required=True, allow_none=True)
    offer_expires_at = Instant(
        required=True, allow_none=True, metadata={"description": "为您保留名额到此时"}
    )
    decision_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "未通过的原因"}
    )
    is_late = ma.Boolean(required=True, metadata={"description": "过了取消期限才取消"})
    is_walk_in = ma.Boolean(required=True, metadata={"description": "现场加入"})


class OwnSignupOut(SignupOut):
    starts_at = Instant(attribute="shift.starts_at", required=True)
    ends_at = Instant(attribute="shift.ends_at", required=True)
    activity = ma.Nested(ActivityRefOut, attribute="shift.activity", required=True)


class ShiftSignupOut(SignupOut):
    """What the leader sees."""

    name = MaskedName(attribute="person.name", required=True, allow_none=True)


class ExcusedSignupOut(SignupOut):
    excused_at = Instant(required=True)
    excuse_reason = ma.String(required=True)


class AbsenceOut(Schema):
    """One sign-up without a record of attendance."""

    signup_id = Identifier(attribute="id", required=True)
    unrecorded_at = Instant(required=True, metadata={"description": "签到表关闭的时间"})
    starts_at = Instant(attribute="shift.starts_at", required=True)
    activity = ma.Nested(ActivityRefOut, attribute="shift.activity", required=True)


class StandingOut(Schema):
    count = ma.Integer(required=True, metadata={"description": "没有签到记录的次数"})
    absences = ma.List(ma.Nested(AbsenceOut), required=True)
    paused_until = Instant(
        required=True, allow_none=True, metadata={"description": "在此之前不能报名"}
    )
    pause_after = ma.Integer(required=True, metadata={"description": "满几次暂停报名"})
    within_days = ma.Integer(required=True, metadata={"description": "在多少天内计算次数"})
    pause_days = ma.Integer(required=True, metadata={"description": "暂停多少天"})
    how_to_appeal = ma.String(required=True, metadata={"description": "怎样申诉"})
