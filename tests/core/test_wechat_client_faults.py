"""The real client when WeChat is slow, refuses the token, talks nonsense; and what it keeps to
itself all the while."""

import json
import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from core import clock
from core.wechat import (
    LoginCodeInvalid,
    TextVerdict,
    WeChatClient,
    WeChatMessageRejected,
    WeChatUnavailable,
)
from tests.core.wechat_doubles import (
    APPID,
    CHECK,
    LOGIN,
    OPENID,
    SECRET,
    TOKEN,
    Connect,
    calls_to,
    canned,
    check,
    fail,
    sign_in,
    url_of,
)
from tools.wechat_simulator.server import SimulatorServer
from tools.wechat_simulator.state import Simulator


class TestSlowness:
    def test_slow_answer_is_given_up_in_time(
        self, server: SimulatorServer, connect: Connect
    ) -> None:
        hasty = connect(server.base_url, read_timeout=0.2)
        fail(server, LOGIN, "slow", seconds=30)
        began = time.monotonic()
        with pytest.raises(WeChatUnavailable):
            sign_in(hasty, server)
        assert time.monotonic() - began < 2

    def test_slow_check_is_repeated(self, server: SimulatorServer, connect: Connect) -> None:
        hasty = connect(server.base_url, read_timeout=0.5)
        sign_in(hasty, server)
        fail(server, CHECK, "slow", seconds=1)
        assert check(hasty, "好") is TextVerdict.PASS

    def test_trickling_answer_is_given_up_in_time(
        self, server: SimulatorServer, connect: Connect
    ) -> None:
        hasty = connect(server.base_url, connect_timeout=0.3, read_timeout=0.3)
        fail(server, LOGIN, "trickle", seconds=30)
        began = time.monotonic()
        with pytest.raises(WeChatUnavailable):
            sign_in(hasty, server)
        assert time.monotonic() - began < 3

    def test_no_further_try_begins_when_patience_is_over(
        self, server: SimulatorServer, connect: Connect
    ) -> None:
        hasty = connect(server.base_url, connect_timeout=0.1, read_timeout=0.3)
        fail(server, TOKEN, "slow", seconds=30, times=10)
        with pytest.raises(WeChatUnavailable):
            check(hasty, "好")
        assert server.plan.pending()[0]["times"] == 8

    def test_nobody_listens(self, connect: Connect) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            with pytest.raises(WeChatUnavailable):
                connect(f"http://127.0.0.1:{port}").code_to_session("any")


