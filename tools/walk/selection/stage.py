"""The world of this walk: the app behind its WSGI door, a clock that is moved, a WeChat that
answers at once."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pyotp
from flask import Flask
from sqlalchemy import exists, inspect, select

from accounts.models.persons import Person
from app import create_app
from core import clock, db
from core.config import Settings
from core.wechat import SendOutcome, TextScene, TextVerdict, WeChatSession
from jobs.runner import run_now
from jobs.schedule import BY_NAME
from tools.walk.client import Someone, WalkFailed, World

URL = "http://selection.walk"
SIGNED_IN_FOR = timedelta(minutes=20)
"""Staff are signed out after half an hour of idleness."""

JOBS = (
    "advance_campaigns",
    "pass_up_orphans",
    "expire_consents",
    "advance_clues",
    "tally_votes",
    "score_ballots",
    "advance_campaigns",
    "close_panels",
    "advance_notices",
    "remind_reviewers",
    "remind_panelists",
    "recount_votes",
    "recheck_results",
    "send_outbox",
)
"""What the scheduler would have done by the time of a stop; counting ends once all is tallied."""


@dataclass
class InstantWeChat:
    """Login and phone codes are the openid and the number themselves; every text is fine."""

    sent: list[Mapping[str, str]] = field(default_factory=list)

    def code_to_session(self, code: str) -> WeChatSession:
        return WeChatSession(openid=code, unionid=None, session_key="k" * 24)

    def phone_number(self, code: str) -> str:
        return code

    def check_text(
        self,
        content: str,
        *,
        openid: str,
        scene: TextScene,
        title: str | None = None,
        nickname: str | None = None,
    ) -> TextVerdict:
        return TextVerdict.PASS

    def send_subscribe_message(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str | None = None
    ) -> SendOutcome:
        self.sent.append(dict(data))
        return SendOutcome.SENT

    def close(self) -> None:
        """Nothing to close."""


class Stage(World):
    """A world whose server is the app itself, and whose time stands still until it is moved."""

    def __init__(self, app: Flask, wechat: InstantWeChat) -> None:
        self.app, self.wechat = app, wechat
        self.seen: list[tuple[str, str]] = []
        """What the public was shown, with where."""
        self.players: list[Player] = []
        self._held = ExitStack()
        super().__init__(URL, URL, Path())

    def __post_init__(self) -> None:
        transport = httpx.WSGITransport(app=self.app)
        self.http = httpx.Client(transport=transport, timeout=60)

    def close(self) -> None:
        super().close()
        self._held.close()

    def move_to(self, day: date, hour: int = 9) -> None:
        """Hold the clock at an hour of that day in Xuchang, and let the scheduler catch up."""
        self._held.close()
        at = datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)
        self._held.enter_context(clock.frozen(at))
        print(f"\n—— 时钟拨到 {day.year}年{day.month}月{day.day}日 {hour} 时 ——", flush=True)
        self.run_jobs()

    def run_jobs(self) -> None:
        """Let the scheduler do all that is due."""
        with self.app.app_context():
            for name in JOBS:
                run_now(self.app, BY_NAME[name].work)

    def public(self, path: str, expect: int = 200) -> Any:
        """What anybody reads, as if the seconds of the shared cache had passed; remembered."""
        self.app.extensions["liancheng.cache"].clear()
        response = self.http.get(f"{self.url}/api/v1{path}")
        self.seen.append((path, response.text))
        if response.status_code != expect:
            raise WalkFailed(f"路人：GET {path} 应答 {response.status_code}：{response.text}")
        return response.json()

    def open_link(self, method: str, path: str, body: Any = None) -> Any:
        """What the holder of a one-time link does without signing in."""
        response = self.http.request(method, f"{self.url}/api/v1{path}", json=body)
        if response.status_code != 200:
            raise WalkFailed(f"{method} {path} 应答 {response.status_code}：{response.text}")
        return response.json()

    def operator(self, *arguments: str) -> str:
        """What the operator's command line says. Raises WalkFailed."""
        with self.app.app_context():
            done = self.app.test_cli_runner().invoke(args=arguments)
        if done.exit_code != 0:
            raise WalkFailed(f"flask {' '.join(arguments)}：{done.output}")
        return done.output


