"""Boards of personal hours."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier, Month


class BoardQuery(Schema):
    site = Identifier(metadata={"description": "阵地及其下级"})
    month = Month(metadata={"description": "默认为本月"})


class BoardLineOut(Schema):
    name = ma.String(required=True, metadata={"description": "昵称或隐去一部分的姓名，由本人选择"})
    verified_minutes = ma.Integer(required=True)


class BoardOut(Schema):
    items = ma.List(ma.Nested(BoardLineOut), required=True)
