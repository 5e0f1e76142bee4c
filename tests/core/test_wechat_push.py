"""Message push: the official vectors against both implementations, then every way to be wrong."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.wechat import PushForged, PushMalformed, PushReceiver
from tools.wechat_simulator import push as sender

TOKEN = "AAAAA"
AES_KEY = "A" * 43
APPID = "wxba5fad812f8e6fb9"
TIMESTAMP, NONCE = "1714112445", "415670741"
MSG_SIGNATURE = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
SIGNATURE = "6c5c811b55cc85e0e1b54100749188c20beb3f5d"
MESSAGE = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
    '"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
ENCRYPT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)
QUERY = {
    "signature": SIGNATURE,
    "timestamp": TIMESTAMP,
    "nonce": NONCE,
    "encrypt_type": "aes",
    "msg_signature": MSG_SIGNATURE,
}
ENVELOPE = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": ENCRYPT}).encode()

POPUP = {
    "ToUserName": "gh_1",
    "FromUserName": "o-demo-citizen-01",
    "CreateTime": 1714112445,
    "MsgType": "event",
    "Event": "subscribe_msg_popup_event",
}
ACCEPTED = {"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "1"}
REJECTED = {"TemplateId": "t2", "SubscribeStatusString": "reject", "PopupScene": "1"}


@pytest.fixture
def receiver() -> PushReceiver:
    return PushReceiver(TOKEN, AES_KEY, APPID)


@pytest.fixture
def plain_receiver() -> PushReceiver:
    return PushReceiver(TOKEN, AES_KEY, APPID, accept_plain=True)


def pushed(event: dict[str, Any], *, secure: bool = True, xml: bool = False) -> sender.Push:
    return sender.make_push(
        event,
        token=TOKEN,
        aes_key=AES_KEY if secure else None,
        appid=APPID,
        timestamp=1714112445,
        as_xml=xml,
    )


def sealed(message: bytes, *, appid: str = APPID) -> tuple[dict[str, str], bytes]:
    """A rightly signed push of exactly these bytes."""
    text = sender.encrypt(message, aes_key=AES_KEY, appid=appid)
    query = QUERY | {"msg_signature": sender.signature(TOKEN, TIMESTAMP, NONCE, text)}
    return query, json.dumps({"Encrypt": text}).encode()


class TestOfficialVectors:
    def test_handshake_of_the_documentation(self, receiver: PushReceiver) -> None:
        query = {
            "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
            "timestamp": "1714036504",
            "nonce": "1514711492",
            "echostr": "4375120948345356249",
        }
        assert receiver.handshake(query) == "4375120948345356249"
        assert sender.signature(TOKEN, "1714036504", "1514711492") == query["signature"]

    def test_receiver_opens_the_documented_push(self, receiver: PushReceiver) -> None:
        assert receiver.event(QUERY, ENVELOPE) == json.loads(MESSAGE)

    def test_plain_signature_of_the_documented_push(self, plain_receiver: PushReceiver) -> None:
        assert plain_receiver.event(QUERY, MESSAGE.encode()) == json.loads(MESSAGE)
        assert sender.signature(TOKEN, TIMESTAMP, NONCE) == SIGNATURE

    def test_simulator_opens_the_documented_push(self) -> None:
        assert sender.decrypt(ENCRYPT, aes_key=AES_KEY) == (MESSAGE.encode(), APPID)
        assert sender.signature(TOKEN, TIMESTAMP, NONCE, ENCRYPT) == MSG_SIGNATURE

    def test_simulator_seals_to_the_documented_bytes(self) -> None:
        key = base64.b64decode(AES_KEY + "=")
        raw = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        prefix = raw.update(base64.b64decode(ENCRYPT))[:16]
        made = sender.encrypt(MESSAGE.encode(), aes_key=AES_KEY, appid=APPID, prefix=prefix)
        assert made == ENCRYPT


class TestShapes:
    @pytest.mark.parametrize("secure", [True, False])
    @pytest.mark.parametrize("xml", [True, False])
    @pytest.mark.parametrize("items", [[ACCEPTED], [ACCEPTED, REJECTED]])
    def test_same_event_in_every_mode_and_format(
        self,
        plain_receiver: PushReceiver,
        secure: bool,
        xml: bool,
        items: list[dict[str, str]],
    ) -> None:
        event = POPUP | {"List": items}
        push = pushed(event, secure=secure, xml=xml)
        assert plain_receiver.event(push.query, push.body) == event

    def test_json_with_one_item_really_has_no_brackets(self) -> None:
        push = pushed(POPUP | {"List": [ACCEPTED]}, secure=False)
        assert json.loads(push.body)["List"] == ACCEPTED

    def test_every_length_of_padding_is_opened(self, receiver: PushReceiver) -> None:
        for length in range(40):
            event = {"Event": "x" * length}
            push = pushed(event)
            assert receiver.event(push.query, push.body) == event

    def test_chinese_and_cdata_in_xml(self, receiver: PushReceiver) -> None:
        body = "<xml>\n <a><![CDATA[许昌 <莲城> & co]]></a>\n <b></b></xml>".encode()
        assert receiver.event(*sealed(body)) == {"a": "许昌 <莲城> & co", "b": ""}

    def test_create_time_of_xml_is_an_int(self, receiver: PushReceiver) -> None:
        event = receiver.event(*sealed(b"<xml><CreateTime>1714112445</CreateTime></xml>"))
        assert event == {"CreateTime": 1714112445}


class TestForgeries:
    @pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
    @pytest.mark.parametrize("value", ["", "0", "签名", MSG_SIGNATURE.upper()])
    def test_changed_query_is_refused(self, receiver: PushReceiver, name: str, value: str) -> None:
        with pytest.raises(PushForged):
            receiver.event(QUERY | {name: value}, ENVELOPE)

    def test_empty_query_is_refused(self, receiver: PushReceiver) -> None:
        with pytest.raises(PushForged):
            receiver.event({}, ENVELOPE)
        with pytest.raises(PushForged):
            receiver.handshake({"echostr": "x"})

    def test_signature_of_the_query_does_not_cover_a_body(self, receiver: PushReceiver) -> None:
        with pytest.raises(PushForged):
            receiver.event(QUERY | {"msg_signature": SIGNATURE}, ENVELOPE)

    def test_plain_push_is_refused_in_secure_mode(self, receiver: PushReceiver) -> None:
        with pytest.raises(PushForged):
            receiver.event(QUERY, MESSAGE.encode())

    @pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
    def test_plain_push_with_a_changed_query_is_refused(
        self, plain_receiver: PushReceiver, name: str
    ) -> None:
        with pytest.raises(PushForged):
            plain_receiver.event(QUERY | {name: "0"}, MESSAGE.encode())

    def test_push_of_another_app_is_refused(self, receiver: PushReceiver) -> None:
        with pytest.raises(PushForged):
            receiver.event(*sealed(MESSAGE.encode(), appid="wx0000000000000001"))

    def test_text_beside_encrypt_is_ignored(self, receiver: PushReceiver) -> None:
        envelope = json.loads(ENVELOPE) | {"Event": "forged", "List": []}
        assert receiver.event(QUERY, json.dumps(envelope).encode())["Event"] == "debug_demo"

    def test_changed_ciphertext_is_refused(self, receiver: PushReceiver) -> None:
        changed = ENVELOPE.replace(b"+qdx1", b"+qdx2")
        assert changed != ENVELOPE
        with pytest.raises(PushForged):
            receiver.event(QUERY, changed)


class TestGarbage:
    @pytest.mark.parametrize(
        "message",
        [
            b"",
            b"[]",
            b'"text"',
            b"{",
            b"\xff\xfe",
            b"[" * 100_000,
            b"<xml>",
            b"<xml>text only</xml>",
            b"<xml><a></b></xml>",
            b"<a>" * 33 + b"</a>" * 33,
            b"<a>" * 100_000 + b"</a>" * 100_000,
            b'{"CreateTime":"soon"}',
            b'{"CreateTime":1e999}',
        ],
    )
    def test_signed_garbage_is_malformed(self, receiver: PushReceiver, message: bytes) -> None:
        with pytest.raises(PushMalformed):
            receiver.event(*sealed(message))

    @pytest.mark.parametrize(
        "document",
        [
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><c>&b;</c></xml>',
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><c>&a;</c></xml>',
            b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml><c/></xml>',
            b"<xml><c>&undefined;</c></xml>",
        ],
    )
    def test_doctype_and_entities_are_refused_before_any_signature(
        self, receiver: PushReceiver, document: bytes
    ) -> None:
        with pytest.raises(PushMalformed):
            receiver.event(*sealed(document))
        with pytest.raises(PushMalformed):
            receiver.event({}, document)

    @pytest.mark.parametrize("text", ["", "====", "AAAA", "A" * 64, "许昌", 7])
    def test_signed_ciphertext_that_is_none(self, receiver: PushReceiver, text: object) -> None:
        query = QUERY | {"msg_signature": sender.signature(TOKEN, TIMESTAMP, NONCE, str(text))}
        with pytest.raises(PushMalformed):
            receiver.event(query, json.dumps({"Encrypt": text}).encode())

    def test_huge_body_is_refused(self, receiver: PushReceiver) -> None:
        with pytest.raises(PushMalformed):
            receiver.event(QUERY, b" " * (1 << 21))


def test_receiver_refuses_a_key_of_the_wrong_length() -> None:
    for key in ("", "A" * 42, "A" * 44, "A" * 42 + "\n", "钥" * 43):
        with pytest.raises(ValueError, match="43"):
            PushReceiver(TOKEN, key, APPID)


def test_repr_shows_neither_token_nor_key() -> None:
    shown = repr(PushReceiver("canary-token", "K" * 43, APPID))
    assert "canary" not in shown
    assert "KKK" not in shown
