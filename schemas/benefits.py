"""Courtesies, cards and uses."""

from marshmallow import fields as ma
from marshmallow import validate

from nominations.lifecycles import HonorKind
from nominations.models.benefits import BenefitKind
from nominations.models.honors import HonorLevel
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, StrictInteger, Text
from schemas.honors import HonorOut
from schemas.personal import MaskedName

CODE = r"^[a-z][a-z0-9_]*\Z"


class BenefitIn(Schema):
    code = Text(
        required=True,
        max_length=32,
        validate=validate.Regexp(CODE, error="代码由小写字母、数字和下划线组成，以字母开头"),
    )
    name = Text(required=True, min_length=2, max_length=40)
    description = Text(required=True, max_length=300)
    provider = Text(required=True, max_length=60, metadata={"description": "由谁提供"})
    kind = EnumValue(BenefitKind, required=True)
    honor_kind = EnumValue(HonorKind, metadata={"description": "不填为各类荣誉"})
    level = EnumValue(HonorLevel, metadata={"description": "从哪一级起享受；不填为各级"})
    category_code = Text(max_length=32, metadata={"description": "不填为各类别"})
    uses_a_year = StrictInteger(minimum=1, maximum=366)
    starts_on = Day(required=True)
    ends_on = Day()


class BenefitEndIn(Schema):
    ends_on = Day(required=True, metadata={"description": "最后一天"})


class BenefitOut(Schema):
    id = Identifier(required=True)
    code = ma.String(required=True)
    name = ma.String(required=True)
    description = ma.String(required=True)
    provider = ma.String(required=True)
    kind = EnumValue(BenefitKind, required=True)
    honor_kind = EnumValue(HonorKind, required=True, allow_none=True)
    level = EnumValue(HonorLevel, required=True, allow_none=True)
    category_code = ma.String(required=True, allow_none=True)
    uses_a_year = ma.Integer(required=True, allow_none=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True, allow_none=True)


class BenefitListOut(Schema):
    items = ma.List(ma.Nested(BenefitOut), required=True)


class OwnCardOut(Schema):
    """One's own card with what it gives and its QR code."""

    honor = ma.Nested(HonorOut, required=True)
    code = ma.String(required=True, metadata={"description": "二维码的内容"})
    qr_code = ma.String(required=True, metadata={"description": "二维码，SVG 图像"})
    benefits = ma.List(ma.Nested(BenefitOut), required=True)


class OwnCardListOut(Schema):
    items = ma.List(ma.Nested(OwnCardOut), required=True)


class CheckedCardOut(Schema):
    is_valid = ma.Boolean(required=True)
    name = MaskedName(required=True, attribute="card.honor.holder.shown_name")
    title = ma.String(required=True, attribute="card.honor.title")
    benefits = ma.List(ma.Nested(BenefitOut), required=True)


class BenefitUseIn(Schema):
    benefit_id = Identifier(required=True)
    place = Text(required=True, max_length=60, metadata={"description": "在哪里使用"})


class BenefitUseOut(Schema):
    id = Identifier(required=True)
    benefit = ma.String(required=True, attribute="benefit.name")
    year = ma.Integer(required=True)
    serial = ma.Integer(required=True, metadata={"description": "当年第几次"})
    used_at = Instant(required=True)
    place = ma.String(required=True)
