"""The sender of message pushes, with its own cryptography, written from the wire facts.

Deliberately unlike `core.wechat.push`: padding and envelope are made by hand here, so that the
two agree only where both are right.
"""

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAD_TO = 32

_XML_WRAPPERS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


@dataclass(frozen=True, slots=True)
class Push:
    """A request ready to be sent to the address of our service."""

    query: dict[str, str]
    body: bytes
    content_type: str


def signature(*parts: str) -> str:
    digest = hashlib.new("sha1", usedforsecurity=False)
    for part in sorted(parts):
        digest.update(part.encode("utf-8"))
    return digest.hexdigest()


def encrypt(message: bytes, *, aes_key: str, appid: str, prefix: bytes = b"") -> str:
    """The text of `Encrypt`. `prefix` are the 16 random bytes, drawn where none are given."""
    key = base64.b64decode(f"{aes_key}=".encode())
    plain = (prefix or secrets.token_bytes(16)) + struct.pack(">I", len(message))
    plain += message + appid.encode()
    padding = PAD_TO - len(plain) % PAD_TO
    plain += bytes([padding]) * padding
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def decrypt(sealed: str, *, aes_key: str) -> tuple[bytes, str]:
    """The message and the app id at its end; raises ValueError where the padding is wrong."""
    key = base64.b64decode(f"{aes_key}=".encode())
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= PAD_TO or plain[-padding:] != bytes([padding]) * padding:
        raise ValueError("wrong padding")
    (length,) = struct.unpack(">I", plain[16:20])
    return plain[20 : 20 + length], plain[20 + length : -padding].decode()


def write_event(event: Mapping[str, Any], *, as_xml: bool) -> bytes:
    """The event as WeChat writes it: `List` is given as a list, and loses its brackets in JSON
    when it has one item, and is wrapped in XML."""
    items = event.get("List")
    if as_xml:
        shown = {k: v for k, v in event.items() if k != "List"}
        if items is not None:
            shown[_XML_WRAPPERS.get(str(event.get("Event")), "Items")] = {"List": items}
        return f"<xml>{_elements(shown)}</xml>".encode()
    if isinstance(items, list) and len(items) == 1:
        event = {**event, "List": items[0]}
    return json.dumps(event, ensure_ascii=False).encode()


def make_push(
    event: Mapping[str, Any],
    *,
    token: str,
    aes_key: str | None,
    appid: str,
    timestamp: int,
    as_xml: bool,
) -> Push:
    """A signed push; in secure mode where `aes_key` is given."""
    moment, nonce = str(timestamp), str(secrets.randbelow(10**9))
    query = {
        "signature": signature(token, moment, nonce),
        "timestamp": moment,
        "nonce": nonce,
        "openid": str(event.get("FromUserName", "")),
    }
    body = write_event(event, as_xml=as_xml)
    if aes_key is not None:
        sealed = encrypt(body, aes_key=aes_key, appid=appid)
        query["encrypt_type"] = "aes"
        query["msg_signature"] = signature(token, moment, nonce, sealed)
        envelope = {"ToUserName": event.get("ToUserName", ""), "Encrypt": sealed}
        body = write_event(envelope, as_xml=as_xml)
    return Push(query, body, "text/xml" if as_xml else "application/json")


def _elements(value: Mapping[str, Any]) -> str:
    parts = []
    for name, item in value.items():
        for one in item if isinstance(item, list) else [item]:
            inner = _elements(one) if isinstance(one, Mapping) else escape(str(one))
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)