class TestToken:
    def test_twenty_threads_fetch_one_token(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        sign_in(client, server)
        fail(server, TOKEN, "slow", seconds=0.2, times=None)
        start = Barrier(20)

        def work(_: int) -> TextVerdict:
            start.wait()
            return check(client, "好")

        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(work, range(20))) == {TextVerdict.PASS}
        assert calls_to(server, TOKEN) == 1
        assert calls_to(server, CHECK) == 20

    def test_twenty_threads_share_one_failure(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        fail(server, TOKEN, "slow", seconds=0.3)
        fail(server, TOKEN, "errcode", errcode=40164)
        server.simulator.appid = "wx-moved"
        start = Barrier(20)

        def work(_: int) -> str:
            start.wait()
            with pytest.raises(WeChatUnavailable) as caught:
                check(client, "好")
            return caught.value.code

        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(work, range(20))) == {"wechat_unavailable"}
        assert calls_to(server, TOKEN) == 1

    def test_twenty_threads_with_a_dead_token_renew_it_once(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        sign_in(client, server)
        check(client, "好")
        server.simulator.revoke_tokens()
        fail(server, CHECK, "slow", seconds=0.2, times=20)
        start = Barrier(20)

        def work(_: int) -> TextVerdict:
            start.wait()
            return check(client, "好")

        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(work, range(20))) == {TextVerdict.PASS}
        assert calls_to(server, TOKEN) == 2

    @pytest.mark.parametrize("errcode", [40001, 40014, 42001])
    def test_refused_once_recovers(
        self, client: WeChatClient, server: SimulatorServer, errcode: int
    ) -> None:
        sign_in(client, server)
        fail(server, CHECK, "errcode", errcode=errcode)
        assert check(client, "好") is TextVerdict.PASS
        assert (calls_to(server, CHECK), calls_to(server, TOKEN)) == (2, 2)

    def test_refused_for_ever_is_retried_once_only(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        fail(server, CHECK, "errcode", errcode=40001, times=None)
        with pytest.raises(WeChatUnavailable):
            check(client, "好")
        assert (calls_to(server, CHECK), calls_to(server, TOKEN)) == (2, 2)

    def test_dead_token_does_not_spend_a_phone_code(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        client.phone_number(server.simulator.issue_phone_code(OPENID, "13900000001"))
        server.simulator.revoke_tokens()
        code = server.simulator.issue_phone_code(OPENID, "13900000002")
        assert client.phone_number(code) == "+8613900000002"

    def test_renewed_before_its_end_and_never_by_force(self, connect: Connect) -> None:
        start = datetime(2026, 3, 5, 8, tzinfo=UTC)
        simulator = Simulator(APPID, SECRET, clock=lambda: clock.now().timestamp())
        with SimulatorServer(simulator) as server, clock.frozen(start):
            client = connect(server.base_url)
            fetched = []
            for seconds in (0, 7000, 7079, 7081, 7200, 7700):
                with clock.frozen(start + timedelta(seconds=seconds)):
                    check(client, "好")
                fetched.append(calls_to(server, TOKEN))
            assert fetched == [1, 1, 1, 2, 2, 2]
            bodies = [c["body"] for c in simulator.calls() if c["path"] == TOKEN]
        assert {body["force_refresh"] for body in bodies} == {False}


class TestNonsense:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"null",
            b"[]",
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"errcode":null}',
            b'{"errcode":[1]}',
            b'{"errcode":1e999}',
            b'{"errcode":NaN}',
            b'{"errcode":' + b"9" * 5000 + b"}",
            b'{"openid":7,"session_key":"k"}',
            b'{"openid":"o"}',
            b'{"openid":"","session_key":""}',
            b" " * (2 << 20),
        ],
    )
    def test_session_answer_that_is_none(self, connect: Connect, content: bytes) -> None:
        with canned(content) as server, pytest.raises(WeChatUnavailable):
            connect(url_of(server)).code_to_session("any")

    @pytest.mark.parametrize("status", [301, 403, 404, 500, 503])
    def test_other_status_is_no_session(self, connect: Connect, status: int) -> None:
        content = '{"openid":"o","session_key":"k"}'
        with canned(content, status=status) as server, pytest.raises(WeChatUnavailable):
            connect(url_of(server)).code_to_session("any")

    def test_errcode_zero_and_a_byte_order_mark_are_a_success(self, connect: Connect) -> None:
        content = '\ufeff{"errcode":0,"errmsg":"ok","openid":"o","session_key":"k"}'
        with canned(content) as server:
            assert connect(url_of(server)).code_to_session("any").openid == "o"

    def test_errcode_as_text_counts(self, connect: Connect) -> None:
        with canned('{"errcode":"40029"}') as server, pytest.raises(LoginCodeInvalid):
            connect(url_of(server)).code_to_session("any")

    @pytest.mark.parametrize(
        "info",
        [
            None,
            [],
            {},
            {"purePhoneNumber": "13900000001"},
            {"purePhoneNumber": "", "countryCode": 86},
            {"purePhoneNumber": "139x", "countryCode": 86},
            {"purePhoneNumber": "１３９００００００１", "countryCode": 86},
            {"purePhoneNumber": "13900000001\n9", "countryCode": 86},
            {
                "purePhoneNumber": "13900000001",
                "countryCode": 86,
                "watermark": {"appid": "wx-other"},
            },
        ],
    )
    def test_phone_answer_that_is_none(self, connect: Connect, info: object) -> None:
        content = json.dumps({"errcode": 0, "phone_info": info})
        with canned(content) as server, pytest.raises(WeChatUnavailable):
            connect(url_of(server)).phone_number("any")

    @pytest.mark.parametrize(
        "answer",
        [{}, {"result": None}, {"result": {}}, {"result": {"suggest": "new"}}, {"result": [1]}],
    )
    def test_verdict_not_understood_goes_to_a_person(
        self, connect: Connect, answer: dict[str, Any]
    ) -> None:
        with canned(json.dumps({"errcode": 0, **answer})) as server:
            assert check(connect(url_of(server)), "好") is TextVerdict.REVIEW

    @pytest.mark.parametrize(
        "token",
        [
            b"{}",
            b'{"access_token":"","expires_in":7200}',
            b'{"access_token":"x"}',
            b'{"access_token":"x","expires_in":0}',
            b'{"access_token":"x","expires_in":"soon"}',
        ],
    )
    def test_token_answer_that_is_none(self, connect: Connect, token: bytes) -> None:
        with canned('{"errcode":0}') as server:
            server.token = token
            with pytest.raises(WeChatUnavailable):
                check(connect(url_of(server)), "好")

    def test_token_for_all_eternity_is_no_overflow(self, connect: Connect) -> None:
        with canned('{"errcode":0}') as server:
            server.token = b'{"access_token":"x","expires_in":' + b"9" * 30 + b"}"
            assert check(connect(url_of(server)), "好") is TextVerdict.REVIEW

    def test_body_is_raw_utf8(self, connect: Connect) -> None:
        with canned('{"errcode":0}') as server:
            check(connect(url_of(server)), "许昌🌸\ud800")
        assert "许昌🌸?".encode() in server.received


