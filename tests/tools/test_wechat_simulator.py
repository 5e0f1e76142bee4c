"""The simulator on its own: what WeChat's server does, and the control plane beside it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from core.wechat import Event, PushReceiver
from tools.wechat_simulator.faults import FaultKind
from tools.wechat_simulator.server import SimulatorServer
from tools.wechat_simulator.state import Simulator

APPID = "wx00000000000000aa"
SECRET = "canary-secret-4f6c"
PUSH_TOKEN = "AAAAA"
PUSH_KEY = "A" * 43
OPENID = "o-demo-citizen-01"
ROOT = Path(__file__).resolve().parents[2]
TOKEN_REQUEST = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1_762_329_554.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SimulatorServer]:
    simulator = Simulator(APPID, SECRET, push_token=PUSH_TOKEN, push_aes_key=PUSH_KEY, clock=clock)
    with SimulatorServer(simulator) as running:
        yield running


@pytest.fixture
def http(server: SimulatorServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url, trust_env=False) as client:
        yield client


def post(http: httpx.Client, path: str, body: object) -> Any:
    answer = http.post(path, json=body)
    return answer.json() if answer.content else None


def login_code(http: httpx.Client, openid: str = OPENID) -> str:
    code: str = post(http, "/_sim/login-codes", {"openid": openid})["code"]
    return code


def session(http: httpx.Client, code: str, **changes: str) -> httpx.Response:
    query = {
        "appid": APPID,
        "secret": SECRET,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    return http.get("/sns/jscode2session", params=query | changes)


def token(http: httpx.Client) -> str:
    value: str = post(http, "/cgi-bin/stable_token", TOKEN_REQUEST)["access_token"]
    return value


def call(http: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    return post(http, f"{path}?access_token={token(http)}", body)


class TestErrors:
    def test_error_is_status_200_text_plain_with_a_comma_before_its_rid(
        self, http: httpx.Client
    ) -> None:
        answer = session(http, "unknown")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain"
        assert answer.json()["errcode"] == 40029
        pattern = r"invalid code, rid: 690b03d2-[0-9a-f]{8}-[0-9a-f]{8}"
        assert re.fullmatch(pattern, answer.json()["errmsg"])

    def test_error_elsewhere_has_no_comma(self, http: httpx.Client) -> None:
        answer = http.post("/wxa/msg_sec_check", json={"content": "好"})
        assert answer.headers["content-type"] == "application/json; encoding=utf-8"
        assert answer.json()["errcode"] == 41001
        assert re.fullmatch(r"access_token missing rid: [0-9a-f-]{26}", answer.json()["errmsg"])

    @pytest.mark.parametrize(
        ("changes", "errcode"),
        [
            ({"appid": "wx-other"}, 40013),
            ({"secret": "wrong"}, 40125),
            ({"grant_type": "x"}, 40002),
            ({"js_code": ""}, 41008),
        ],
    )
    def test_login_checks_every_parameter(
        self, http: httpx.Client, changes: dict[str, str], errcode: int
    ) -> None:
        assert session(http, login_code(http), **changes).json()["errcode"] == errcode

    def test_method_and_body_are_checked(self, http: httpx.Client) -> None:
        url = f"/wxa/msg_sec_check?access_token={token(http)}"
        escaped = rb'{"content":"\u597d"}'
        assert http.get(url).json()["errcode"] == 43002
        assert http.post("/sns/jscode2session").json()["errcode"] == 43001
        assert http.post(url).json()["errcode"] == 44002
        assert http.post(url, data={"content": "x"}).json()["errcode"] == 47001
        assert http.post(url, content=escaped).json()["errcode"] == 47001
        assert http.post(url, content=b'"\xff"').json()["errcode"] == 47001
        assert http.post(url, content=b"[" * 100_000).json()["errcode"] == 47001


class TestCodes:
    def test_code_works_once_within_five_minutes(self, http: httpx.Client, clock: Clock) -> None:
        first, second = login_code(http), login_code(http)
        clock.at += 299
        assert session(http, first).json()["openid"] == OPENID
        assert session(http, first).json()["errcode"] == 40163
        clock.at += 1
        assert session(http, second).json()["errcode"] == 40029

    def test_session_key_belongs_to_the_user(self, http: httpx.Client) -> None:
        keys = [session(http, login_code(http, o)).json()["session_key"] for o in "aab"]
        assert keys[0] == keys[1] != keys[2]

    def test_phone_code(self, http: httpx.Client) -> None:
        path = "/wxa/business/getuserphonenumber"
        wish = {"openid": OPENID, "phone": "+8613900000001"}
        code = post(http, "/_sim/phone-codes", wish)["code"]
        info = call(http, path, {"code": code})["phone_info"]
        assert (info["purePhoneNumber"], info["countryCode"]) == ("13900000001", 86)
        assert info["watermark"]["appid"] == APPID
        assert call(http, path, {"code": code})["errcode"] == 40163
        assert call(http, path, {"code": login_code(http)})["errcode"] == 40029


class TestTokens:
    def test_token_stays_until_300_seconds_before_its_end_then_two_overlap(
        self, http: httpx.Client, clock: Clock
    ) -> None:
        def errcode(value: str) -> int:
            url = f"/wxa/msg_sec_check?access_token={value}"
            number: int = post(http, url, {"content": "好"}).get("errcode")
            return number

        old = post(http, "/cgi-bin/stable_token", TOKEN_REQUEST)
        assert old["expires_in"] == 7200
        clock.at += 6899
        again = post(http, "/cgi-bin/stable_token", TOKEN_REQUEST)
        assert again == {"access_token": old["access_token"], "expires_in": 301}
        clock.at += 1
        new = token(http)
        assert new != old["access_token"]
        assert errcode(old["access_token"]) == errcode(new) == 0
        clock.at += 300
        assert errcode(old["access_token"]) == 40001
        assert errcode(new) == 0

    def test_revoked_token_is_refused(self, http: httpx.Client) -> None:
        url = f"/wxa/msg_sec_check?access_token={token(http)}"
        assert http.delete("/_sim/tokens").status_code == 204
        assert post(http, url, {"content": "好"})["errcode"] == 40001


class TestTextCheck:
    def test_user_is_seen_for_two_hours(self, http: httpx.Client, clock: Clock) -> None:
        body = {"content": "好", "version": 2, "scene": 1, "openid": OPENID}
        assert call(http, "/wxa/msg_sec_check", body)["errcode"] == 61010
        session(http, login_code(http))
        clock.at += 7200
        assert call(http, "/wxa/msg_sec_check", body)["result"]["suggest"] == "pass"
        clock.at += 1
        assert call(http, "/wxa/msg_sec_check", body)["errcode"] == 61010

    def test_old_version_has_the_old_answer(self, http: httpx.Client) -> None:
        assert call(http, "/wxa/msg_sec_check", {"content": "违规测试"})["errcode"] == 87014
        assert "result" not in call(http, "/wxa/msg_sec_check", {"content": "好"})

    @pytest.mark.parametrize(
        "change", [{"content": ""}, {"content": "好" * 2501}, {"content": 7}, {"scene": 5}]
    )
    def test_bad_arguments(self, http: httpx.Client, change: dict[str, Any]) -> None:
        session(http, login_code(http))
        body = {"content": "好", "version": 2, "scene": 1, "openid": OPENID}
        assert call(http, "/wxa/msg_sec_check", body | change)["errcode"] in (47001, 40129)


class TestMessages:
    MESSAGE = {"touser": OPENID, "template_id": "t-1", "data": {"thing1": {"value": "植树"}}}
    PATH = "/cgi-bin/message/subscribe/send"

    def test_sent_message_is_shown(self, http: httpx.Client, clock: Clock) -> None:
        assert call(http, self.PATH, self.MESSAGE) == {"errcode": 0, "errmsg": "ok"}
        assert http.get("/_sim/messages").json() == [{"at": clock.at, **self.MESSAGE}]

    def test_quota_counts_only_where_it_was_set(self, http: httpx.Client) -> None:
        quota = {"openid": OPENID, "template_id": "t-1", "remaining": 2}
        post(http, "/_sim/subscriptions", quota)
        codes = [call(http, self.PATH, self.MESSAGE)["errcode"] for _ in range(3)]
        assert codes == [0, 0, 43101]
        other = self.MESSAGE | {"template_id": "t-2"}
        assert [call(http, self.PATH, other)["errcode"] for _ in range(3)] == [0, 0, 0]

    @pytest.mark.parametrize(
        ("change", "errcode"),
        [
            ({"touser": ""}, 40003),
            ({"touser": "谁"}, 40003),
            ({"template_id": None}, 40037),
            ({"page": "/pages/a"}, 41030),
            ({"data": {}}, 47003),
            ({"data": {"thing1": "植树"}}, 47003),
        ],
    )
    def test_bad_messages(self, http: httpx.Client, change: dict[str, Any], errcode: int) -> None:
        assert call(http, self.PATH, self.MESSAGE | change)["errcode"] == errcode
        assert http.get("/_sim/messages").json() == []


class TestFaults:
    def plan(self, http: httpx.Client, **fault: Any) -> httpx.Response:
        return http.post("/_sim/faults", json={"path": "/sns/jscode2session", **fault})

    def test_errcode_so_many_times(self, http: httpx.Client) -> None:
        self.plan(http, kind="errcode", errcode=-1, times=2)
        codes = [session(http, "x").json()["errcode"] for _ in range(3)]
        assert codes == [-1, -1, 40029]

    def test_for_ever_until_cleared(self, http: httpx.Client) -> None:
        self.plan(http, kind="errcode", errcode=40001, times=None)
        assert {session(http, "x").json()["errcode"] for _ in range(5)} == {40001}
        assert http.get("/_sim/faults").json()[0]["errcode"] == 40001
        assert http.delete("/_sim/faults").status_code == 204
        assert session(http, "x").json()["errcode"] == 40029

    def test_reset(self, http: httpx.Client) -> None:
        self.plan(http, kind="reset")
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            session(http, "x")
        assert session(http, "x").status_code == 200

    def test_bad_gateway_is_html(self, http: httpx.Client) -> None:
        self.plan(http, kind="bad_gateway")
        answer = session(http, "x")
        assert answer.status_code == 502
        assert answer.text.startswith("<html>")

    def test_truncated(self, http: httpx.Client) -> None:
        self.plan(http, kind="truncated")
        with pytest.raises(json.JSONDecodeError):
            session(http, "x").json()

    @pytest.mark.parametrize("kind", ["slow", "trickle"])
    def test_slow_takes_its_time(self, http: httpx.Client, kind: str) -> None:
        self.plan(http, kind=kind, seconds=0.4)
        began = time.monotonic()
        session(http, "x").json()
        assert time.monotonic() - began >= 0.3

    def test_other_paths_and_the_control_plane_are_spared(self, http: httpx.Client) -> None:
        self.plan(http, kind="bad_gateway", times=None)
        assert token(http)
        http.post("/_sim/faults", json={"path": "*", "kind": "bad_gateway", "times": None})
        assert http.post("/cgi-bin/stable_token", json=TOKEN_REQUEST).status_code == 502
        assert http.get("/_sim/calls").status_code == 200

    @pytest.mark.parametrize(
        "fault",
        [{}, {"kind": "x"}, {"kind": "slow", "unknown": 1}, {"kind": "slow", "path": ""}],
    )
    def test_plan_that_makes_no_sense(self, http: httpx.Client, fault: dict[str, Any]) -> None:
        answer = self.plan(http, **fault)
        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_every_kind_is_tested_here(self) -> None:
        source = Path(__file__).read_text(encoding="utf-8")
        assert all(f'"{kind}"' in source for kind in FaultKind)


def test_calls_are_shown_without_secrets(http: httpx.Client) -> None:
    code = login_code(http)
    key = session(http, code).json()["session_key"]
    value = token(http)
    call(http, "/wxa/business/getuserphonenumber", {"code": "canary-phone-code"})
    shown = http.get("/_sim/calls").text
    for hidden in (SECRET, code, key, value, "canary-phone-code"):
        assert hidden not in shown
    assert [c["path"] for c in json.loads(shown)].count("/cgi-bin/stable_token") == 2


class PushTarget(ThreadingHTTPServer):
    """Our service's side of message push."""

    daemon_threads = True
    receiver = PushReceiver(PUSH_TOKEN, PUSH_KEY, APPID, accept_plain=True)
    events: list[Event]


