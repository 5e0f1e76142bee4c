"""A WeChat that answers at once and remembers what it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.wechat import (
    LoginCodeInvalid,
    PhoneCodeInvalid,
    SendOutcome,
    TextScene,
    TextVerdict,
    UserRisk,
    WeChatSession,
)


@dataclass
class RecordingWeChat:
    """Codes are `openid` and phone number themselves; `bad` is a code that nobody has."""

    verdict: TextVerdict = TextVerdict.PASS
    outcome: SendOutcome = SendOutcome.SENT
    failure: Exception | None = None
    risk: UserRisk = UserRisk.RANK_0
    ranked: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    messages: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)

    def code_to_session(self, code: str) -> WeChatSession:
        self._fail()
        if code == "bad":
            raise LoginCodeInvalid
        return WeChatSession(openid=code, unionid=None, session_key="k" * 24)

    def phone_number(self, code: str) -> str:
        self._fail()
        if code == "bad":
            raise PhoneCodeInvalid
        return code

    def check_text(
        self,
        content: str,
        *,
        openid: str,
        scene: TextScene,
        title: str | None = None,
        nickname: str | None = None,
    ) -> TextVerdict:
        self._fail()
        self.texts.append(content)
        return self.verdict

    def user_risk(self, openid: str) -> UserRisk:
        self._fail()
        self.ranked.append(openid)
        return self.risk

    def send_subscribe_message(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str | None = None
    ) -> SendOutcome:
        self._fail()
        self.messages.append((openid, template_id, data))
        return self.outcome

    def close(self) -> None:
        """Nothing to close."""

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure
