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


class LastOrganizer(DomainError):
    """An organisation without an organizer could neither admit nor appoint anybody."""

    kind = Kind.CONFLICT
    code = "last_organizer"
    message = "组织至少要有一名管理员，请先任命其他成员为管理员"


class NotMember(DomainError):
    kind = Kind.CONFLICT
    code = "not_member"
    message = "该志愿者还不是组织的正式成员"


class OwnMembership(DomainError):
    """Nobody admits, removes, appoints or dismisses themselves."""

    kind = Kind.FORBIDDEN
    code = "own_membership"
    message = "不能对自己进行这项操作，请由组织的其他管理员办理"


class OwnQualification(DomainError):
    """Nobody records what they themselves can do."""

    kind = Kind.FORBIDDEN
    code = "own_qualification"
    message = "不能登记自己的资质，请由组织管理员或文明实践所工作人员核对证书后登记"


class OrganizationNotApproved(DomainError):
    kind = Kind.CONFLICT
    code = "organization_not_approved"
    message = "志愿服务组织尚未通过审核"


class OrganizationBusy(DomainError):
    """Details carry the number of its `activities` that are not over."""

    kind = Kind.CONFLICT
    code = "organization_busy"
    message = "组织还有没结束的活动，请先取消或等活动结束"


class ProjectNotEditable(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "project_not_editable"
    message = "项目提交后不能再修改，退回后才可以修改"


class ProjectNotApproved(DomainError):
    kind = Kind.CONFLICT
    code = "project_not_approved"
    message = "项目通过审核后才能组织活动"


class ActivityOver(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "activity_over"
    message = "活动已取消或已结束，不能再更换负责人"


class ActivityNotRisky(DomainError):
    kind = Kind.CONFLICT
    code = "activity_not_risky"
    message = "活动没有人身风险，不需要投保名单"


class CallListClosed(DomainError):
    """Phones are shown only while somebody may have to be called."""

    kind = Kind.CONFLICT
    code = "call_list_closed"
    message = "联系名单在活动前 7 天至活动结束后 1 天内可以查看"


class ActivityNotEditable(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "activity_not_editable"
    message = "活动提交后不能再修改，退回后才可以修改"


class ActivityNotInsured(DomainError):
    """Insurance must exist before an activity with personal risk (decree 685, art. 17)."""

    kind = Kind.CONFLICT
    code = "activity_not_insured"
    message = "活动有人身风险，请先为志愿者购买保险并填写保险单号，再发布"


class AttendancesOpen(DomainError):
    """Details carry their number, `open`."""

    kind = Kind.CONFLICT
    code = "attendances_open"
    message = "还有签到记录没有处理完，处理后才能结项"


class LocationCheckInRefused(DomainError):
    """The place alone proves an attendance only where many come (i志愿)."""

    kind = Kind.CONFLICT
    code = "location_check_in_refused"
    message = "名额达到 100 人的活动才能凭位置签到，请关闭凭位置签到或增加名额"


class NoUpcomingShift(DomainError):
    kind = Kind.CONFLICT
    code = "no_upcoming_shift"
    message = "请先添加至少一个尚未开始的场次"


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
    """Details carry the `signup_id` that is in the way, the `minutes` that both share, and
    `can_accept`: whether `accept_overlap` would let it pass."""

    kind = Kind.CONFLICT
    code = "signup_overlaps"
    message = "您在同一时间已报名其他场次"


class AlreadySignedUp(DomainError):
    kind = Kind.CONFLICT
    code = "already_signed_up"
    message = "您已报名这一场次"


class AgeUnsuitable(DomainError):
    """Details carry `min_age` and `max_age`, full years on the day of the shift."""

    kind = Kind.FORBIDDEN
    code = "age_unsuitable"
    message = "您的年龄不在这项活动的招募范围内"


class AdultsOnly(DomainError):
    """Minors take no part in dangerous work, whoever consents."""

    kind = Kind.FORBIDDEN
    code = "adults_only"
    message = "这项活动有较大危险，只招募年满 18 周岁的志愿者"


class QualificationRequired(DomainError):
    """Details carry the `qualification` code."""

    kind = Kind.FORBIDDEN
    code = "qualification_required"
    message = "这项活动要求在活动当天持有相应资质，请先登记您的证书"


class MembersOnly(DomainError):
    """Details carry the `organization_id`."""

    kind = Kind.FORBIDDEN
    code = "members_only"
    message = "这项活动只招募本组织的成员，请先申请加入"


class SignUpPaused(DomainError):
    """After several sign-ups without a record of attendance. Details carry `until`."""

    kind = Kind.FORBIDDEN
    code = "sign_up_paused"
    message = "您近期多次报名后没有签到记录，暂时不能报名"


class OfferExpired(DomainError):
    """Details carry `until`, the end of the offer."""

    kind = Kind.CONFLICT
    code = "offer_expired"
    message = "保留给您的名额已过期"


class OwnSignup(DomainError):
    """Nobody decides on their own sign-up."""

    kind = Kind.FORBIDDEN
    code = "own_signup"
    message = "不能处理自己的报名，请由其他负责人处理"


class ShiftFull(DomainError):
    """No seat, or those who wait come first."""

    kind = Kind.CONFLICT
    code = "shift_full"
    message = "这一场次没有空余名额"


class WalkInClosed(DomainError):
    """Details carry `since` and `until`."""

    kind = Kind.CONFLICT
    code = "walk_in_closed"
    message = "场次开始前 30 分钟至结束前可以现场加入"


class WalkInUninsured(DomainError):
    """The insured are listed before an activity with personal risk begins."""

    kind = Kind.CONFLICT
    code = "walk_in_uninsured"
    message = "这项活动有人身风险，保险只覆盖已报名的人，不能现场加入"


class ShiftEnded(DomainError):
    kind = Kind.CONFLICT
    code = "shift_ended"
    message = "这一场次已经结束"


class AnotherActivity(DomainError):
    kind = Kind.CONFLICT
    code = "another_activity"
    message = "只能调到同一活动的其他场次"


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


class RollOpen(DomainError):
    kind = Kind.CONFLICT
    code = "roll_open"
    message = "还有场次没有结束点名，请先结束点名"


class AttendanceSettled(DomainError):
    """The books of its activity are closed, or a dispute decided about it."""

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


class TooManyServiceRequests(DomainError):
    """Details carry the `limit`."""

    kind = Kind.CONFLICT
    code = "too_many_service_requests"
    message = "您还有 10 个点单没有办结，请等其中一个办结或撤回后再点单"


class ServiceRequestTaken(DomainError):
    """Another team was first."""

    kind = Kind.CONFLICT
    code = "service_request_taken"
    message = "这个点单刚刚被其他队伍接走了"


class OwnService(DomainError):
    """Nobody judges what their own team did, or their own complaint."""

    kind = Kind.FORBIDDEN
    code = "own_service"
    message = "不能评价或处理自己队伍的服务，请由其他人办理"


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
