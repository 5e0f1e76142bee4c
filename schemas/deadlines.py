"""What an organisation still has to record."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import Day


class OutstandingOut(Schema):
    activity = ma.Nested(ActivityRefOut, required=True)
    open_attendances = ma.Integer(required=True, metadata={"description": "没有签退时间的人数"})
    claimed_backfills = ma.Integer(required=True, metadata={"description": "待审核的补记"})
    has_no_records = ma.Boolean(
        required=True, metadata={"description": "有人报名而没有任何签到记录"}
    )
    due_on = Day(
        attribute="deadline.day",
        required=True,
        metadata={"description": "活动结束后第 10 个工作日"},
    )
    is_certain = ma.Boolean(
        attribute="deadline.is_certain",
        required=True,
        metadata={"description": "节假日是否已公布"},
    )
    is_overdue = ma.Boolean(required=True)


class DeadlineListOut(Schema):
    items = ma.List(ma.Nested(OutstandingOut), required=True)
