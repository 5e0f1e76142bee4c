"""The two servers that are compared, on databases of the same kind."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import psycopg
import pysqlite3.dbapi2
from flask import Flask

from app import create_app
from bench.floor import Rows
from core import db
from core.config import Settings
from tests.support.postgres import fresh_database, running_postgres
from tests.support.server import LiveServer
from tools import processes
from tools.processes import Service

START_SECONDS = 30.0

W = TypeVar("W")


class Subject(LiveServer):
    """The real web server, without a scheduler."""

    @property
    def port(self) -> int:
        return self._port

    def seconds_to_start(self) -> float:
        """Restart; the time from the start until /readyz answers 200."""
        self.kill_web()
        began = time.perf_counter()
        self.restart_web()
        return time.perf_counter() - began

    def workers_mb(self) -> list[float]:
        """Resident memory of each web worker; nothing where there is no /proc."""
        return [_resident_mb(worker) for worker in self._workers()]

    def cpu_seconds(self) -> float:
        """Processor time that the web workers have used; 0 where there is no /proc."""
        return sum(_cpu_seconds(worker) for worker in self._workers())

    def _workers(self) -> list[Path]:
        main = self._services["web"].pid
        children = Path(f"/proc/{main}/task/{main}/children")
        if not children.exists():
            return []
        return [Path("/proc", pid) for pid in children.read_text(encoding="ascii").split()]


def _resident_mb(process: Path) -> float:
    lines = (process / "status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _cpu_seconds(process: Path) -> float:
    fields = (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Floor(Service):
    """`bench.floor` under the same web server with the same settings."""

    def __init__(self, folder: Path, *, env: Mapping[str, str], database_url: str) -> None:
        folder.mkdir()
        self.port = processes.free_port()
        settings = {
            "LIANCHENG_VAR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
        }
        super().__init__("web", env={**env, **settings}, log=folder / "web.log")
        self._command = self._command.replace("wsgi:app", "--factory bench.floor:create_floor")
        self.rows = Rows(Settings.from_environment(self._env))

    def __enter__(self) -> "Floor":
        self.rows.create()
        self.start()
        deadline = time.monotonic() + START_SECONDS
        while processes.port_is_free("127.0.0.1", self.port):
            if self.ended_by_itself() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the floor did not start:\n{self.last_lines()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop([self])


@dataclass(frozen=True, slots=True)
class Arena(Generic[W]):
    """Both servers, and what the subject's database holds."""

    subject: Subject
    floor: Floor
    app: Flask
    """An app of our own on the subject's database."""
    world: W

    def settle(self) -> None:
        """Finish the work that a filling left to the database, before others measure it."""
        _settle(Settings.from_environment(self.subject.env))


@contextlib.contextmanager
def arena(database: str, fill: Callable[[Flask], W]) -> Iterator[Arena[W]]:
    """Both servers on "sqlite" or "postgresql", in a folder and databases made for them; `fill`
    stores the world in an empty, migrated database with reference data."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liancheng-bench-")))
        urls = ["", ""]
        if database == "postgresql":
            server = stack.enter_context(running_postgres())
            urls = [fresh_database(server, f"bench_{name}") for name in ("subject", "floor")]
        subject = Subject(folder / "subject", env={"DATABASE_URL": urls[0]})
        stack.enter_context(subject)
        settings = Settings.from_environment(subject.env)
        app = create_app(settings)
        stack.callback(db.dispose, app)
        world = fill(app)
        floor = Floor(folder / "floor", env=subject.env, database_url=urls[1])
        both = Arena(subject, stack.enter_context(floor), app, world)
        both.settle()
        yield both


def _settle(settings: Settings) -> None:
    if settings.is_sqlite:
        connection = pysqlite3.dbapi2.connect(str(settings.var_dir / "liancheng.db"))
        with contextlib.closing(connection):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    url = settings.sqlalchemy_url.replace("postgresql+psycopg", "postgresql", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
