"""Time above a daily tier that waits for somebody to let it count."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.attendances import ShiftAttendanceOut
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, Text
from volunteer.accrual import Tier


class AttendanceRejectIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class ReviewOut(Schema):
    id = Identifier(required=True)
    attendance = ma.Nested(ShiftAttendanceOut, required=True)
    activity = ma.Nested(ActivityRefOut, attribute="attendance.shift.activity", required=True)
    tier = EnumValue(Tier, required=True, metadata={"description": "由阵地还是市级审核"})
    minutes = ma.Integer(required=True, metadata={"description": "待审核的分钟数"})
    site_id = Identifier(required=True, metadata={"description": "现由哪一级阵地审核"})
    since = Instant(required=True)
    review_due_on = Day(
        attribute="due_on", required=True, metadata={"description": "逾期后转上一级审核"}
    )
    is_due_certain = ma.Boolean(
        required=True, metadata={"description": "节假日是否已公布；未公布时不会自动转上一级"}
    )
    escalations = ma.Integer(required=True)
