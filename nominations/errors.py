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
