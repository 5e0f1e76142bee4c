"""Nominations as their nominators write them."""

from marshmallow import fields as ma

from nominations.lifecycles import NominationStatus, NomineeKind
from nominations.models.nominations import NAME_MAX_CHARS
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text

SUMMARY_MAX_CHARS = 140
DEEDS_MAX_CHARS = 1500
"""What fits at all; the rules of a campaign may ask for less."""


class NominationIn(Schema):
    """A draft may be incomplete; submitting it checks the lengths."""

    category = Text(required=True, max_length=32, attribute="category_code")
    nominee_name = Text(
        required=True,
        min_length=2,
        max_length=NAME_MAX_CHARS,
        metadata={"description": "被推荐人姓名，或群体名称"},
    )
    nominee_kind = EnumValue(NomineeKind, required=True)
    site_id = Identifier(
        required=True, metadata={"description": "被推荐人生活或工作所在地的文明实践阵地"}
    )
    summary = Text(load_default="", min_length=0, max_length=SUMMARY_MAX_CHARS)
    deeds = Text(load_default="", min_length=0, max_length=DEEDS_MAX_CHARS, multiline=True)


class NominationPatchIn(Schema):
    """What is left out stays."""

    category = Text(max_length=32, attribute="category_code")
    nominee_name = Text(min_length=2, max_length=NAME_MAX_CHARS)
    nominee_kind = EnumValue(NomineeKind)
    site_id = Identifier()
    summary = Text(min_length=0, max_length=SUMMARY_MAX_CHARS)
    deeds = Text(min_length=0, max_length=DEEDS_MAX_CHARS, multiline=True)


class NominationWithdrawIn(Schema):
    reason = Text(load_default=None, max_length=200)


class NominationOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    category = ma.String(required=True, attribute="category_code")
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    site_id = Identifier(required=True)
    summary = ma.String(required=True)
    deeds = ma.String(required=True)
    status = EnumValue(NominationStatus, required=True)
    decision_note = ma.String(
        required=True, allow_none=True, metadata={"description": "需补充的内容，或未通过的原因"}
    )
    created_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)
