"""Start everything: `make run` for a trial on this computer, `make serve` for production.

Checks the ports, brings the database up to date, starts the services of the Procfile, says where
to look, and stops them all when asked or when one of them ends. Output of the services goes to
files in a trial; in production it goes to standard error, where the log collector reads it.
"""

import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
import sys
import time
import unicodedata
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import pyotp

from core.config import Settings, SettingsError
from tools import processes
from tools.processes import ROOT, Service

RUN_TOKEN = "LIANCHENG_RUN"  # noqa: S105 - a name in the environment, not a secret
READY_SECONDS = 60.0
SHOWN_CITIZENS = 8


class Refused(Exception):
    """Nothing can be started; the message tells the operator what to change."""


class Launcher:
    """One start of the services, from the checks to the last process ended."""

    def __init__(self, *, production: bool) -> None:
        self.production = production
        environ = {**os.environ, "LIANCHENG_ENV": "production"} if production else os.environ
        try:
            self.settings = Settings.from_environment(environ)
        except SettingsError as error:
            raise Refused(f"配置有误 (settings): {error}") from error
        if production and self.settings.is_sqlite:
            raise Refused("正式运行需要 PostgreSQL：请设置 DATABASE_URL=postgresql://…")
        self.host = os.environ.get("BIND") or "127.0.0.1"
        self.var = (ROOT / self.settings.var_dir).resolve()
        self.with_simulator = not production and not os.environ.get("WECHAT_BASE_URL")
        self.token = secrets.token_hex(16)
        self.services: list[Service] = []
        self._lock: int | None = None

    # -- before anything is started

    def claim(self) -> None:
        """Take the data folder, end what a killed run left in it, and check the ports.

        Raises Refused with the variable to change."""
        self.var.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.var / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_ours = False
        else:
            is_ours = True
            left_behind = os.pread(self._lock, 64, 0).decode("ascii", "replace").strip()
            if left_behind and processes.end_processes_with(RUN_TOKEN, left_behind):
                say("已结束上次异常退出时遗留的进程 (ended what a killed run left behind)")
        self._check_port("PORT", self.settings.port, self.host)
        if self.with_simulator:
            self._check_port("WECHAT_SIM_PORT", self.settings.wechat_sim_port, "127.0.0.1")
        if not is_ours:
            raise Refused(
                f"另一个实例正在使用数据文件夹 {shown(self.var)}：请先停止它，"
                "或用 LIANCHENG_VAR 另选文件夹 (data folder in use)"
            )
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, self.token.encode(), 0)

    def _check_port(self, variable: str, port: int, host: str) -> None:
        if not 0 < port < 65536:
            raise Refused(f"{variable}={port} 不是有效端口，应在 1 到 65535 之间 (invalid port)")
        try:
            is_free = processes.port_is_free(host, port)
        except OSError as error:
            raise Refused(
                f"无法监听 {host}:{port}（{error.strerror}）：请检查 BIND 和 {variable}"
            ) from error
        if not is_free:
            raise Refused(
                f"端口 {port} 已被占用：请停止占用它的程序，或换一个端口，"
                f"例如 {variable}={port + 10 if port < 65000 else port - 10} "
                f"(port {port} is in use, set {variable})"
            )

    # -- starting

    def environment(self) -> dict[str, str]:
        """What the services see beyond our own environment."""
        settings = self.settings
        extra = {
            "BIND": self.host,
            "PORT": str(settings.port),
            "WEB_WORKERS": str(settings.web_workers),
            "WEB_THREADS": str(settings.web_threads),
            "WECHAT_SIM_PORT": str(settings.wechat_sim_port),
            "LIANCHENG_ENV": settings.environment,
            "LIANCHENG_VAR": str(self.var),
            RUN_TOKEN: self.token,
        }
        if self.with_simulator:
            extra["WECHAT_BASE_URL"] = f"http://127.0.0.1:{settings.wechat_sim_port}"
        if not self.production and not os.environ.get("PUBLIC_URL"):
            extra["PUBLIC_URL"] = f"http://127.0.0.1:{settings.port}"
        return processes.child_environment(extra)

    def prepare(self) -> None:
        """Bring the database up to date. Raises Refused with what the command said."""
        began = time.monotonic()
        demo = [] if self.production else ["--demo"]
        try:
            processes.flask("prepare", *demo, env=self.environment())
        except processes.CommandFailed as error:
            raise Refused(f"准备数据失败 (failed): {error}") from error
        what = "数据库结构、基础数据" + ("、演示数据" if demo else "")
        say(f"准备{what} ✓ {time.monotonic() - began:.1f} s")

    def start(self) -> None:
        metrics = self.var / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir()
        environment = {**self.environment(), "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
        names = ["web", "scheduler", *(["wechat"] if self.with_simulator else [])]
        for name in names:
            service = Service(name, env=environment, log=self._log(name))
            service.start()
            self.services.append(service)

    def _log(self, name: str) -> Path | None:
        """A fresh log file, the last run's kept beside it; none in production."""
        if self.production:
            return None
        folder = self.var / "log"
        folder.mkdir(exist_ok=True)
        log = folder / f"{name}.log"
        if log.exists():
            log.replace(folder / f"{name}.log.1")
        return log

    def wait_until_ready(self) -> None:
        """Raises Refused when a service ends or the web server doesn't get ready in time."""
        deadline = time.monotonic() + READY_SECONDS
        answer = "no answer"
        while time.monotonic() < deadline:
            self.check_services()
            status, answer = processes.readiness(self.host, self.settings.port)
            if status == HTTPStatus.OK:
                return
            time.sleep(0.1)
        raise Refused(f"{READY_SECONDS:.0f} 秒内未就绪 (not ready): {answer}")

    # -- running and stopping

    def check_services(self) -> None:
        """Raises Refused when a service has ended: nothing may half-run."""
        for service in self.services:
            code = service.ended_by_itself()
            if code is not None:
                tail = service.last_lines()
                raise Refused(
                    f"{service.name} 意外退出，代码 {code}；其余进程一并停止 (service ended)"
                    + (f"\n{tail}" if tail else "")
                )

    def watch(self) -> NoReturn:
        while True:
            self.check_services()
            time.sleep(0.2)

    def stop(self) -> None:
        processes.stop(self.services)
        if self._lock is not None:
            os.close(self._lock)  # releases the folder
            self._lock = None

    # -- telling

    def announce(self) -> None:
        address = f"http://{self.host}:{self.settings.port}"
        if self.production:
            say(f"已就绪 Ready {address}")
            return
        say("")
        say(f"莲城已就绪 Ready  {address}")
        say(f"  接口文档 API    {address}/api/docs")
        if self.with_simulator:
            say(f"  微信模拟器      http://127.0.0.1:{self.settings.wechat_sim_port}")
        say(f"  数据 data       {shown(self.var)}/")
        say(f"  日志 logs       {shown(self.var / 'log')}/web.log · scheduler.log · wechat.log")
        show_accounts(self.var)
        say("")
        say("按 Ctrl-C 停止 (Ctrl-C stops everything)")


def show_accounts(var: Path) -> None:
    """Print the demo accounts, the staff's with the one-time code of this moment."""
    path = var / "demo-accounts.json"
    if not path.exists():
        return
    accounts: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    staff = [
        [a["name"], a["role"], a["scope"], a["username"], a["password"], code_of(a)]
        for a in accounts["staff"]
    ]
    citizens = [[a["name"], a["openid"]] for a in accounts["citizens"]]
    say("")
    say("演示账号，仅供试用 (demo accounts, for trial only)")
    table(
        ["姓名", "角色 role", "范围 scope", "用户名 username", "密码 password", "动态码 otp"], staff
    )
    say("")
    table(["市民 citizen", "openid"], citizens[:SHOWN_CITIZENS])
    say("")
    say(f"  动态码 30 秒一换，现取 make accounts；全部账号 {shown(path)} (codes: make accounts)")


def code_of(account: dict[str, Any]) -> str:
    secret = account.get("totp_secret")
    return pyotp.TOTP(secret).now() if secret else "-"


def table(header: list[str], rows: list[list[Any]]) -> None:
    """Print columns aligned on a terminal, where a Chinese character is two cells wide."""
    cells = [header, *([str(cell or "-") for cell in row] for row in rows)]
    widths = [max(map(cell_width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (
            cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        say(("  " + "   ".join(padded)).rstrip())


def cell_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shown(path: Path) -> str:
    """The path as an operator types it: from here when it lies below."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def say(text: str) -> None:
    print(text, flush=True)


def run(launcher: Launcher) -> int:
    """Everything from the checks to the end; the exit code."""
    try:
        launcher.claim()
        launcher.prepare()
        launcher.start()
        launcher.wait_until_ready()
        launcher.announce()
        launcher.watch()
    except KeyboardInterrupt:
        say("正在停止… (stopping)")
        return 0
    finally:
        stop_surely(launcher)


def stop_surely(launcher: Launcher) -> None:
    """Stop the services; a second Ctrl-C ends them at once."""
    try:
        launcher.stop()
    except KeyboardInterrupt:
        for service in launcher.services:
            service.kill()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.run", description=__doc__)
    parser.add_argument("--production", action="store_true", help="no simulator, no demo data")
    parser.add_argument("--accounts", action="store_true", help="only print the demo accounts")
    options = parser.parse_args(arguments)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup keeps it ignored
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        launcher = Launcher(production=options.production)
        if options.accounts:
            show_accounts(launcher.var)
            return 0
        return run(launcher)
    except Refused as refusal:
        print(f"✗ {refusal}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
