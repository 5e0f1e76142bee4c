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


class StageNotReady(DomainError):
    """A step of the campaign has to wait; the detail says for what."""

    kind = Kind.CONFLICT
    code = "stage_not_ready"
    message = "条件还不具备，暂时不能进入下一阶段"


class RulesFrozen(DomainError):
    """Nominations have opened, so what nominators and voters go by stays."""

    kind = Kind.CONFLICT
    code = "rules_frozen"
    message = "推荐已经开始，活动的规则不能再修改"


class PausedPastDates(DomainError):
    """A published `date` passed in a pause: going on would begin or end a stage at once."""

    kind = Kind.CONFLICT
    code = "paused_past_dates"
    message = "暂停期间有公布的时间已经过去，请先延期，或确认仍按原定时间进行"


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


class NomineeTooYoung(DomainError):
    """On the day of submission; details carry `min_age` in full years."""

    kind = Kind.INVALID
    code = "nominee_too_young"
    message = "被推荐人的年龄没有达到本次活动的要求"


class NominatedElsewhere(DomainError):
    """The same person has a live nomination in another category of the campaign; details carry
    that `category`."""

    kind = Kind.CONFLICT
    code = "nominated_elsewhere"
    message = "此人在本次活动的另一个类别已有推荐，同一人只能参加一个类别"


class SelfNominationRefused(DomainError):
    kind = Kind.FORBIDDEN
    code = "self_nomination_refused"
    message = "本次活动不接受自荐"


class TooManyDrafts(DomainError):
    """Details carry the `limit` of a person in a campaign."""

    kind = Kind.CONFLICT
    code = "too_many_drafts"
    message = "您在本次活动中的草稿太多了，请先提交或撤回一些"


class ConsentLapsed(DomainError):
    """Nobody answered in time, or somebody was asked anew."""

    kind = Kind.CONFLICT
    code = "consent_lapsed"
    message = "这个链接已失效，请联系推荐人或社区重新发送"


class SignerMissing(DomainError):
    """Whoever answers for another says who they are."""

    kind = Kind.INVALID
    code = "signer_missing"
    message = "请填写您的姓名和与被推荐人的关系"


class NomineeAlive(DomainError):
    kind = Kind.CONFLICT
    code = "nominee_alive"
    message = "没有登记被推荐人去世，不需要由亲属决定"


class OwnNomination(DomainError):
    kind = Kind.FORBIDDEN
    code = "own_nomination"
    message = "不能审核自己推荐的人选"


class NominatorDecided(DomainError):
    """Who recommends a case that would be merged has decided on the other one."""

    kind = Kind.CONFLICT
    code = "nominator_decided"
    message = "推荐人中有人审核过要并入的那份推荐，请反过来合并"


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


class CluesTooMany(DomainError):
    """As many clues of one person as a day takes."""

    kind = Kind.TOO_MANY
    code = "clues_too_many"
    message = "今天提供的线索已达上限，请明天再来"


class WithheldNotMergeable(DomainError):
    """One of two cases is withheld for safety: together with the other it would show."""

    kind = Kind.CONFLICT
    code = "withheld_not_mergeable"
    message = "其中一份依法不公开，请先对另一份作出同样的决定再合并"


class NominatorSupports(DomainError):
    kind = Kind.FORBIDDEN
    code = "nominator_supports"
    message = "您是推荐人，不必再附议"


class NotYourStep(DomainError):
    """The case waits at another place or step than the reviewer's; details carry the `step`."""

    kind = Kind.FORBIDDEN
    code = "not_your_step"
    message = "这份推荐现在由其他层级或单位审核"


class DecidedBefore(DomainError):
    kind = Kind.FORBIDDEN
    code = "decided_before"
    message = "您在另一环节审核过这份推荐，不能再次审核"


class RecommendationsUsedUp(DomainError):
    """The county or channel has sent up as many cases as the campaign allows; details carry the
    `limit`."""

    kind = Kind.CONFLICT
    code = "recommendations_used_up"
    message = "本地本系统的推荐名额已用完"


class NotReady(DomainError):
    """Something is missing before a nominee becomes a candidate; details list it in `missing`:
    consultations, visit, consent, bravery."""

    kind = Kind.CONFLICT
    code = "not_ready"
    message = "还不能成为候选人，请先完成所缺的环节"


class StepNotUsed(DomainError):
    kind = Kind.CONFLICT
    code = "step_not_used"
    message = "本次活动没有这个环节"


class AnswerFinal(DomainError):
    """The department has answered otherwise before."""

    kind = Kind.CONFLICT
    code = "answer_final"
    message = "意见已经提交，不能更改"


class ConfirmationExists(DomainError):
    """Another application is under way or was confirmed."""

    kind = Kind.CONFLICT
    code = "confirmation_exists"
    message = "这份推荐已有见义勇为确认记录"


class AttachmentsFull(DomainError):
    """All places for this kind of file are taken; details carry the `limit`."""

    kind = Kind.CONFLICT
    code = "attachments_full"
    message = "这类文件已达到数量上限，请先删除不用的"


class CommentsTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "comments_too_many"
    message = "留言太频繁，请稍后再试"


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


class NobodyToNotice(DomainError):
    kind = Kind.CONFLICT
    code = "nobody_to_notice"
    message = "没有需要公示的人选"


class NoticeNotOver(DomainError):
    """Approval before a nominee's last day of notice is over, or while it is not certain."""

    kind = Kind.CONFLICT
    code = "notice_not_over"
    message = "公示期还没有结束，暂时不能批准"


class NoticeDecided(DomainError):
    kind = Kind.CONFLICT
    code = "notice_decided"
    message = "公示中已有人选获得批准，不能再撤回"


class ConsentMissing(DomainError):
    """Of a nominee who died on the way, until the kin choose that the case goes on."""

    kind = Kind.CONFLICT
    code = "consent_missing"
    message = "还没有取得人选本人或亲属的同意，暂时不能进行这项操作"


class ObjectionPending(DomainError):
    kind = Kind.CONFLICT
    code = "objection_pending"
    message = "还有异议没有处理完，暂时不能进行这项操作"


class ObjectionClosed(DomainError):
    """The nominee's case has ended, by an honour or otherwise."""

    kind = Kind.CONFLICT
    code = "objection_closed"
    message = "这一人选的评选已经结束，不能再提出异议"


class ObjectionTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "objection_too_many"
    message = "您对这次公示提出的异议已达上限，如有补充请联系公示中的电话"


class HandlerNotIndependent(DomainError):
    """A nominator, a screener or the objector would handle an objection."""

    kind = Kind.FORBIDDEN
    code = "handler_not_independent"
    message = "您推荐、审核过这一人选，或是异议提出人，不能处理这条异议"


class VerificationIncomplete(DomainError):
    """Details carry how many different people have `verified`."""

    kind = Kind.CONFLICT
    code = "verification_incomplete"
    message = "需要两人分别核查并写明情况后才能作出决定"


class DocumentNumberTaken(DomainError):
    kind = Kind.CONFLICT
    code = "document_number_taken"
    message = "这个文号已用于本次活动的另一批人选"


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
