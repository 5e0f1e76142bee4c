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


class AttachmentsFull(DomainError):
    """All places for this kind of file are taken; details carry the `limit`."""

    kind = Kind.CONFLICT
    code = "attachments_full"
    message = "这类文件已达到数量上限，请先删除不用的"


class CommentsTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "comments_too_many"
    message = "留言太频繁，请稍后再试"
