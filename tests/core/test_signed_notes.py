"""Signed notes: the published example of C2SP, and what does not verify."""

import base64

import pytest

from core.config import Settings, SettingsError
from core.signed_notes import Signer, VerifierKey

GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM="
)
TEXT = "liancheng.example/campaigns/1\n3\nAAAA\n"


@pytest.fixture
def signer() -> Signer:
    return Signer(Settings(environment="test"))


def test_the_example_of_the_reference_implementation_verifies() -> None:
    """Of the package note of Go (golang.org/x/mod/sumdb/note)."""
    key = VerifierKey.parse(GO_VKEY)
    assert (key.name, str(key)) == ("PeterNeumann", GO_VKEY)
    assert key.verifies(GO_NOTE, GO_LINE)
    assert not key.verifies(GO_NOTE.replace("your", "my"), GO_LINE)


def test_a_signature_verifies_its_text_alone(signer: Signer) -> None:
    line, key = signer.sign("log.example", TEXT), signer.key("log.example")
    assert key.verifies(TEXT, line)
    assert VerifierKey.parse(str(key)) == key
    assert not key.verifies(TEXT.replace("3", "4"), line)
    assert not key.verifies(TEXT, signer.sign("other.example", TEXT))
    assert not signer.key("other.example").verifies(TEXT, line)


@pytest.mark.parametrize("line", ["", "—", "— log.example", "— log.example !!!!", "no line at all"])
def test_what_is_no_signature_line_does_not_verify(signer: Signer, line: str) -> None:
    assert not signer.key("log.example").verifies(TEXT, line)


def test_another_secret_is_another_signer(signer: Signer) -> None:
    other = Signer(Settings(environment="test", log_key="another"))
    assert not signer.key("log.example").verifies(TEXT, other.sign("log.example", TEXT))


def damaged() -> list[str]:
    name, hashed, key = GO_VKEY.split("+", 2)
    of_another_kind = base64.b64encode(b"\x02" + base64.b64decode(key)[1:]).decode()
    return [
        name,
        f"{name}+00000000+{key}",
        f"{name}+{hashed}+{key[:-4]}",
        f"{name}+{hashed}+{of_another_kind}",
        f"a b+{hashed}+{key}",
        f"{name}+{hashed}+####",
    ]


@pytest.mark.parametrize("vkey", damaged())
def test_a_damaged_key_is_refused_at_the_start(vkey: str) -> None:
    with pytest.raises(SettingsError, match="LOG_WITNESSES"):
        Signer(Settings(environment="test", log_witnesses=f"{GO_VKEY},{vkey}"))


def test_witnesses_are_read_and_names_checked() -> None:
    witnesses = Signer(Settings(environment="test", log_witnesses=f" {GO_VKEY} ,")).witnesses
    assert [str(key) for key in witnesses] == [GO_VKEY]
    with pytest.raises(SettingsError, match="LOG_NAME"):
        Signer(Settings(environment="test", log_name="two words"))
