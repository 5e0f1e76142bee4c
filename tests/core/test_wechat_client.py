"""The real client against the real simulator over loopback: what each call gives."""

import logging
from datetime import UTC, datetime

import pytest

from core import clock
from core.wechat import (
    LoginCodeInvalid,
    PhoneCodeInvalid,
    SendOutcome,
    TextVerdict,
    WeChatClient,
    WeChatMessageRejected,
    WeChatRateLimited,
    WeChatRefusal,
    WeChatUnavailable,
    WeChatUserBlocked,
)
from tests.core.wechat_doubles import (
    APPID,
    CHECK,
    LOGIN,
    OPENID,
    PHONE,
    SECRET,
    SEND,
    calls_to,
    check,
    fail,
    sign_in,
)
from tools.wechat_simulator.server import SimulatorServer
from tools.wechat_simulator.state import RISKY_WORD


class TestLogin:
    def test_code_gives_the_session_once(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        code = server.simulator.issue_login_code(OPENID, "u-1")
        session = client.code_to_session(code)
        assert (session.openid, session.unionid) == (OPENID, "u-1")
        assert len(session.session_key) == 24
        with pytest.raises(LoginCodeInvalid) as caught:
            client.code_to_session(code)
        assert caught.value.errcode == 40163

    def test_unionid_is_optional(self, client: WeChatClient, server: SimulatorServer) -> None:
        assert sign_in(client, server).unionid is None

    @pytest.mark.parametrize("code", ["", "unknown", "许昌&appid=x", "\ud800"])
    def test_code_that_was_never_issued(self, client: WeChatClient, code: str) -> None:
        with pytest.raises(LoginCodeInvalid):
            client.code_to_session(code)

    def test_endless_code_is_no_crash(self, client: WeChatClient) -> None:
        with pytest.raises(WeChatRefusal):
            client.code_to_session("x" * 100_000)

    @pytest.mark.parametrize(
        ("errcode", "error"),
        [
            (40226, WeChatUserBlocked),
            (45011, WeChatRateLimited),
            (-1, WeChatUnavailable),
            (40164, WeChatUnavailable),
            (99999, WeChatUnavailable),
        ],
    )
    def test_refusals(
        self,
        client: WeChatClient,
        server: SimulatorServer,
        errcode: int,
        error: type[WeChatRefusal],
    ) -> None:
        fail(server, LOGIN, "errcode", errcode=errcode, errmsg="no")
        with pytest.raises(error) as caught:
            sign_in(client, server)
        assert type(caught.value) is error
        assert caught.value.errcode == errcode
        assert caught.value.details == {}

    @pytest.mark.parametrize("kind", ["reset", "bad_gateway", "truncated"])
    def test_login_code_is_never_sent_twice(
        self, client: WeChatClient, server: SimulatorServer, kind: str
    ) -> None:
        fail(server, LOGIN, kind, times=None)
        with pytest.raises(WeChatUnavailable):
            sign_in(client, server)
        assert calls_to(server, LOGIN) == 1

    def test_wrong_secret_is_our_fault_not_the_users(self, server: SimulatorServer) -> None:
        wrong = WeChatClient(server.base_url, APPID, "another")
        try:
            with pytest.raises(WeChatUnavailable) as caught:
                sign_in(wrong, server)
        finally:
            wrong.close()
        assert caught.value.errcode == 40125


class TestPhone:
    @pytest.mark.parametrize(
        ("phone", "country_code", "expected"),
        [
            ("13900000001", 86, "+8613900000001"),
            ("13900000001", "86", "+8613900000001"),
            ("13900000001", "+86", "+8613900000001"),
            ("51234567", 852, "+85251234567"),
        ],
    )
    def test_number_in_e164_however_the_country_code_comes(
        self,
        client: WeChatClient,
        server: SimulatorServer,
        phone: str,
        country_code: int | str,
        expected: str,
    ) -> None:
        code = server.simulator.issue_phone_code(OPENID, phone, country_code)
        assert client.phone_number(code) == expected
        with pytest.raises(PhoneCodeInvalid):
            client.phone_number(code)

    def test_login_code_is_no_phone_code(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        with pytest.raises(PhoneCodeInvalid):
            client.phone_number(server.simulator.issue_login_code(OPENID))

    @pytest.mark.parametrize("kind", ["reset", "bad_gateway", "truncated"])
    def test_phone_code_is_never_sent_twice(
        self, client: WeChatClient, server: SimulatorServer, kind: str
    ) -> None:
        fail(server, PHONE, kind, times=None)
        with pytest.raises(WeChatUnavailable):
            client.phone_number(server.simulator.issue_phone_code(OPENID, "13900000001"))
        assert calls_to(server, PHONE) == 1

    def test_wrong_app_id_is_not_blamed_on_the_code(self, server: SimulatorServer) -> None:
        wrong = WeChatClient(server.base_url, "wx-other", SECRET)
        try:
            with pytest.raises(WeChatUnavailable):
                wrong.phone_number("any")
        finally:
            wrong.close()


class TestTextCheck:
    @pytest.mark.parametrize(
        ("content", "verdict"),
        [
            ("义务植树，人人有责", TextVerdict.PASS),
            ("这是一段复核测试", TextVerdict.REVIEW),
            ("这是一段违规测试", TextVerdict.RISKY),
            ("  ", TextVerdict.PASS),
        ],
    )
    def test_verdicts(
        self,
        client: WeChatClient,
        server: SimulatorServer,
        content: str,
        verdict: TextVerdict,
    ) -> None:
        sign_in(client, server)
        assert check(client, content) is verdict

    def test_title_alone_is_checked_as_well(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        sign_in(client, server)
        assert check(client, "", title=RISKY_WORD) is TextVerdict.RISKY
        assert check(client, "好", nickname=RISKY_WORD) is TextVerdict.RISKY

    def test_user_not_seen_leaves_it_unchecked(self, client: WeChatClient) -> None:
        assert check(client, "好") is TextVerdict.UNCHECKED

    def test_answer_of_the_old_version_is_risky(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        fail(server, CHECK, "errcode", errcode=87014, errmsg="risky content")
        assert check(client, "好") is TextVerdict.RISKY

    @pytest.mark.parametrize("at", [0, 1897, 1899, 1998, 2000, 3797, 3800, 4990, 6996])
    def test_long_text_is_checked_to_its_end_and_over_the_seams(
        self, client: WeChatClient, server: SimulatorServer, at: int
    ) -> None:
        sign_in(client, server)
        content = "好" * at + RISKY_WORD + "好" * (6996 - at)
        assert check(client, content) is TextVerdict.RISKY
        assert check(client, content.replace(RISKY_WORD, "好好好好")) is TextVerdict.PASS

    @pytest.mark.parametrize("length", [1, 1999, 2000, 2001, 2100, 2101, 2500, 2501])
    def test_no_piece_is_longer_than_wechat_takes(
        self, client: WeChatClient, server: SimulatorServer, length: int
    ) -> None:
        sign_in(client, server)
        assert check(client, "好" * length) is TextVerdict.PASS
        assert calls_to(server, CHECK) == (1 if length <= 2000 else 2)

    @pytest.mark.parametrize("kind", ["reset", "bad_gateway", "truncated", "errcode"])
    def test_fault_is_survived_twice_and_not_a_third_time(
        self, client: WeChatClient, server: SimulatorServer, kind: str
    ) -> None:
        sign_in(client, server)
        fail(server, CHECK, kind, times=2)
        assert check(client, "好") is TextVerdict.PASS
        assert calls_to(server, CHECK) == 3
        fail(server, CHECK, kind, times=None)
        with pytest.raises(WeChatUnavailable):
            check(client, "好")
        assert calls_to(server, CHECK) == 6


class TestSubscribeMessage:
    DATA = {"thing1": "义务植树", "time2": "2026年3月12日 09:00~11:30", "phrase3": "已通过"}

    def test_message_arrives_as_given(self, client: WeChatClient, server: SimulatorServer) -> None:
        outcome = client.send_subscribe_message(OPENID, "t-signup", self.DATA, "pages/a?id=1")
        assert outcome is SendOutcome.SENT
        [message] = server.simulator.messages()
        assert message["touser"] == OPENID
        assert message["page"] == "pages/a?id=1"
        assert message["data"] == {key: {"value": value} for key, value in self.DATA.items()}

    def test_consent_used_up_is_an_outcome_not_an_error(
        self, client: WeChatClient, server: SimulatorServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.simulator.set_quota(OPENID, "t-signup", 1)
        with caplog.at_level(logging.DEBUG):
            outcomes = [
                client.send_subscribe_message(OPENID, "t-signup", self.DATA) for _ in range(2)
            ]
        assert outcomes == [SendOutcome.SENT, SendOutcome.REFUSED]
        assert "43101" not in caplog.text

    def test_bad_value_is_permanent_and_names_its_field(self, client: WeChatClient) -> None:
        with pytest.raises(WeChatMessageRejected) as caught:
            client.send_subscribe_message(OPENID, "t-signup", {"thing1": "长" * 21})
        assert caught.value.errcode == 47003
        assert "data.thing1.value" in caught.value.reason
        assert "长长" not in caught.value.reason

    @pytest.mark.parametrize("errcode", [40003, 40037, 41030, 43107, 45168, 47003])
    def test_permanent_errors(
        self, client: WeChatClient, server: SimulatorServer, errcode: int
    ) -> None:
        fail(server, SEND, "errcode", errcode=errcode)
        with pytest.raises(WeChatMessageRejected):
            client.send_subscribe_message(OPENID, "t-signup", self.DATA)

    @pytest.mark.parametrize("errcode", [-1, 43108, 48001])
    def test_transient_errors(
        self, client: WeChatClient, server: SimulatorServer, errcode: int
    ) -> None:
        fail(server, SEND, "errcode", errcode=errcode)
        with pytest.raises(WeChatUnavailable):
            client.send_subscribe_message(OPENID, "t-signup", self.DATA)

    @pytest.mark.parametrize("kind", ["reset", "bad_gateway", "truncated"])
    def test_message_is_not_sent_twice_by_the_client(
        self, client: WeChatClient, server: SimulatorServer, kind: str
    ) -> None:
        fail(server, SEND, kind, times=None)
        with pytest.raises(WeChatUnavailable):
            client.send_subscribe_message(OPENID, "t-signup", self.DATA)
        assert calls_to(server, SEND) == 1

    def test_daily_quota_returns_at_midnight_in_xuchang(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        fail(server, SEND, "errcode", errcode=45009)
        with (
            clock.frozen(datetime(2026, 3, 5, 15, 59, 30, tzinfo=UTC)),
            pytest.raises(WeChatRateLimited) as caught,
        ):
            client.send_subscribe_message(OPENID, "t-signup", self.DATA)
        assert caught.value.retry_after == 30
