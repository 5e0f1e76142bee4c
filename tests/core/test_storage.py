"""Files on disk and in a bucket: durable, encrypted, bound to their key."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.config import Settings, SettingsError
from core.crypto import CipherError
from core.errors import NotFound
from core.storage import Storage, StorageUnavailable

KEY, CONTENT = "attachments/a1", b"a picture of somebody" * 100


@pytest.fixture
def disk(ctx: Flask, tmp_path: Path) -> Storage:
    return Storage(Settings(environment="test", var_dir=tmp_path))


def test_what_is_put_on_disk_is_there_for_another_process(disk: Storage, tmp_path: Path) -> None:
    disk.put(KEY, CONTENT)
    assert Storage(Settings(environment="test", var_dir=tmp_path)).get(KEY) == CONTENT
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700


def test_the_disk_is_asked_to_keep_file_and_folders(
    disk: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    real = __import__("os").fsync

    def fsync(descriptor: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{descriptor}").resolve())
        real(descriptor)

    monkeypatch.setattr("core.storage.os.fsync", fsync)
    disk.put(KEY, CONTENT)
    files = tmp_path / "files"
    assert flushed == [files / KEY, files / "attachments", files]


def test_whoever_runs_the_disk_reads_nothing(disk: Storage, tmp_path: Path) -> None:
    disk.put(KEY, CONTENT)
    disk.put("attachments/a2", b"another")
    files = tmp_path / "files" / "attachments"
    assert CONTENT[:20] not in (files / "a1").read_bytes()
    (files / "a2").replace(files / "a1")
    with pytest.raises(CipherError):
        disk.get(KEY)


def test_what_was_deleted_is_gone_and_may_be_deleted_again(disk: Storage) -> None:
    disk.put(KEY, CONTENT)
    disk.delete(KEY)
    disk.delete(KEY)
    with pytest.raises(NotFound):
        disk.get(KEY)


def test_old_files_are_found(disk: Storage) -> None:
    disk.put(KEY, CONTENT)
    now = clock.now()
    assert list(disk.older_than(now - timedelta(hours=1), under="attachments")) == [[]]
    assert list(disk.older_than(now + timedelta(hours=1), under="attachments")) == [[KEY]]


def test_a_folder_that_can_not_be_written_is_no_fault_of_the_citizen(
    ctx: Flask, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "attachments").write_bytes(b"in the way")
    with pytest.raises(StorageUnavailable):
        Storage(Settings(environment="test", var_dir=tmp_path)).put(KEY, CONTENT)


class _Bucket(BaseHTTPRequestHandler):
    """Just enough of the service: PUT, GET and DELETE of one object, if the request is signed."""

    objects: dict[str, bytes]
    asked: list[tuple[str, str]]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_signed():
            self.objects[self.path] = body
            self._answer(200)

    def do_GET(self) -> None:
        if self._is_signed():
            found = self.objects.get(self.path)
            self._answer(404 if found is None else 200, found or b"")

    def do_DELETE(self) -> None:
        if self._is_signed():
            self.objects.pop(self.path, None)
            self._answer(204)

    def _is_signed(self) -> bool:
        signed = self.headers.get("Authorization", "")
        self.asked.append((self.command, signed))
        if signed.startswith("AWS4-HMAC-SHA256 Credential=our-key/"):
            return True
        self._answer(403)
        return False

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Tue, 24 Nov 2026 01:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def bucket() -> Iterator[tuple[str, type[_Bucket]]]:
    handler = type("Bucket", (_Bucket,), {"objects": {}, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler
        finally:
            server.shutdown()
            thread.join()


def in_bucket(endpoint: str, access_key: str = "our-key") -> Storage:
    return Storage(
        Settings(
            environment="test",
            storage_url="s3://liancheng/files",
            storage_endpoint=endpoint,
            storage_access_key=access_key,
            storage_secret_key="our-secret",
        )
    )


def test_a_bucket_keeps_gives_and_forgets(ctx: Flask, bucket: tuple[str, type[_Bucket]]) -> None:
    endpoint, service = bucket
    files = in_bucket(endpoint)
    files.put(KEY, CONTENT)
    assert list(service.objects) == [f"/liancheng/files/{KEY}"]
    assert CONTENT[:20] not in service.objects[f"/liancheng/files/{KEY}"]
    assert files.get(KEY) == CONTENT
    files.delete(KEY)
    with pytest.raises(NotFound):
        files.get(KEY)
    assert [method for method, _ in service.asked] == ["PUT", "GET", "DELETE", "GET"]
    assert all("Signature=" in signed for _, signed in service.asked)


def test_a_bucket_that_refuses_our_key_keeps_nothing(
    ctx: Flask, bucket: tuple[str, type[_Bucket]]
) -> None:
    endpoint, service = bucket
    with pytest.raises(StorageUnavailable):
        in_bucket(endpoint, "another").put(KEY, CONTENT)
    assert not service.objects


@pytest.mark.parametrize(
    "changes",
    [
        {"storage_url": "https://bucket"},
        {"storage_url": "s3://bucket", "storage_access_key": ""},
        {"storage_url": "s3://bucket", "storage_secret_key": ""},
    ],
)
def test_a_bucket_needs_its_name_and_keys(changes: dict[str, Any]) -> None:
    keys: dict[str, Any] = {"storage_access_key": "a", "storage_secret_key": "b"}
    with pytest.raises(SettingsError, match="STORAGE_URL"):
        Settings(environment="test", **{**keys, **changes})
