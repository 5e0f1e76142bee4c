"""What WeChat posts to us: verified, decrypted, and brought to one shape.

A push is signed with a token that only WeChat and we know. In secure mode the signature covers
the body too, which is AES-256-CBC with our app id at its end. In plain mode it covers the query
only, so whoever has seen one such URL can post what they like: plain pushes are refused unless
the settings ask for them. No push is told from its repetition here; that is the caller's part.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from core.wechat.errors import PushForged, PushMalformed

Event = dict[str, Any]

MAX_BODY_BYTES = 1 << 20
MAX_XML_DEPTH = 32
PAD_BLOCK_BITS = 32 * 8
"""WeChat pads to 32 bytes, twice AES's own block."""
RANDOM_BYTES = 16
LENGTH_BYTES = 4


class PushReceiver:
    """Knows the token, the EncodingAESKey (43 characters) and the app id of message push."""

    def __init__(self, token: str, aes_key: str, appid: str, *, accept_plain: bool = False) -> None:
        if not re.fullmatch(r"[0-9A-Za-z+/]{43}", aes_key):
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._appid = appid.encode()
        self._accept_plain = accept_plain

    def __repr__(self) -> str:
        return f"PushReceiver({self._appid.decode()!r})"

    def handshake(self, query: Mapping[str, str]) -> str:
        """The text to answer (as text/plain) when WeChat tries the address out.

        Raises PushForged."""
        self._verify(query.get("signature", ""), query)
        return query.get("echostr", "")

    def event(self, query: Mapping[str, str], body: bytes) -> Event:
        """The event in a push: `CreateTime` an int, `List`, where there is one, a list on top.

        Raises PushForged, PushMalformed."""
        if len(body) > MAX_BODY_BYTES:
            raise PushMalformed
        outer = _parse(body)
        if "Encrypt" not in outer:
            self._verify(query.get("signature", ""), query)
            if not self._accept_plain:
                raise PushForged
            return _normalised(outer)
        # What the envelope says beside `Encrypt` is not signed, so none of it is used.
        sealed = outer["Encrypt"]
        if not isinstance(sealed, str):
            raise PushMalformed
        self._verify(query.get("msg_signature", ""), query, sealed)
        return _normalised(_parse(self._open(sealed)))

    def _verify(self, signature: str, query: Mapping[str, str], *more: str) -> None:
        parts = [self._token, query.get("timestamp", ""), query.get("nonce", ""), *more]
        text = "".join(sorted(parts)).encode("utf-8", "replace")
        expected = hashlib.sha1(text, usedforsecurity=False).hexdigest()  # WeChat's choice
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise PushForged

    def _open(self, sealed: str) -> bytes:
        """16 random bytes, the length of the message, the message, the app id, padding."""
        try:
            data = base64.b64decode(sealed, validate=True)
            cipher = Cipher(algorithms.AES256(self._key), modes.CBC(self._key[:16])).decryptor()
            padded = cipher.update(data) + cipher.finalize()
            unpadder = PKCS7(PAD_BLOCK_BITS).unpadder()
            plain = unpadder.update(padded) + unpadder.finalize()
        except (ValueError, binascii.Error):
            raise PushMalformed from None
        start = RANDOM_BYTES + LENGTH_BYTES
        end = start + int.from_bytes(plain[RANDOM_BYTES:start], "big")
        if not hmac.compare_digest(plain[end:], self._appid):
            raise PushForged
        return plain[start:end]


def _parse(body: bytes) -> Event:
    if body.lstrip()[:1] == b"<":
        return _parse_xml(body)
    try:
        event = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise PushMalformed from None
    if not isinstance(event, dict):
        raise PushMalformed
    return event


def _parse_xml(body: bytes) -> Event:
    builder = _TreeBuilder()
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(body.lstrip(), True)
    except expat.ExpatError:
        raise PushMalformed from None
    if not isinstance(builder.root, dict):
        raise PushMalformed
    return builder.root


class _TreeBuilder:
    """Elements as dicts, repeated ones as lists, leaves as text. A DOCTYPE, without which there
    are no entities to expand, is refused."""

    def __init__(self) -> None:
        self.root: object = None
        self._open: list[tuple[Event, list[str]]] = []

    def doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise PushMalformed

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_XML_DEPTH:
            raise PushMalformed
        self._open.append(({}, []))

    def text(self, data: str) -> None:
        self._open[-1][1].append(data)

    def end(self, name: str) -> None:
        children, texts = self._open.pop()
        value: object = children or "".join(texts).strip()
        if not self._open:
            self.root = value
            return
        siblings = self._open[-1][0]
        if name not in siblings:
            siblings[name] = value
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]


def _normalised(event: Event) -> Event:
    """XML wraps the `List` of a subscribe-message event in an element named after the event;
    JSON puts it on top, and one item without its brackets."""
    flat: Event = {}
    for key, value in event.items():
        wraps_list = isinstance(value, dict) and value.keys() == {"List"}
        flat["List" if wraps_list else key] = value["List"] if wraps_list else value
    if "List" in flat and not isinstance(flat["List"], list):
        flat["List"] = [flat["List"]]
    if "CreateTime" in flat:
        try:
            flat["CreateTime"] = int(flat["CreateTime"])
        except (TypeError, ValueError, OverflowError):
            raise PushMalformed from None
    return flat
