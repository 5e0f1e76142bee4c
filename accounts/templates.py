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
    "seat_offered": Template(
        "候补名额",
        "您候补的“{activity}”（{starts_at}开始）有了名额，请在{until}前确认，逾期将让给下一位",
        {"activity": "thing1", "starts_at": "time2", "until": "time3"},
    ),
    "offer_expired": Template(
        "名额已过期",
        "为您保留的“{activity}”（{starts_at}开始）的名额没有在期限内确认，已让给下一位",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "signup_declined": Template(
        "报名未通过",
        "您报名的“{activity}”（{starts_at}开始）未通过，原因：{reason}",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    ),
    "signed_up_on_behalf": Template(
        "代为报名",
        "帮办员已为您报名“{activity}”，{starts_at}开始；如果不是您的意思，可以取消",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "cancelled_on_behalf": Template(
        "代为取消报名",
        "帮办员已为您取消“{activity}”（{starts_at}开始）的报名",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "walked_in": Template(
        "现场加入",
        "负责人已把您加入“{activity}”（{starts_at}开始）；如果您不在现场，可以提出异议",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "signup_moved": Template(
        "场次调整",
        "您在“{activity}”中已调到{starts_at}开始的场次，地点：{place}",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "record_missing": Template(
        "没有签到记录",
        "“{activity}”（{starts_at}开始）没有您的签到记录；如果您到过现场，可以提出异议或请负责人撤销",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "shift_tomorrow": Template(
        "活动提醒",
        "您明天参加“{activity}”，{starts_at}开始，地点：{place}；不能来请提前取消",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "shift_thin": Template(
        "人手不足",
        "{starts_at}开始的“{activity}”报名人数不足：{staffing}",
        {"activity": "thing1", "starts_at": "time2", "staffing": "thing3"},
    ),
    "activity_cancelled": Template(
        "活动取消",
        "原定{starts_at}的“{activity}”已取消，原因：{reason}",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
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
