"""A volunteer's own hours."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Hours, Identifier
from volunteer.accrual import Reason
from volunteer.actions import Action
from volunteer.models.hours import EntryKind, Ledger, SourceType, SyncStatus


class NotCountedOut(Schema):
    activity = ma.Nested(ActivityRefOut, required=True)
    reason = EnumValue(Reason, attribute="part.reason", required=True)
    sentence = ma.String(attribute="part.sentence", required=True)
    minutes = ma.Integer(attribute="part.minutes", required=True)


class NextStarOut(Schema):
    star = ma.Integer(required=True)
    minutes_missing = ma.Integer(required=True, metadata={"description": "还差的时长，分钟"})
    verified_minutes_missing = ma.Integer(
        required=True, metadata={"description": "其中至少要有多少签到时长，分钟"}
    )
    score_tenths_needed = ma.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "评价平均分须达到的十分之几分，已达到时为空"},
    )


class HoursSummaryOut(Schema):
    verified_minutes = ma.Integer(required=True, metadata={"description": "签到时长，分钟"})
    honorary_minutes = ma.Integer(required=True, metadata={"description": "补记时长，分钟"})
    verified_hours = Hours(attribute="verified_minutes", required=True)
    honorary_hours = Hours(attribute="honorary_minutes", required=True)
    tallied_minutes = ma.Integer(required=True, metadata={"description": "已汇总的分钟"})
    pending = ma.Integer(required=True, metadata={"description": "待负责人或本人确认的次数"})
    not_counted = ma.List(ma.Nested(NotCountedOut), required=True)
    star = ma.Integer(required=True, metadata={"description": "星级，0 为尚无"})
    next_star = ma.Nested(NextStarOut, required=True, allow_none=True)


class HoursEntryOut(Schema):
    id = Identifier(required=True)
    activity = ma.Nested(ActivityRefOut, required=True)
    organization_id = Identifier(required=True)
    action = EnumValue(Action, required=True)
    minutes = ma.Integer(required=True)
    hours = Hours(attribute="minutes", required=True)
    kind = EnumValue(EntryKind, required=True)
    ledger = EnumValue(Ledger, required=True)
    source_type = EnumValue(SourceType, required=True)
    corrects_id = Identifier(
        required=True, allow_none=True, metadata={"description": "更正的是哪一条"}
    )
    served_on = Day(required=True)
    reason = ma.String(required=True, allow_none=True)
    sync_status = EnumValue(
        SyncStatus,
        required=True,
        metadata={
            "description": "是否已报送民政部门指定的系统：pending 未报送；exported 已导出；"
            "acknowledged 对方已接收"
        },
    )
