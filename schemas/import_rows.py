"""Rows of spreadsheets that people fill in: their fields, and how a kind of import is read."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import marshmallow
from marshmallow import fields as ma

from core import clock
from schemas.base import Schema
from schemas.fields import Data, Day, EnumT, EnumValue
from volunteer.services.import_kinds import Kind, Problem, RowRules, Values

NOBODYS_ID_NUMBER = "410000190001010000"
"""Stands in the example of a template. Its check digit is wrong, so it is refused if it is left."""


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


class SheetYesNo(ma.Field[bool]):
    """是 or 否."""

    default_error_messages = {"choice": "请填写“是”或“否”"}

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> bool:
        if value not in ("是", "否"):
            raise self.make_error("choice")
        return bool(value == "是")


class SheetChoice(ma.Field[str]):
    """A member of an enum by its Chinese name; loads to its value."""

    default_error_messages = {"choice": "只能填写：{choices}"}

    def __init__(self, names: Mapping[str, StrEnum], **options: Any) -> None:
        super().__init__(**options)
        self._names = names

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        found = self._names.get(value)
        if found is None:
            raise self.make_error("choice", choices="、".join(self._names))
        return found.value


class KindValue(EnumValue[EnumT]):
    """A kind of import, which its column keeps as text."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize(self.enum(value), attr, obj, **kwargs)


def kind_of(schema: Schema, rules: RowRules) -> Kind:
    """The kind whose rows have this shape. Columns that it does not name are not read; a field
    tells its `example` for the template."""
    fields = {field.data_key or name: field for name, field in schema.fields.items()}

    def read(cells: Mapping[str, str]) -> tuple[Values, list[Problem]]:
        try:
            loaded = schema.load({h: cell for h, cell in cells.items() if h in fields})
        except marshmallow.ValidationError as error:
            return {}, [
                Problem(column, "；".join(reasons))
                for column, reasons in error.messages_dict.items()
            ]
        days = {k: v.isoformat() for k, v in loaded.items() if isinstance(v, date)}
        return loaded | days, []

    return Kind(
        headings=tuple(fields),
        example=tuple(str(field.metadata.get("example", "")) for field in fields.values()),
        required=frozenset(heading for heading, field in fields.items() if field.required),
        read=read,
        rules=rules,
    )
