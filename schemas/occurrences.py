"""Holding an activity again."""

from marshmallow import fields as ma

from schemas.activities import ActivityInsideOut
from schemas.base import Schema
from schemas.fields import Day, EnumValue
from volunteer.recurrence import Every


class CopyIn(Schema):
    starts_on = Day(required=True, metadata={"description": "新活动第一个场次的日期"})


class RepeatIn(Schema):
    every = EnumValue(Every, required=True, metadata={"description": "每周、每两周或每月"})
    until = Day(required=True, metadata={"description": "截止日，含当日；最多 26 次"})


class OccurrencesOut(Schema):
    items = ma.List(ma.Nested(ActivityInsideOut), required=True)