@dataclass
class Player(Someone):
    """A person who signs in anew when their sign-in may have run out."""

    world: Stage
    sign_in: Callable[[], Mapping[str, Any]] = dict
    since: datetime | None = None

    def was_told(self, template: str, part: str) -> bool:
        """Whether a message of this kind contains these words."""
        return any(part in sentence for sentence in self.told(template))

    def patch(self, path: str, body: Any, expect: int = 200) -> Any:
        return self._send("PATCH", path, body, expect)

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Any:
        """Send a file."""
        self._renew()
        response = self.world.http.post(
            f"{self.world.url}/api/v1{path}",
            files={"file": (name, content)},
            data=fields,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        if response.status_code != 201:
            raise WalkFailed(f"{self.name}：{path} 应答 {response.status_code}：{response.text}")
        return response.json()

    def _request(self, method: str, path: str, body: Any) -> httpx.Response:
        self._renew()
        return super()._request(method, path, body)

    def _renew(self) -> None:
        now = clock.now()
        if self.since is None or now - self.since > SIGNED_IN_FOR:
            signed_in = self.sign_in()
            self.token, self.person_id = signed_in["token"], signed_in["person"]["id"]
            self.since = now


def signed_in_citizen(stage: Stage, name: str) -> Player:
    """Somebody who signs in with WeChat, which makes the account."""
    code = f"o-selection-{len(stage.players)}"

    def sign_in() -> Mapping[str, Any]:
        answer = stage.http.post(f"{stage.url}/api/v1/auth/wechat", json={"code": code})
        if answer.status_code != 200:
            raise WalkFailed(f"{name} 无法登录：{answer.text}")
        return dict(answer.json())

    player = Player(stage, name, "", "", sign_in)
    player._renew()
    stage.players.append(player)
    return player


def registered_citizen(stage: Stage, name: str, id_number: str) -> Player:
    """The same, with a registered real name."""
    player = signed_in_citizen(stage, name)
    for consent in player.get("/me/consents")["items"]:
        kind, version = consent["kind"], consent["current_version"]
        player.put("/me/consents", {"kind": kind, "version": version, "is_given": True})
    player.put("/me/identity", {"name": name, "id_number": id_number})
    return player


def employed(stage: Stage, username: str, name: str, *, role: str = "", site: str = "") -> Player:
    """A member of staff: the operator makes the sign-in, they change the first password."""
    options = [*(("--role", role) if role else ()), *(("--site", site) if site else ())]
    made = stage.operator("staff", "create", username, "--name", name, *options)
    first, secret = re.findall(r": (\S+)$", made, re.MULTILINE)
    keys = {"password": first}
    used = [0]

    def sign_in() -> Mapping[str, Any]:
        step = max(int(clock.now().timestamp()) // 30, used[0] + 1)
        used[0] = step
        code = pyotp.TOTP(secret).generate_otp(step)
        body = {"username": username, "password": keys["password"], "otp": code}
        answer = stage.http.post(f"{stage.url}/api/v1/auth/staff", json=body)
        if answer.status_code != 200:
            raise WalkFailed(f"{name} 无法登录：{answer.text}")
        return dict(answer.json())

    player = Player(stage, name, "", "", sign_in)
    changed = f"{first}-moved-on"
    player.put("/me/password", {"old_password": first, "new_password": changed}, expect=204)
    keys["password"] = changed
    stage.players.append(player)
    return player


@contextmanager
def scratch_stage() -> Iterator[Stage]:
    """An app on an empty database: SQLite in a folder that is thrown away, or the one that
    DATABASE_URL names. Raises WalkFailed if people are in it already."""
    with TemporaryDirectory(prefix="liancheng-walk-") as folder:
        url = os.environ.get("DATABASE_URL", "")
        settings = Settings(
            environment="test", var_dir=Path(folder), database_url=url, log_level="WARNING"
        )
        app = create_app(settings)
        app.extensions["liancheng.wechat"].close()
        wechat = app.extensions["liancheng.wechat"] = InstantWeChat()
        stage = Stage(app, wechat)
        try:
            with app.app_context():
                is_used = db.atomically(app, _has_people, write=False)
            if is_used:
                raise WalkFailed("DATABASE_URL 指向的库里已经有人，演练只用空库")
            stage.operator("prepare")
            yield stage
        finally:
            stage.close()
            db.dispose(app)


def _has_people() -> bool:
    """Also of a database without tables."""
    if not inspect(db.db.session.connection()).has_table(Person.__tablename__):
        return False
    return bool(db.db.session.scalar(select(exists(select(Person.id)))))
