"""Personal data at rest: the field cipher, the blind index, and masks for the eye.

The keys come from the environment, outside the database and its backups. A stolen database
without them shows no ID number and no phone, and no row's blob can be moved to another row.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from core.config import Settings, SettingsError

EXTENSION = "liancheng.vault"

AES_256_GCM = 0x01
"""Suite byte of a blob. Other suites (SM4-GCM, for graded protection) get numbers of their own."""

_HEADER_BYTES = 3
_NONCE_BYTES = 12
_TAG_BYTES = 16
_LARGEST_KEY_NUMBER = 0xFFFF

# fmt: off
_COMPOUND_SURNAMES = frozenset(
    (
        "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙",
        "慕容", "令狐", "宇文", "长孙", "司徒", "司空", "东方", "南宫",
        "端木", "独孤", "轩辕", "申屠", "钟离", "呼延", "赫连", "澹台",
    )
)
# fmt: on


class CipherError(Exception):
    """A blob does not open: damaged, moved to another row, or its key is gone.

    A fault of the system, never of the person who asks; answered as a bare 500.
    """


def derived(secret: str, purpose: bytes) -> bytes:
    """32 bytes for one purpose, by HKDF-SHA256. `secret` must be long and random: HKDF does not
    slow down a guesser."""
    return HKDF(SHA256(), length=32, salt=None, info=b"liancheng/" + purpose).derive(
        secret.encode()
    )


def _read_keys(keys: str) -> dict[int, str]:
    """`1:secret,2:secret` as number to secret, in that order. Raises SettingsError, which never
    repeats a secret."""
    found: dict[int, str] = {}
    for part in keys.split(","):
        number, colon, secret = part.strip().partition(":")
        if not (colon and secret and number.isascii() and number.isdigit()):
            raise SettingsError("FIELD_KEYS must read number:secret, comma-separated")
        if not 1 <= int(number) <= _LARGEST_KEY_NUMBER or int(number) in found:
            raise SettingsError("FIELD_KEYS needs different numbers from 1 to 65535")
        found[int(number)] = secret
    return found


class FieldCipher:
    """Authenticated encryption of single fields, AES-256-GCM.

    A blob is the suite byte, the key number (two bytes, big-endian), a random nonce of 12 bytes,
    the ciphertext and a tag of 16 bytes. Suite and key number are authenticated too.
    """

    def __init__(self, keys: str) -> None:
        """`keys` is the setting FIELD_KEYS: all decrypt, the last encrypts.

        Raises SettingsError if it can't be read."""
        secrets = _read_keys(keys)
        self._ciphers = {
            number: AESGCM(derived(secret, b"field-cipher/aes-256-gcm"))
            for number, secret in secrets.items()
        }
        self._header = _header(list(secrets)[-1])

    def encrypt(self, plaintext: bytes, *, bound_to: bytes) -> bytes:
        """A blob that opens only with the same `bound_to` (which row and column it belongs to)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[_number(self._header)].encrypt(
            nonce, plaintext, self._header + bound_to
        )
        return self._header + nonce + sealed

    def decrypt(self, blob: bytes, *, bound_to: bytes) -> bytes:
        """The plaintext. Raises CipherError if anything is not as it was encrypted."""
        if len(blob) < _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES:
            raise CipherError("the blob is too short")
        header, rest = blob[:_HEADER_BYTES], blob[_HEADER_BYTES:]
        if header[0] != AES_256_GCM:
            raise CipherError(f"unknown suite {header[0]}")
        cipher = self._ciphers.get(_number(header))
        if cipher is None:
            raise CipherError(f"no key with number {_number(header)}")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + bound_to)
        except InvalidTag as error:
            raise CipherError("the blob was altered, moved, or made with another key") from error


def _header(number: int) -> bytes:
    return bytes([AES_256_GCM]) + number.to_bytes(2, "big")


def _number(header: bytes) -> int:
    return int.from_bytes(header[1:_HEADER_BYTES], "big")


class BlindIndex:
    """Keyed hashes, so that an encrypted value can be found by equality and kept unique.

    A plain hash would not do: all ID numbers of one county are tried in a minute.
    """

    def __init__(self, key: str) -> None:
        """`key` is the setting INDEX_KEY. Raises SettingsError if it is empty."""
        if not key:
            raise SettingsError("INDEX_KEY must not be empty")
        self._key = derived(key, b"blind-index/hmac-sha256")

    def digest(self, value: str, *, purpose: str) -> bytes:
        """32 bytes. The same value gives unrelated digests for different purposes. Bring `value`
        to its one form first (`schemas.personal` does)."""
        domain = purpose.encode()
        message = len(domain).to_bytes(4, "big") + domain + value.encode()
        return hmac.digest(self._key, message, hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Vault:
    """The keys of one app."""

    cipher: FieldCipher
    index: BlindIndex

    @classmethod
    def from_settings(cls, settings: Settings) -> "Vault":
        """Raises SettingsError if a key can't be used."""
        return cls(FieldCipher(settings.field_keys), BlindIndex(settings.index_key))


def vault() -> Vault:
    """The vault of the current app. Needs an app context."""
    return cast(Vault, current_app.extensions[EXTENSION])


def mask_id_number(value: str | None) -> str:
    """Province, city and the last two places stay: 4110************2X. Total: any text is
    masked, None gives an empty string."""
    value = value or ""
    if len(value) < 15:
        return "*" * len(value)
    return value[:4] + "*" * (len(value) - 6) + value[-2:]


def mask_phone(value: str | None) -> str:
    """138****5678, without the country code of China. Total, like `mask_id_number`."""
    value = (value or "").removeprefix("+86")
    if len(value) < 11:
        return "*" * len(value)
    return value[:3] + "*" * (len(value) - 7) + value[-4:]


def mask_name(value: str | None) -> str:
    """The surname stays: 张*, 张**, 欧阳*. A name longer than that shows two stars all the same,
    one of a single character shows a star. Total, like `mask_id_number`."""
    value = (value or "").strip()
    kept = 2 if len(value) > 2 and value[:2] in _COMPOUND_SURNAMES else 1
    if len(value) <= kept:
        return "*" * len(value)
    return value[:kept] + "*" * min(len(value) - kept, 2)
