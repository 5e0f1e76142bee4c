"""The log: one JSON object a line on standard error, with personal data and secrets taken out.

Redaction is the last step before a line is written, on everything that goes into it (message,
arguments, extras, traces), so no caller has to think of it. It recognises shapes and names; it
is the net, not a licence to log personal data.
"""

import json
import logging
import re
import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, cast

from pythonjsonlogger.json import JsonFormatter

from core.clock import SHANGHAI, now

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request (or run of a job) to which a line belongs; also in answers and the audit log."""

GONE = "[redacted]"

_MAX_DEPTH = 8
"""Extras nested deeper (or in themselves) are cut off."""

_NAMES = (
    r"access_token|refresh_token|session_key|js_code|token|secret|password|passwd|authorization"
    r"|cookie|(?<![a-z])t?otp|id_?number|phone|openid|unionid|api_?key"
)

_SENSITIVE_NAME = re.compile(rf"(?:{_NAMES})$", re.IGNORECASE)

_ASSIGNED = re.compile(
    rf"""((?:{_NAMES})[\\"']*\s{{0,9}}[:=]\s{{0,9}})"""
    r"""(?:b?\\"[^"\\]*+(?:\\")?|b?"(?:[^"\\]++|\\.)*+"?|b?'(?:[^'\\]++|\\.)*+'?"""
    r"""|(?:(?:bearer|basic)\s{1,9})?(?:\[redacted\]|[^\s,&;)}\]]+))""",
    re.IGNORECASE | re.DOTALL,
)
"""`name=value`, `name: value`, `'name': 'value'`, and JSON inside a JSON string. A quoted value
runs to its closing quote or to the end."""

_BEARER = re.compile(r"\b(bearer)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(://[^\s/:@]{1,100}:)[^\s/@]+@")

_ID_NUMBER = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
"""Eighteen characters with a birthday in their place. The check character is not asked, because
a mistyped number is nearly as personal."""

_MOBILE = re.compile(r"(?<![0-9A-Fa-f])(?<!\d\.)(?:(?:\+|00)?86[ -]?)?1[3-9]\d{9}(?![0-9A-Fa-f])")
"""Eleven digits that are not part of a longer hexadecimal run, such as the end of a UUID."""

_QUIET = ("httpx", "httpcore", "apscheduler", "urllib3")
"""Libraries that tell at INFO what we tell better, or tell URLs."""


def new_request_id() -> str:
    """Sixteen hexadecimal digits: unique enough for a log, short enough to be read out."""
    return secrets.token_hex(8)


_SUSPECT = re.compile(r"\d{7}|[:=]|bearer", re.IGNORECASE)
"""Every shape below holds one of these; most texts hold none, and one search tells."""


def redact(text: str) -> str:
    """`text` without what looks like an ID number, a mobile number, a token or a named secret."""
    if not _SUSPECT.search(text):
        return text
    text = _BEARER.sub(rf"\1 {GONE}", text)
    text = _URL_PASSWORD.sub(rf"\1{GONE}@", text)
    text = _ASSIGNED.sub(rf"\1{GONE}", text)
    text = _ID_NUMBER.sub(GONE, text)
    return _MOBILE.sub(GONE, text)


def _cleaned(value: Any, depth: int = 0) -> Any:
    """A JSON value without secrets. Objects are written as `str` would, which is redacted too."""
    match value:
        case None | bool() | float():
            return value
        case int():
            return value if (shown := redact(str(value))) == str(value) else shown
        case Mapping() | list() | tuple() | set() | frozenset() if depth >= _MAX_DEPTH:
            return GONE
        case Mapping():
            return {
                redact(str(key)): _cleaned(below, depth + 1)
                if below is None or not _SENSITIVE_NAME.search(str(key))
                else GONE
                for key, below in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [_cleaned(below, depth + 1) for below in value]
        case _:
            return redact(str(value))


class _Lines(JsonFormatter):
    """time, level, logger, request_id, message, then the extras, `error` and `stack` if any."""

    def __init__(self) -> None:
        super().__init__(
            ["message"],
            rename_fields={"exc_info": "error", "stack_info": "stack"},
            json_ensure_ascii=False,
        )

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        at = datetime.fromtimestamp(record.created, SHANGHAI)
        log_data["time"] = at.isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["request_id"] = request_id.get()
        super().add_fields(log_data, record, message_dict)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return cast(dict[str, Any], _cleaned(log_data))


def write_access(method: str, endpoint: str, status: int, milliseconds: float) -> None:
    """The line of one answered request, at INFO.

    All of it is ours (`method` and `endpoint` as the routes name them, the request id made or
    checked by us), so it is written as it is: to clean it would cost more than many an answer."""
    if not logging.getLogger("liancheng.access").isEnabledFor(logging.INFO):
        return
    at = now().astimezone(SHANGHAI).isoformat(timespec="milliseconds")
    _write(
        f'{{"time": "{at}", "level": "INFO", "logger": "liancheng.access", '
        f'"request_id": "{request_id.get()}", "message": "request", "method": "{method}", '
        f'"endpoint": "{endpoint}", "status": {status}, "ms": {milliseconds:.1f}}}'
    )


class _Handler(logging.Handler):
    """Writes to whatever standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:
            line = _bad_call(record)
        _write(line)


def _write(line: str) -> None:
    # A closed or broken standard error must not stop a request.
    with suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _bad_call(record: logging.LogRecord) -> str:
    """Where a line could not be made, and nothing of what it held: logging's own report would
    print the arguments."""
    place = f"{record.pathname}:{record.lineno}"
    report = {"level": "ERROR", "logger": __name__, "message": "bad log call", "place": place}
    return json.dumps(report)


def configure(level: str) -> None:
    """Send everything at `level` ("INFO", …) and above to standard error. Other handlers of the
    root logger stay. Raises ValueError on an unknown level."""
    root = logging.getLogger()
    root.setLevel(level.upper())
    handler = _Handler()
    handler.setFormatter(_Lines())
    for old in [h for h in root.handlers if isinstance(h, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
