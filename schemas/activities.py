"""Activities with their shifts."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, QueryBoolean, Text
from schemas.shifts import ShiftOut
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus


class ActivityIn(Schema):
    project_id = Identifier(required=True)
    title = Text(required=True, min_length=2, max_length=60)
    place = Text(
        required=True, min_length=2, max_length=120, metadata={"description": "用文字写清地点"}
    )
    leader_id = Identifier(metadata={"description": "现场负责人，默认为创建者"})


class ActivityCancelIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class ActivityQuery(Schema):
    action = EnumValue(Action)
    site = Identifier(metadata={"description": "阵地及其下级"})
    from_day = Day(data_key="from", metadata={"description": "起始日，含当日"})
    to_day = Day(data_key="to", metadata={"description": "截止日，含当日"})
    is_open = QueryBoolean(data_key="open", metadata={"description": "是否还能报上名"})


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
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    cancel_reason = ma.String(required=True, allow_none=True)
    shifts = ma.List(ma.Nested(ShiftOut), required=True)
