"""Disputes about what is recorded."""

from typing import Any

from marshmallow import fields as ma
from marshmallow import post_load, validate

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Minutes, Text
from schemas.personal import IdNumber, MaskedName
from volunteer.lifecycles import DisputeStatus
from volunteer.models.disputes import DisputeAbout
from volunteer.services.disputed_minutes import Correction


class DisputeIn(Schema):
    about_type = EnumValue(DisputeAbout, required=True, metadata={"description": "对哪一类记录"})
    about_id = Identifier(required=True)
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class ProxyDisputeIn(DisputeIn):
    id_number = IdNumber(required=True, metadata={"description": "照身份证再输入一遍"})


MOST_CORRECTIONS = 200


class CorrectionIn(Schema):
    """What an attendance of a disputed activity amounts to."""

    attendance_id = Identifier(required=True)
    minutes = Minutes(required=True, maximum=48 * 60)

    @post_load
    def correction(self, data: dict[str, Any], **_: Any) -> Correction:
        return Correction(**data)


class DisputeUpholdIn(Schema):
    answer = Text(required=True, min_length=2, max_length=500, multiline=True)
    minutes = Minutes(
        maximum=48 * 60, metadata={"description": "应计的分钟数，只用于时长和签到记录"}
    )
    corrections = ma.List(
        ma.Nested(CorrectionIn),
        validate=validate.Length(max=MOST_CORRECTIONS),
        metadata={
            "description": "只用于活动：没有举办或时间不符时，涉及的签到记录各应计多少分钟；"
            "本组织的管理员不能填写"
        },
    )


class DisputeDismissIn(Schema):
    answer = Text(required=True, min_length=2, max_length=500, multiline=True)


class DisputeOut(Schema):
    id = Identifier(required=True)
    about_type = EnumValue(DisputeAbout, required=True)
    about_id = Identifier(required=True)
    organization_id = Identifier(required=True)
    name = MaskedName(attribute="person.name", required=True, allow_none=True)
    reason = ma.String(required=True)
    status = EnumValue(DisputeStatus, required=True)
    opened_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = ma.String(required=True, allow_none=True)
    minutes = ma.Integer(required=True, allow_none=True)
