"""Refusals about campaigns, ballots and counts."""

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
    message = "票数还没有公布，请等群众评议和评委评审结束"


class LogAbsent(DomainError):
    """The campaign has not opened nominations yet, or was assessed before there were logs."""

    kind = Kind.NOT_FOUND
    code = "log_absent"
    message = "本次活动没有公开日志，或日志还没有开始"
