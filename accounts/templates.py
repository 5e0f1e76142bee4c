"""Subscribe-message templates: what each says, and how a value is made to fit WeChat's fields.

Services speak of `activity` or `starts_at`; here those become `thing1` or `time2`, cut to the
length that WeChat allows (a `thing` has 20 characters, a `phrase` five Chinese ones).
"""

from collections.abc import Mapping
from datetime import datetime

from core.clock import SHANGHAI

TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "seat_confirmed": {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    "seat_promoted": {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    "activity_cancelled": {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    "nomination_progress": {"nominee": "thing1", "status": "phrase2", "note": "thing3"},
}
"""Template name to its fields: ours to WeChat's."""

LENGTHS = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32}


def fill(template: str, values: Mapping[str, str]) -> dict[str, str]:
    """The `data` of a message; a field without a value says 无.

    Raises KeyError for a template or a value that is not declared here."""
    keys = TEMPLATES[template]
    unknown = values.keys() - keys.keys()
    if unknown:
        raise KeyError(f"{template} has no {sorted(unknown)}")
    return {keys[name]: _fit(keys[name], values.get(name) or "无") for name in keys}


def _fit(key: str, value: str) -> str:
    kind = key.rstrip("0123456789")
    if kind == "time":
        return datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y年%m月%d日 %H:%M")
    text = " ".join(value.split())
    longest = LENGTHS[kind]
    return text if len(text) <= longest else text[: longest - 1] + "…"
