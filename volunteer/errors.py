"""Refusals about volunteer service."""

from core.errors import DomainError, Kind


class OrganizationNameTaken(DomainError):
    kind = Kind.CONFLICT
    code = "organization_name_taken"
    message = "已有同名的志愿服务组织，请换一个名称"


class GuardianConsentRequired(DomainError):
    """A minor takes part with a guardian's consent (Henan art. 8)."""

    kind = Kind.FORBIDDEN
    code = "guardian_consent_required"
    message = "未满 18 周岁，需要监护人同意后才能参加"


class OwnApplication(DomainError):
    """Nobody decides on what they asked for themselves."""

    kind = Kind.FORBIDDEN
    code = "own_application"
    message = "不能审核自己提出的申请，请由其他工作人员审核"


class OrganizationNotApproved(DomainError):
    kind = Kind.CONFLICT
    code = "organization_not_approved"
    message = "志愿服务组织尚未通过审核"


class ProjectNotEditable(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "project_not_editable"
    message = "项目提交后不能再修改，退回后才可以修改"


class ProjectNotApproved(DomainError):
    kind = Kind.CONFLICT
    code = "project_not_approved"
    message = "项目通过审核后才能组织活动"


class NoUpcomingShift(DomainError):
    kind = Kind.CONFLICT
    code = "no_upcoming_shift"
    message = "请先添加至少一个尚未开始的场次，再发布活动"


class ActivityNotDraft(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "activity_not_draft"
    message = "活动发布后不能再添加场次"


class ActivityNotOpen(DomainError):
    """Not published, cancelled, or finished."""

    kind = Kind.CONFLICT
    code = "activity_not_open"
    message = "活动未发布或已结束"


class ShiftBegun(DomainError):
    kind = Kind.CONFLICT
    code = "shift_begun"
    message = "这一场次已经开始"


class SignupOverlaps(DomainError):
    """Details carry the `signup_id` that is in the way."""

    kind = Kind.CONFLICT
    code = "signup_overlaps"
    message = "您在同一时间已报名其他场次"


class AlreadySignedUp(DomainError):
    kind = Kind.CONFLICT
    code = "already_signed_up"
    message = "您已报名这一场次"


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


class ShiftNotDue(DomainError):
    kind = Kind.CONFLICT
    code = "shift_not_due"
    message = "场次开始前 30 分钟内才能宣布开始"


class RollClosed(DomainError):
    kind = Kind.CONFLICT
    code = "roll_closed"
    message = "本场次的签到登记已经结束，请通过补录或异议办理"


class AttendanceExists(DomainError):
    """Details carry the `attendance_id`."""

    kind = Kind.CONFLICT
    code = "attendance_exists"
    message = "该志愿者在这一场次已有签到记录，如有出入请更正"


class AttendanceSettled(DomainError):
    kind = Kind.CONFLICT
    code = "attendance_settled"
    message = "这次服务的时长已经结算，请通过异议更正"


class EntryTooLate(DomainError):
    kind = Kind.CONFLICT
    code = "entry_too_late"
    message = "离线签到记录须在场次结束后 72 小时内上传，请通过补录办理"


class NonceReused(DomainError):
    """The nonce of an entry came before with other contents."""

    kind = Kind.CONFLICT
    code = "nonce_reused"
    message = "这条离线记录的编号已用于另一条记录"


class CodeNotShown(DomainError):
    """Details carry `since` and `until`, the instants between which there is a code."""

    kind = Kind.CONFLICT
    code = "code_not_shown"
    message = "签到码在场次开始前 30 分钟至结束后 2 小时内出示"


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


class AlreadyCheckedIn(DomainError):
    kind = Kind.CONFLICT
    code = "already_checked_in"
    message = "您已签到，不能再取消报名"


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


class OwnAttendance(DomainError):
    """Nobody confirms their own hours."""

    kind = Kind.FORBIDDEN
    code = "own_attendance"
    message = "不能确认自己的服务时间，请由其他负责人确认"


class AlreadyCounted(DomainError):
    """The source of an entry already has one of its kind in the ledger."""

    kind = Kind.CONFLICT
    code = "already_counted"
    message = "这段服务时长已经记录，不能重复记录"
