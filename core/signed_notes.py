"""Signed notes as C2SP describes them (c2sp.org/signed-note): text, a blank line, signatures.

A signature line is an em dash, the key's name, and base64 of a key hash of four bytes and the
Ed25519 signature of the text. A verifier key (vkey) is `name+hash+base64`, where the base64 is a
byte that says Ed25519 and the public key.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from flask import current_app

from core.config import Settings, SettingsError
from core.crypto import derived

EXTENSION = "liancheng.signer"

_ED25519 = b"\x01"
_HASH_BYTES = 4
_NAME = re.compile(r"[^\s+]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that is known by its name and verifies signatures of it."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_HASH_BYTES]

    def __str__(self) -> str:
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.hash.hex()}+{key}"

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Raises ValueError for what is no vkey of Ed25519."""
        name, hashed, key = vkey.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        found = cls(name, raw[1:])
        if not _NAME.match(name) or raw[:1] != _ED25519 or len(found.public) != 32:
            raise ValueError("not a verifier key of Ed25519")
        if found.hash.hex() != hashed:
            raise ValueError("the verifier key is damaged")
        return found

    def verifies(self, text: str, line: str) -> bool:
        """Whether `line` is this key's signature of `text`."""
        dash, _, rest = line.strip().partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return False
        if (dash, name, raw[:_HASH_BYTES]) != ("—", self.name, self.hash):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(raw[_HASH_BYTES:], text.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """Our own key, which signs each log under the log's origin as the key's name, and the keys
    of others who may sign beside."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError if a key or a name can't be used."""
        self.name = settings.log_name or urlsplit(settings.public_url).netloc
        if not _NAME.match(self.name):
            raise SettingsError("LOG_NAME must be a name without spaces or +")
        self._key = Ed25519PrivateKey.from_private_bytes(derived(settings.log_key, b"log/ed25519"))
        self.witnesses = _witnesses(settings.log_witnesses)

    def key(self, origin: str) -> VerifierKey:
        """By which everybody verifies what `sign` gives."""
        return VerifierKey(origin, self._key.public_key().public_bytes_raw())

    def sign(self, origin: str, text: str) -> str:
        """The signature line of `text`, which ends with a newline."""
        raw = self.key(origin).hash + self._key.sign(text.encode())
        return f"— {origin} {base64.b64encode(raw).decode()}\n"


def signer() -> Signer:
    """The signer of the current app. Needs an app context."""
    return cast(Signer, current_app.extensions[EXTENSION])


def _witnesses(listed: str) -> Sequence[VerifierKey]:
    try:
        return tuple(VerifierKey.parse(part) for part in listed.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(f"LOG_WITNESSES: {error}") from error
