"""Categories of honours."""

from marshmallow import fields as ma

from schemas.base import Schema


class HonorCategoryOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)


class HonorCategoryListOut(Schema):
    items = ma.List(ma.Nested(HonorCategoryOut), required=True)
