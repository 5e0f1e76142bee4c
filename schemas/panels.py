"""Panels: seats, declarations, marks, votes, and what is shown of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import fields as ma
from marshmallow import validate

from nominations.lifecycles import NomineeKind, PanelistStatus, PanelStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.declarations import Ground
from nominations.rules import CommitteeMethod
from nominations.services.declarations import Hint
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, Text
from schemas.personal import MaskedName

NOT_APPLICABLE = "不适用时为 null，不等于 0 分"


class Points(ma.String):
    """Points as text, exact: digits with at most two places; loads to a Decimal."""

    shape: ClassVar[str] = r"^[0-9]{1,3}(\.[0-9]{1,2})?$"

    def __init__(self, **options: Any) -> None:
        told = {"pattern": self.shape, "examples": ["87.5"], "description": NOT_APPLICABLE}
        super().__init__(
            validate=validate.Regexp(self.shape[:-1] + r"\Z", error="分数应为数字，最多两位小数"),
            metadata=told,
            **options,
        )

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        text = super().deserialize(value, attr, data, **kwargs)
        return None if text is None else Decimal(text)


class PanelistIn(Schema):
    person_id = Identifier(required=True)
    unit = Text(load_default=None, max_length=60, metadata={"description": "评委所在单位"})


class PanelistRemoveIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class PanelistOut(Schema):
    """A seat for the office and supervisors."""

    id = Identifier(required=True)
    name = MaskedName(required=True, attribute="person.name")
    unit = ma.String(required=True, allow_none=True)
    status = EnumValue(PanelistStatus, required=True)
    invited_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)


class PanelistListOut(Schema):
    items = ma.List(ma.Nested(PanelistOut), required=True)


class OwnPanelistOut(Schema):
    """A seat for whoever has it."""

    id = Identifier(required=True)
    campaign_id = Identifier(required=True, attribute="panel.campaign_id")
    status = EnumValue(PanelistStatus, required=True)
    invited_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)


class PanelOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    status = EnumValue(PanelStatus, required=True)
    formed_at = Instant(required=True)
    opened_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)


class AssignmentOut(Schema):
    """What a member sees of a nominee before having declared."""

    nomination_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    is_withheld = ma.Boolean(required=True, metadata={"description": "依法不公开姓名等信息"})
    unit = ma.String(required=True, allow_none=True)
    category = ma.String(required=True)
    hints = ma.List(
        EnumValue(Hint), required=True, metadata={"description": "可能需要回避的情形，供参考"}
    )
    has_conflict = ma.Boolean(
        required=True, allow_none=True, metadata={"description": "最近一次声明；未声明为 null"}
    )
    recusal_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "已回避的原因；未回避为 null"}
    )
    is_judged = ma.Boolean(required=True, metadata={"description": "已评分或已投票"})


class AssignmentListOut(Schema):
    items = ma.List(ma.Nested(AssignmentOut), required=True)


class DeclarationIn(Schema):
    conflict = StrictBoolean(required=True, metadata={"description": "与候选人有利害关系"})
    reason = Text(load_default=None, min_length=2, max_length=200)


class DeclarationOut(Schema):
    nomination_id = Identifier(required=True)
    has_conflict = ma.Boolean(required=True)
    ground = EnumValue(Ground, required=True)
    reason = ma.String(required=True, allow_none=True)
    declared_at = Instant(required=True)


class MarkIn(Schema):
    criterion = Text(required=True, max_length=32)
    points = Points(required=True, allow_none=True)


class MarkOut(Schema):
    criterion = ma.String(required=True)
    points = ma.String(required=True, allow_none=True)


class SheetIn(Schema):
    marks = ma.List(
        ma.Nested(MarkIn),
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={"description": "评分标准的每一项各一次"},
    )


class SheetOut(Schema):
    nomination_id = Identifier(required=True)
    marks = ma.List(ma.Nested(MarkOut), required=True)


class JudgedCriterionOut(Schema):
    code = ma.String(required=True)
    name = ma.String(required=True)
    weight = ma.String(required=True, metadata={"description": "百分之几"})
    max_points = ma.Integer(required=True)


class CaseAttachmentOut(Schema):
    id = Identifier(
        required=True,
        metadata={"description": "地址为 /panel/<nomination_id>/attachments/<id>"},
    )
    kind = EnumValue(AttachmentKind, required=True)
    media_type = ma.String(required=True)
    size = ma.Integer(required=True, metadata={"description": "字节"})


class CaseFileOut(Schema):
    """What a member judges by."""

    nomination_id = Identifier(required=True, attribute="nomination.id")
    nominee_name = ma.String(required=True, attribute="nomination.shown_name")
    nominee_kind = EnumValue(NomineeKind, required=True, attribute="nomination.nominee_kind")
    is_withheld = ma.Boolean(required=True, attribute="nomination.is_withheld")
    unit = ma.String(required=True, allow_none=True)
    category = ma.String(required=True, attribute="nomination.category_code")
    members_count = ma.Integer(required=True, allow_none=True, attribute="nomination.members_count")
    is_posthumous = ma.Boolean(required=True, attribute="nomination.is_posthumous")
    summary = ma.String(required=True)
    short_deeds = ma.String(required=True, allow_none=True)
    deeds = ma.String(required=True)
    earlier_honors = ma.String(
        required=True, allow_none=True, attribute="nomination.earlier_honors"
    )
    method = EnumValue(CommitteeMethod, required=True)
    rubric = ma.List(ma.Nested(JudgedCriterionOut), required=True)
    marks = ma.List(
        ma.Nested(MarkOut), required=True, metadata={"description": "我已给的分数；投票不显示"}
    )
    has_voted = ma.Boolean(required=True)
    attachments = ma.List(
        ma.Nested(CaseAttachmentOut),
        required=True,
        metadata={"description": "审核通过的照片和证明材料"},
    )


class PanelVoteIn(Schema):
    approves = StrictBoolean(required=True)


class PanelVoteOut(Schema):
    nomination_id = Identifier(required=True)
    is_first = ma.Boolean(
        required=True, metadata={"description": "为 false 时此前已投票，以第一次为准"}
    )


class MemberProgressOut(Schema):
    panelist_id = Identifier(required=True, attribute="panelist.id")
    name = MaskedName(required=True, attribute="panelist.person.name")
    declared = ma.Integer(required=True)
    recused = ma.Integer(required=True)
    assigned = ma.Integer(required=True)
    judged = ma.Integer(required=True)
    submitted_at = Instant(required=True, allow_none=True, attribute="panelist.submitted_at")


class NomineeProgressOut(Schema):
    nomination_id = Identifier(required=True, attribute="nomination.id")
    nominee_name = ma.String(required=True, attribute="nomination.shown_name")
    eligible = ma.Integer(required=True, metadata={"description": "不回避的评委人数"})
    judged = ma.Integer(required=True)
    needed = ma.Integer(required=True, metadata={"description": "法定人数"})
    has_quorum = ma.Boolean(required=True)


class PanelProgressOut(Schema):
    """How many are done, never what was given."""

    panel = ma.Nested(PanelOut, required=True)
    members = ma.List(ma.Nested(MemberProgressOut), required=True)
    nominees = ma.List(ma.Nested(NomineeProgressOut), required=True)


class MemberMarksOut(Schema):
    member = ma.Integer(required=True, metadata={"description": "评委编号，评分结束时随机编排"})
    total = ma.String(required=True, allow_none=True, metadata={"description": "折合百分制"})
    marks = ma.List(ma.Nested(MarkOut), required=True)


class SpreadOut(Schema):
    mean = ma.String(required=True)
    lowest = ma.String(required=True)
    highest = ma.String(required=True)
    range = ma.String(required=True)
    deviation = ma.String(required=True, metadata={"description": "标准差"})
    is_wide = ma.Boolean(required=True, metadata={"description": "评委分歧较大"})


class NomineeRecordOut(Schema):
    nomination_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    category = ma.String(required=True)
    eligible = ma.Integer(required=True)
    judged = ma.Integer(required=True)
    marks = ma.List(ma.Nested(MemberMarksOut), required=True)
    spread = ma.Nested(SpreadOut, required=True, allow_none=True)
    approvals = ma.Integer(
        required=True, allow_none=True, metadata={"description": "无记名票决的同意票数"}
    )


class PanelRecordOut(Schema):
    panel = ma.Nested(PanelOut, required=True)
    method = EnumValue(CommitteeMethod, required=True)
    nominees = ma.List(ma.Nested(NomineeRecordOut), required=True)


class MinutesMemberOut(Schema):
    name = MaskedName(required=True)
    unit = ma.String(required=True, allow_none=True)
    is_present = ma.Boolean(required=True)
    judged = ma.Integer(required=True)
    recused = ma.Integer(required=True)
    recused_for = ma.List(ma.String(), required=True)


class MinutesNomineeOut(Schema):
    name = ma.String(required=True)
    category = ma.String(required=True)
    eligible = ma.Integer(required=True)
    judged = ma.Integer(required=True)
    mean = ma.String(required=True, allow_none=True)
    approvals = ma.Integer(required=True, allow_none=True)


class MinutesOut(Schema):
    """The printed minutes have full names and lines for signatures."""

    campaign_title = ma.String(required=True)
    is_secret = ma.Boolean(required=True)
    opened_at = Instant(required=True)
    closed_at = Instant(required=True)
    present = ma.Integer(required=True)
    absent = ma.Integer(required=True)
    members = ma.List(ma.Nested(MinutesMemberOut), required=True)
    nominees = ma.List(ma.Nested(MinutesNomineeOut), required=True)
