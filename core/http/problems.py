"""Refusals as RFC 9457 problems: the one place where an error becomes a status."""

import logging
from http import HTTPStatus
from typing import Any, cast

import marshmallow as ma
from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException

from core import logs
from core.errors import DomainError, Kind

CONTENT_TYPE = "application/problem+json"

STATUS: dict[Kind, HTTPStatus] = {
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.STALE: HTTPStatus.PRECONDITION_FAILED,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}

TRANSPORT: dict[int, tuple[str, str]] = {
    400: ("bad_request", "请求格式有误"),
    404: ("not_found", "没有找到，可能已被删除，或您无权查看"),
    405: ("method_not_allowed", "这个地址不支持这种操作"),
    406: ("not_acceptable", "无法按要求的格式回答"),
    408: ("request_timeout", "请求超时，请重试"),
    413: ("too_large", "提交的内容太大"),
    414: ("uri_too_long", "请求地址太长"),
    415: ("unsupported_media_type", "请以 JSON 格式提交"),
    431: ("headers_too_large", "请求头太大"),
    500: ("internal_error", "系统出错了，我们已记录，请稍后再试"),
}
"""Refusals of the transport, which reach no service: status to code and sentence."""

log = logging.getLogger(__name__)


class Problem(ma.Schema):
    """The body of every refusal. An error may carry further members of its own."""

    class Meta:
        unknown = ma.INCLUDE

    def __deepcopy__(self, _memo: Any) -> "Problem":
        """Nobody changes one, and flask-smorest copies its notes with every decorator."""
        return self

    type = ma.fields.String(required=True, metadata={"description": "the code as a URN"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True, metadata={"description": "给用户看的一句话"})
    code = ma.fields.String(required=True, metadata={"description": "stable, for machines"})
    errors = ma.fields.Dict(metadata={"description": "field to messages"})
    request_id = ma.fields.String(required=True)


def respond(error: DomainError) -> Response:
    """The answer for a domain error."""
    status = STATUS[error.kind]
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return _problem(
        status,
        code=error.code,
        title=error.message,
        detail=error.detail,
        headers=headers,
        errors=error.errors,
        **error.details,
    )


def respond_to_transport(error: HTTPException) -> Response:
    """The answer for an error of routing or transport. The text of the library never leaves."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return cast(Response, error.get_response())
    code, sentence = TRANSPORT.get(status, TRANSPORT[400] if status < 500 else TRANSPORT[500])
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
    return _problem(status, code=code, title=sentence, detail=sentence, headers=headers)


def respond_to_fault(error: Exception) -> Response:
    """The answer for a bug of ours: logged with its trace, told as a bare 500."""
    log.exception("unhandled", exc_info=error)
    code, sentence = TRANSPORT[500]
    return _problem(500, code=code, title=sentence, detail=sentence, headers={})


def _problem(
    status: int, *, code: str, title: str, detail: str, headers: dict[str, str], **more: Any
) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:liancheng:problem:{code}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "code": code,
        "request_id": logs.request_id.get() or "",
    }
    body |= {k: v for k, v in more.items() if v is not None}
    response = cast(Response, current_app.json.response(body))
    response.status_code = int(status)
    response.content_type = CONTENT_TYPE
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers)
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, respond)
    app.register_error_handler(HTTPException, respond_to_transport)
    app.register_error_handler(Exception, respond_to_fault)
