"""Practice sites."""

from marshmallow import fields as ma

from accounts.models.sites import SiteLevel
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Text


class SiteQuery(Schema):
    parent = Identifier(metadata={"description": "上级阵地"})
    level = EnumValue(SiteLevel)
    q = Text(min_length=1, max_length=40, metadata={"description": "名称中的文字"})


class SiteOut(Schema):
    id = Identifier(required=True)
    code = ma.String(required=True)
    name = ma.String(required=True)
    division = ma.String(required=True)
    level = EnumValue(SiteLevel, required=True)
    parent_id = Identifier(required=True, allow_none=True)
