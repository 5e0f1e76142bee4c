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


class ExportNotReady(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "export_not_ready"
    message = "文件还没有生成，请稍后再下载"


class ExportExpired(DomainError):
    kind = Kind.CONFLICT
    code = "export_expired"
    message = "文件已过保存期，请重新导出"


class SpreadsheetInvalid(DomainError):
    """The detail says what is wrong with the file as a whole."""

    kind = Kind.INVALID
    code = "spreadsheet_invalid"
    message = "无法读取这个表格，请按模板另存为 .xlsx 或 .csv 后再上传"


class OwnImport(DomainError):
    """Hours are confirmed by somebody else than who uploaded them."""

    kind = Kind.FORBIDDEN
    code = "own_import"
    message = "不能确认自己上传的时长记录，请由其他工作人员确认"


class ImportEmpty(DomainError):
    kind = Kind.CONFLICT
    code = "import_empty"
    message = "没有可以导入的行，请按问题清单修改后重新上传"
