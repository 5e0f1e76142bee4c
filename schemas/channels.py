"""Channels of recommendation."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier


class ChannelOut(Schema):
    id = Identifier(required=True)
    code = ma.String(required=True)
    name = ma.String(required=True)


class ChannelListOut(Schema):
    items = ma.List(ma.Nested(ChannelOut), required=True)
