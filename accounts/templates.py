"""Subscribe-message templates: what each says, and how a value is made to fit WeChat's fields.

Services speak of `activity` or `starts_at`; here those become `thing1` or `time2`, cut to the
length that WeChat allows (a `thing` has 20 characters, a `phrase` five Chinese ones). The
sentence is what the person reads in full in their inbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Template:
    title: str
    sentence: str
    """With our fields in braces."""
    fields: Mapping[str, str]
    """Ours to WeChat's."""


TEMPLATES: Mapping[str, Template] = {
    "seat_confirmed": Template(
        "报名成功",
        "您已报上“{activity}”，{starts_at}开始，地点：{place}",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "seat_promoted": Template(
        "候补成功",
        "您候补的“{activity}”有了名额，{starts_at}开始，地点：{place}",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "activity_cancelled": Template(
        "活动取消",
        "原定{starts_at}的“{activity}”已取消，原因：{reason}",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    ),
    "check_out_reminder": Template(
        "签退提醒",
        "“{activity}”已结束，您还没有签退，请在{until}前签退，过后须由负责人确认离开时间",
        {"activity": "thing1", "until": "time2"},
    ),
    "check_outs_pending": Template(
        "待确认离开时间",
        "“{activity}”有{people}没有签退，请尽快为他们确认离开时间",
        {"activity": "thing1", "people": "thing2"},
    ),
    "time_confirmed": Template(
        "离开时间已确认",
        "您在“{activity}”的离开时间确认为{left_at}，如有不符可以提出异议",
        {"activity": "thing1", "left_at": "time2"},
    ),
    "attendance_recorded": Template(
        "负责人登记了签到",
        "“{activity}”的负责人登记您于{arrived_at}签到，请确认是否属实",
        {"activity": "thing1", "arrived_at": "time2"},
    ),
    "attendance_corrected": Template(
        "签到记录更正",
        "您在“{activity}”的签到记录已由负责人更正，原因：{reason}",
        {"activity": "thing1", "reason": "thing2"},
    ),
    "nomination_progress": Template(
        "推荐进展",
        "您推荐的{nominee}：{status}。{note}",
        {"nominee": "thing1", "status": "phrase2", "note": "thing3"},
    ),
}

LENGTHS = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32}


def fill(template: str, values: Mapping[str, str]) -> dict[str, str]:
    """The `data` of a message; a field without a value says 无.

    Raises KeyError for a template or a value that is not declared here."""
    keys = TEMPLATES[template].fields
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
