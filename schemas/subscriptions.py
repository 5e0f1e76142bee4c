"""One-time subscriptions to WeChat messages."""

from marshmallow import fields as ma
from marshmallow import validate

from accounts.templates import TEMPLATES
from schemas.base import Schema


class SubscriptionIn(Schema):
    accepted = ma.List(
        ma.String(validate=validate.OneOf(list(TEMPLATES))),
        required=True,
        validate=validate.Length(min=1, max=5),
        metadata={"description": "用户在 wx.requestSubscribeMessage 中点了“允许”的模板名"},
    )


class SubscriptionOut(Schema):
    template = ma.String(required=True)
    template_id = ma.String(required=True, metadata={"description": "用于 tmplIds"})
    title = ma.String(required=True)
    remaining = ma.Integer(required=True, metadata={"description": "还可发送的条数"})


class SubscriptionListOut(Schema):
    items = ma.List(ma.Nested(SubscriptionOut), required=True)
