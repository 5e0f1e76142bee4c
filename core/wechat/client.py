"""The calls that this house makes to WeChat's server.

Who may be asked twice: only what changes nothing (the token, a text check) is repeated after a
time-out; a code is spent by the first request that arrives, and a message may have been sent.
A refused access token is renewed and the call repeated once, since WeChat looks at the token
before anything else.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Any

from core import clock
from core.wechat.errors import (
    LoginCodeInvalid,
    PhoneCodeInvalid,
    WeChatFault,
    WeChatMessageRejected,
    WeChatRateLimited,
    WeChatRefusal,
    WeChatUnavailable,
    WeChatUserBlocked,
)
from core.wechat.exchange import Answer, Exchange
from core.wechat.tokens import AccessToken, TokenCache

log = logging.getLogger(__name__)

RETRIES = 2
TRANSIENT_RETRY_AFTER = 5
RATE_RETRY_AFTER = 60

PIECE_CHARS = 2000
"""WeChat checks at most 2,500 characters at once, and does not say how it counts an emoji."""
OVERLAP_CHARS = 100

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
DAILY_QUOTA = 45009
RATE_LIMITED = frozenset({DAILY_QUOTA, 45011, 44990, 44991, 44993})
USER_NOT_SEEN = 61010
NOT_ENABLED = 48001
RISKY_IN_V1 = 87014
NOT_SUBSCRIBED = 43101
SENDS_COLLIDE = 43108

CHEATING_IN_PROMOTIONS = 1
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - said to WeChat, nothing listens

Meanings = Mapping[int, type[WeChatRefusal]]

_LOGIN: Meanings = {
    40029: LoginCodeInvalid,
    40163: LoginCodeInvalid,
    41008: LoginCodeInvalid,
    40226: WeChatUserBlocked,
}
_PHONE: Meanings = {
    40013: PhoneCodeInvalid,  # the code belongs to another app: we send no app id here
    40029: PhoneCodeInvalid,
    40163: PhoneCodeInvalid,
}
_SEND: Meanings = dict.fromkeys(
    (40003, 40037, 41030, 43104, 43107, 44002, 45168, 47001, 47003), WeChatMessageRejected
)


class TextScene(IntEnum):
    """Where a text will stand; WeChat judges each place differently."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    DIARY = 4


class TextVerdict(StrEnum):
    """WeChat's opinion of a text. UNCHECKED: it gave none, as the author was not seen for two
    hours (or is suspicious), so a person has to look."""

    PASS = "pass"  # noqa: S105
    UNCHECKED = "unchecked"
    REVIEW = "review"
    RISKY = "risky"


_FROM_MILD_TO_GRAVE = tuple(TextVerdict)


class UserRisk(StrEnum):
    """How likely an account is to cheat in promotions (scene 1), from 0 to 4. NOT_SEEN: WeChat
    knows of no visit in two hours, which black-market accounts are said to be answered with.
    UNKNOWN: the scan is not enabled, or gave nothing that we understand."""

    RANK_0 = "rank_0"
    RANK_1 = "rank_1"
    RANK_2 = "rank_2"
    RANK_3 = "rank_3"
    RANK_4 = "rank_4"
    NOT_SEEN = "not_seen"
    UNKNOWN = "unknown"


class SendOutcome(StrEnum):
    """REFUSED: not subscribed, no longer, or the one-time consent is used up."""

    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WeChatSession:
    """Who signed in. Nothing of it shows in `repr`; the session key never leaves the server."""

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)
    session_key: str = field(repr=False)


