"""Counts of votes."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier


class CandidateCountOut(Schema):
    nomination_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    category = ma.String(required=True)
    votes = ma.Integer(required=True)


class TallyOut(Schema):
    items = ma.List(ma.Nested(CandidateCountOut), required=True)
    sealed = ma.Integer(required=True, metadata={"description": "已封存的选票，改票前后各算一张"})
    unsealed = ma.Integer(required=True, metadata={"description": "已收到、几秒内计入的选票"})
    quarantined = ma.Integer(
        required=True, metadata={"description": "有刷票嫌疑、暂停计票、等待两人核查的选票"}
    )
    voided = ma.Integer(required=True, metadata={"description": "经核查作废的选票"})
