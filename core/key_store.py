"""Keys that must be able to vanish: files outside the database and its backups.

A key in a database lives on in every copy of it. Here each is a file that this user alone may
read, and a destroyed one leaves an empty file behind, so that it is never made anew.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import cast

from flask import current_app

from core.config import Settings
from core.ids import new_id

EXTENSION = "liancheng.key_store"
KEY_BYTES = 32
_GONE = ".destroyed"


class KeyMissing(Exception):
    """The key was destroyed, or its folder is not the one that it was made in.

    A fault of the system, never of the person who asks; answered as a bare 500."""


class KeyStore:
    """The keys of one app, by name."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(settings.campaign_keys or settings.var_dir / "campaign-keys")

    def make(self, name: str) -> bytes:
        """The key, made if there is none: by however many processes at once, they get the same.
        It is durable when this returns. Raises KeyMissing if it was destroyed."""
        with suppress(KeyMissing):
            return self.read(name)
        if self.is_destroyed(name):
            raise KeyMissing(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f"{name}.{new_id()}.part"
        try:
            _write(draft, secrets.token_bytes(KEY_BYTES))
            with suppress(FileExistsError):
                os.link(draft, self._folder / name)
            _make_durable(self._folder)
        finally:
            draft.unlink()
        return self.read(name)

    def read(self, name: str) -> bytes:
        """Raises KeyMissing."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            raise KeyMissing(name) from error

    def has(self, name: str) -> bool:
        return (self._folder / name).exists()

    def destroy(self, name: str) -> bool:
        """Overwrite and remove the key for good; gives whether there was one. Copies that were
        made of the folder are not reached."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / f"{name}{_GONE}").touch(mode=0o600)
        key = self._folder / name
        try:
            with key.open("r+b") as file:
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            key.unlink()
        except FileNotFoundError:
            return False
        _make_durable(self._folder)
        return True

    def is_destroyed(self, name: str) -> bool:
        return (self._folder / f"{name}{_GONE}").exists()


def key_store() -> KeyStore:
    """The store of the current app. Needs an app context."""
    return cast(KeyStore, current_app.extensions[EXTENSION])


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
