"""Leaders of an activity and those who stand in."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier


class DeputiesIn(Schema):
    person_ids = ma.List(
        Identifier(), required=True, metadata={"description": "已实名登记的人，最多 3 名"}
    )


class LeadIn(Schema):
    person_id = Identifier(required=True, metadata={"description": "新的现场负责人"})
