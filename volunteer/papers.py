"""What a certificate says on paper, and how time is put in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Line:
    """The service in one activity."""

    organization: str
    activity: str
    place: str
    content: str
    from_day: date
    to_day: date
    times: int
    verified_minutes: int
    honorary_minutes: int
    synced: str = ""
    """How far the records of its organisation have come to Civil Affairs, in words."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a certificate says."""

    number: str
    check_code: str
    name: str
    id_number: str
    """Masked."""
    from_day: date
    to_day: date
    verified_minutes: int
    honorary_minutes: int
    lines: Sequence[Line]
    issuer: str
    handler: str
    issued_at: datetime
    url: str
    """Of the public page that verifies it."""


def in_words(minutes: int) -> str:
    """Exact, as people say it: 90 gives 1 小时 30 分钟."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} 分钟")
    return " ".join(parts)
