"""Check-in codes: rotating, signed, short-lived, bound to one shift. Pure.

The leader's phone shows a new code every ten seconds; each is accepted for twenty seconds more,
so a photograph sent to a friend is stale before it can be used. A code carries the shift and the
number of its step, signed with HMAC-SHA256 cut to 128 bits. It names no person: who scans it is
known from the sign-in, and a scan repeated is told apart by the key of the attendance.

Two more kinds are made from the same key, each signed under a domain of its own: six digits for
who can't scan, and packets for a place without signal. Both change every minute.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from volunteer.errors import CodeExpired, CodeInvalid

STEP_SECONDS = 10
SLOW_STEP_SECONDS = 60
"""Of digits, which people read and type, and of packets, whose codes are listed one by one."""
GRACE_SECONDS = 20
STEPS_AHEAD = 1
"""How far the clock of the server that made the code may be ahead of the one that reads it."""
OFFLINE_LEEWAY = timedelta(minutes=2)
"""By how much two phones without signal may disagree about the time."""

DIGITS = 6
PACKET_MARK = "p."
"""Before a code of a packet; no other code has a dot."""

_GRACE = timedelta(seconds=GRACE_SECONDS)
_STEP_BYTES = 5
_MAC_BYTES = 16
_LENGTH = 16 + _STEP_BYTES + _MAC_BYTES
_DOMAIN = b"liancheng/check-in-code/1\x00"
_PACKET_DOMAIN = b"liancheng/packet-code/1\x00"
_DIGITS_DOMAIN = b"liancheng/check-in-digits/1\x00"


@dataclass(frozen=True, slots=True)
class CheckInCode:
    code: str
    shift_id: UUID
    refresh_at: datetime
    """When the next code takes over."""
    expires_at: datetime
    """The first instant at which this one is refused."""
    digits: str
    """For who can't scan."""
    digits_refresh_at: datetime


@dataclass(frozen=True, slots=True)
class PacketCode:
    """A code to show offline between two instants."""

    code: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What a code says."""

    shift_id: UUID
    shown_at: datetime
    """When its step began."""
    is_packet: bool


def issue(key: bytes, shift_id: UUID, at: datetime) -> CheckInCode:
    """The code of the shift at this instant; the same all through its ten seconds."""
    step, slow_step = _step_of(at, STEP_SECONDS), _step_of(at, SLOW_STEP_SECONDS)
    return CheckInCode(
        code=_signed(key, shift_id, step, _DOMAIN),
        shift_id=shift_id,
        refresh_at=_instant((step + 1) * STEP_SECONDS),
        expires_at=_instant((step + 1) * STEP_SECONDS + GRACE_SECONDS),
        digits=_digits(key, shift_id, slow_step),
        digits_refresh_at=_instant((slow_step + 1) * SLOW_STEP_SECONDS),
    )


def packet(key: bytes, shift_id: UUID, since: datetime, until: datetime) -> Iterator[PacketCode]:
    """The codes that a phone shows without signal from the one instant up to the other."""
    for step in range(_step_of(since, SLOW_STEP_SECONDS), _step_of(until, SLOW_STEP_SECONDS) + 1):
        begins = _instant(step * SLOW_STEP_SECONDS)
        if begins < until:
            code = PACKET_MARK + _signed(key, shift_id, step, _PACKET_DOMAIN)
            yield PacketCode(code, begins, _instant((step + 1) * SLOW_STEP_SECONDS))


def read(key: bytes, code: str, at: datetime) -> ReadCode:
    """What a rotating code, or one of a packet, says at this instant.

    Raises CodeInvalid if it was not made with `key` or not yet, CodeExpired after its grace."""
    is_packet = code.startswith(PACKET_MARK)
    seconds = SLOW_STEP_SECONDS if is_packet else STEP_SECONDS
    shift_id, step = _verified(key, code)
    if step > _step_of(at, seconds) + STEPS_AHEAD:
        raise CodeInvalid
    if at >= _instant((step + 1) * seconds + GRACE_SECONDS):
        raise CodeExpired(shift_id=str(shift_id))
    return ReadCode(shift_id, _instant(step * seconds), is_packet)


def read_late(key: bytes, code: str, scanned_at: datetime) -> ReadCode:
    """What a code says that was scanned without signal, by the clock of the phone.

    Only a packet's will do: a rotating one is shown where there is signal, and taken late it
    could be passed on as a photograph. A packet's is as good as the leader who fetched it, which
    is why every entry by one stays marked. Raises CodeInvalid, CodeExpired."""
    if not code.startswith(PACKET_MARK):
        raise CodeInvalid
    shift_id, step = _verified(key, code)
    since, until = (_instant((step + n) * SLOW_STEP_SECONDS) for n in (0, 1))
    if not since - OFFLINE_LEEWAY <= scanned_at < until + OFFLINE_LEEWAY:
        raise CodeExpired(shift_id=str(shift_id))
    return ReadCode(shift_id, since, is_packet=True)


def read_digits(key: bytes, shift_ids: Iterable[UUID], digits: str, at: datetime) -> datetime:
    """When the digits were first shown for one of the shifts: in this minute, or in the one
    before during its grace. Raises CodeInvalid."""
    steps = {_step_of(moment, SLOW_STEP_SECONDS) for moment in (at, at - _GRACE)}
    fits = [
        step
        for shift_id in shift_ids
        for step in steps
        if hmac.compare_digest(_digits(key, shift_id, step).encode(), digits.encode())
    ]
    if not fits:
        raise CodeInvalid
    return _instant(max(fits) * SLOW_STEP_SECONDS)


def _digits(key: bytes, shift_id: UUID, step: int) -> str:
    """Truncated as in HOTP (RFC 4226, 5.3)."""
    body = _DIGITS_DOMAIN + _body(shift_id, step)
    mac = hmac.digest(key, body, hashlib.sha256)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def _signed(key: bytes, shift_id: UUID, step: int, domain: bytes) -> str:
    body = _body(shift_id, step)
    return base64.urlsafe_b64encode(body + _mac(key, domain + body)).rstrip(b"=").decode()


def _verified(key: bytes, code: str) -> tuple[UUID, int]:
    """Shift and step of a code that was made with the key. Raises CodeInvalid."""
    domain = _PACKET_DOMAIN if code.startswith(PACKET_MARK) else _DOMAIN
    raw = decoded(code.removeprefix(PACKET_MARK), _LENGTH)
    if raw is None:
        raise CodeInvalid
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, domain + body)):
        raise CodeInvalid
    return UUID(bytes=body[:16]), int.from_bytes(body[16:], "big")


def decoded(code: str, length: int) -> bytes | None:
    """The bytes behind a code, which has exactly one spelling; None if it is none."""
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != length or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != code:
        return None
    return raw


def _body(shift_id: UUID, step: int) -> bytes:
    return shift_id.bytes + step.to_bytes(_STEP_BYTES, "big")


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, hashlib.sha256)[:_MAC_BYTES]


def _step_of(at: datetime, seconds: int) -> int:
    return int(at.timestamp()) // seconds


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
