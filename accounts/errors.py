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


class TooYoung(DomainError):
    """Under `persons.REGISTRATION_AGE`."""

    kind = Kind.FORBIDDEN
    code = "too_young"
    message = "未满 8 周岁暂不办理志愿者登记"


class ChildConsentRequired(DomainError):
    """The data of a child under 14 is handled with a guardian's consent only (PIPL art. 31)."""

    kind = Kind.FORBIDDEN
    code = "child_consent_required"
    message = "未满 14 周岁，请先由监护人同意处理孩子的个人信息，再办理登记"


class ConsentOfAnother(DomainError):
    kind = Kind.FORBIDDEN
    code = "consent_of_another"
    message = "这项同意由监护人作出，不能由本人代为填写"


class PersonNotFound(DomainError):
    """The look is counted all the same."""

    kind = Kind.NOT_FOUND
    code = "person_not_found"
    message = "没有查到这个身份证号的登记，可为其办理登记"
    keeps_writes = True


class LookupsTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "lookups_too_many"
    message = "一小时内查询次数过多，请稍后再试"


class IdNumberMismatch(DomainError):
    kind = Kind.CONFLICT
    code = "id_number_mismatch"
    message = "身份证号与登记的不一致，请核对证件"


class OwnAccount(DomainError):
    """Nobody serves themselves at a counter."""

    kind = Kind.FORBIDDEN
    code = "own_account"
    message = "不能为自己办理，请由其他工作人员办理"


class NewPhoneCodeInvalid(DomainError):
    """The login code of the new phone; the helper, who asks, stays signed in."""

    kind = Kind.INVALID
    code = "new_phone_code_invalid"
    message = "新手机的登录码无效或已用过，请在新手机上重新出示"


class WeChatTaken(DomainError):
    kind = Kind.CONFLICT
    code = "wechat_taken"
    message = "这个微信已属于另一位实名登记的人，一个微信只能对应一个人"


class NotMergeable(DomainError):
    kind = Kind.CONFLICT
    code = "not_mergeable"
    message = "只能把未实名的账号并入已实名的账号；两个账号都已实名，或账号已并入他人时不能合并"


class InvitationInvalid(DomainError):
    kind = Kind.INVALID
    code = "invitation_invalid"
    message = "邀请码无效，请扫描孩子手机上出示的邀请码"


class InvitationExpired(DomainError):
    kind = Kind.INVALID
    code = "invitation_expired"
    message = "邀请码已过期，请在孩子手机上重新出示"


class GuardianNotAdult(DomainError):
    kind = Kind.FORBIDDEN
    code = "guardian_not_adult"
    message = "监护人须年满 18 周岁"


class OwnGuardian(DomainError):
    kind = Kind.FORBIDDEN
    code = "own_guardian"
    message = "不能作自己的监护人"


class GuardianshipInForce(DomainError):
    kind = Kind.CONFLICT
    code = "guardianship_in_force"
    message = "已有监护人同意；如需更换监护人，请先撤回原来的同意"


class FeedbackTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "feedback_too_many"
    message = "提交得太频繁了，请稍后再来；紧急情况请拨打 12345"


class FeedbackAnswered(DomainError):
    kind = Kind.CONFLICT
    code = "feedback_answered"
    message = "这条反馈已经答复过了"
