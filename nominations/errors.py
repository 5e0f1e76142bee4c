"""Refusals about campaigns, nominations and ballots."""

from core.errors import DomainError, Kind


class DatesPassed(DomainError):
    """A campaign is announced after its nominations should have closed."""

    kind = Kind.CONFLICT
    code = "dates_passed"
    message = "推荐截止时间已过，不能再发布"


class StageClosed(DomainError):
    """The campaign is in a stage that does not allow this; details carry its `state`."""

    kind = Kind.CONFLICT
    code = "stage_closed"
    message = "活动当前阶段不接受这项操作"


class NominationIncomplete(DomainError):
    """A submitted text is too short; `errors` says which field lacks what."""

    kind = Kind.INVALID
    code = "nomination_incomplete"
    message = "推荐材料还不完整，请补充后再提交"


class ContentRefused(DomainError):
    """WeChat's text check calls the text risky."""

    kind = Kind.INVALID
    code = "content_refused"
    message = "内容未通过安全检查，请修改后再提交"


class OwnNomination(DomainError):
    kind = Kind.FORBIDDEN
    code = "own_nomination"
    message = "不能审核自己推荐的人选"


class AssessmentNotOpen(DomainError):
    """Before the opening, from the closing instant on, or in another stage; details carry the
    `state` of the campaign."""

    kind = Kind.CONFLICT
    code = "assessment_not_open"
    message = "现在不在评议时间内"


class BallotsCollided(DomainError):
    """One person's ballots arrived from several devices at the same moment, again and again."""

    kind = Kind.CONFLICT
    code = "ballots_collided"
    message = "同时提交了多张选票，请刷新后再试"


class CountsHidden(DomainError):
    kind = Kind.FORBIDDEN
    code = "counts_hidden"
    message = "评议结束前不公开票数"


class AlreadyHonored(DomainError):
    kind = Kind.CONFLICT
    code = "already_honored"
    message = "这份荣誉已经授予，不能重复"


class AlreadyReferred(DomainError):
    kind = Kind.CONFLICT
    code = "already_referred"
    message = "已向这一批次推荐过"


class HonorNotInForce(DomainError):
    """The honour is suspended or revoked; details carry its `state`."""

    kind = Kind.CONFLICT
    code = "honor_not_in_force"
    message = "这份荣誉目前不在有效状态"


class BenefitCodeTaken(DomainError):
    kind = Kind.CONFLICT
    code = "benefit_code_taken"
    message = "礼遇代码已被使用"


class BenefitNotHeld(DomainError):
    """Not for this honour, not yet or no longer in force, or not given on showing a card."""

    kind = Kind.CONFLICT
    code = "benefit_not_held"
    message = "持卡人目前不享受这项礼遇"


class BenefitUsedUp(DomainError):
    """`uses_a_year` is reached."""

    kind = Kind.CONFLICT
    code = "benefit_used_up"
    message = "今年的次数已经用完"


class HardshipCaseOpen(DomainError):
    kind = Kind.CONFLICT
    code = "hardship_case_open"
    message = "已有一件帮扶申请正在办理"


class ProposedByYou(DomainError):
    kind = Kind.FORBIDDEN
    code = "proposed_by_you"
    message = "不能核定自己提出的帮扶意见"
