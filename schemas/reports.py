"""Monthly reports."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier, Instant, Month


class ReportQuery(Schema):
    site = Identifier(metadata={"description": "只看这一个阵地的报告"})
    month = Month(metadata={"description": "只看这一个月的报告"})


SINCE = {"description": "较早的报告没有这一项"}


class FiguresOut(Schema):
    people = ma.Integer(required=True)
    verified_times = ma.Integer(required=True)
    honorary_times = ma.Integer(required=True)
    verified_minutes = ma.Integer(required=True)
    honorary_minutes = ma.Integer(required=True)
    activities_with_check_ins = ma.Integer(required=True)
    activities_without_check_ins = ma.Integer(required=True)
    evaluations = ma.Integer(required=True)
    score_tenths = ma.Integer(required=True, allow_none=True)
    channels = ma.Dict(
        keys=ma.String(), values=ma.Integer(), allow_none=True, dump_default=None, metadata=SINCE
    )
    orders = ma.Integer(allow_none=True, dump_default=None, metadata=SINCE)
    orders_done = ma.Integer(allow_none=True, dump_default=None, metadata=SINCE)
    people_served = ma.Integer(allow_none=True, dump_default=None, metadata=SINCE)
    order_ratings = ma.Integer(allow_none=True, dump_default=None, metadata=SINCE)
    order_score_tenths = ma.Integer(allow_none=True, dump_default=None, metadata=SINCE)


class AdjustmentOut(Schema):
    """How an earlier month has changed since the report before."""

    month = ma.String(required=True)
    people = ma.Integer(required=True)
    verified_times = ma.Integer(required=True)
    honorary_times = ma.Integer(required=True)
    verified_minutes = ma.Integer(required=True)
    honorary_minutes = ma.Integer(required=True)


class MonthlyReportOut(Schema):
    id = Identifier(required=True)
    site_id = Identifier(required=True)
    site_name = ma.String(attribute="site.name", required=True)
    month = ma.String(required=True)
    figures = ma.Nested(FiguresOut, required=True)
    adjustments = ma.List(ma.Nested(AdjustmentOut), required=True)
    definitions_version = ma.String(required=True)
    definitions = ma.Dict(
        keys=ma.String(), values=ma.String(), required=True, metadata={"description": "指标口径"}
    )
    frozen_at = Instant(required=True)
