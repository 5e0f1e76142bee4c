"""Refusals about panels and results."""

from core.errors import DomainError, Kind


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
    """Ways around the assessment and the notice are for those alone whose name is withheld."""

    kind = Kind.CONFLICT
    code = "not_withheld"
    message = "只有依法不公开姓名的人选可以这样办理"


class RulingPending(DomainError):
    kind = Kind.CONFLICT
    code = "ruling_pending"
    message = "这一组选票已有待复核的处理意见，请先复核"


class OwnRuling(DomainError):
    kind = Kind.FORBIDDEN
    code = "own_ruling"
    message = "处理意见由您提出，应由另一人复核"


class BallotsRuled(DomainError):
    """All of them, or one of those named, have been ruled on before: a ruling is final."""

    kind = Kind.CONFLICT
    code = "ballots_ruled"
    message = "这些选票已经处理完毕，不能再次处理"
