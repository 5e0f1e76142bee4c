"""Statistics of service for staff."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Month
from volunteer.services.statistics import By


class SpanQuery(Schema):
    from_month = Month(data_key="from", metadata={"description": "起始月，默认为今年一月"})
    to_month = Month(data_key="to", metadata={"description": "截止月，默认为本月"})
    site = Identifier(metadata={"description": "阵地及其下级"})


class HoursStatisticsQuery(SpanQuery):
    by = EnumValue(By, required=True)


class HoursRowOut(Schema):
    key = ma.String(required=True)
    name = ma.String(required=True)
    verified_minutes = ma.Integer(required=True, metadata={"description": "签到时长"})
    honorary_minutes = ma.Integer(required=True, metadata={"description": "补记时长"})
    entries = ma.Integer(required=True, metadata={"description": "记录条数，含更正"})
    people = ma.Integer(required=True, metadata={"description": "人数，同一人只计一次"})


class HoursStatisticsOut(Schema):
    """Rows stand in the order of their codes, never of their amounts."""

    by = EnumValue(By, required=True)
    first = ma.String(attribute="span.first", data_key="from", required=True)
    last = ma.String(attribute="span.last", data_key="to", required=True)
    items = ma.List(ma.Nested(HoursRowOut), required=True)
    total = ma.Nested(HoursRowOut, required=True)


class ParticipationOut(Schema):
    first = ma.String(attribute="span.first", data_key="from", required=True)
    last = ma.String(attribute="span.last", data_key="to", required=True)
    people = ma.Integer(required=True)
    verified_times = ma.Integer(required=True, metadata={"description": "有签到记录的人次"})
    honorary_times = ma.Integer(required=True, metadata={"description": "补记的人次"})
    activities_with_check_ins = ma.Integer(required=True)
    activities_without_check_ins = ma.Integer(
        required=True, metadata={"description": "没有签到记录的活动"}
    )
