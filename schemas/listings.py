"""Lists of activities."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import (
    Day,
    EnumValue,
    Identifier,
    Instant,
    QueryBoolean,
    QueryInteger,
    QueryPosition,
    Text,
)
from schemas.shifts import ShiftOut
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import RiskLevel


class OpenActivityQuery(Schema):
    title = Text(data_key="q", max_length=60, metadata={"description": "名称中的文字"})
    category = Text(max_length=32, metadata={"description": "服务类别"})
    near = QueryPosition(
        metadata={"description": "我的位置，纬度,经度（gcj02），按远近排列；三位小数足够"}
    )
    radius = QueryInteger(
        minimum=100, maximum=50_000, metadata={"description": "离我多少米以内，默认 5000"}
    )
    action = EnumValue(Action)
    site = Identifier(metadata={"description": "阵地及其下级"})
    from_day = Day(data_key="from", metadata={"description": "起始日，含当日"})
    to_day = Day(data_key="to", metadata={"description": "截止日，含当日"})


class ActivityQuery(OpenActivityQuery):
    is_open = QueryBoolean(data_key="open", metadata={"description": "是否还能报上名"})


class OwnActivityQuery(Schema):
    status = EnumValue(ActivityStatus)


class ActivitySummaryOut(ActivityRefOut):
    """For those who organise or review it, without its shifts."""

    project_id = Identifier(required=True)
    action = EnumValue(Action, required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(required=True)
    site_id = Identifier(required=True)
    risk_level = EnumValue(RiskLevel, required=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)
    created_at = Instant(required=True)


class ListedActivityOut(ActivityRefOut):
    is_remembered = True

    project_id = Identifier(required=True)
    action = EnumValue(Action, required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(required=True)
    site_id = Identifier(required=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    category_code = ma.String(required=True)
    latitude = ma.Float(required=True, allow_none=True)
    longitude = ma.Float(required=True, allow_none=True)
    risk_level = EnumValue(RiskLevel, required=True)
    distance = ma.Integer(
        required=True, allow_none=True, metadata={"description": "离我多少米，给了位置才有"}
    )
    shifts = ma.List(ma.Nested(ShiftOut), required=True)
