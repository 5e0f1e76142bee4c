"""What a request may bring, checked in front of marshmallow.

A bare parser answers 500 to hostile JSON (deep nesting, lone surrogates, huge integers) and
silently takes what nobody meant (duplicate keys, repeated or unknown parameters, 1E+1000000).
Here every such input ends in a 4xx, the same on both databases. Rules: design/reliability, Input.
"""

import json
import math
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

import marshmallow as ma
from flask import Request
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from core.errors import DomainError, InvalidInput, Kind

MAX_JSON_BYTES = 1 << 20
MAX_UPLOAD_BYTES = 10 << 20
MAX_MULTIPART_BYTES = MAX_UPLOAD_BYTES + (64 << 10)
"""A file, with the other fields and the boundaries around it."""
MAX_DEPTH = 32
MAX_INTEGER = 1 << 53
"""Beyond ±2^53 JavaScript, which the mini-program runs, can't tell neighbours apart."""

MAX_NUMBER_CHARACTERS = 40
MAX_REPORTED = 50
"""At most this many fields are named in an answer, so that a big bad body gets a small one."""

UNREADABLE = "含有无法识别的字符，请重新填写"

_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string runs to its end or to the end of the body, so the scan is linear even if the last
one is never closed."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")


class MalformedJSON(DomainError):
    """The body is no JSON that we are willing to read; no field can be blamed."""

    kind = Kind.INVALID
    code = "malformed_json"
    message = "提交的数据格式有误，无法读取"


def read_json(body: bytes) -> Any:
    """The value of a strict JSON document: UTF-8, nested at most 32 deep, no duplicate keys, no
    NaN, no NUL, no lone surrogates, integers within ±2^53, finite floats.

    Costs time linear in the size. Raises MalformedJSON.
    """
    _refuse_deep(body)
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise MalformedJSON("提交的数据不是 UTF-8 编码") from error
    except json.JSONDecodeError as error:
        raise MalformedJSON from error
    if rb"\u" in body:
        _refuse_bad_text(value)
    return value


def _refuse_deep(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedJSON("提交的数据嵌套太深")
        elif first in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJSON("提交的数据中有重复的字段")
    return found


def _integer(text: str) -> int:
    # The length comes first: turning a million digits into an int is slow, or a ValueError.
    if len(text) <= MAX_NUMBER_CHARACTERS and abs(number := int(text)) <= MAX_INTEGER:
        return number
    raise MalformedJSON("提交的数字太大")


def _float(text: str) -> float:
    if len(text) <= MAX_NUMBER_CHARACTERS and math.isfinite(number := float(text)):
        return number
    raise MalformedJSON("提交的数字太大或位数太多")


def _constant(_text: str) -> NoReturn:
    raise MalformedJSON("提交的数据中有无效的数字")


def _refuse_bad_text(value: Any) -> None:
    """Refuse NUL and lone surrogates, which only come in as escapes. The depth is bounded."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise MalformedJSON("提交的文字中" + UNREADABLE)
    elif isinstance(value, dict):
        for key, below in value.items():
            _refuse_bad_text(key)
            _refuse_bad_text(below)
    elif isinstance(value, list):
        for below in value:
            _refuse_bad_text(below)


def check_url(request: Request) -> None:
    """Refuse a path or a query string with bad UTF-8, NUL or control characters.

    For `before_request`: routing and Werkzeug's own reading of the query are more lenient, and
    NUL in a path is a fault of PostgreSQL. Raises InvalidInput.
    """
    if _is_unreadable(request.environ.get("PATH_INFO", "").encode("latin-1")):
        raise InvalidInput("网址" + UNREADABLE)
    for pair in request.query_string.split(b"&"):
        name, _, value = (unquote_to_bytes(part) for part in pair.partition(b"="))
        if _is_unreadable(name):
            raise InvalidInput("网址" + UNREADABLE)
        if _is_unreadable(value):
            raise InvalidInput.at(name.decode(), UNREADABLE)


def _is_unreadable(raw: bytes) -> bool:
    try:
        return _CONTROL.search(raw.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return True


def read_body(request: Request, *, limit: int = MAX_JSON_BYTES) -> bytes:
    """The whole body, at most `limit` bytes, kept for whoever asks again. Raises Werkzeug's 413."""
    # Werkzeug cuts a stream without a length at the limit and gives the part before it, so
    # one byte more is let in to tell a body of exactly the limit from a longer one.
    request.max_content_length = limit + 1
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge
    body = request.get_data(cache=True)
    if len(body) > limit:
        raise RequestEntityTooLarge
    return body


class StrictParser(FlaskParser):
    """The parser of every endpoint. Schema errors leave as InvalidInput, keyed by field."""

    __location_map__ = {**FlaskParser.__location_map__, "multipart": "load_multipart"}

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "multipart": ma.RAISE,
        "json": ma.RAISE,
        "query": ma.RAISE,
        "querystring": ma.RAISE,
        "form": ma.RAISE,
        "files": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body, or `missing` if there is none. Raises MalformedJSON, and Werkzeug's 413 and
        415."""
        if req.mimetype and not _is_json(req):
            raise UnsupportedMediaType
        body = read_body(req)
        if not body:
            return missing
        if not req.mimetype:
            raise UnsupportedMediaType
        return read_json(body)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        check_url(req)
        return self._once_each(req.args, schema)

    def load_form(self, req: Request, schema: ma.Schema) -> Any:
        if req.mimetype and req.mimetype not in _FORM_TYPES:
            raise UnsupportedMediaType
        for name, values in req.form.lists():
            # Werkzeug has put U+FFFD where the bytes were no UTF-8.
            if any("\0" in text or "\ufffd" in text for text in (name, *values)):
                raise InvalidInput.at(name.replace("\0", ""), UNREADABLE)
        return self._once_each(req.form, schema)

    def load_files(self, req: Request, schema: ma.Schema) -> Any:
        if req.mimetype and req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType
        return self._once_each(req.files, schema)

    def load_multipart(self, req: Request, schema: ma.Schema) -> Any:
        """The file and the plain fields of a multipart form, each given once. Raises Werkzeug's
        413 and 415, InvalidInput."""
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType
        read_body(req, limit=MAX_MULTIPART_BYTES)
        fields = self.load_form(req, schema)
        files = self._once_each(req.files, schema)
        return MultiDict([*fields.items(), *files.items()])

    def _once_each(self, values: MultiDict[str, Any], schema: ma.Schema) -> Any:
        """The values behind webargs' proxy, which would silently take the first of several."""
        proxy = self._makeproxy(values, schema)
        repeated = {
            name: ["只能填写一次"]
            for name, several in values.lists()
            if len(several) > 1 and name not in proxy.multiple_keys
        }
        if repeated:
            raise InvalidInput(errors=_reported(repeated))
        return proxy

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        # webargs has wrapped the messages in the name of the location.
        wrapped = error.messages_dict
        (messages,) = wrapped.values()
        by_field = messages if isinstance(messages, Mapping) else {ma.exceptions.SCHEMA: messages}
        raise InvalidInput(errors=_reported(by_field)) from error


def _is_json(req: Request) -> bool:
    charset = req.mimetype_params.get("charset", "utf-8").lower()
    return req.mimetype == "application/json" and charset in ("utf-8", "utf8")


def _reported(messages: Mapping[Any, Any]) -> dict[str, Any]:
    """Messages with text for keys (items of a list are known by number) and a bounded width."""
    return {
        str(key): _reported(below) if isinstance(below, Mapping) else below
        for key, below in islice(messages.items(), MAX_REPORTED)
    }
