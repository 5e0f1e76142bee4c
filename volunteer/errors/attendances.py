"""Refusals about being there: codes, check-ins, check-outs and the roll."""

from core.errors import DomainError, Kind


class CodeInvalid(DomainError):
    """This and the refusals below that keep their writes are kept as attempts."""

    kind = Kind.INVALID
    code = "code_invalid"
    message = "签到码无效，请扫描负责人出示的签到码"
    keeps_writes = True


class CodeExpired(DomainError):
    kind = Kind.INVALID
    code = "code_expired"
    message = "签到码已过期，请重新扫描"
    keeps_writes = True


class CodeUsed(DomainError):
    """Check-out needs a code that was shown after the one of the check-in."""

    kind = Kind.INVALID
    code = "code_used"
    message = "这个签到码您签到时已用过，请扫描新的签到码"
    keeps_writes = True


class TooManyAttempts(DomainError):
    """Of digits that did not fit."""

    kind = Kind.TOO_MANY
    code = "too_many_attempts"
    message = "数字码输错次数过多，请稍后再试，或请负责人为您签到"


class PersonalCodeInvalid(DomainError):
    """Not made here, or shown too long ago."""

    kind = Kind.INVALID
    code = "personal_code_invalid"
    message = "个人码无效或已过期，请志愿者刷新后重新出示"


class CodeNotShown(DomainError):
    """Details carry `since` and `until`, the instants between which there is a code."""

    kind = Kind.CONFLICT
    code = "code_not_shown"
    message = "签到码在场次开始前 30 分钟至结束后 2 小时内出示"


class PacketNotDue(DomainError):
    """Details carry `since` and `until`, the instants between which a packet is given."""

    kind = Kind.CONFLICT
    code = "packet_not_due"
    message = "离线签到码在场次开始前 24 小时至结束后 2 小时内领取"


class LocationNotEnough(DomainError):
    """The place alone is proof only for large events."""

    kind = Kind.CONFLICT
    code = "location_not_enough"
    message = "本活动不能只凭位置签到，请扫描负责人出示的签到码"
    keeps_writes = True


class OutsideFence(DomainError):
    kind = Kind.CONFLICT
    code = "outside_fence"
    message = "您不在活动地点附近，请到现场后再签到"
    keeps_writes = True


class NotSignedUp(DomainError):
    kind = Kind.CONFLICT
    code = "not_signed_up"
    message = "您没有这一场次的名额，请先报名或联系负责人"
    keeps_writes = True


class CheckInClosed(DomainError):
    kind = Kind.CONFLICT
    code = "check_in_closed"
    message = "签到时间为场次开始前 30 分钟至场次结束"
    keeps_writes = True


class CheckedInElsewhere(DomainError):
    """At most one attendance of a person is open at a time."""

    kind = Kind.CONFLICT
    code = "checked_in_elsewhere"
    message = "您在另一场次尚未签退，请先签退"
    keeps_writes = True


class NotCheckedIn(DomainError):
    kind = Kind.CONFLICT
    code = "not_checked_in"
    message = "没有您的签到记录，请先签到"
    keeps_writes = True


class CheckOutClosed(DomainError):
    kind = Kind.CONFLICT
    code = "check_out_closed"
    message = "签退时间已过，请联系活动负责人确认您的离开时间"
    keeps_writes = True


class AttendanceExists(DomainError):
    """Details carry the `attendance_id`."""

    kind = Kind.CONFLICT
    code = "attendance_exists"
    message = "该志愿者在这一场次已有签到记录，如有出入请更正"


class RollClosed(DomainError):
    kind = Kind.CONFLICT
    code = "roll_closed"
    message = "本场次的签到登记已经结束，请通过补记或申诉办理"


class EntryTooLate(DomainError):
    kind = Kind.CONFLICT
    code = "entry_too_late"
    message = "离线签到记录须在场次结束后 72 小时内上传，请通过补记办理"


class NonceReused(DomainError):
    """The nonce of an entry came before with other contents."""

    kind = Kind.CONFLICT
    code = "nonce_reused"
    message = "这条离线记录的编号已用于另一条记录"


class OwnAttendance(DomainError):
    """Nobody confirms their own hours."""

    kind = Kind.FORBIDDEN
    code = "own_attendance"
    message = "不能登记或确认自己的服务时间，请副负责人或本组织其他管理员扫您的个人码，或由他们登记"


class AttendanceSettled(DomainError):
    """The books of its activity are closed, or a dispute decided about it."""

    kind = Kind.CONFLICT
    code = "attendance_settled"
    message = "这次服务的时长已经结算，请通过异议更正"
