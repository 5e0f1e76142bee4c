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
    "hours_recorded": Template(
        "时长记录",
        "您在“{activity}”的{ledger}：{minutes}（{note}）。如与实际不符，可以申诉",
        {"activity": "thing1", "ledger": "phrase2", "minutes": "thing3", "note": "thing4"},
    ),
    "hours_reviewed": Template(
        "超时审核",
        "您在“{activity}”当天超出时限的 {minutes}：{status}。{note}",
        {"activity": "thing1", "minutes": "thing2", "status": "phrase3", "note": "thing4"},
    ),
    "backfill_claimed": Template(
        "补记申请",
        "有人为您申请补记“{activity}”{minutes}。如您没有参加，请申诉",
        {"activity": "thing1", "minutes": "thing2"},
    ),
    "backfill_decided": Template(
        "补记进展",
        "“{activity}”的补记{minutes}：{status}。{note}",
        {"activity": "thing1", "minutes": "thing2", "status": "phrase3", "note": "thing4"},
    ),
    "sanction_imposed": Template(
        "补记限制",
        "经核查，“{activity}”的补记不实（{note}）。{until}之前，并在再服务 100 小时之前，"
        "您不能申请或审核补记。如有异议，可以申诉",
        {"activity": "thing1", "until": "thing2", "note": "thing3"},
    ),
    "dispute_decided": Template(
        "申诉结果",
        "您的申诉{status}。{note}",
        {"status": "phrase1", "note": "thing2"},
    ),
    "records_due": Template(
        "记录期限",
        "“{activity}”还有 {number} 项记录未完成，请在{until}前完成（活动结束后 10 个工作日）",
        {"activity": "thing1", "number": "thing2", "until": "thing3"},
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
