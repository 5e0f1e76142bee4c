"""Reference data of volunteer service."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue
from volunteer.actions import Action


class ActionOut(Schema):
    key = EnumValue(Action, required=True)
    name = ma.String(required=True)


class ActionListOut(Schema):
    items = ma.List(ma.Nested(ActionOut), required=True)


class ServiceCategoryOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)


class ServiceCategoryListOut(Schema):
    items = ma.List(ma.Nested(ServiceCategoryOut), required=True)


class QualificationKindOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)


class QualificationKindListOut(Schema):
    items = ma.List(ma.Nested(QualificationKindOut), required=True)
