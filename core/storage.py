"""Files by key: on the disk of one machine, or in an S3-compatible bucket.

Content is encrypted before it leaves the process and bound to its key, so whoever runs the disk
or the bucket reads nothing, and no file can take another's place. A key is never written twice:
whoever stores something makes a fresh one.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app

from core.config import Settings
from core.crypto import vault
from core.deferred import Deferred
from core.errors import DomainError, Kind, NotFound

obstore: Any = Deferred("obstore")
stores: Any = Deferred("obstore.store")
faults: Any = Deferred("obstore.exceptions")

TIMEOUT = "20s"
"""Of one request to a bucket."""
RETRIES = 3


class StorageUnavailable(DomainError):
    """The disk is full, or the bucket does not answer; nothing was kept."""

    kind = Kind.UNAVAILABLE
    code = "storage_unavailable"
    message = "文件暂时无法存取，请稍后再试"


class Storage:
    """The files of one app. Opened at first use, so that a process without files pays nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = None if settings.storage_url else settings.var_dir / "files"
        self._opened: Any = None

    def put(self, key: str, content: bytes) -> None:
        """Keep `content`; it is durable when this returns. Raises StorageUnavailable."""
        blob = vault().cipher.encrypt(content, bound_to=_binding(key))
        try:
            obstore.put(self._store(), key, blob, use_multipart=False)
            if self._folder is not None:
                _make_durable(self._folder, key)
        except (faults.BaseError, OSError) as fault:
            raise StorageUnavailable(retry_after=5) from fault

    def get(self, key: str) -> bytes:
        """Raises NotFound, StorageUnavailable, CipherError for what is not as it was put."""
        try:
            blob = bytes(obstore.get(self._store(), key).bytes())
        except FileNotFoundError:
            raise NotFound from None
        except (faults.BaseError, OSError) as fault:
            raise StorageUnavailable(retry_after=5) from fault
        return vault().cipher.decrypt(blob, bound_to=_binding(key))

    def delete(self, key: str) -> None:
        """Forget the content; nothing happens if it is gone already. Raises StorageUnavailable."""
        try:
            obstore.delete(self._store(), key)
        except FileNotFoundError:
            return
        except (faults.BaseError, OSError) as fault:
            raise StorageUnavailable(retry_after=5) from fault

    def older_than(self, before: datetime, *, under: str) -> Iterator[list[str]]:
        """Keys below the folder `under` that were written before this instant, in batches.
        Raises StorageUnavailable."""
        try:
            for batch in obstore.list(self._store(), prefix=under):
                yield [meta["path"] for meta in batch if meta["last_modified"] < before]
        except (faults.BaseError, OSError) as fault:
            raise StorageUnavailable(retry_after=5) from fault

    def _store(self) -> Any:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Any:
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return stores.LocalStore(self._folder)
        settings, url = self._settings, urlsplit(self._settings.storage_url)
        return stores.S3Store(
            url.netloc,
            prefix=url.path.strip("/") or None,
            endpoint=settings.storage_endpoint or None,
            region=settings.storage_region,
            access_key_id=settings.storage_access_key,
            secret_access_key=settings.storage_secret_key,
            disable_bulk_delete=True,  # not every provider has it
            client_options={
                "allow_http": settings.storage_endpoint.startswith("http://"),
                "timeout": TIMEOUT,
            },
            retry_config={"max_retries": RETRIES},
        )


def _make_durable(folder: Path, key: str) -> None:
    """obstore writes beside and renames, but does not ask the disk to keep it: the file and each
    folder on the way to it are flushed here."""
    path = folder / key
    for one in (path, *(parent for parent in path.parents if parent.is_relative_to(folder))):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _binding(key: str) -> bytes:
    return b"file:" + key.encode()


def storage() -> Storage:
    """The app's files."""
    return cast(Storage, current_app.extensions["liancheng.storage"])
