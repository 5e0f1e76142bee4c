"""Imports: the upload, its report, and the rows of the files, whose columns have Chinese names."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema
from schemas.fields import (
    EnumValue,
    Identifier,
    Instant,
    QueryInteger,
    Text,
    UploadedFile,
)
from schemas.import_rows import NOBODYS_ID_NUMBER, KindValue, SheetDay, kind_of
from schemas.personal import IdNumber, PersonName, Phone
from volunteer.lifecycles import ImportStatus
from volunteer.models.imports import ImportKind
from volunteer.services.import_kinds import Kinds
from volunteer.services.import_rows import (
    ACTIVITY,
    ID_NUMBER,
    MAX_MINUTES_A_DAY,
    MINUTES,
    NAME,
    HoursRows,
    VolunteerRows,
)


class ImportIn(Schema):
    file = UploadedFile(required=True, metadata={"description": ".xlsx 或 .csv，不超过 10 MiB"})
    kind = EnumValue(ImportKind, required=True)
    organization_id = Identifier(required=True)
    project_id = Identifier(metadata={"description": "hours：历史记录归入的项目"})
    note = Text(
        required=True, min_length=4, max_length=200, metadata={"description": "这些记录的来源"}
    )


class ImportTemplateQuery(Schema):
    kind = EnumValue(ImportKind, required=True)


class ImportProgressOut(Schema):
    """How far an import of any kind is."""

    id = Identifier(required=True)
    status = EnumValue(ImportStatus, required=True)
    note = ma.String(required=True)
    checked = ma.Integer(required=True, metadata={"description": "已检查的行数"})
    bad = ma.Integer(required=True, metadata={"description": "有问题、不会导入的行数"})
    written = ma.Integer(required=True, metadata={"description": "已导入的行数"})
    fault = ma.String(required=True, allow_none=True, metadata={"description": "为什么无法读取"})
    created_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)


class ImportOut(ImportProgressOut):
    kind = KindValue(ImportKind, required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(attribute="organization.name", required=True)
    project_id = Identifier(required=True, allow_none=True)


class ProblemOut(Schema):
    column = ma.String(required=True)
    reason = ma.String(required=True)


class BadRowOut(Schema):
    number = ma.Integer(required=True, metadata={"description": "表格中的行号，表头是第 1 行"})
    problems = ma.List(ma.Nested(ProblemOut), required=True)


class VolunteerRow(Schema):
    name = PersonName(required=True, data_key=NAME, metadata={"example": "张三"})
    id_number = IdNumber(required=True, data_key=ID_NUMBER, metadata={"example": NOBODYS_ID_NUMBER})
    phone = Phone(data_key="手机号码", metadata={"example": "13900000000"})
    consent_reference = Text(
        required=True, max_length=60, data_key="同意书编号", metadata={"example": "甲-001"}
    )


class HoursRow(Schema):
    id_number = IdNumber(required=True, data_key=ID_NUMBER, metadata={"example": NOBODYS_ID_NUMBER})
    activity = Text(
        required=True,
        min_length=2,
        max_length=60,
        data_key=ACTIVITY,
        metadata={"example": "敬老院慰问"},
    )
    served_on = SheetDay(required=True, data_key="服务日期", metadata={"example": "2024-09-09"})
    minutes = QueryInteger(
        required=True,
        data_key=MINUTES,
        validate=validate.Range(1, MAX_MINUTES_A_DAY, error="应为 1 至 720 分钟"),
        metadata={"example": "120"},
    )
    place = Text(max_length=120, data_key="服务地点", metadata={"example": "夕阳红敬老院"})
    content = Text(max_length=500, data_key="服务内容", metadata={"example": "陪老人聊天"})


KINDS: Kinds = {
    ImportKind.VOLUNTEERS: kind_of(VolunteerRow(), VolunteerRows()),
    ImportKind.HOURS: kind_of(HoursRow(), HoursRows()),
}
