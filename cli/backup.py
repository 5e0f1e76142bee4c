"""A backup of one moment, and its way back.

A folder with the database, the files beside it and a manifest of checksums. Neither the keys nor
anything else of the environment is in it: whoever finds the folder reads no ID number, and whoever
restores it needs the keys from elsewhere. Files in a bucket are the bucket's to keep.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import make_url

from core import clock
from core.config import Settings
from core.deferred import Deferred

psycopg: Any = Deferred("psycopg")
conninfo: Any = Deferred("psycopg.conninfo")

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_FILE = "liancheng.db"
POSTGRES_FILE = "liancheng.dump"
MIGRATIONS = Path(__file__).parent.parent / "migrations" / "versions"
FOLDERS = ("files", "imports")
"""Of the data folder. Each file in them is sealed, written once and never changed. Exports are left
out: while one is made it lies there in clear, and whoever misses one asks for it again."""

_REVISION = "SELECT version_num FROM alembic_version"


class BackupError(Exception):
    """Nothing was backed up or restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    taken_at: str
    """ISO 8601, in UTC."""
    database: str
    """"sqlite" or "postgresql"."""
    revision: str
    """Of the migrations."""
    checksums: Mapping[str, str]
    """SHA-256 in hex of every file, by its path in the folder."""


def make(settings: Settings, target: Path) -> Manifest:
    """Write a backup into the new folder `target`, beside whatever the service does meanwhile.

    The files are copied before and after the database, so that none that it names is missing.
    Raises BackupError."""
    if target.exists():
        raise BackupError(f"{target} exists already")
    unfinished = target.with_name(target.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    at = clock.now()
    _copy_files(settings.var_dir, unfinished)
    revision = _dump(settings, unfinished)
    _copy_files(settings.var_dir, unfinished)
    checksums = {
        str(file.relative_to(unfinished)): _checksum(file) for file in _files_in(unfinished)
    }
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    manifest = Manifest(FORMAT, at.isoformat(), kind, revision, checksums)
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (unfinished / MANIFEST).write_text(text, encoding="utf-8")
    _keep(unfinished)
    unfinished.rename(target)
    _flush(target.parent)
    return manifest


def read(source: Path) -> Manifest:
    """The manifest of a backup in which every file is as it was written. Raises BackupError."""
    try:
        told = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**told)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{source} is no backup: {MANIFEST} can't be read") from error
    if manifest.format != FORMAT:
        raise BackupError(f"this backup has format {manifest.format}, not {FORMAT}")
    there = {str(file.relative_to(source)): file for file in _files_in(source)}
    there.pop(MANIFEST)
    if there.keys() != manifest.checksums.keys():
        odd = sorted(there.keys() ^ manifest.checksums.keys())[0]
        raise BackupError(f"{odd} is missing or does not belong there")
    for name, file in there.items():
        if _checksum(file) != manifest.checksums[name]:
            raise BackupError(f"{name} is not as it was written")
    return manifest


def restore(settings: Settings, source: Path) -> Manifest:
    """Put a backup into an empty database and data folder. Raises BackupError."""
    manifest = read(source)
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    if manifest.database != kind:
        raise BackupError(f"this is a backup of {manifest.database}, and DATABASE_URL says {kind}")
    if not any(MIGRATIONS.glob(f"{manifest.revision}_*.py")):
        raise BackupError(f"revision {manifest.revision} is not known here: update the program")
    for folder in FOLDERS:
        if any(_files_in(settings.var_dir / folder)):
            raise BackupError(f"{settings.var_dir / folder} is not empty")
    _load(settings, source)
    _copy_files(source, settings.var_dir)
    return manifest


def _dump(settings: Settings, folder: Path) -> str:
    """Write the database of one moment; gives its revision."""
    if settings.is_sqlite:
        with closing(pysqlite3.dbapi2.connect(_sqlite_file(settings))) as connection:
            revision = connection.execute(_REVISION).fetchone()
            connection.execute("VACUUM INTO ?", (str(folder / SQLITE_FILE),))
        return str(revision[0])
    dump = ("--format=custom", "--no-owner", "--no-privileges", "--file", folder / POSTGRES_FILE)
    _run_postgres("pg_dump", *map(str, dump), settings=settings)
    with psycopg.connect(_libpq(settings)) as connection:
        found = connection.execute(_REVISION).fetchone()
    return str(found[0]) if found else ""


def _load(settings: Settings, folder: Path) -> None:
    if settings.is_sqlite:
        file = Path(_sqlite_file(settings))
        if file.exists():
            raise BackupError(f"{file} exists already")
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / SQLITE_FILE, file)
        file.chmod(0o600)
        _flush(file)
        _flush(file.parent)
        return
    with psycopg.connect(_libpq(settings)) as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' LIMIT 1"
        if connection.execute(tables).fetchone():
            raise BackupError("the database that DATABASE_URL names is not empty")
    load = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run_postgres("pg_restore", *load, str(folder / POSTGRES_FILE), settings=settings)


def _run_postgres(program: str, *options: str, settings: Settings) -> None:
    """A client program of PostgreSQL, the password out of sight of `ps`."""
    where: dict[str, Any] = conninfo.conninfo_to_dict(_libpq(settings))
    password = where.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed; it comes with PostgreSQL's client programs")
    done = subprocess.run(  # noqa: S603 - the program that was found, our own options
        [found, f"--dbname={conninfo.make_conninfo(**where)}", *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _libpq(settings: Settings) -> str:
    url = make_url(settings.sqlalchemy_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _sqlite_file(settings: Settings) -> str:
    return str(make_url(settings.sqlalchemy_url).database)


def _copy_files(source: Path, target: Path) -> None:
    """Copy what is not there yet. A file that is removed meanwhile is no longer wanted."""
    for folder in FOLDERS:
        for file in _files_in(source / folder):
            copy = target / file.relative_to(source)
            if copy.exists():
                continue
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                shutil.copyfile(file, copy)
            except FileNotFoundError:
                copy.unlink(missing_ok=True)
                continue
            copy.chmod(0o600)
            _flush(copy)


def _files_in(folder: Path) -> Iterator[Path]:
    """All finished files below it, in the order of their names."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not (file.suffix == ".part" or "#" in file.name):
            yield file


def _checksum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _keep(folder: Path) -> None:
    """Have the disk keep all of it."""
    for path in (*folder.rglob("*"), folder):
        _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
