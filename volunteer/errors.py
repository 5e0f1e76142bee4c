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
    kind = Kind.INVALID
    code = "code_invalid"
    message = "签到码无效，请扫描负责人出示的签到码"


class CodeExpired(DomainError):
    kind = Kind.INVALID
    code = "code_expired"
    message = "签到码已过期，请重新扫描"


class CodeNotShown(DomainError):
    """Details carry `since` and `until`, the instants between which there is a code."""

    kind = Kind.CONFLICT
    code = "code_not_shown"
    message = "签到码在场次开始前 30 分钟至结束后 2 小时内出示"


class NotSignedUp(DomainError):
    kind = Kind.CONFLICT
    code = "not_signed_up"
    message = "您没有这一场次的名额，请先报名或联系负责人"


class CheckInClosed(DomainError):
    kind = Kind.CONFLICT
    code = "check_in_closed"
    message = "签到时间为场次开始前 30 分钟至场次结束"


class CheckedInElsewhere(DomainError):
    """At most one attendance of a person is open at a time."""

    kind = Kind.CONFLICT
    code = "checked_in_elsewhere"
    message = "您在另一场次尚未签退，请先签退"


class AlreadyCheckedIn(DomainError):
    kind = Kind.CONFLICT
    code = "already_checked_in"
    message = "您已签到，不能再取消报名"


class NotCheckedIn(DomainError):
    kind = Kind.CONFLICT
    code = "not_checked_in"
    message = "没有您的签到记录，请先签到"


class CheckOutClosed(DomainError):
    kind = Kind.CONFLICT
    code = "check_out_closed"
    message = "签退时间已过，请联系活动负责人确认您的离开时间"


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
    """Whoever made the record does not judge it."""

    kind = Kind.FORBIDDEN
    code = "dispute_not_independent"
    message = "这条记录由您登记或审核，请由其他人处理申诉"