class WeChatClient:
    """One for a process; thread-safe. Time-outs are in seconds."""

    def __init__(
        self,
        base_url: str,
        appid: str,
        secret: str,
        *,
        connect_timeout: float = 2.0,
        read_timeout: float = 5.0,
    ) -> None:
        self._appid = appid
        self._secret = secret
        self._exchange = Exchange(
            base_url, connect_timeout=connect_timeout, read_timeout=read_timeout
        )
        self._tokens = TokenCache(self._fetch_token)

    def __repr__(self) -> str:
        return f"WeChatClient({self._exchange.base_url!r}, {self._appid!r})"

    def close(self) -> None:
        self._exchange.close()

    def code_to_session(self, code: str) -> WeChatSession:
        """Redeem the code of wx.login, which works once and for five minutes.

        Raises LoginCodeInvalid, WeChatUserBlocked, WeChatRateLimited, WeChatUnavailable."""
        path = "/sns/jscode2session"
        query = {
            "appid": self._appid,
            "secret": self._secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        try:
            answer = self._exchange.ask(path, query)
        except WeChatFault as fault:
            raise _refusal(fault, _LOGIN) from None
        openid, session_key = _text(answer, "openid"), _text(answer, "session_key")
        if openid is None or session_key is None:
            raise _nonsense(path)
        return WeChatSession(openid, _text(answer, "unionid"), session_key)

    def phone_number(self, code: str) -> str:
        """Redeem the code of the phone button (not that of wx.login); E.164 (+8613…).

        Raises PhoneCodeInvalid, WeChatRateLimited, WeChatUnavailable."""
        path = "/wxa/business/getuserphonenumber"
        try:
            answer = self._ask_with_token(path, {"code": code})
        except WeChatFault as fault:
            raise _refusal(fault, _PHONE) from None
        number = _e164(answer.get("phone_info"), self._appid)
        if number is None:
            raise _nonsense(path)
        return number

    def check_text(
        self,
        content: str,
        *,
        openid: str,
        scene: TextScene,
        title: str | None = None,
        nickname: str | None = None,
    ) -> TextVerdict:
        """Ask what WeChat thinks of a text by `openid`; of a long one, in overlapping pieces.

        Raises WeChatRateLimited, WeChatUnavailable."""
        content = content.strip() or title or nickname or ""
        if not content.strip():
            return TextVerdict.PASS
        rest = {k: v for k, v in (("title", title), ("nickname", nickname)) if v}
        body = {"version": 2, "scene": int(scene), "openid": openid, **rest}
        worst = TextVerdict.PASS
        for piece in _pieces(content):
            verdict = self._check_piece({"content": piece, **body})
            worst = max(worst, verdict, key=_FROM_MILD_TO_GRAVE.index)
            if verdict in (TextVerdict.RISKY, TextVerdict.UNCHECKED):
                break
        return worst

    def user_risk(self, openid: str) -> UserRisk:
        """Ask how WeChat ranks an account. It wants the address of the client too, which is kept
        nowhere here: it is told none, so the rank rests on the account.

        Raises WeChatRateLimited, WeChatUnavailable."""
        body = {
            "appid": self._appid,
            "openid": openid,
            "scene": CHEATING_IN_PROMOTIONS,
            "client_ip": NO_ADDRESS,
        }
        try:
            answer = self._ask_with_token("/wxa/getuserriskrank", body, retries=RETRIES)
        except WeChatFault as fault:
            if fault.errcode == USER_NOT_SEEN:
                return UserRisk.NOT_SEEN
            if fault.errcode == NOT_ENABLED:
                log.warning("WeChat refused: %s", fault)
                return UserRisk.UNKNOWN
            raise _refusal(fault, {}) from None
        rank = answer.get("risk_rank")
        known = isinstance(rank, int) and 0 <= rank <= 4
        return UserRisk(f"rank_{rank}") if known else UserRisk.UNKNOWN

    def send_subscribe_message(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str | None = None
    ) -> SendOutcome:
        """Send one subscribe message; `data` maps keys such as `thing1` to plain values.

        After WeChatUnavailable the message may have arrived all the same: at least once.
        Raises WeChatMessageRejected (never try again), WeChatRateLimited, WeChatUnavailable."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": value} for key, value in data.items()},
        }
        if page is not None:
            body["page"] = page
        try:
            self._ask_with_token("/cgi-bin/message/subscribe/send", body)
        except WeChatFault as fault:
            if fault.errcode == NOT_SUBSCRIBED:
                return SendOutcome.REFUSED
            raise _refusal(fault, _SEND) from None
        return SendOutcome.SENT

    def _check_piece(self, body: Mapping[str, Any]) -> TextVerdict:
        try:
            answer = self._ask_with_token("/wxa/msg_sec_check", body, retries=RETRIES)
        except WeChatFault as fault:
            if fault.errcode == USER_NOT_SEEN:
                return TextVerdict.UNCHECKED
            if fault.errcode == RISKY_IN_V1:
                return TextVerdict.RISKY
            raise _refusal(fault, {}) from None
        result = answer.get("result")
        suggest = result.get("suggest") if isinstance(result, Mapping) else None
        if suggest in (TextVerdict.PASS, TextVerdict.RISKY):
            return TextVerdict(suggest)
        return TextVerdict.REVIEW  # also where we don't understand: a person has to look

    def _ask_with_token(self, path: str, body: Mapping[str, Any], *, retries: int = 0) -> Answer:
        token = self._tokens.get()
        try:
            return self._exchange.ask(path, {"access_token": token}, body, retries=retries)
        except WeChatFault as fault:
            if fault.errcode not in TOKEN_REFUSED:
                raise
        self._tokens.drop(token)
        renewed = {"access_token": self._tokens.get()}
        return self._exchange.ask(path, renewed, body, retries=retries)

    def _fetch_token(self) -> AccessToken:
        path = "/cgi-bin/stable_token"
        body = {
            "grant_type": "client_credential",
            "appid": self._appid,
            "secret": self._secret,
            "force_refresh": False,
        }
        try:
            answer = self._exchange.ask(path, {}, body, retries=RETRIES)
        except WeChatFault as fault:
            raise _refusal(fault, {}) from None
        value, seconds = _text(answer, "access_token"), answer.get("expires_in")
        if value is None or not isinstance(seconds, int) or seconds <= 0:
            raise _nonsense(path)
        return AccessToken.lasting(value, seconds)


def _refusal(fault: WeChatFault, meanings: Meanings) -> WeChatRefusal:
    """The refusal that a fault amounts to. What no person and no retry can mend is an error in
    the log: the secret, the list of our addresses, a template, a malformed request."""
    refusal: WeChatRefusal
    level = logging.WARNING
    if fault.errcode is not None and fault.errcode in meanings:
        refusal = meanings[fault.errcode]()
        level = logging.ERROR if isinstance(refusal, WeChatMessageRejected) else logging.INFO
    elif fault.errcode in RATE_LIMITED:
        refusal = WeChatRateLimited(retry_after=_quota_returns_in(fault.errcode))
    else:
        refusal = WeChatUnavailable(retry_after=TRANSIENT_RETRY_AFTER)
        if not fault.is_transient and fault.errcode != SENDS_COLLIDE:
            level = logging.ERROR
    refusal.errcode, refusal.reason = fault.errcode, fault.reason
    log.log(level, "WeChat refused: %s", fault)
    return refusal


def _nonsense(path: str) -> WeChatRefusal:
    return _refusal(WeChatFault(path, None, "the answer lacks what it is for"), {})


def _quota_returns_in(errcode: int | None) -> int:
    """Seconds until a quota is filled again: the daily one at midnight in Shanghai."""
    if errcode != DAILY_QUOTA:
        return RATE_RETRY_AFTER
    now = clock.now()
    midnight = clock.start_of(clock.day_of(now + timedelta(days=1)))
    return max(1, int((midnight - now).total_seconds()))


def _text(answer: Answer, key: str) -> str | None:
    value = answer.get(key)
    return value if isinstance(value, str) and value else None


def _pieces(content: str) -> list[str]:
    step = PIECE_CHARS - OVERLAP_CHARS
    last_start = max(len(content) - OVERLAP_CHARS, 1)
    return [content[at : at + PIECE_CHARS] for at in range(0, last_start, step)]


def _e164(info: object, appid: str) -> str | None:
    """The number of a `phone_info`, whose country code is documented as text and shown as a
    number; None where it is none, or was issued to another app."""
    if not isinstance(info, Mapping):
        return None
    watermark = info.get("watermark")
    if isinstance(watermark, Mapping) and watermark.get("appid", appid) != appid:
        return None
    country = str(info.get("countryCode", "")).strip().removeprefix("+")
    rest = str(info.get("purePhoneNumber", "")).strip()
    if not re.fullmatch(r"[1-9][0-9]{0,2}", country) or not re.fullmatch(r"[0-9]{4,12}", rest):
        return None
    return f"+{country}{rest}"
