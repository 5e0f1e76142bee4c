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


class PanelNotUsed(DomainError):
    kind = Kind.CONFLICT
    code = "panel_not_used"
    message = "本次评选不设评委会"


class PanelTooSmall(DomainError):
    """Details carry the number of `members` who accepted."""

    kind = Kind.CONFLICT
    code = "panel_too_small"
    message = "接受邀请的评委不足，不能开始评分"


class DeclarationsMissing(DomainError):
    """Details carry the `panelists` who have not declared about every candidate."""

    kind = Kind.CONFLICT
    code = "declarations_missing"
    message = "还有评委没有完成回避声明，不能开始评分"


class NotDeclared(DomainError):
    kind = Kind.FORBIDDEN
    code = "not_declared"
    message = "请先声明与这位候选人有无利害关系，再查看材料和评分"


class Recused(DomainError):
    """The sentence says why: declared, or certain from the records."""

    kind = Kind.FORBIDDEN
    code = "recused"
    message = "您对这位候选人已回避，不能查看材料和评分"


class ConflictStands(DomainError):
    kind = Kind.CONFLICT
    code = "conflict_stands"
    message = "评分开始后不能撤回已声明的回避"


class JudgingNotOpen(DomainError):
    """Before scoring was opened or after it closed; details carry the panel's `state`."""

    kind = Kind.CONFLICT
    code = "judging_not_open"
    message = "现在不在评委评分时间内"


class JudgingNotClosed(DomainError):
    """What members decided is shown to nobody before all have."""

    kind = Kind.CONFLICT
    code = "judging_not_closed"
    message = "评委评分结束后才能查看"


class QuorumLacking(DomainError):
    """Details carry the `nominations` that too few members have judged."""

    kind = Kind.CONFLICT
    code = "quorum_lacking"
    message = "还有候选人的评分人数未达到法定人数，不能结束评分"


class MarksSubmitted(DomainError):
    kind = Kind.CONFLICT
    code = "marks_submitted"
    message = "您已提交全部评分，不能再修改"


class MarksMissing(DomainError):
    """Details carry the `nominations` that the member has not judged."""

    kind = Kind.CONFLICT
    code = "marks_missing"
    message = "还有候选人没有评分，请完成后再提交"


class VotedAlready(DomainError):
    """A secret vote can't be found again, so its member can neither be recused nor removed."""

    kind = Kind.CONFLICT
    code = "voted_already"
    message = "该评委已无记名投票，选票不能取回"


class AnotherMethod(DomainError):
    kind = Kind.CONFLICT
    code = "another_method"
    message = "本次评选的评委会不采用这种评定方式"
