"""Sealed files: whole, bound, and told when they were altered."""

import io
from pathlib import Path

import pytest
from flask import Flask

from core import sealed
from core.crypto import CipherError
from core.sealed import PIECE_BYTES, seal, unseal


def opened(path: Path, bound_to: bytes = b"a") -> bytes:
    return b"".join(unseal(path, bound_to=bound_to))


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_what_was_sealed_is_what_is_read(ctx: Flask, tmp_path: Path, size: int) -> None:
    content = b"x" * size
    assert seal(io.BytesIO(content), tmp_path / "f", bound_to=b"a") == size
    assert opened(tmp_path / "f") == content
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_file_opens_for_its_owner_only(ctx: Flask, tmp_path: Path) -> None:
    seal(io.BytesIO(b"secret"), tmp_path / "f", bound_to=b"a")
    with pytest.raises(CipherError):
        opened(tmp_path / "f", b"b")


@pytest.mark.parametrize("harm", ["cut", "swap", "empty", "garbage"])
def test_an_altered_file_is_noticed(ctx: Flask, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "f"
    seal(io.BytesIO(b"x" * (2 * PIECE_BYTES)), path, bound_to=b"a")
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(
        {
            "cut": content[:half],
            "swap": content[half:] + content[:half],
            "empty": b"",
            "garbage": b"\xff" * 100,
        }[harm]
    )
    with pytest.raises(CipherError):
        opened(path)


def test_a_broken_source_leaves_nothing(ctx: Flask, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        sealed.seal(Broken(), tmp_path / "f", bound_to=b"a")
    assert list(tmp_path.iterdir()) == []
