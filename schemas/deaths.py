"""Nominees who die while their case is alive."""

from schemas.base import Schema
from schemas.fields import Day, Text
from schemas.nominee_consents import RELATION_MAX_CHARS
from schemas.personal import PersonName


class DeathIn(Schema):
    deceased_on = Day(required=True, metadata={"description": "去世日期"})


class PosthumousIn(Schema):
    paper_reference = Text(
        required=True, max_length=60, metadata={"description": "亲属签字材料的存放编号"}
    )
    signer_name = PersonName(required=True, metadata={"description": "亲属姓名"})
    signer_relation = Text(
        required=True, max_length=RELATION_MAX_CHARS, metadata={"description": "与逝者的关系"}
    )
