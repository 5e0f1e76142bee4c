"""Departments and what they are asked; an answer is an opinion and whether it is a veto."""

from marshmallow import fields as ma

from nominations.lifecycles import ConsultationStatus, NomineeKind
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, StrictBoolean, Text


class DepartmentOut(Schema):
    id = Identifier(required=True)
    code = ma.String(required=True)
    name = ma.String(required=True)


class DepartmentListOut(Schema):
    items = ma.List(ma.Nested(DepartmentOut), required=True)


class ConsultantIn(Schema):
    person_id = Identifier(required=True, metadata={"description": "代表部门答复的人员"})


class AskedPersonIn(Schema):
    department = Text(required=True, max_length=32, metadata={"description": "部门代码"})
    person_id = Identifier(required=True)


class ConsultationsOpenIn(Schema):
    departments = ma.List(
        Text(max_length=32),
        load_default=list,
        metadata={"description": "规则和人选身份要求之外，另外征求的部门代码"},
    )
    consultants = ma.List(
        ma.Nested(AskedPersonIn),
        load_default=list,
        metadata={"description": "由指定人员答复的部门"},
    )
    due_on = Day(load_default=None, metadata={"description": "答复期限，默认 10 个工作日"})


class ConsultationOut(Schema):
    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    department = ma.Nested(DepartmentOut, required=True)
    consultant_id = Identifier(required=True, allow_none=True)
    status = EnumValue(ConsultationStatus, required=True)
    due_on = Day(required=True)
    opened_at = Instant(required=True)
    opinion = ma.String(required=True, allow_none=True)
    answered_by = Identifier(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)


class ConsultationListOut(Schema):
    items = ma.List(ma.Nested(ConsultationOut), required=True)


class ConsultationLinkOut(Schema):
    token = ma.String(required=True)
    path = ma.String(required=True, metadata={"description": "只显示这一次，交给答复的部门"})


class WaitingConsultationOut(Schema):
    id = Identifier(required=True)
    department = ma.Nested(DepartmentOut, required=True)
    due_on = Day(required=True)
    opened_at = Instant(required=True)


class QuestionOut(Schema):
    """What a department needs to look somebody up; each look is written down."""

    id = Identifier(required=True, attribute="consultation.id")
    department = ma.Nested(DepartmentOut, required=True, attribute="consultation.department")
    due_on = Day(required=True, attribute="consultation.due_on")
    nominee_name = ma.String(required=True, attribute="nomination.nominee_name")
    nominee_kind = EnumValue(NomineeKind, required=True, attribute="nomination.nominee_kind")
    nominee_id_number = ma.String(
        required=True, allow_none=True, attribute="nomination.nominee_id_number"
    )
    nominee_unit = ma.String(required=True, allow_none=True, attribute="nomination.nominee_unit")
    representative_name = ma.String(
        required=True, allow_none=True, attribute="nomination.representative_name"
    )


class ConsultationAnswerIn(Schema):
    opinion = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "意见；否决的写明理由"},
    )
    veto = StrictBoolean(required=True, attribute="is_veto")


class ConsultationAnswerOut(Schema):
    id = Identifier(required=True)
    status = EnumValue(ConsultationStatus, required=True)
    opinion = ma.String(required=True)
    veto = ma.Boolean(required=True, attribute="is_veto")
    answered_at = Instant(required=True)
