"""Refusals about activities and their shifts."""

from core.errors import DomainError, Kind


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


class LocationCheckInRefused(DomainError):
    """The place alone proves an attendance only where many come (i志愿)."""

    kind = Kind.CONFLICT
    code = "location_check_in_refused"
    message = "同一时间的名额达到 100 人的活动才能凭位置签到，请关闭凭位置签到或增加名额"


class NoUpcomingShift(DomainError):
    kind = Kind.CONFLICT
    code = "no_upcoming_shift"
    message = "请先添加至少一个尚未开始的场次"


class ActivityNotOpen(DomainError):
    """Not published, cancelled, or finished."""

    kind = Kind.CONFLICT
    code = "activity_not_open"
    message = "活动未发布或已结束"


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


class ShiftNotDue(DomainError):
    kind = Kind.CONFLICT
    code = "shift_not_due"
    message = "场次开始前 30 分钟内才能宣布开始"


class ShiftBegun(DomainError):
    kind = Kind.CONFLICT
    code = "shift_begun"
    message = "这一场次已经开始"


class ShiftEnded(DomainError):
    kind = Kind.CONFLICT
    code = "shift_ended"
    message = "这一场次已经结束"


class RollOpen(DomainError):
    kind = Kind.CONFLICT
    code = "roll_open"
    message = "还有场次没有结束点名，请先结束点名"


class AttendancesOpen(DomainError):
    """Details carry their number, `open`."""

    kind = Kind.CONFLICT
    code = "attendances_open"
    message = "还有签到记录没有处理完，处理后才能结项"
