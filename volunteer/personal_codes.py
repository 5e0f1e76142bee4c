"""Personal codes: what a volunteer shows for the leader to scan. Pure.

A code changes every thirty seconds and tells nobody but us whose it is: the id of the person is
masked with a stream that only the key can make, seeded by the signature of id and step (the
construction of a synthetic IV, with HMAC-SHA256 throughout). So a photograph is stale at once,
and two photographs can't be told to be of the same person.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from volunteer.codes import decoded
from volunteer.errors import PersonalCodeInvalid

STEP = timedelta(seconds=30)
GRACE = timedelta(seconds=15)
LEEWAY = timedelta(seconds=10)
"""How far the clock of the server that made the code may be ahead of the one that reads it."""

_STEP_BYTES = 5
_MAC_BYTES = 16
_LENGTH = _STEP_BYTES + 16 + _MAC_BYTES
_DOMAIN = b"liancheng/personal-code/1\x00"
_MASK_DOMAIN = b"liancheng/personal-code-mask/1\x00"


@dataclass(frozen=True, slots=True)
class PersonalCode:
    code: str
    refresh_at: datetime
    """When the next code takes over."""


@dataclass(frozen=True, slots=True)
class ReadPersonalCode:
    person_id: UUID
    shown_at: datetime
    """When its step began."""


def issue(key: bytes, person_id: UUID, at: datetime) -> PersonalCode:
    """The code of the person at this instant; the same all through its thirty seconds."""
    number = int(at.timestamp()) // _seconds(STEP)
    step = number.to_bytes(_STEP_BYTES, "big")
    mac = _mac(key, step + person_id.bytes)
    raw = step + _masked(key, mac, person_id.bytes) + mac
    return PersonalCode(base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), _begin(number) + STEP)


def read(key: bytes, code: str, at: datetime, *, leeway: timedelta = LEEWAY) -> ReadPersonalCode:
    """Whose code it is, if it was shown at this instant; `leeway` allows for the clock of a phone
    without signal. Raises PersonalCodeInvalid."""
    raw = decoded(code, _LENGTH)
    if raw is None:
        raise PersonalCodeInvalid
    step, mac = raw[:_STEP_BYTES], raw[-_MAC_BYTES:]
    person = _masked(key, mac, raw[_STEP_BYTES:-_MAC_BYTES])
    if not hmac.compare_digest(mac, _mac(key, step + person)):
        raise PersonalCodeInvalid
    shown_at = _begin(int.from_bytes(step, "big"))
    if not shown_at - leeway <= at < shown_at + STEP + max(GRACE, leeway):
        raise PersonalCodeInvalid
    return ReadPersonalCode(UUID(bytes=person), shown_at)


def _masked(key: bytes, mac: bytes, text: bytes) -> bytes:
    """Mask or unmask 16 bytes."""
    mask = hmac.digest(key, _MASK_DOMAIN + mac, hashlib.sha256)
    return bytes(a ^ b for a, b in zip(text, mask[:16], strict=True))


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, _DOMAIN + text, hashlib.sha256)[:_MAC_BYTES]


def _seconds(duration: timedelta) -> int:
    return duration // timedelta(seconds=1)


def _begin(step: int) -> datetime:
    return datetime.fromtimestamp(step * _seconds(STEP), UTC)
