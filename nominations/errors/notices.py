"""Refusals about notices, objections and approval."""

from core.errors import DomainError, Kind


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


class ConsentMissing(DomainError):
    """Of a nominee who died on the way, until the kin choose that the case goes on."""

    kind = Kind.CONFLICT
    code = "consent_missing"
    message = "还没有取得人选本人或亲属的同意，暂时不能进行这项操作"