class PushTargetHandler(BaseHTTPRequestHandler):
    server: PushTarget

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = dict(httpx.URL(self.path).params)
        self.server.events.append(self.server.receiver.event(query, body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"success")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def target() -> Iterator[PushTarget]:
    server = PushTarget(("127.0.0.1", 0), PushTargetHandler)
    server.events = []
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("xml", [True, False])
def test_push_reaches_our_receiver(
    http: httpx.Client, target: PushTarget, secure: bool, xml: bool
) -> None:
    event = {"Event": "subscribe_msg_popup_event", "List": [{"TemplateId": "t-1"}]}
    wish = {
        "url": f"http://127.0.0.1:{target.server_port}/wechat/push",
        "event": event,
        "secure": secure,
        "xml": xml,
    }
    assert post(http, "/_sim/push", wish) == {"status": 200, "body": "success"}
    assert target.events == [event]


def test_push_to_nobody_is_reported(http: httpx.Client) -> None:
    answer = http.post("/_sim/push", json={"url": "http://127.0.0.1:1/", "event": {}})
    assert answer.status_code == 400


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(port: int, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-W", "error", "-m", "tools.wechat_simulator", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"WECHAT_SECRET": SECRET, "LOG_LEVEL": "DEBUG"} | environ,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_process_serves_and_stops_at_once_in_the_middle_of_a_call(number: int) -> None:
    port = free_port()
    with start(port, WECHAT_APPID=APPID) as process:
        assert process.stderr is not None
        assert f"127.0.0.1:{port}" in process.stderr.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            assert session(http, login_code(http)).json()["openid"] == OPENID
            slow = {"path": "/sns/jscode2session", "kind": "slow", "seconds": 60}
            post(http, "/_sim/faults", slow)
            with pytest.raises(httpx.ReadTimeout):
                http.get("/sns/jscode2session", params={"secret": SECRET}, timeout=0.2)
        began = time.monotonic()
        process.send_signal(number)
        _, log = process.communicate(timeout=10)
        assert time.monotonic() - began < 3
    assert process.returncode == 0
    assert "GET /sns/jscode2session 200" in log
    assert SECRET not in log
    assert "Traceback" not in log


@pytest.mark.process
def test_process_refuses_to_start_in_production() -> None:
    secrets = {
        "FIELD_KEYS": "1:a",
        "INDEX_KEY": "b",
        "CODE_KEY": "c",
        "LOG_KEY": "l",
        "DATABASE_URL": "postgresql://d",
        "WECHAT_PUSH_TOKEN": "e",
        "WECHAT_PUSH_AES_KEY": "f",
    }
    with start(free_port(), LIANCHENG_ENV="production", **secrets) as process:
        _, log = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "production" in log
