"""The values of an event put into its template: for WeChat and for the inbox."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from accounts.templates.registry import TEMPLATES
from accounts.templates.template import Template
from core.clock import SHANGHAI

NOTHING = "无"
"""Stands where a value is missing."""

LENGTHS = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32, "number": 32}
"""The longest value of each type, counted as WeChat's own language does: in UTF-16."""

_NOT_CHINESE = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff]")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAYS_OF_WEEK = "一二三四五六日"


def fill(template: str, values: Mapping[str, str]) -> dict[str, str]:
    """The `data` of a message; a field without a value says 无.

    Raises KeyError for a template or a value that is not declared here, ValueError for a time
    or a number that is missing or none."""
    keys = _declared(template, values).fields
    return {key: _fit(key, values.get(name) or "") for name, key in keys.items()}


def sentence(template: str, values: Mapping[str, str]) -> str:
    """What the person reads in full; instants in Shanghai, in words. Raises as `fill` does."""
    found = _declared(template, values)
    told = {
        name: _in_words(values.get(name) or "")
        if _kind(key) == "time"
        else (values.get(name) or NOTHING).strip()
        for name, key in found.fields.items()
    }
    return found.sentence.format_map(told)


def _declared(template: str, values: Mapping[str, str]) -> Template:
    found = TEMPLATES[template]
    unknown = values.keys() - found.fields.keys()
    if unknown:
        raise KeyError(f"{template} has no {sorted(unknown)}")
    return found


def _kind(key: str) -> str:
    return key.rstrip("0123456789")


def _in_words(instant: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(SHANGHAI)
    day_of_week = _DAYS_OF_WEEK[at.weekday()]
    return f"{at.year}年{at.month}月{at.day}日（周{day_of_week}）{at:%H:%M}"


def _fit(key: str, value: str) -> str:
    kind = _kind(key)
    text = _shown(value)
    match kind:
        case "time":
            at = datetime.fromisoformat(value).astimezone(SHANGHAI)
            return at.strftime("%Y年%m月%d日 %H:%M")
        case "number":
            if _NUMBER.fullmatch(text) is None or len(text) > LENGTHS[kind]:
                raise ValueError(f"{key} is not a number")
            return text
        case "phrase":
            return _NOT_CHINESE.sub("", text)[: LENGTHS[kind]] or NOTHING
        case "character_string":
            return _NOT_ASCII.sub("", text).strip()[: LENGTHS[kind]].strip() or "-"
        case "name" | "thing":
            return _cut(text, LENGTHS[kind]) or NOTHING
    raise KeyError(f"no rule for {key}")


def _shown(value: str) -> str:
    """Without control and invisible characters, with single spaces."""
    kept = (c for c in value if c.isspace() or not unicodedata.category(c).startswith("C"))
    return " ".join("".join(kept).split())


def _cut(text: str, longest: int) -> str:
    if _length(text) <= longest:
        return text
    while text and _length(text) > longest - 1:
        text = text[:-1]
    return text + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
