"""Refusals about people, sign-in and roles."""

from core.errors import DomainError, Kind


class IdentityInUse(DomainError):
    kind = Kind.CONFLICT
    code = "identity_in_use"
    message = "该身份证号已登记。如果是您本人更换了微信，请携带身份证到就近的文明实践所办理换绑"


class IdentityFixed(DomainError):
    kind = Kind.CONFLICT
    code = "identity_fixed"
    message = "您已完成实名登记，如需更正请到就近的文明实践所办理"


class ConsentRequired(DomainError):
    """Details carry the `kind` and `version` of the consent that is missing."""

    kind = Kind.FORBIDDEN
    code = "consent_required"
    message = "请先阅读并同意相应的个人信息授权"


class ConsentOutdated(DomainError):
    kind = Kind.CONFLICT
    code = "consent_outdated"
    message = "授权文本已更新，请阅读新版本后再同意"


class RealNameRequired(DomainError):
    kind = Kind.FORBIDDEN
    code = "real_name_required"
    message = "请先完成实名登记"


class PasswordChangeRequired(DomainError):
    kind = Kind.FORBIDDEN
    code = "password_change_required"
    message = "首次登录请先修改密码"


class SignInRefused(DomainError):
    """Says nothing about which part was wrong. The failure is counted."""

    kind = Kind.UNAUTHENTICATED
    code = "sign_in_refused"
    message = "用户名、密码或动态码不正确"
    keeps_writes = True


class SignInLocked(DomainError):
    kind = Kind.TOO_MANY
    code = "sign_in_locked"
    message = "连续登录失败次数过多，账号已暂时锁定"


class PasswordWeak(DomainError):
    kind = Kind.INVALID
    code = "password_weak"
    message = "新密码至少 12 个字符，且不能与旧密码或用户名相同"


class RoleAlreadyGranted(DomainError):
    kind = Kind.CONFLICT
    code = "role_already_granted"
    message = "该人员在此范围内已有这个角色"


class FeedbackTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "feedback_too_many"
    message = "提交得太频繁了，请稍后再来；紧急情况请拨打 12345"


class FeedbackAnswered(DomainError):
    kind = Kind.CONFLICT
    code = "feedback_answered"
    message = "这条反馈已经答复过了"
