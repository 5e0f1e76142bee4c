"""Candidates as everybody sees them."""

from marshmallow import fields as ma

from nominations.lifecycles import NomineeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier


class PhotoOut(Schema):
    number = ma.Integer(
        required=True,
        metadata={"description": "地址为 /candidates/<id>/photos/<number>；0 是证件照"},
    )
    width = ma.Integer(required=True)
    height = ma.Integer(required=True)


class ListedCandidateOut(Schema):
    """A candidate in a list; the deeds are on the candidate's own page."""

    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    members_count = ma.Integer(
        required=True, allow_none=True, metadata={"description": "群体或家庭的人数"}
    )
    is_posthumous = ma.Boolean(required=True, metadata={"description": "追授"})
    category = ma.String(required=True, attribute="category_code")
    county = ma.String(required=True, metadata={"description": "所在县（市、区）"})
    summary = ma.String(required=True)
    photos = ma.List(ma.Nested(PhotoOut), required=True)


class CandidateOut(ListedCandidateOut):
    deeds = ma.String(required=True)


class CandidateListOut(Schema):
    items = ma.List(ma.Nested(ListedCandidateOut), required=True)
