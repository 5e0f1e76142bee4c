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
    "certificate_issued": Template(
        "已出具服务记录证明",
        "工作人员应您的要求出具了服务记录证明{number}，{hours}",
        {"number": "character_string1", "hours": "thing2"},
    ),
    "certificate_revoked": Template(
        "证明已失效",
        "服务记录证明{number}已失效，原因：{reason}。您可以重新开具",
        {"number": "character_string1", "reason": "thing2"},
    ),
    "star_awarded": Template(
        "星级晋升",
        "感谢您的奉献！您已成为{star}志愿者，累计{hours}",
        {"star": "phrase1", "hours": "thing2"},
    ),
    "star_lowered": Template(
        "星级变动",
        "您的服务记录更正或收到新的评价后，星级由{before}变为{after}",
        {"before": "phrase1", "after": "phrase2"},
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
