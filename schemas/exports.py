"""Exports, and the batches of records for Civil Affairs."""

from marshmallow import fields as ma

from core.sheets import SheetFormat
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, Text
from volunteer.lifecycles import ExportStatus, SyncBatchStatus
from volunteer.models.exports import ExportKind


class ExportIn(Schema):
    kind = EnumValue(ExportKind, required=True)
    format = EnumValue(SheetFormat, required=True)
    shift_id = Identifier(metadata={"description": "signups、attendances：一个场次"})
    activity_id = Identifier(metadata={"description": "signups、attendances：整个活动"})
    organization_id = Identifier(metadata={"description": "除名单和签到记录外：一个组织"})
    site_id = Identifier(metadata={"description": "除名单和签到记录外：阵地及其下级"})
    from_day = Day(data_key="from", metadata={"description": "起始日，含当日"})
    to_day = Day(data_key="to", metadata={"description": "截止日，含当日"})


class UnmaskedExportIn(ExportIn):
    reason = Text(
        required=True,
        min_length=4,
        max_length=200,
        metadata={"description": "为什么需要完整的个人信息；会记入日志"},
    )


class ExportOut(Schema):
    id = Identifier(required=True)
    kind = EnumValue(ExportKind, required=True)
    format = EnumValue(SheetFormat, required=True)
    status = EnumValue(ExportStatus, required=True)
    is_unmasked = ma.Boolean(required=True)
    written = ma.Integer(required=True, allow_none=True, metadata={"description": "行数，不含表头"})
    created_at = Instant(required=True)
    ready_at = Instant(required=True, allow_none=True)


class SyncBatchAbandonIn(Schema):
    reason = Text(
        required=True, min_length=2, max_length=200, metadata={"description": "会记入日志"}
    )


class SyncBatchOut(Schema):
    id = Identifier(required=True)
    export_id = Identifier(required=True)
    status = EnumValue(SyncBatchStatus, required=True)
    entries = ma.Integer(required=True, metadata={"description": "记录条数"})
    created_at = Instant(required=True)
    exported_at = Instant(required=True, allow_none=True)
    acknowledged_at = Instant(required=True, allow_none=True)
