"""WeChat's server as this house uses it: five calls outward, one push inward.

`WeChatClient` asks (login codes, phone codes, text checks, ranks of
risk, subscribe messages); `PushReceiver`
verifies and opens what WeChat posts to us. Every failure leaves as one of the refusals below:
no httpx, JSON or cryptography exception does. Secrets, tokens, session keys and openids appear
in no log and in no `repr`.

Calls wait on the network, so they belong outside a transaction: in a route's `prepare`, or in
the job that empties the outbox. One client serves all threads of a process; close it at the end.
"""

from typing import cast

from flask import current_app

from core.wechat.client import (
    SendOutcome,
    TextScene,
    TextVerdict,
    UserRisk,
    WeChatClient,
    WeChatSession,
)
from core.wechat.errors import (
    LoginCodeInvalid,
    PhoneCodeInvalid,
    PushForged,
    PushMalformed,
    WeChatMessageRejected,
    WeChatRateLimited,
    WeChatRefusal,
    WeChatUnavailable,
    WeChatUserBlocked,
)
from core.wechat.push import Event, PushReceiver

__all__ = [
    "Event",
    "LoginCodeInvalid",
    "PhoneCodeInvalid",
    "PushForged",
    "PushMalformed",
    "PushReceiver",
    "SendOutcome",
    "TextScene",
    "TextVerdict",
    "UserRisk",
    "WeChatClient",
    "WeChatMessageRejected",
    "WeChatRateLimited",
    "WeChatRefusal",
    "WeChatSession",
    "WeChatUnavailable",
    "WeChatUserBlocked",
    "client",
    "push",
]


def client() -> WeChatClient:
    """The app's client."""
    return cast(WeChatClient, current_app.extensions["liancheng.wechat"])


def push() -> PushReceiver:
    """The app's receiver of pushes."""
    return cast(PushReceiver, current_app.extensions["liancheng.wechat_push"])
