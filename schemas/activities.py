"""Activities with their shifts."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import (
    EnumValue,
    Identifier,
    Instant,
    Latitude,
    Longitude,
    StrictBoolean,
    StrictInteger,
    Text,
)
from schemas.shifts import ShiftInsideOut, ShiftOut
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import RiskLevel

OLDEST = 120
LONGEST_CANCEL_HOURS = 24 * 14
WIDEST_FENCE = 5_000
"""Metres; a park is smaller."""


class ActivityDetailsIn(Schema):
    """What may be told of an activity beside its name and place."""

    leader_id = Identifier(metadata={"description": "现场负责人，默认为创建者"})
    content = Text(
        min_length=0, max_length=4000, multiline=True, metadata={"description": "做什么"}
    )
    latitude = Latitude(allow_none=True)
    longitude = Longitude(allow_none=True)
    fence_radius = StrictInteger(
        minimum=20,
        maximum=WIDEST_FENCE,
        allow_none=True,
        metadata={"description": "签到范围，米"},
    )
    has_location_check_in = StrictBoolean(
        metadata={"description": "凭位置即可签到，同一时间的名额达到 100 人才可以"}
    )
    risk_level = EnumValue(RiskLevel, metadata={"description": "人身风险，招募时告知"})
    insurance_number = Text(
        max_length=64, allow_none=True, metadata={"description": "保险单号，有风险的活动发布前必填"}
    )
    min_age = StrictInteger(minimum=0, maximum=OLDEST, allow_none=True)
    max_age = StrictInteger(minimum=0, maximum=OLDEST, allow_none=True)
    qualification_code = Text(
        max_length=32, allow_none=True, metadata={"description": "报名须持有的资质"}
    )
    is_for_members = StrictBoolean(metadata={"description": "只限本组织成员"})
    needs_approval = StrictBoolean(metadata={"description": "报名须经组织审核"})
    cancel_hours = StrictInteger(
        minimum=0,
        maximum=LONGEST_CANCEL_HOURS,
        metadata={"description": "场次开始前多少小时以内不能随意取消"},
    )


class ActivityIn(ActivityDetailsIn):
    project_id = Identifier(required=True)
    title = Text(required=True, min_length=2, max_length=60)
    place = Text(
        required=True, min_length=2, max_length=120, metadata={"description": "用文字写清地点"}
    )


class ActivityUpdateIn(ActivityDetailsIn):
    """Only the fields that change."""

    title = Text(min_length=2, max_length=60)
    place = Text(min_length=2, max_length=120)


class ActivityReasonIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class ActivityRefOut(Schema):
    id = Identifier(required=True)
    title = ma.String(required=True)
    place = ma.String(required=True)
    status = EnumValue(ActivityStatus, required=True)


class ActivityOut(ActivityRefOut):
    project_id = Identifier(required=True)
    action = EnumValue(Action, required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(required=True)
    site_id = Identifier(required=True)
    content = ma.String(required=True)
    latitude = ma.Float(required=True, allow_none=True)
    longitude = ma.Float(required=True, allow_none=True)
    fence_radius = ma.Integer(required=True, allow_none=True)
    has_location_check_in = ma.Boolean(required=True)
    risk_level = EnumValue(
        RiskLevel,
        required=True,
        metadata={
            "description": "人身风险：none 无；personal 有，已投保；dangerous 危险，限成年人"
        },
    )
    min_age = ma.Integer(required=True, allow_none=True)
    max_age = ma.Integer(required=True, allow_none=True)
    qualification_code = ma.String(required=True, allow_none=True)
    is_for_members = ma.Boolean(required=True)
    needs_approval = ma.Boolean(required=True)
    cancel_hours = ma.Integer(required=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    postpone_reason = ma.String(required=True, allow_none=True)
    cancel_reason = ma.String(required=True, allow_none=True)
    shifts = ma.List(ma.Nested(ShiftOut), required=True)


class ActivityInsideOut(ActivityOut):
    """What its leaders, organizers and reviewers see as well."""

    shifts = ma.List(ma.Nested(ShiftInsideOut), required=True)
    leader_id = Identifier(required=True)
    deputy_ids = ma.List(Identifier(), required=True)
    insurance_number = ma.String(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)
    reason = ma.String(
        attribute="decision_reason",
        required=True,
        allow_none=True,
        metadata={"description": "退回的原因"},
    )
    published_at = Instant(required=True, allow_none=True)
    settled_at = Instant(required=True, allow_none=True)
    copied_from_id = Identifier(required=True, allow_none=True)
    created_at = Instant(required=True)
