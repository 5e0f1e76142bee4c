"""Help for honoured people in hardship. Amounts are in fen."""

from marshmallow import fields as ma

from nominations.lifecycles import HardshipStatus
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, StrictInteger, Text

MOST_FEN = 100_000_000


class HardshipApplyIn(Schema):
    need = Text(
        required=True,
        min_length=10,
        max_length=1000,
        multiline=True,
        metadata={"description": "遇到的困难，加密保存，只有办理人员可见"},
    )


class HardshipProposeIn(Schema):
    amount_fen = StrictInteger(
        required=True, minimum=1, maximum=MOST_FEN, metadata={"description": "金额，单位：分"}
    )
    note = Text(required=True, min_length=2, max_length=500, multiline=True)


class HardshipApproveIn(Schema):
    note = Text(load_default=None, min_length=2, max_length=500, multiline=True)


class HardshipCompleteIn(Schema):
    helped_on = Day(required=True)


class HardshipRejectIn(Schema):
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class HardshipQuery(Schema):
    status = EnumValue(HardshipStatus, load_default=HardshipStatus.APPLIED)


class HardshipCaseOut(Schema):
    id = Identifier(required=True)
    honor_id = Identifier(required=True)
    name = ma.String(required=True, attribute="honor.holder.shown_name")
    status = EnumValue(HardshipStatus, required=True)
    need = ma.String(required=True)
    amount_fen = ma.Integer(required=True, allow_none=True)
    decision_note = ma.String(required=True, allow_none=True)
    applied_at = Instant(required=True)
    helped_on = Day(required=True, allow_none=True)


class HardshipCaseListOut(Schema):
    items = ma.List(ma.Nested(HardshipCaseOut), required=True)
