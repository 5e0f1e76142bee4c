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


class PanelNotClosed(DomainError):
    """The result of a campaign with a panel waits until the panel has closed."""

    kind = Kind.CONFLICT
    code = "panel_not_closed"
    message = "评委会尚未结束评审，不能计算结果"


class ResultIsFixed(DomainError):
    """A result that was fixed is not computed again: who was proposed is known."""

    kind = Kind.CONFLICT
    code = "result_is_fixed"
    message = "结果已经确认，不能再计算"


class ResultOutdated(DomainError):
    """Since it was computed a candidate left, or votes or marks changed."""

    kind = Kind.CONFLICT
    code = "result_outdated"
    message = "计算结果之后，候选人、票数或评分有变化，请重新计算"


class ResultNotPublished(DomainError):
    """The result is public from the opening of its notice."""

    kind = Kind.CONFLICT
    code = "result_not_published"
    message = "结果尚未公示"


class OwnResult(DomainError):
    """Whoever computed a result, or deviated from its order, neither fixes it nor witnesses its
    lot."""

    kind = Kind.FORBIDDEN
    code = "own_result"
    message = "结果由您计算、调整或见证，这一步应由另一人办理"


class LotNotDrawn(DomainError):
    """Candidates are equal by every rule, so the public lot decides before the result stands."""

    kind = Kind.CONFLICT
    code = "lot_not_drawn"
    message = "有候选人各项完全相同，须先公开抽签"


class LotNotNeeded(DomainError):
    kind = Kind.CONFLICT
    code = "lot_not_needed"
    message = "没有需要抽签的名次"


class LotDrawn(DomainError):
    """A lot is drawn once for all."""

    kind = Kind.CONFLICT
    code = "lot_drawn"
    message = "已经抽过签，结果不能再改"


class LotSourceFixed(DomainError):
    """What the lot is drawn from stays what was written down first."""

    kind = Kind.CONFLICT
    code = "lot_source_fixed"
    message = "抽签依据已经公布，不能更换"


class NomineesUnjudged(DomainError):
    """Too few of the panel judged some; details name the `nominations`. Each is decided on with
    a published reason before the result is fixed."""

    kind = Kind.CONFLICT
    code = "nominees_unjudged"
    message = "有候选人的评分人数不足，请逐一说明是否入选"


class NotWithheld(DomainError):
    """Only whose name is withheld for safety is proposed outside the ranking."""

    kind = Kind.CONFLICT
    code = "not_withheld"
    message = "只有依法不公开姓名的人选可以单独提名入选"
