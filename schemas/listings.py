"""Lists of activities."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, QueryBoolean
from schemas.shifts import ShiftOut
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import RiskLevel


class ActivityQuery(Schema):
    action = EnumValue(Action)
    site = Identifier(metadata={"description": "阵地及其下级"})
    from_day = Day(data_key="from", metadata={"description": "起始日，含当日"})
    to_day = Day(data_key="to", metadata={"description": "截止日，含当日"})
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
    project_id = Identifier(required=True)
    action = EnumValue(Action, required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(required=True)
    site_id = Identifier(required=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    shifts = ma.List(ma.Nested(ShiftOut), required=True)
