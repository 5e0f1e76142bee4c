"""The honour roll."""

from typing import Any

from marshmallow import fields as ma

from nominations.lifecycles import HonorKind, HonorStatus, NomineeKind
from nominations.models.honors import HonorLevel, HonorSource, RevokeGround
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, QueryInteger, Text

EARLIEST_YEAR = 1980
"""Of which an honour may be told."""


class HonorGrantIn(Schema):
    title = Text(
        min_length=2, max_length=80, metadata={"description": "荣誉称号；不填为评选活动的名称"}
    )


class HonorReasonIn(Schema):
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class HonorWarnIn(HonorReasonIn):
    talked_on = Day(required=True)


class HonorRevokeIn(HonorReasonIn):
    ground = EnumValue(RevokeGround, required=True)
    document_number = Text(required=True, min_length=2, max_length=60)


class HonorReturnIn(Schema):
    returned_on = Day(required=True, metadata={"description": "奖章和证书交回的日期"})


class HonorQuery(Schema):
    level = EnumValue(HonorLevel)
    category = Text(max_length=32, attribute="category_code")
    year = QueryInteger(minimum=EARLIEST_YEAR, maximum=2100)
    campaign_id = Identifier()


class HonorInsideQuery(Schema):
    status = EnumValue(HonorStatus)


class HonorOut(Schema):
    """A line of the roll. A withheld name, place and deeds are not there; nothing praises whose
    honour was revoked."""

    id = Identifier(required=True)
    number = ma.String(required=True)
    name = ma.String(required=True, attribute="holder.shown_name")
    nominee_kind = EnumValue(NomineeKind, required=True, attribute="holder.nominee_kind")
    is_posthumous = ma.Boolean(required=True, attribute="holder.is_posthumous")
    title = ma.String(required=True)
    kind = EnumValue(HonorKind, required=True)
    level = EnumValue(HonorLevel, required=True)
    category = ma.String(required=True, attribute="category_code")
    year = ma.Integer(required=True)
    granted_on = Day(required=True)
    summary = ma.Method("_summary", required=True, metadata={"type": "string"})
    division = ma.Method("_division", required=True, metadata={"type": "string"})
    status = EnumValue(HonorStatus, required=True)
    revoked_on = Day(required=True, allow_none=True)
    revoke_ground = EnumValue(RevokeGround, required=True, allow_none=True)
    source = EnumValue(
        HonorSource,
        required=True,
        metadata={"description": "archive：由主管单位的历史档案导入，只有简介"},
    )

    def _summary(self, honor: Any) -> str:
        is_left_out = honor.holder.is_withheld or honor.status is HonorStatus.REVOKED
        return "" if is_left_out else str(honor.holder.summary)

    def _division(self, honor: Any) -> str:
        return "" if honor.holder.is_withheld else str(honor.site.division)


class HonorListOut(Schema):
    items = ma.List(ma.Nested(HonorOut), required=True)


class HonorPageOut(HonorOut):
    """Of a revoked honour nothing is praised any more."""

    deeds = ma.Method("_deeds", required=True, metadata={"type": "string"})
    photo = ma.Method(
        "_photo",
        required=True,
        metadata={"type": ["string", "null"], "description": "照片的地址；没有时为 null"},
    )

    def _deeds(self, honor: Any) -> str:
        return str(honor.holder.deeds) if _is_praised(honor) else ""

    def _photo(self, honor: Any) -> str | None:
        if honor.photo_number is None or not _is_praised(honor):
            return None
        return f"/candidates/{honor.nomination_id}/photos/{honor.photo_number}"


class HonorWarningOut(Schema):
    id = Identifier(required=True)
    reason = ma.String(required=True)
    talked_on = Day(required=True)
    created_at = Instant(required=True)


class HonorFileOut(HonorOut):
    document_number = ma.String(required=True)
    suspend_reason = ma.String(required=True, allow_none=True)
    revoke_reason = ma.String(required=True, allow_none=True)
    revoke_document = ma.String(required=True, allow_none=True)
    medal_returned_on = Day(required=True, allow_none=True)


class HonorFileWithWarningsOut(Schema):
    honor = ma.Nested(HonorFileOut, required=True)
    warnings = ma.List(ma.Nested(HonorWarningOut), required=True)


def _is_praised(honor: Any) -> bool:
    return honor.status is HonorStatus.GRANTED and not honor.holder.is_withheld
