import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.config import Settings, SettingsError
from core.crypto import (
    AES_256_GCM,
    EXTENSION,
    BlindIndex,
    CipherError,
    FieldCipher,
    Vault,
    mask_id_number,
    mask_name,
    mask_phone,
    vault,
)

CIPHER = FieldCipher("1:first secret,2:second secret")


@given(plaintext=st.binary(max_size=200), bound_to=st.binary(max_size=40))
def test_cipher_gives_back_what_it_took(plaintext: bytes, bound_to: bytes) -> None:
    blob = CIPHER.encrypt(plaintext, bound_to=bound_to)
    assert CIPHER.decrypt(blob, bound_to=bound_to) == plaintext


def test_blob_is_suite_key_number_nonce_ciphertext_tag() -> None:
    blob = CIPHER.encrypt(b"12345", bound_to=b"row")
    assert blob[0] == AES_256_GCM
    assert blob[1:3] == (2).to_bytes(2, "big")
    assert len(blob) == 1 + 2 + 12 + 5 + 16
    assert b"12345" not in blob


def test_same_plaintext_never_gives_the_same_blob() -> None:
    blobs = {CIPHER.encrypt(b"same", bound_to=b"row") for _ in range(100)}
    assert len(blobs) == 100
    assert len({blob[3:15] for blob in blobs}) == 100


def test_cipher_refuses_another_binding() -> None:
    blob = CIPHER.encrypt(b"x", bound_to=b"persons.id_number_cipher.1")
    with pytest.raises(CipherError):
        CIPHER.decrypt(blob, bound_to=b"persons.id_number_cipher.2")


def test_cipher_refuses_every_flipped_byte() -> None:
    blob = CIPHER.encrypt(b"hello", bound_to=b"row")
    for place in range(len(blob)):
        damaged = bytearray(blob)
        damaged[place] ^= 0x01
        with pytest.raises(CipherError):
            CIPHER.decrypt(bytes(damaged), bound_to=b"row")


@pytest.mark.parametrize("length", [0, 1, 3, 15, 30])
def test_cipher_refuses_a_short_blob(length: int) -> None:
    with pytest.raises(CipherError):
        CIPHER.decrypt(CIPHER.encrypt(b"", bound_to=b"")[:length], bound_to=b"")


def test_cipher_refuses_a_blob_relabelled_with_another_key_number() -> None:
    twins = FieldCipher("1:same,2:same")
    blob = twins.encrypt(b"x", bound_to=b"row")
    relabelled = blob[:1] + (1).to_bytes(2, "big") + blob[3:]
    with pytest.raises(CipherError):
        twins.decrypt(relabelled, bound_to=b"row")


def test_rotation_reads_the_old_and_writes_the_new() -> None:
    old = FieldCipher("1:first secret").encrypt(b"kept", bound_to=b"row")
    assert CIPHER.decrypt(old, bound_to=b"row") == b"kept"
    new = CIPHER.encrypt(b"kept", bound_to=b"row")
    with pytest.raises(CipherError):
        FieldCipher("1:first secret").decrypt(new, bound_to=b"row")
    with pytest.raises(CipherError):
        FieldCipher("2:another secret").decrypt(new, bound_to=b"row")


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "secret",
        "1:",
        ":x",
        "0:x",
        "65536:x",
        "a:x",
        "-1:x",
        "1:x,1:y",
        "1:x,",
        "１:x",
        "1:x,,2:y",
    ],
)
def test_cipher_refuses_unusable_keys_without_repeating_them(keys: str) -> None:
    with pytest.raises(SettingsError) as told:
        FieldCipher(keys)
    assert "FIELD_KEYS" in str(told.value)
    assert "secret" not in str(told.value).replace("number:secret", "")


def test_a_secret_may_contain_a_colon() -> None:
    blob = FieldCipher("1:a:b").encrypt(b"x", bound_to=b"")
    with pytest.raises(CipherError):
        FieldCipher("1:a").decrypt(blob, bound_to=b"")


def test_digest_is_stable_and_depends_on_key_purpose_and_value() -> None:
    index = BlindIndex("key")
    digest = index.digest("411002199001011234", purpose="id_number")
    assert len(digest) == 32
    assert digest == BlindIndex("key").digest("411002199001011234", purpose="id_number")
    others = {
        index.digest("411002199001011235", purpose="id_number"),
        index.digest("411002199001011234", purpose="phone"),
        BlindIndex("other").digest("411002199001011234", purpose="id_number"),
    }
    assert len(others | {digest}) == 4


def test_digest_keeps_purpose_and_value_apart() -> None:
    index = BlindIndex("key")
    assert index.digest("bc", purpose="a") != index.digest("c", purpose="ab")


def test_digest_and_cipher_never_share_a_key() -> None:
    with pytest.raises(SettingsError):
        BlindIndex("")


def test_vault_is_read_from_the_current_app() -> None:
    app = Flask(__name__)
    made = app.extensions[EXTENSION] = Vault.from_settings(Settings())
    with app.app_context():
        assert vault() is made


def test_vault_shows_no_key() -> None:
    assert "development-only" not in repr(Vault.from_settings(Settings()))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("411002199001011234", "4110************34"),
        ("41100219900101123X", "4110************3X"),
        ("411002900101123", "4110*********23"),
        ("1234", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_id_number(value: str | None, shown: str) -> None:
    assert mask_id_number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("13812345678", "138****5678"),
        ("12345", "*****"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_phone(value: str | None, shown: str) -> None:
    assert mask_phone(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳修", "欧阳*"),
        ("司马相如", "司马**"),
        ("欧阳", "欧*"),
        ("阿卜杜拉·买买提", "阿**"),
        ("John Smith", "J**"),
        ("张", "*"),
        ("𠮷野家", "𠮷**"),
        (" 张三 ", "张*"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_name(value: str | None, shown: str) -> None:
    assert mask_name(value) == shown


@given(value=st.none() | st.text(st.characters(exclude_characters="*")))
def test_masks_take_any_text_and_never_show_all_of_it(value: str | None) -> None:
    for mask in (mask_id_number, mask_phone, mask_name):
        shown = mask(value)
        stripped = (value or "").strip().removeprefix("+86")
        assert not stripped or shown != stripped
