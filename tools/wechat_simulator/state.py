"""Everything the simulator remembers, in one class behind one lock, with an injectable clock."""

import base64
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import RLock
from typing import Any

from tools.wechat_simulator import replies
from tools.wechat_simulator.replies import Reply
from tools.wechat_simulator.values import refusal_of

CODE_SECONDS = 300
TOKEN_SECONDS = 7200
OVERLAP_SECONDS = 300
SEEN_SECONDS = 7200
LONGEST_TEXT = 2500
RISKY_WORD = "违规测试"
REVIEW_WORD = "复核测试"
REMEMBERED = 1000
"""How many calls and messages are kept for the control plane."""

Record = dict[str, Any]

_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TEMPLATE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONFIDENTIAL = frozenset({"secret", "access_token", "js_code", "code", "session_key"})


class CodeKind(StrEnum):
    LOGIN = "login"
    PHONE = "phone"


@dataclass
class User:
    openid: str
    session_key: str
    unionid: str | None = None
    seen_at: float | None = None


@dataclass
class Code:
    kind: CodeKind
    openid: str
    expires_at: float
    phone: str = ""
    country_code: int | str = 86
    """Documented as text, shown as a number: sent as it was given."""
    is_used: bool = False


@dataclass
class Token:
    value: str
    expires_at: float


