"""Refusals about sign-ups."""

from core.errors import DomainError, Kind


class AlreadySignedUp(DomainError):
    kind = Kind.CONFLICT
    code = "already_signed_up"
    message = "您已报名这一场次"


class SignupOverlaps(DomainError):
    """Details carry the `signup_id` that is in the way, the `minutes` that both share, and
    `can_accept`: whether `accept_overlap` would let it pass."""

    kind = Kind.CONFLICT
    code = "signup_overlaps"
    message = "您在同一时间已报名其他场次"


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


class ShiftFull(DomainError):
    """No seat, or those who wait come first."""

    kind = Kind.CONFLICT
    code = "shift_full"
    message = "这一场次没有空余名额"


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


class AnotherActivity(DomainError):
    kind = Kind.CONFLICT
    code = "another_activity"
    message = "只能调到同一活动的其他场次"


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


class AlreadyCheckedIn(DomainError):
    kind = Kind.CONFLICT
    code = "already_checked_in"
    message = "您已签到，不能再取消报名"
