"""Invitations to a guardian: shown on the ward's phone, signed, short-lived. Pure.

The guardian scans it beside the ward. It carries the ward and its end, signed with HMAC-SHA256
cut to 128 bits; it says nothing about either of the two.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from accounts.errors import InvitationExpired, InvitationInvalid

LIFETIME = timedelta(minutes=10)
"""Long enough to sign in on the guardian's phone, too short to be passed around."""

_END_BYTES = 5
_MAC_BYTES = 16
_LENGTH = 16 + _END_BYTES + _MAC_BYTES
_DOMAIN = b"liancheng/guardian-invitation/1\x00"


@dataclass(frozen=True, slots=True)
class Invitation:
    code: str
    expires_at: datetime
    """The first instant at which it is refused."""


def issue(key: bytes, ward_id: UUID, at: datetime) -> Invitation:
    """An invitation to consent for this ward."""
    end = int((at + LIFETIME).timestamp())
    body = ward_id.bytes + end.to_bytes(_END_BYTES, "big")
    code = base64.urlsafe_b64encode(body + _mac(key, body)).rstrip(b"=").decode()
    return Invitation(code, datetime.fromtimestamp(end, UTC))


def read(key: bytes, code: str, at: datetime) -> UUID:
    """The ward of an invitation. Raises InvitationInvalid if it was not made with `key`,
    InvitationExpired after its end."""
    raw = _decoded(code)
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        raise InvitationInvalid
    if at.timestamp() >= int.from_bytes(body[16:], "big"):
        raise InvitationExpired
    return UUID(bytes=body[:16])


def _decoded(code: str) -> bytes:
    """The bytes behind a code, which has exactly one spelling. Raises InvitationInvalid."""
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvitationInvalid from error
    if len(raw) != _LENGTH or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != code:
        raise InvitationInvalid
    return raw


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, _DOMAIN + body, hashlib.sha256)[:_MAC_BYTES]
