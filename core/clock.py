"""The only clock. Instants are aware and in UTC; days are days in Shanghai.

Nothing else in the code base may ask the time, so a test can hold it still.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_held: datetime | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _held if _held is not None else datetime.now(UTC)


def today() -> date:
    """The present day in Xuchang (Asia/Shanghai)."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The day in Shanghai that holds `instant`."""
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first instant of `day` in Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock of this process at `at` (aware) while the block runs, in every thread."""
    global _held
    if at.tzinfo is None:
        raise ValueError("the clock is held at an aware instant only")
    before, _held = _held, at.astimezone(UTC)
    try:
        yield
    finally:
        _held = before
