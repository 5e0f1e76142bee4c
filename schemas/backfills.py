"""Backfilled hours."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, Minutes, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import BackfillStatus
from volunteer.services.backfills import AT_MOST, Part


class BackfillIn(Schema):
    activity_id = Identifier(required=True)
    shift_id = Identifier(required=True)
    person_ids = ma.List(
        Identifier(),
        load_default=[],
        validate=validate.Length(max=AT_MOST),
        metadata={"description": "为谁补记，只有负责人可以为他人补记；不填为本人"},
    )
    minutes = Minutes(required=True, minimum=1, maximum=24 * 60)
    evidence = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "有什么证明"},
    )
    reference = Text(
        required=True,
        min_length=2,
        max_length=120,
        metadata={"description": "证明存放在哪里，如签到表编号、照片编号"},
    )
    reason = Text(
        required=True,
        min_length=2,
        max_length=200,
        metadata={"description": "当时为什么没有签到记录"},
    )


class BackfillRejectIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class BackfillContestIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class BackfillClearIn(Schema):
    note = Text(required=True, min_length=2, max_length=200)


class BackfillVoidIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)
    sanctioned = ma.List(
        EnumValue(Part),
        validate=validate.Length(max=len(Part)),
        metadata={"description": "对谁作出限制，默认申请人和审核人"},
    )


class BackfillQuery(Schema):
    status = EnumValue(BackfillStatus, metadata={"description": "默认待审核"})


class NoticedBackfillOut(Schema):
    """What everybody inside the organisation sees."""

    id = Identifier(required=True)
    activity = ma.Nested(ActivityRefOut, required=True)
    name = MaskedName(attribute="person.name", required=True, allow_none=True)
    served_on = Day(required=True)
    minutes = ma.Integer(required=True)
    status = EnumValue(BackfillStatus, required=True)
    notice_ends_on = Day(required=True, allow_none=True)


class BackfillOut(NoticedBackfillOut):
    shift_id = Identifier(required=True)
    evidence = ma.String(required=True)
    reference = ma.String(required=True)
    reason = ma.String(required=True)
    claimed_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    decision_reason = ma.String(required=True, allow_none=True)
    contest_reason = ma.String(required=True, allow_none=True)
    recorded_minutes = ma.Integer(required=True, allow_none=True)
    void_reason = ma.String(required=True, allow_none=True)


class BackfillListOut(Schema):
    items = ma.List(ma.Nested(BackfillOut), required=True)
