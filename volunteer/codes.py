"""Check-in codes: rotating, signed, short-lived, bound to one shift. Pure.

The leader's phone shows a new code every ten seconds; each is accepted for twenty seconds more,
so a photograph sent to a friend is stale before it can be used. A code carries the shift and the
number of its step, signed with HMAC-SHA256 cut to 128 bits. It names no person: who scans it is
known from the sign-in, and a scan repeated is told apart by the key of the attendance.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from volunteer.errors import CodeExpired, CodeInvalid

STEP_SECONDS = 10
GRACE_SECONDS = 20
STEPS_AHEAD = 1
"""How far the clock of the server that made the code may be ahead of the one that reads it."""

_STEP_BYTES = 5
_MAC_BYTES = 16
_LENGTH = 16 + _STEP_BYTES + _MAC_BYTES
_DOMAIN = b"liancheng/check-in-code/1\x00"


@dataclass(frozen=True, slots=True)
class CheckInCode:
    code: str
    shift_id: UUID
    refresh_at: datetime
    """When the next code takes over."""
    expires_at: datetime
    """The first instant at which this one is refused."""


def issue(key: bytes, shift_id: UUID, at: datetime) -> CheckInCode:
    """The code of the shift at this instant; the same all through its ten seconds."""
    step = _step_of(at)
    body = shift_id.bytes + step.to_bytes(_STEP_BYTES, "big")
    raw = body + _mac(key, body)
    return CheckInCode(
        code=base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
        shift_id=shift_id,
        refresh_at=_instant((step + 1) * STEP_SECONDS),
        expires_at=_instant((step + 1) * STEP_SECONDS + GRACE_SECONDS),
    )


def read(key: bytes, code: str, at: datetime) -> UUID:
    """The shift of a code. Raises CodeInvalid if it was not made with `key` or not yet,
    CodeExpired after its grace."""
    raw = _decoded(code)
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        raise CodeInvalid
    step = int.from_bytes(body[16:], "big")
    if step > _step_of(at) + STEPS_AHEAD:
        raise CodeInvalid
    if at.timestamp() >= (step + 1) * STEP_SECONDS + GRACE_SECONDS:
        raise CodeExpired
    return UUID(bytes=body[:16])


def _decoded(code: str) -> bytes:
    """The bytes behind a code, which has exactly one spelling. Raises CodeInvalid."""
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CodeInvalid from error
    if len(raw) != _LENGTH or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != code:
        raise CodeInvalid
    return raw


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, _DOMAIN + body, hashlib.sha256)[:_MAC_BYTES]


def _step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
