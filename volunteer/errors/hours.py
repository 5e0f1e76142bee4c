"""Refusals about hours, and about what is claimed, contested and certified of them."""

from core.errors import DomainError, Kind


class AlreadyCounted(DomainError):
    """The source of an entry already has one of its kind in the ledger."""

    kind = Kind.CONFLICT
    code = "already_counted"
    message = "这段服务时长已经记录，不能重复记录"


class ReviewNotIndependent(DomainError):
    """Time above a daily tier is let count by nobody who ran the activity."""

    kind = Kind.FORBIDDEN
    code = "review_not_independent"
    message = "活动负责人和本组织的管理员不能审核，请由其他工作人员审核"


class HigherTierNeeded(DomainError):
    """Details carry the `tier` that may decide: site or city."""

    kind = Kind.FORBIDDEN
    code = "higher_tier_needed"
    message = "当天时长较长，需要上级阵地的工作人员审核"


class AlreadyBackfilled(DomainError):
    kind = Kind.CONFLICT
    code = "already_backfilled"
    message = "这一场次已有补记申请，不能重复申请"


class BackfillWindowClosed(DomainError):
    """Details carry `since` and `until`, the first and the last day of claiming."""

    kind = Kind.CONFLICT
    code = "backfill_window_closed"
    message = "补记应在场次结束后 30 天内申请"


class BackfillTooLong(DomainError):
    """Details carry `free_minutes`: what of the shift is not counted yet."""

    kind = Kind.CONFLICT
    code = "backfill_too_long"
    message = "补记时长超过了这一场次尚未计入的时间"


class BackfillNotIndependent(DomainError):
    """Neither the claimant nor the person whose hours they are decides."""

    kind = Kind.FORBIDDEN
    code = "backfill_not_independent"
    message = "不能审核自己提出或与自己有关的补记，请由其他人审核"


class BackfillBarred(DomainError):
    """Sanctioned. Details carry `until`, the first day on which it may end."""

    kind = Kind.FORBIDDEN
    code = "backfill_barred"
    message = "因此前的补记不实，目前不能申请或审核补记"


class NotInvolved(DomainError):
    """Nobody is registered without consent: who signed up or joined has given it."""

    kind = Kind.CONFLICT
    code = "not_involved"
    message = "只能为报过名的人或本组织成员补记，其他人请本人申请"


class AlreadyContested(DomainError):
    kind = Kind.CONFLICT
    code = "already_contested"
    message = "已有人提出异议并经核查，不再重复受理"


class OwnDispute(DomainError):
    kind = Kind.FORBIDDEN
    code = "own_dispute"
    message = "不能处理自己提出的申诉"


class DisputeNotIndependent(DomainError):
    """Whoever made the record does not judge it, nor their organisation a whole activity."""

    kind = Kind.FORBIDDEN
    code = "dispute_not_independent"
    message = "这条记录由您或您的组织登记、审核，请由其他人处理申诉"


class NothingToCertify(DomainError):
    kind = Kind.CONFLICT
    code = "nothing_to_certify"
    message = "这段时间内没有已记录的服务时长，无法开具证明"


class TooManyCertificates(DomainError):
    kind = Kind.TOO_MANY
    code = "too_many_certificates"
    message = "今天开具的证明已达上限，请明天再开具"


class CertificateRevoked(DomainError):
    kind = Kind.CONFLICT
    code = "certificate_revoked"
    message = "这份证明所依据的服务记录已更正，证明已失效，请重新开具"


class OwnEvaluation(DomainError):
    """Nobody evaluates themself, nor the activity that they led."""

    kind = Kind.FORBIDDEN
    code = "own_evaluation"
    message = "不能评价自己，也不能评价自己负责的活动"


class EvaluationClosed(DomainError):
    """Details carry `since` and `until`, the days between which it may be given."""

    kind = Kind.CONFLICT
    code = "evaluation_closed"
    message = "服务结束后两周内可以评价，现在不在评价时间内"


class AlreadyEvaluated(DomainError):
    kind = Kind.CONFLICT
    code = "already_evaluated"
    message = "您已经评价过，评价提交后不能修改"


class BoardsOff(DomainError):
    kind = Kind.NOT_FOUND
    code = "boards_off"
    message = "本市没有开放个人时长榜"
