"""One exchange with WeChat's server: a request out, a JSON object or a `WeChatFault` back.

Nothing is believed of the answer but its bytes. Errors come with status 200, JSON comes as
text/plain, and a proxy on the way may put its own HTML in between.
"""

import json
import logging
from collections.abc import Mapping
from random import SystemRandom
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

import httpx

from core.wechat.errors import WeChatFault

Answer = Mapping[str, Any]

MAX_ANSWER_BYTES = 1 << 20
JITTER_SECONDS = (0.05, 0.25)

_dice = SystemRandom()


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """httpx logs every URL at INFO, and WeChat's URLs carry the secret and the access token."""
    return record.levelno >= logging.WARNING


logging.getLogger("httpx").addFilter(_is_worth_logging)


class Exchange:
    """The pooled HTTP connection to one base URL. Thread-safe; knows no WeChat API.

    The two time-outs together are the patience, in seconds: a body that trickles in is dropped
    when it is over, and no further attempt begins then. Proxies of the environment are not
    used: a relay is named by the base URL.
    """

    def __init__(self, base_url: str, *, connect_timeout: float, read_timeout: float) -> None:
        self.base_url = base_url.rstrip("/")
        self._patience = connect_timeout + read_timeout
        self._http = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout),
            headers={"Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def ask(
        self,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        *,
        retries: int = 0,
    ) -> Answer:
        """POST `body`, or GET where there is none. `retries` only for idempotent calls.

        Raises WeChatFault."""
        give_up_at = monotonic() + self._patience
        while True:
            try:
                return self._once(path, query, body)
            except WeChatFault as fault:
                retries -= 1
                if retries < 0 or not fault.is_transient or monotonic() > give_up_at:
                    raise
            sleep(_dice.uniform(*JITTER_SECONDS))

    def _once(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> Answer:
        status, content = self._fetch(path, query, body)
        answer = _json_object(content)
        errcode = _errcode(answer) if answer is not None else None
        if answer is None or errcode is None or (errcode == 0 and status != 200):
            raise WeChatFault(path, None, f"not an answer of WeChat's, status {status}")
        if errcode != 0:
            raise WeChatFault(path, errcode, _reason(answer, (query, body)))
        return answer

    def _fetch(
        self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> tuple[int, bytes]:
        url = self.base_url + path
        if query:
            url += "?" + urlencode(query, errors="replace")
        method, content = "GET", None
        if body is not None:
            method = "POST"
            content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        deadline = monotonic() + self._patience
        received = bytearray()
        try:
            with self._http.stream(
                method, url, content=content, headers={"Content-Type": "application/json"}
            ) as response:
                for chunk in response.iter_bytes():
                    received += chunk
                    if len(received) > MAX_ANSWER_BYTES or monotonic() > deadline:
                        break
                else:
                    return response.status_code, bytes(received)
            failure = "the answer is too long or too slow"
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            failure = type(error).__name__
        # Raised here, out of the handler: httpx's exceptions hold the request with its URL.
        raise WeChatFault(path, None, failure)


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _errcode(answer: Answer) -> int | None:
    """0 where the answer has none, as a success often does; None where it is no number."""
    try:
        return int(answer.get("errcode", 0))
    except (TypeError, ValueError, OverflowError):
        return None


def _reason(answer: Answer, sent: tuple[Any, ...]) -> str:
    """WeChat's own words, on one line, with whatever we sent taken out."""
    words = " ".join(str(answer.get("errmsg", "")).split())
    for value in sorted(_strings(sent), key=len, reverse=True):
        if len(value) >= 4:
            words = words.replace(value, "***")
    return words[:200]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return _strings(tuple(value.values()))
    if isinstance(value, tuple):
        return [text for item in value for text in _strings(item)]
    return []
