"""The control plane: what a developer or a test tells the simulator, and asks it."""

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any

import httpx
from flask import Blueprint, Response, jsonify, request

from tools.wechat_simulator.faults import Fault, FaultKind, FaultPlan
from tools.wechat_simulator.push import make_push
from tools.wechat_simulator.state import Simulator

PUSH_TIMEOUT = 5.0
"""WeChat waits this many seconds for the answer to a push."""

Answer = dict[str, Any] | list[Any] | None


class Unusable(Exception):
    """A request to the control plane that makes no sense; the text says why."""


def blueprint(simulator: Simulator, plan: FaultPlan) -> Blueprint:
    plane = ControlPlane(simulator, plan)
    paths = Blueprint("control", __name__, url_prefix="/_sim")
    for method, rule, act in (
        ("POST", "/login-codes", plane.issue_login_code),
        ("POST", "/phone-codes", plane.issue_phone_code),
        ("POST", "/subscriptions", plane.set_quota),
        ("POST", "/ranks", plane.set_rank),
        ("DELETE", "/tokens", plane.revoke_tokens),
        ("POST", "/faults", plane.add_fault),
        ("GET", "/faults", plane.faults),
        ("DELETE", "/faults", plane.clear_faults),
        ("GET", "/messages", plane.messages),
        ("GET", "/calls", plane.calls),
        ("POST", "/push", plane.send_push),
    ):
        paths.add_url_rule(rule, act.__name__, _door(act), methods=[method])
    return paths


def _door(act: Callable[[], Answer]) -> Callable[[], tuple[Response, int] | Response]:
    @wraps(act)
    def view() -> tuple[Response, int] | Response:
        try:
            answer = act()
        except Unusable as error:
            return jsonify(error=str(error)), 400
        return Response(status=204) if answer is None else jsonify(answer)

    return view


class ControlPlane:
    """One method an endpoint. A request that makes no sense is answered 400 with the reason."""

    def __init__(self, simulator: Simulator, plan: FaultPlan) -> None:
        self._simulator = simulator
        self._plan = plan

    def issue_login_code(self) -> Answer:
        """What wx.login would hand to the mini-program of this user."""
        body = _body()
        openid, unionid = _required(body, "openid"), body.get("unionid")
        return {"code": self._simulator.issue_login_code(openid, unionid)}

    def issue_phone_code(self) -> Answer:
        """What the phone button would hand over; `country_code` 86 or "86" is sent as given."""
        body = _body()
        openid, phone = _required(body, "openid"), _required(body, "phone")
        country_code = body.get("country_code", 86)
        phone = phone.removeprefix(f"+{country_code}")
        return {"code": self._simulator.issue_phone_code(openid, phone, country_code)}

    def set_quota(self) -> Answer:
        body = _body()
        remaining = body.get("remaining")
        if not isinstance(remaining, int):
            raise Unusable("remaining must be an integer")
        openid, template_id = _required(body, "openid"), _required(body, "template_id")
        self._simulator.set_quota(openid, template_id, remaining)
        return None

    def set_rank(self) -> Answer:
        """How risky an account is, 0 to 4; null is answered with 61010."""
        body = _body()
        rank = body.get("rank")
        if rank is not None and rank not in range(5):
            raise Unusable("rank must be 0 to 4, or null")
        self._simulator.set_rank(_required(body, "openid"), rank)
        return None

    def revoke_tokens(self) -> Answer:
        self._simulator.revoke_tokens()
        return None

    def add_fault(self) -> Answer:
        self._plan.add(_fault(_body()))
        return None

    def faults(self) -> Answer:
        return self._plan.pending()

    def clear_faults(self) -> Answer:
        self._plan.clear()
        return None

    def messages(self) -> Answer:
        return self._simulator.messages()

    def calls(self) -> Answer:
        return self._simulator.calls()

    def send_push(self) -> Answer:
        """Post an event to `url`: `secure` (default true) and `xml` (default false) say how."""
        body = _body()
        event = body.get("event")
        if not isinstance(event, dict):
            raise Unusable("event must be an object")
        push = make_push(
            event,
            token=self._simulator.push_token,
            aes_key=self._simulator.push_aes_key if body.get("secure", True) else None,
            appid=self._simulator.appid,
            timestamp=int(self._simulator.clock()),
            as_xml=bool(body.get("xml", False)),
        )
        try:
            answer = httpx.post(
                _required(body, "url"),
                params=push.query,
                content=push.body,
                headers={"Content-Type": push.content_type},
                timeout=PUSH_TIMEOUT,
                trust_env=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unusable(f"not delivered: {type(error).__name__}") from error
        return {"status": answer.status_code, "body": answer.text}


def _fault(body: dict[str, Any]) -> Fault:
    unknown = body.keys() - {field.name for field in fields(Fault)}
    if unknown:
        raise Unusable(f"unknown: {', '.join(sorted(unknown))}")
    _required(body, "path")
    try:
        return Fault(**{**body, "kind": FaultKind(_required(body, "kind"))})
    except ValueError:
        raise Unusable(f"kind must be one of {', '.join(FaultKind)}") from None


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise Unusable("the body must be a JSON object")
    return body


def _required(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Unusable(f"{name} is required")
    return value
