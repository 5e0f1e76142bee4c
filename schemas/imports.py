"""Imports: the upload, its report, and the rows of the files, whose columns have Chinese names."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow
from marshmallow import fields as ma
from marshmallow import validate

from core import clock
from schemas.base import Schema
from schemas.fields import (
    Data,
    Day,
    EnumValue,
    Identifier,
    Instant,
    QueryInteger,
    Text,
    UploadedFile,
)
from schemas.personal import IdNumber, PersonName, Phone
from volunteer.lifecycles import ImportStatus
from volunteer.models.imports import ImportKind
from volunteer.services.import_rows import (
    ACTIVITY,
    ID_NUMBER,
    MAX_MINUTES_A_DAY,
    MINUTES,
    NAME,
    Problem,
    Values,
)
from volunteer.services.import_work import RowShape, Shapes


class ImportIn(Schema):
    file = UploadedFile(required=True, metadata={"description": ".xlsx 或 .csv，不超过 10 MiB"})
    kind = EnumValue(ImportKind, required=True)
    organization_id = Identifier(required=True)
    project_id = Identifier(metadata={"description": "hours：历史记录归入的项目"})
    note = Text(
        required=True, min_length=4, max_length=200, metadata={"description": "这些记录的来源"}
    )


class ImportOut(Schema):
    id = Identifier(required=True)
    kind = EnumValue(ImportKind, required=True)
    status = EnumValue(ImportStatus, required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(attribute="organization.name", required=True)
    project_id = Identifier(required=True, allow_none=True)
    note = ma.String(required=True)
    checked = ma.Integer(required=True, metadata={"description": "已检查的行数"})
    bad = ma.Integer(required=True, metadata={"description": "有问题、不会导入的行数"})
    written = ma.Integer(required=True, metadata={"description": "已导入的行数"})
    fault = ma.String(required=True, allow_none=True, metadata={"description": "为什么无法读取"})
    created_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)


class ProblemOut(Schema):
    column = ma.String(required=True)
    reason = ma.String(required=True)


class BadRowOut(Schema):
    number = ma.Integer(required=True, metadata={"description": "表格中的行号，表头是第 1 行"})
    problems = ma.List(ma.Nested(ProblemOut), required=True)


class SheetDay(Day):
    """A day of the past as people write it in a spreadsheet: 2026-05-01, 2026/5/1, 2026年5月1日."""

    default_error_messages = {"future": "日期不能晚于今天"}

    _written = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> date:
        found = self._written.fullmatch(value) if isinstance(value, str) else None
        if found is not None:
            year, month, day = found.groups()
            value = f"{year}-{month:0>2}-{day:0>2}"
        loaded = super()._deserialize(value, attr, data, **kwargs)
        if loaded > clock.today():
            raise self.make_error("future")
        return loaded


class VolunteerRow(Schema):
    name = PersonName(required=True, data_key=NAME)
    id_number = IdNumber(required=True, data_key=ID_NUMBER)
    phone = Phone(data_key="手机号码")
    consent_reference = Text(required=True, max_length=60, data_key="同意书编号")


class HoursRow(Schema):
    id_number = IdNumber(required=True, data_key=ID_NUMBER)
    activity = Text(required=True, min_length=2, max_length=60, data_key=ACTIVITY)
    served_on = SheetDay(required=True, data_key="服务日期")
    minutes = QueryInteger(
        required=True,
        data_key=MINUTES,
        validate=validate.Range(1, MAX_MINUTES_A_DAY, error="应为 1 至 720 分钟"),
    )
    place = Text(max_length=120, data_key="服务地点")
    content = Text(max_length=500, data_key="服务内容")


def _shape(schema: Schema) -> RowShape:
    headings = {field.data_key for field in schema.fields.values()}

    def read(cells: Mapping[str, str]) -> tuple[Values, list[Problem]]:
        try:
            loaded = schema.load({h: cell for h, cell in cells.items() if h in headings})
        except marshmallow.ValidationError as error:
            return {}, [
                Problem(column, "；".join(reasons))
                for column, reasons in error.messages_dict.items()
            ]
        days = {k: v.isoformat() for k, v in loaded.items() if isinstance(v, date)}
        return loaded | days, []

    required = (f.data_key for f in schema.fields.values() if f.required and f.data_key)
    return RowShape(frozenset(required), read)


SHAPES: Shapes = {
    ImportKind.VOLUNTEERS: _shape(VolunteerRow()),
    ImportKind.HOURS: _shape(HoursRow()),
}
"""Columns that are not named here are not read."""
