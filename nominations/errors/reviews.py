"""Refusals on the ladder of review."""

from core.errors import DomainError, Kind


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
    consultations, visit, identity, consent, text, bravery."""

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
