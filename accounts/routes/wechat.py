"""Where WeChat posts its events. Nothing is believed before its signature was checked."""

import logging
from typing import Any

from flask import request

from accounts.services import subscriptions
from core import wechat
from core.actor import Actor
from core.http import (
    Blueprint,
    errors,
    not_idempotent,
    public,
    query,
    raw_body,
    returns_file,
)
from core.wechat import PushForged, PushMalformed
from schemas.wechat import PushQuery

blueprint = Blueprint("wechat", __name__, description="微信推送")
log = logging.getLogger(__name__)

File = tuple[str, dict[str, str]]


@blueprint.get("/wechat/events")
@public
@query(PushQuery)
@returns_file("text/plain")
@errors(PushForged)
def shake_hands(_actor: Actor, *, query: dict[str, Any]) -> File:
    """微信服务器验证推送地址"""
    return wechat.push().handshake(query), {}


@blueprint.post("/wechat/events")
@public
@not_idempotent
@query(PushQuery)
@raw_body
@returns_file("text/plain")
@errors(PushForged, PushMalformed)
def receive_event(_actor: Actor, *, query: dict[str, Any]) -> File:
    """接收微信推送的事件"""
    event = wechat.push().event(query, request.get_data())
    subscriptions.take_note(event)
    log.info("wechat event", extra={"event": str(event.get("Event", ""))[:48]})
    return "success", {}
