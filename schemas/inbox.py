"""What a person was told."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier, Instant, QueryBoolean


class InboxQuery(Schema):
    unread = QueryBoolean(metadata={"description": "true 只看未读，false 只看已读"})


class InboxMessageOut(Schema):
    id = Identifier(required=True)
    template = ma.String(required=True)
    cause_id = Identifier(required=True, metadata={"description": "消息所说的报名、活动等的编号"})
    title = ma.String(required=True)
    text = ma.String(required=True)
    read_at = Instant(required=True, allow_none=True)
    created_at = Instant(required=True)


class ReadAllOut(Schema):
    read = ma.Integer(required=True, metadata={"description": "这次标为已读的条数"})
