"""Findings about ballots that look bought, and rulings on them. No voter is named."""

from marshmallow import fields as ma
from marshmallow import validate

from nominations.lifecycles import BallotFate, RulingReason, RulingStatus
from nominations.suspicion import GroupKind, Sign
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant

MAX_BALLOTS = 1000
"""Named one by one in a proposal; a whole finding may have more."""

SIGNS = {
    "description": "迹象：burst 短时集中；rhythm 等间隔；same_choices 选择雷同；"
    "new_accounts 新账号集中；night 深夜集中；shared_device 多人同一设备；"
    "risky_account 微信风险账号"
}


class FindingQuery(Schema):
    waiting = ma.Boolean(load_default=False, metadata={"description": "只看还有选票待处理的"})


class HelpedOut(Schema):
    nomination_id = Identifier(required=True)
    nominee_name = ma.String(required=True)
    category = ma.String(required=True)
    ballots = ma.Integer(required=True, metadata={"description": "这一组中选了此人的选票"})


class AtHourOut(Schema):
    hour = ma.Integer(required=True, metadata={"description": "0 至 23 时"})
    ballots = ma.Integer(required=True)


class RulingOut(Schema):
    id = Identifier(required=True)
    finding_id = Identifier(required=True)
    status = EnumValue(RulingStatus, required=True)
    ruling = EnumValue(BallotFate, required=True, attribute="fate")
    reason_code = EnumValue(RulingReason, required=True, attribute="reason")
    number = ma.Integer(required=True, metadata={"description": "涉及的选票数"})
    proposed_by = Identifier(required=True)
    proposed_at = Instant(required=True)
    decided_by = Identifier(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)


class FindingOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    kind = EnumValue(
        GroupKind,
        required=True,
        metadata={"description": "共同点：network 同一网络；device 同一设备；choices 同样的选择"},
    )
    found_at = Instant(required=True)
    signs = ma.List(EnumValue(Sign), required=True, metadata=SIGNS)
    ballots = ma.Integer(required=True)
    waiting = ma.Integer(required=True, metadata={"description": "待处理"})
    voided = ma.Integer(required=True, metadata={"description": "已作废"})
    restored = ma.Integer(required=True, metadata={"description": "已恢复"})
    first_cast_at = Instant(required=True)
    last_cast_at = Instant(required=True)
    helped = ma.List(
        ma.Nested(HelpedOut), required=True, metadata={"description": "这些选票投给了谁"}
    )
    hours = ma.List(ma.Nested(AtHourOut), required=True, metadata={"description": "投票集中在几点"})
    rulings = ma.List(ma.Nested(RulingOut), required=True)


class HeldBallotOut(Schema):
    id = Identifier(required=True, metadata={"description": "选票回执编号"})
    ruling = EnumValue(BallotFate, required=True, attribute="fate")
    points = ma.Integer(required=True, metadata={"description": "可疑程度得分"})
    signs = ma.List(EnumValue(Sign), required=True, metadata=SIGNS)
    held_at = Instant(required=True)


class RulingIn(Schema):
    finding_id = Identifier(required=True)
    ballots = ma.List(
        Identifier(),
        validate=validate.Length(min=1, max=MAX_BALLOTS),
        metadata={"description": "只处理其中几张时填写；不填为这一组中全部待处理的选票"},
    )
    ruling = EnumValue(
        BallotFate,
        required=True,
        metadata={"description": "voided 作废；restored 恢复计票"},
    )
    reason_code = EnumValue(
        RulingReason,
        required=True,
        metadata={
            "description": "作废：bought 刷票买票，machine_cast 程序投票，"
            "borrowed_accounts 冒用账号；恢复：shared_network 共用网络，"
            "joint_event 现场集中投票，helped_voters 协助操作，"
            "not_proven 查无实据"
        },
    )
