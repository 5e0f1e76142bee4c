"""What the values of a subscribe message may be: a rule for each type of key, wire facts 1.5."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from tools.wechat_simulator.replies import Refused, bad_value

_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}\1\d{1,2})"
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_MOMENT = re.compile(rf"(?:{_DAY}\s*)?{_TIME}")
_DATE = re.compile(rf"{_DAY}(?:\s*{_TIME})?")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")

Rule = Callable[[str], bool]


def _matches(pattern: str) -> Rule:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _range_of(pattern: re.Pattern[str]) -> Rule:
    """One, or two joined by a half-width tilde."""

    def rule(value: str) -> bool:
        parts = value.split("~")
        return len(parts) <= 2 and all(pattern.fullmatch(part.strip()) for part in parts)

    return rule


def _is_name(value: str) -> bool:
    return len(value) <= (10 if _CHINESE.search(value) else 20)


RULES: Mapping[str, Rule] = {
    "thing": lambda value: len(value) <= 20,
    "number": lambda value: len(value) <= 33 and bool(re.fullmatch(r"-?\d+(\.\d+)?", value)),
    "letter": _matches(r"[A-Za-z]{1,32}"),
    "symbol": _matches(r"[^\w\s]{1,5}"),
    "character_string": _matches(r"[\x20-\x7e]{1,32}"),
    "time": _range_of(_MOMENT),
    "date": _range_of(_DATE),
    "amount": _matches(r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?"),
    "phone_number": _matches(r"[0-9+\-() ]{1,17}"),
    "car_number": lambda value: len(value) <= 8,
    "name": _is_name,
    "phrase": _matches(r"[\u3400-\u4dbf\u4e00-\u9fff]{1,5}"),
    "enum": lambda value: True,
}


def refusal_of(data: object) -> Refused | None:
    """What WeChat would say against the `data` of a message; None if nothing."""
    if not isinstance(data, Mapping) or not data:
        return Refused(47003, "argument invalid! data is empty")
    for key, item in data.items():
        value = item.get("value") if isinstance(item, Mapping) else None
        if value is None or value == "":
            return bad_value(key, empty=True)
        named = re.fullmatch(r"([a-z_]+?)[1-9]\d*", key)
        rule = RULES.get(named.group(1)) if named else None
        if rule is None or not isinstance(value, str) or _has_control(value) or not rule(value):
            return bad_value(key)
    return None


def _has_control(value: str) -> bool:
    return any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in value)
