"""Errors that people cause or meet: a code for machines, a sentence for people, details.

A domain error says *what* happened; `core.http.problems` alone decides how HTTP says it.
Every code is listed in docs/errors.md, under test.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

FieldErrors = Mapping[str, Any]
"""Field name to messages, nested like the input."""


class Kind(StrEnum):
    """The nature of an error; each maps to one HTTP status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    STALE = "stale"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """Base of every refusal.

    `keeps_writes` marks an error whose transaction is committed all the same, because the
    refusal itself must be remembered (a failed sign-in is counted).
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    message: ClassVar[str]
    keeps_writes: ClassVar[bool] = False

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: FieldErrors | None = None,
        retry_after: int | None = None,
        **details: Any,
    ) -> None:
        """`detail` explains this case in Chinese; `retry_after` is in seconds; `details` are
        JSON values shown to the client beside the code (never personal data)."""
        super().__init__(detail or self.message)
        self.detail = detail or self.message
        self.errors = errors
        self.retry_after = retry_after
        self.details = details


class InvalidInput(DomainError):
    kind = Kind.INVALID
    code = "invalid_input"
    message = "填写的内容有误，请按提示修改"

    @classmethod
    def at(cls, field: str, *messages: str) -> "InvalidInput":
        """The error of one field, named as the client sent it."""
        return cls(errors={field: list(messages)})


class NotSignedIn(DomainError):
    kind = Kind.UNAUTHENTICATED
    code = "not_signed_in"
    message = "请先登录"


class Forbidden(DomainError):
    kind = Kind.FORBIDDEN
    code = "forbidden"
    message = "您没有这项权限"


class NotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "not_found"
    message = "没有找到，可能已被删除，或您无权查看"


class Conflict(DomainError):
    kind = Kind.CONFLICT
    code = "conflict"
    message = "与已有的记录冲突，请刷新后再试"


class WrongState(DomainError):
    """A verb was called that the present state does not allow; details carry `state`."""

    kind = Kind.CONFLICT
    code = "wrong_state"
    message = "当前状态下不能进行这项操作"


class Stale(DomainError):
    kind = Kind.STALE
    code = "stale"
    message = "内容已被他人修改，请刷新后再提交"


class Unavailable(DomainError):
    kind = Kind.UNAVAILABLE
    code = "unavailable"
    message = "服务暂时不可用，请稍后再试"


def every_error() -> Iterator[type[DomainError]]:
    """All error classes that carry a code, in order of code."""

    def below(cls: type[DomainError]) -> Iterator[type[DomainError]]:
        for sub in cls.__subclasses__():
            if "code" in vars(sub):
                yield sub
            yield from below(sub)

    found: Sequence[type[DomainError]] = sorted(set(below(DomainError)), key=lambda e: e.code)
    yield from found
