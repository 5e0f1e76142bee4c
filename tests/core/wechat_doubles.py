"""What the tests of the WeChat client share: names, short cuts, a server of canned answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from core.wechat import (
    TextScene,
    TextVerdict,
    WeChatClient,
    WeChatSession,
)
from tools.wechat_simulator.faults import Fault, FaultKind
from tools.wechat_simulator.server import SimulatorServer

APPID = "wx00000000000000aa"
SECRET = "canary-secret-4f6c"
OPENID = "o-demo-citizen-01"
LOGIN = "/sns/jscode2session"
TOKEN = "/cgi-bin/stable_token"
PHONE = "/wxa/business/getuserphonenumber"
CHECK = "/wxa/msg_sec_check"
SEND = "/cgi-bin/message/subscribe/send"

Connect = Callable[..., WeChatClient]


def calls_to(server: SimulatorServer, path: str) -> int:
    return sum(call["path"] == path for call in server.simulator.calls())


def sign_in(client: WeChatClient, server: SimulatorServer, openid: str = OPENID) -> WeChatSession:
    return client.code_to_session(server.simulator.issue_login_code(openid))


def check(client: WeChatClient, content: str, **more: str) -> TextVerdict:
    return client.check_text(content, openid=OPENID, scene=TextScene.FORUM, **more)


def fail(server: SimulatorServer, path: str, kind: str, **how: Any) -> None:
    server.plan.add(Fault(path, FaultKind(kind), **how))


class CannedServer(ThreadingHTTPServer):
    """Answers every token request well and everything else with the same bytes."""

    daemon_threads = True
    content = b"{}"
    token: bytes = b'{"access_token":"canary-token-77","expires_in":7200}'
    status = 200
    received: bytes = b""


class CannedHandler(BaseHTTPRequestHandler):
    server: CannedServer

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        is_token = self.path.startswith(TOKEN)
        if not is_token:
            self.server.received = body
        content = self.server.token if is_token else self.server.content
        self.send_response(200 if is_token else self.server.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def canned(content: bytes | str, *, status: int = 200) -> Iterator[CannedServer]:
    server = CannedServer(("127.0.0.1", 0), CannedHandler)
    server.content = content.encode() if isinstance(content, str) else content
    server.status = status
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def url_of(server: CannedServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"
