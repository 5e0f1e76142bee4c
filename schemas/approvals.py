"""The office's decisions after the notice."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema
from schemas.fields import Day, Identifier, Instant, Text

MAX_NOMINEES = 100


class ApprovalIn(Schema):
    nominations = ma.List(
        Identifier(), required=True, validate=validate.Length(min=1, max=MAX_NOMINEES)
    )
    document_number = Text(required=True, min_length=2, max_length=60)
    minutes_reference = Text(
        required=True, min_length=2, max_length=100, metadata={"description": "会议纪要编号"}
    )
    decided_on = Day(required=True)


class ApprovalOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    document_number = ma.String(required=True)
    minutes_reference = ma.String(required=True)
    decided_on = Day(required=True)
    nominations = ma.List(Identifier(), required=True, attribute="nomination_ids")


class NoticeWaiverIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class NoticeWaiverOut(Schema):
    nomination_id = Identifier(required=True)
    reason = ma.String(required=True)
    decided_at = Instant(required=True)
