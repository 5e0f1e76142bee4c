"""WeChat's side of the simulator: the paths that `core.wechat` calls."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, request

from tools.wechat_simulator import control, replies
from tools.wechat_simulator.faults import FaultPlan
from tools.wechat_simulator.replies import Refused, Reply
from tools.wechat_simulator.state import Simulator

MAX_BODY_BYTES = 1 << 20
JSON_TYPE = "application/json; encoding=utf-8"
"""WeChat writes `encoding` where everybody else writes `charset`."""

_ESCAPED_TEXT = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7][0-9a-fA-F])")


def create_app(simulator: Simulator, plan: FaultPlan) -> Flask:
    app = Flask("wechat_simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.register_blueprint(_wechat(simulator))
    app.register_blueprint(control.blueprint(simulator, plan))
    return app


def _wechat(simulator: Simulator) -> Blueprint:
    paths = Blueprint("wechat", __name__)

    @paths.route("/sns/jscode2session", methods=["GET", "POST"])
    def code_to_session() -> Response:
        simulator.record(request.method, request.path, request.args.to_dict(), None)

        def answer() -> Reply:
            if request.method != "GET":
                raise replies.NEEDS_GET()
            return simulator.code_to_session(request.args.to_dict())

        return _respond(simulator, answer, comma=True, content_type="text/plain")

    def post(path: str, serve: Callable[[Mapping[str, Any]], Reply], *, token: bool = True) -> None:
        def view() -> Response:
            body = _parsed()
            shown = body if isinstance(body, dict) else None
            simulator.record(request.method, request.path, request.args.to_dict(), shown)

            def answer() -> Reply:
                if request.method != "POST":
                    raise replies.NEEDS_POST()
                if token:
                    simulator.check_token(request.args.get("access_token"))
                if isinstance(body, Refused):
                    raise body
                return serve(body)

            return _respond(simulator, answer, comma=False, content_type=JSON_TYPE)

        paths.add_url_rule(path, path.strip("/").replace("/", "_"), view, methods=["GET", "POST"])

    post("/cgi-bin/stable_token", simulator.stable_token, token=False)
    post("/wxa/business/getuserphonenumber", simulator.phone_number)
    post("/wxa/msg_sec_check", simulator.check_text)
    post("/wxa/getuserriskrank", simulator.risk_rank)
    post("/cgi-bin/message/subscribe/send", simulator.send_message)
    return paths


def _respond(
    simulator: Simulator, answer: Callable[[], Reply], *, comma: bool, content_type: str
) -> Response:
    try:
        reply = answer()
    except Refused as refused:
        reply = refused.reply(simulator.clock(), comma=comma)
    return Response(json.dumps(reply, ensure_ascii=False), content_type=content_type)


def _parsed() -> dict[str, Any] | Refused:
    """The body of the request, or what WeChat has against it. WeChat wants Chinese as raw UTF-8;
    what it does to a client that escapes it differs by API, so here it is an error."""
    content = request.get_data()
    if not content:
        return replies.EMPTY_BODY()
    try:
        body = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return replies.BAD_FORMAT()
    if not isinstance(body, dict) or _ESCAPED_TEXT.search(content):
        return replies.BAD_FORMAT()
    return body
