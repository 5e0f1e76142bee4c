"""Holidays as announced by the State Council."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema
from schemas.fields import Day, StrictBoolean, Text


class HolidayIn(Schema):
    day = Day(required=True)
    is_workday = StrictBoolean(required=True, metadata={"description": "调休上班为 true"})
    name = Text(required=True, max_length=30)


class HolidaysIn(Schema):
    days = ma.List(ma.Nested(HolidayIn), required=True, validate=validate.Length(min=1, max=120))


class HolidayQuery(Schema):
    year = ma.Integer(
        required=True, validate=validate.Range(2000, 2099), metadata={"description": "年份"}
    )


class HolidayOut(Schema):
    day = Day(required=True)
    is_workday = ma.Boolean(required=True)
    name = ma.String(required=True)


class HolidayListOut(Schema):
    items = ma.List(ma.Nested(HolidayOut), required=True)
