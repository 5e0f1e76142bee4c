"""People of the walk, and what they do over HTTP."""

import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pyotp

T = TypeVar("T")

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


class WalkFailed(Exception):
    """A number or an answer is not what it should be."""


def invented_id_number() -> str:
    """A valid ID number that nobody else in the walk has."""
    day = secrets.randbelow(28) + 1
    year, month = 1950 + secrets.randbelow(50), secrets.randbelow(12) + 1
    digits = f"411002{year}{month:02d}{day:02d}{secrets.randbelow(1000):03d}"
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
            raise WalkFailed(f"{what}: {found!r} instead of {expected!r}")
        print(f"     ✓ {what}: {found}", flush=True)

    def wait_for(self, what: str, ask: Callable[[], T], is_there: Callable[[T], bool]) -> T:
        """Ask again until the scheduler has done its part; at most half a minute."""
        deadline = time.monotonic() + 30
        while True:
            found = ask()
            if is_there(found):
                return found
            if time.monotonic() > deadline:
                raise WalkFailed(f"{what} did not come; last seen {found!r}")
            time.sleep(0.3)

    def staff(self, role: str, scope: str | None = None) -> dict[str, Any]:
        """A demo member of staff by role, and by scope where several have it."""
        listed = json.loads(self.accounts.read_text(encoding="utf-8"))["staff"]
        for account in listed:
            if account["role"] == role and scope in (None, account["scope"]):
                return dict(account)
        raise WalkFailed(f"no demo account has the role {role}")


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

    def post(self, path: str, body: Any = None, expect: int = 200, **headers: str) -> Any:
        return self._send("POST", path, body, expect, **headers)

    def put(self, path: str, body: Any, expect: int = 200) -> Any:
        return self._send("PUT", path, body, expect)

    def _send(self, method: str, path: str, body: Any, expect: int, **headers: str) -> Any:
        response = self.world.http.request(
            method,
            f"{self.world.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )
        if response.status_code != expect:
            raise WalkFailed(
                f"{self.name}: {method} {path} answered {response.status_code}: {response.text}"
            )
        return response.json() if response.content else None


def citizen(world: World, name: str) -> Someone:
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
    who.put("/me/identity", {"name": name, "id_number": invented_id_number()})
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
        raise WalkFailed(f"{account['username']} can't sign in: {response.text}")
    signed_in = response.json()
    world.say(f"{account['name']}（{account['role']}）用密码和动态码登录")
    return Someone(world, account["name"], signed_in["token"], signed_in["person"]["id"])
