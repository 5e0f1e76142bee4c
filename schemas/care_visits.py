"""Visits to honoured people."""

from marshmallow import fields as ma

from nominations.lifecycles import CareStatus
from nominations.models.care_visits import CareOccasion
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Text


class CareVisitIn(Schema):
    occasion = EnumValue(CareOccasion, required=True)
    planned_on = Day(required=True)


class CareVisitCompleteIn(Schema):
    done_on = Day(required=True)
    visitors = Text(required=True, min_length=2, max_length=100)
    notes = Text(required=True, min_length=2, max_length=2000, multiline=True)


class CareVisitCancelIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class CareVisitQuery(Schema):
    status = EnumValue(CareStatus, load_default=CareStatus.PLANNED)


class CareVisitOut(Schema):
    id = Identifier(required=True)
    honor_id = Identifier(required=True)
    name = ma.String(required=True, attribute="honor.holder.shown_name")
    occasion = EnumValue(CareOccasion, required=True)
    planned_on = Day(required=True)
    status = EnumValue(CareStatus, required=True)
    visitors = ma.String(required=True, allow_none=True)
    notes = ma.String(required=True, allow_none=True)
    done_on = Day(required=True, allow_none=True)
