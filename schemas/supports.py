"""Supports (附议), and the card by which a case is shared."""

from marshmallow import fields as ma

from nominations.lifecycles import NomineeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant


class CardOut(Schema):
    nomination_id = Identifier(
        required=True, metadata={"description": "附议时使用；推荐合并后与链接中的编号不同"}
    )
    campaign_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    category_name = ma.String(required=True)
    place = ma.String(required=True, metadata={"description": "所在县（市、区）"})
    summary = ma.String(required=True)


class SupportOut(Schema):
    nomination_id = Identifier(required=True)
    since = Instant(required=True)