class TestSecrecy:
    def test_reprs_show_no_secret(self, client: WeChatClient, server: SimulatorServer) -> None:
        session = sign_in(client, server)
        shown = repr(session) + repr(client) + repr(vars(client))
        for hidden in (OPENID, session.session_key):
            assert hidden not in shown
        assert SECRET not in repr(client)

    def test_logs_and_calls_show_no_secret(
        self, client: WeChatClient, server: SimulatorServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        caplog.set_level(logging.DEBUG, logger="httpx")
        caplog.set_level(logging.DEBUG, logger="httpcore")
        session = sign_in(client, server)
        code = server.simulator.issue_login_code(OPENID)
        fail(server, LOGIN, "reset")
        with pytest.raises(WeChatUnavailable):
            client.code_to_session(code)
        check(client, "好")
        token = client._tokens.get()
        client.send_subscribe_message(OPENID, "t-1", {"thing1": "好"})
        with pytest.raises(WeChatMessageRejected):
            client.send_subscribe_message(OPENID, "t-1", {"thing1": ""})
        for shown in (caplog.text, json.dumps(server.simulator.calls())):
            for hidden in (SECRET, token, session.session_key, code):
                assert hidden not in shown
        assert OPENID not in caplog.text
        assert "47003" in caplog.text

    def test_error_that_echoes_us_is_scrubbed(
        self, connect: Connect, caplog: pytest.LogCaptureFixture
    ) -> None:
        errmsg = f"bad {SECRET} of\n{OPENID} with canary-token-77 rid: 690b03d2-301f6111-35ffbd44"
        with (
            canned(json.dumps({"errcode": 40037, "errmsg": errmsg})) as server,
            pytest.raises(WeChatMessageRejected) as caught,
        ):
            connect(url_of(server)).send_subscribe_message(OPENID, "t-1", {"thing1": "好"})
        assert caught.value.reason.startswith("bad canary-secret")  # never sent in this call
        for shown in (caught.value.reason, caplog.text):
            assert OPENID not in shown
            assert "canary-token-77" not in shown
        assert "rid: 690b03d2-301f6111-35ffbd44" in caught.value.reason

    def test_exception_chain_holds_no_url(
        self, client: WeChatClient, server: SimulatorServer
    ) -> None:
        fail(server, LOGIN, "reset")
        with pytest.raises(WeChatUnavailable) as caught:
            sign_in(client, server)
        error: BaseException | None = caught.value
        while error is not None:
            assert type(error).__module__.startswith("core."), error
            assert SECRET not in str(error)
            error = error.__cause__ or error.__context__
