"""People of the walk, and what they do over HTTP."""

import itertools
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pyotp

from tools.walk.words import in_words

T = TypeVar("T")

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


class WalkFailed(Exception):
    """A number or an answer is not what it should be."""


def invented_id_number(age: int | None = None) -> str:
    """A valid ID number that nobody else in the walk has: of an adult, or of somebody of this
    age or a year older."""
    year = 1950 + secrets.randbelow(50)
    if age is not None:
        year = datetime.now(UTC).year - 1 - age
    born_on = date(year, secrets.randbelow(12) + 1, secrets.randbelow(28) + 1)
    digits = f"411002{born_on:%Y%m%d}{secrets.randbelow(1000):03d}"
    total = sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True))
    return digits + CHECK_DIGITS[total % 11]


@dataclass
class World:
    """The addresses of the walk, and its voice."""

    url: str
    simulator_url: str
    accounts: Path
    steps: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=20)

    def close(self) -> None:
        self.http.close()

    def say(self, text: str) -> None:
        """One step in plain words."""
        print(f"{next(self.steps):3}. {text}", flush=True)

    def check(self, what: str, found: object, expected: object) -> None:
        """Say a number, and fail if it is not the expected one."""
        if found != expected:
            raise WalkFailed(f"{what}：应为 {expected!r}，却是 {found!r}")
        print(f"     ✓ {what}：{in_words(found)}", flush=True)

    def refused(self, what: str, answer: Mapping[str, Any], code: str) -> None:
        """Say why something was refused, and fail if it was for another reason."""
        if answer["code"] != code:
            raise WalkFailed(f"{what}：原因应为 {code}，却是 {answer['code']}")
        self.say(f"{what}，被拒绝：{answer['detail']}")

    def wait_for(self, what: str, ask: Callable[[], T], is_there: Callable[[T], bool]) -> T:
        """Ask again until the scheduler has done its part; at most half a minute."""
        deadline = time.monotonic() + 30
        while True:
            found = ask()
            if is_there(found):
                return found
            if time.monotonic() > deadline:
                raise WalkFailed(f"没有等到{what}，最后看到的是 {found!r}")
            time.sleep(0.3)

    def public(self, path: str, expect: int = 200) -> Any:
        """What anybody reads without signing in."""
        response = self.http.get(f"{self.url}/api/v1{path}")
        return _answer("路人", response, expect)

    def staff(self, role: str, scope: str | None = None) -> dict[str, Any]:
        """A demo member of staff by role, and by scope where several have it."""
        listed = json.loads(self.accounts.read_text(encoding="utf-8"))["staff"]
        for account in listed:
            if account["role"] == role and scope in (None, account["scope"]):
                return dict(account)
        raise WalkFailed(f"演示账号中没有角色 {role}")


def sleep_until(instant: datetime) -> None:
    """Sleep until a moment has passed."""
    while (left := (instant - datetime.now(UTC)).total_seconds()) > -0.05:
        time.sleep(max(left, 0.05))


@dataclass
class Someone:
    """A person of the walk with a token."""

    world: World
    name: str
    token: str
    person_id: str

    def get(self, path: str, expect: int = 200) -> Any:
        return self._send("GET", path, None, expect)

    def post(self, path: str, body: Any = None, expect: int = 200) -> Any:
        return self._send("POST", path, body, expect)

    def put(self, path: str, body: Any, expect: int = 200) -> Any:
        return self._send("PUT", path, body, expect)

    def download(self, path: str) -> bytes:
        """A file."""
        response = self._request("GET", path, None)
        _answer(self.name, response, 200, is_json=False)
        return response.content

    def told(self, template: str) -> list[str]:
        """The sentences of this kind in the inbox, newest first."""
        messages = self.get("/me/inbox?limit=100")["items"]
        return [m["text"] for m in messages if m["template"] == template]

    def _send(self, method: str, path: str, body: Any, expect: int) -> Any:
        return _answer(self.name, self._request(method, path, body), expect)

    def _request(self, method: str, path: str, body: Any) -> httpx.Response:
        return self.world.http.request(
            method,
            f"{self.world.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
        )


def _answer(name: str, response: httpx.Response, expect: int, *, is_json: bool = True) -> Any:
    """What came back. Raises WalkFailed for another status than the expected one."""
    if response.status_code != expect:
        asked = f"{response.request.method} {response.request.url.path}"
        raise WalkFailed(f"{name}：{asked} 应答 {response.status_code}：{response.text}")
    return response.json() if is_json and response.content else None


def citizen(world: World, name: str, *, age: int | None = None) -> Someone:
    """A new citizen: signs in through the simulator, agrees, registers name and phone."""
    openid = f"o-walk-{secrets.token_hex(8)}"
    code = _simulated(world, "/_sim/login-codes", openid=openid)
    signed_in = world.http.post(f"{world.url}/api/v1/auth/wechat", json={"code": code}).json()
    who = Someone(world, name, signed_in["token"], signed_in["person"]["id"])
    for consent in who.get("/me/consents")["items"]:
        agreed = {
            "kind": consent["kind"],
            "version": consent["current_version"],
            "is_given": True,
        }
        who.put("/me/consents", agreed)
    who.put("/me/identity", {"name": name, "id_number": invented_id_number(age)})
    phone = f"138{secrets.randbelow(10**8):08d}"
    phone_code = _simulated(world, "/_sim/phone-codes", openid=openid, phone=phone)
    masked = who.post("/me/phone", {"code": phone_code})["phone"]
    world.say(f"{name} 用微信登录，同意授权，完成实名登记，绑定手机 {masked}")
    return who


def _simulated(world: World, path: str, **body: str) -> str:
    response = world.http.post(f"{world.simulator_url}{path}", json=body)
    response.raise_for_status()
    return str(response.json()["code"])


def member_of_staff(world: World, role: str, scope: str | None = None) -> Someone:
    """A demo member of staff signs in with password and one-time code."""
    account = world.staff(role, scope)
    for _ in range(2):
        response = world.http.post(
            f"{world.url}/api/v1/auth/staff",
            json={
                "username": account["username"],
                "password": account["password"],
                "otp": pyotp.TOTP(account["totp_secret"]).now(),
            },
        )
        if response.status_code == 200:
            break
        time.sleep(30 - time.time() % 30 + 0.5)  # that code was used a moment ago
    if response.status_code != 200:
        raise WalkFailed(f"{account['username']} 无法登录：{response.text}")
    signed_in = response.json()
    world.say(f"{account['name']}（{account['role']}）用密码和动态码登录")
    return Someone(world, account["name"], signed_in["token"], signed_in["person"]["id"])
