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


class NotWithheld(DomainError):
    kind = Kind.CONFLICT
    code = "not_withheld"
    message = "只有依法不公开的人选可以免予公示"


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
