"""The access token of this process: one copy, fetched by one thread at a time.

The stable token is the same for every process that asks, so the processes need no shared store.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from core import clock

MARGIN_SECONDS = 120
"""How long before its end a token is renewed. WeChat mints a new one only in the last 300 s;
asking earlier than that would bring the same token again."""
LONGEST_LIFE_SECONDS = 7200


@dataclass(frozen=True, slots=True)
class AccessToken:
    value: str = field(repr=False)
    renew_at: datetime

    @classmethod
    def lasting(cls, value: str, seconds: int) -> "AccessToken":
        """A token received just now that is valid for `seconds` more."""
        life = min(seconds, LONGEST_LIFE_SECONDS)
        margin = min(MARGIN_SECONDS, life / 2)
        return cls(value, clock.now() + timedelta(seconds=life - margin))


class TokenCache:
    """Hands out the token; `fetch` asks WeChat for it, and may raise.

    Threads that come while a fetch is under way wait for it and share its outcome, a failure
    too: otherwise each would wait out its own time-out behind the others.
    """

    def __init__(self, fetch: Callable[[], AccessToken]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._token: AccessToken | None = None
        self._flight: Future[AccessToken] | None = None

    def get(self) -> str:
        with self._lock:
            if self._token is not None and clock.now() < self._token.renew_at:
                return self._token.value
            flight, leads = self._flight, False
            if flight is None:
                flight, leads = Future(), True
                self._flight = flight
        if leads:
            self._lead(flight)
        return flight.result().value

    def drop(self, value: str) -> None:
        """Forget a token that WeChat refused, unless another thread has renewed it already."""
        with self._lock:
            if self._token is not None and self._token.value == value:
                self._token = None

    def _lead(self, flight: Future[AccessToken]) -> None:
        try:
            token = self._fetch()
        except BaseException as error:
            with self._lock:
                self._flight = None
            flight.set_exception(error)
            return
        with self._lock:
            self._token, self._flight = token, None
        flight.set_result(token)