class Simulator:
    """One mini-program with its users. `clock` gives seconds since 1970."""

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        push_token: str = "",
        push_aes_key: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.appid = appid
        self.push_token = push_token
        self.push_aes_key = push_aes_key
        self.clock = clock
        self._secret = secret
        self._lock = RLock()
        self._users: dict[str, User] = {}
        self._codes: dict[str, Code] = {}
        self._tokens: list[Token] = []
        self._quotas: dict[tuple[str, str], int] = {}
        self._ranks: dict[str, int | None] = {}
        self._messages: deque[Record] = deque(maxlen=REMEMBERED)
        self._calls: deque[Record] = deque(maxlen=REMEMBERED)

    # What the control plane asks for.

    def issue_login_code(self, openid: str, unionid: str | None = None) -> str:
        with self._lock:
            user = self._user(openid)
            user.unionid = unionid or user.unionid
            return self._issue(Code(CodeKind.LOGIN, openid, self.clock() + CODE_SECONDS))

    def issue_phone_code(self, openid: str, phone: str, country_code: int | str = 86) -> str:
        with self._lock:
            expires_at = self.clock() + CODE_SECONDS
            return self._issue(Code(CodeKind.PHONE, openid, expires_at, phone, country_code))

    def set_quota(self, openid: str, template_id: str, remaining: int) -> None:
        """From now on this template reaches this user `remaining` times; else without limit."""
        with self._lock:
            self._quotas[openid, template_id] = remaining

    def set_rank(self, openid: str, rank: int | None) -> None:
        """How risky this account is, 0 to 4; None is answered with 61010 although it was seen."""
        with self._lock:
            self._ranks[openid] = rank

    def revoke_tokens(self) -> None:
        """As when somebody else forces a refresh: every token handed out is dead."""
        with self._lock:
            self._tokens.clear()

    def messages(self) -> list[Record]:
        with self._lock:
            return list(self._messages)

    def calls(self) -> list[Record]:
        with self._lock:
            return list(self._calls)

    def record(self, method: str, path: str, query: Mapping[str, str], body: object) -> None:
        """Remember a call, without its secrets."""
        call = {
            "at": self.clock(),
            "method": method,
            "path": path,
            "query": _redacted(query),
            "body": _redacted(body),
        }
        with self._lock:
            self._calls.append(call)

    # What WeChat's clients ask for. Every one of these may raise Refused.

    def stable_token(self, body: Mapping[str, Any]) -> Reply:
        """The current token until 300 s before its end; then a new one, while both are valid."""
        self._check_app(body)
        if body.get("grant_type") != "client_credential":
            raise replies.BAD_GRANT_TYPE()
        with self._lock:
            now = self.clock()
            self._tokens = [token for token in self._tokens if token.expires_at > now]
            if not self._tokens or self._tokens[-1].expires_at - now <= OVERLAP_SECONDS:
                value = f"96_{secrets.token_urlsafe(100)}"
                self._tokens.append(Token(value, now + TOKEN_SECONDS))
            current = self._tokens[-1]
            return {
                "access_token": current.value,
                "expires_in": int(current.expires_at - now),
            }

    def check_token(self, value: str | None) -> None:
        if not value:
            raise replies.NO_TOKEN()
        with self._lock:
            now = self.clock()
            if not any(t.value == value and t.expires_at > now for t in self._tokens):
                raise replies.BAD_TOKEN()

    def code_to_session(self, query: Mapping[str, str]) -> Reply:
        self._check_app(query)
        if query.get("grant_type") != "authorization_code":
            raise replies.BAD_GRANT_TYPE()
        if not query.get("js_code"):
            raise replies.NO_CODE()
        with self._lock:
            code = self._redeem(query["js_code"], CodeKind.LOGIN)
            user = self._user(code.openid)
            user.seen_at = self.clock()
            reply = {"session_key": user.session_key, "openid": user.openid}
            return reply | ({"unionid": user.unionid} if user.unionid else {})

    def phone_number(self, body: Mapping[str, Any]) -> Reply:
        with self._lock:
            code = self._redeem(str(body.get("code", "")), CodeKind.PHONE)
            is_home = str(code.country_code) == "86"
            info = {
                "phoneNumber": code.phone if is_home else f"+{code.country_code}{code.phone}",
                "purePhoneNumber": code.phone,
                "countryCode": code.country_code,
                "watermark": {"timestamp": int(self.clock()), "appid": self.appid},
            }
            return {"errcode": 0, "errmsg": "ok", "phone_info": info}

    def check_text(self, body: Mapping[str, Any]) -> Reply:
        content = body.get("content")
        if not isinstance(content, str) or not 0 < len(content) <= LONGEST_TEXT:
            raise replies.BAD_FORMAT()
        texts = (content, str(body.get("title", "")), str(body.get("nickname", "")))
        is_risky = any(RISKY_WORD in text for text in texts)
        if body.get("version") != 2:
            if is_risky:
                raise replies.RISKY_V1()
            return {"errcode": 0, "errmsg": "ok"}
        if body.get("scene") not in (1, 2, 3, 4):
            raise replies.BAD_ARGS()
        self._check_seen(body.get("openid"))
        suggest, label = "pass", 100
        if is_risky:
            suggest, label = "risky", 20006
        elif any(REVIEW_WORD in text for text in texts):
            suggest, label = "review", 20001
        detail = {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label}
        return {
            "errcode": 0,
            "errmsg": "ok",
            "result": {"suggest": suggest, "label": label},
            "detail": [detail | {"prob": 90}],
            "trace_id": replies.rid(self.clock()),
        }

    def risk_rank(self, body: Mapping[str, Any]) -> Reply:
        """The rank of an account, 0 unless the control plane set another; 61010 for one that was
        not seen in two hours, or that the control plane gave no rank at all."""
        if body.get("appid") != self.appid:
            raise replies.OTHER_APP()
        if body.get("scene") not in (0, 1, 2) or not isinstance(body.get("client_ip"), str):
            raise replies.BAD_ARGS()
        openid = body.get("openid")
        self._check_seen(openid)
        with self._lock:
            rank = self._ranks.get(str(openid), 0)
            if rank is None:
                raise replies.NOT_SEEN()
            serial = int.from_bytes(str(openid).encode()[-4:], "big")
        return {
            "errcode": 0,
            "errmsg": "getuserriskrank succ",
            "risk_rank": rank,
            "unoin_id": serial,
        }

    def send_message(self, body: Mapping[str, Any]) -> Reply:
        openid, template_id = body.get("touser"), body.get("template_id")
        if not isinstance(openid, str) or not _OPENID.fullmatch(openid):
            raise replies.BAD_OPENID()
        if not isinstance(template_id, str) or not _TEMPLATE_ID.fullmatch(template_id):
            raise replies.BAD_TEMPLATE()
        page = body.get("page", "")
        if not isinstance(page, str) or page.startswith("/") or "://" in page:
            raise replies.BAD_PAGE()
        if refusal := refusal_of(body.get("data")):
            raise refusal
        with self._lock:
            remaining = self._quotas.get((openid, template_id))
            if remaining is not None:
                if remaining <= 0:
                    raise replies.REFUSED_MESSAGE()
                self._quotas[openid, template_id] = remaining - 1
            self._messages.append({"at": self.clock(), **body})
        return {"errcode": 0, "errmsg": "ok"}

    def _check_app(self, given: Mapping[str, Any]) -> None:
        if given.get("appid") != self.appid:
            raise replies.BAD_APPID()
        if given.get("secret") != self._secret:
            raise replies.BAD_SECRET()

    def _check_seen(self, openid: object) -> None:
        if not isinstance(openid, str) or not openid:
            raise replies.BAD_OPENID()
        with self._lock:
            user = self._users.get(openid)
            if user is None or user.seen_at is None or self.clock() - user.seen_at > SEEN_SECONDS:
                raise replies.NOT_SEEN()

    def _user(self, openid: str) -> User:
        if openid not in self._users:
            session_key = base64.b64encode(secrets.token_bytes(16)).decode()
            self._users[openid] = User(openid, session_key)
        return self._users[openid]

    def _issue(self, code: Code) -> str:
        value = f"0{secrets.token_hex(16)}"[:32]
        self._codes[value] = code
        return value

    def _redeem(self, value: str, kind: CodeKind) -> Code:
        code = self._codes.get(value)
        if code is None or code.kind is not kind:
            raise replies.BAD_CODE()
        if code.is_used:
            raise replies.USED_CODE()
        if code.expires_at <= self.clock():
            raise replies.BAD_CODE()
        code.is_used = True
        return code


def _redacted(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {k: "***" if k in _CONFIDENTIAL else _redacted(v) for k, v in value.items()}
