"""What can go wrong between us and WeChat, as people and jobs are told of it."""

from core.errors import DomainError, Kind


class WeChatFault(Exception):
    """What one exchange came to, inside this package only.

    `errcode` is WeChat's number, or None where no usable answer came (time-out, reset, 5xx,
    garbage). `reason` repeats nothing that we sent and names no URL.
    """

    def __init__(self, path: str, errcode: int | None, reason: str) -> None:
        super().__init__(f"{path}: {errcode if errcode is not None else 'no answer'}: {reason}")
        self.path = path
        self.errcode = errcode
        self.reason = reason

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed a moment later."""
        return self.errcode is None or self.errcode == -1


class WeChatRefusal(DomainError):
    """Base of the refusals that WeChat is the cause of.

    `errcode` and `reason` are for logs and dead letters; the client is shown neither.
    """

    errcode: int | None = None
    reason: str = ""


class LoginCodeInvalid(WeChatRefusal):
    kind = Kind.UNAUTHENTICATED
    code = "login_code_invalid"
    message = "登录凭证已失效，请重新登录"


class WeChatUserBlocked(WeChatRefusal):
    kind = Kind.FORBIDDEN
    code = "wechat_user_blocked"
    message = "该微信账号存在安全风险，暂时不能登录"


class PhoneCodeInvalid(WeChatRefusal):
    kind = Kind.INVALID
    code = "phone_code_invalid"
    message = "手机号授权已失效，请重新点击授权"


class WeChatMessageRejected(WeChatRefusal):
    """A subscribe message that no repetition will deliver: wrong template, value or openid."""

    kind = Kind.INVALID
    code = "wechat_message_rejected"
    message = "订阅消息的模板或内容有误，未能发送"


class WeChatRateLimited(WeChatRefusal):
    """Our own quota at WeChat is used up, so the person asking is not to blame."""

    kind = Kind.UNAVAILABLE
    code = "wechat_rate_limited"
    message = "微信服务繁忙，请稍后再试"


class WeChatUnavailable(WeChatRefusal):
    """No answer, a broken one, or one that says our own configuration is wrong."""

    kind = Kind.UNAVAILABLE
    code = "wechat_unavailable"
    message = "微信服务暂时不可用，请稍后再试"


class PushForged(DomainError):
    """A push whose signature, or whose app id, is not WeChat's for us."""

    kind = Kind.FORBIDDEN
    code = "push_forged"
    message = "消息推送的签名不正确"


class PushMalformed(DomainError):
    """A push that is rightly signed, and yet can't be read."""

    kind = Kind.INVALID
    code = "push_malformed"
    message = "消息推送的内容无法解析"
