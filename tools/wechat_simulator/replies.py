"""How WeChat words its errors."""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

Reply = dict[str, Any]


@dataclass
class Refused(Exception):
    """A business error: HTTP status 200, and this in the body."""

    errcode: int
    errmsg: str

    def reply(self, now: float, *, comma: bool) -> Reply:
        separator = ", " if comma else " "
        return {"errcode": self.errcode, "errmsg": f"{self.errmsg}{separator}rid: {rid(now)}"}


def rid(now: float) -> str:
    """Three groups of eight hexadecimal digits, the first of which is the time in seconds."""
    return f"{int(now):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


BAD_TOKEN = partial(
    Refused,
    40001,
    "invalid credential, access_token is invalid or not latest, could get access_token by "
    "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
)
BAD_GRANT_TYPE = partial(Refused, 40002, "invalid grant_type")
BAD_OPENID = partial(Refused, 40003, "invalid openid")
BAD_APPID = partial(Refused, 40013, "invalid appid")
BAD_CODE = partial(Refused, 40029, "invalid code")
BAD_TEMPLATE = partial(Refused, 40037, "invalid template_id")
BAD_SECRET = partial(Refused, 40125, "invalid appsecret")
BAD_ARGS = partial(Refused, 40129, "invalid scene")
USED_CODE = partial(Refused, 40163, "code been used")
NO_TOKEN = partial(Refused, 41001, "access_token missing")
NO_CODE = partial(Refused, 41008, "missing code")
BAD_PAGE = partial(Refused, 41030, "invalid page")
NEEDS_GET = partial(Refused, 43001, "require GET method")
NEEDS_POST = partial(Refused, 43002, "require POST method")
OTHER_APP = partial(Refused, 43104, "this appid does not have permission")
REFUSED_MESSAGE = partial(Refused, 43101, "user refuse to accept the msg")
EMPTY_BODY = partial(Refused, 44002, "empty post data")
BAD_FORMAT = partial(Refused, 47001, "data format error")
NOT_SEEN = partial(Refused, 61010, "code is expired")
RISKY_V1 = partial(Refused, 87014, "risky content")


def bad_value(key: str, *, empty: bool = False) -> Refused:
    what = " is empty" if empty else " invalid"
    return Refused(47003, f"argument invalid! data.{key}.value{what}")
