"""Files kept encrypted on disk, piece by piece, so that no side needs the whole in memory.

A sealed file is a row of pieces, each its length (four bytes, big-endian) and a blob of the field
cipher. A blob is bound to what the file belongs to, to its number and to whether it is the last,
so pieces can't be swapped, dropped or cut off unnoticed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.crypto import CipherError, FieldCipher, vault
from core.ids import new_id

PIECE_BYTES = 1 << 20
_LENGTH_BYTES = 4


def seal(source: BinaryIO, target: Path, *, bound_to: bytes) -> int:
    """Write what `source` gives to `target`, whole or not at all, durably, for this user only.

    Gives the number of bytes that were read."""
    cipher = vault().cipher
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{new_id()}.part")
    total, number = 0, 0
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as f:
            piece = source.read(PIECE_BYTES)
            while True:
                following = source.read(PIECE_BYTES)
                blob = cipher.encrypt(piece, bound_to=_binding(bound_to, number, not following))
                f.write(len(blob).to_bytes(_LENGTH_BYTES, "big") + blob)
                total += len(piece)
                number += 1
                if not following:
                    break
                piece = following
            f.flush()
            os.fsync(f.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return total


def unseal(path: Path, *, bound_to: bytes) -> Iterator[bytes]:
    """The pieces of a sealed file, read as they are asked for; may be read after the app context
    is gone. Raises CipherError, then or later, if it is not as it was sealed."""
    return _pieces(vault().cipher, path, bound_to)


def _pieces(cipher: FieldCipher, path: Path, bound_to: bytes) -> Iterator[bytes]:
    with path.open("rb") as file:
        number, blob = 0, _next_blob(file)
        while blob is not None:
            following = _next_blob(file)
            binding = _binding(bound_to, number, following is None)
            yield cipher.decrypt(blob, bound_to=binding)
            number, blob = number + 1, following
        if number == 0:
            raise CipherError("the file is empty")


def _next_blob(file: BinaryIO) -> bytes | None:
    head = file.read(_LENGTH_BYTES)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    if len(head) != _LENGTH_BYTES or length > PIECE_BYTES + 64:
        raise CipherError("the file was altered")
    return file.read(length)


def _binding(bound_to: bytes, number: int, is_last: bool) -> bytes:
    return bound_to + b":" + str(number).encode() + (b":last" if is_last else b":more")
