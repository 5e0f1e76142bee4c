"""About an honour and what follows it."""

from collections.abc import Mapping

from accounts.templates.template import Template

HONORS: Mapping[str, Template] = {
    "nominee_honored": Template(
        "授予荣誉",
        "您推荐的{nominee}被授予“{title}”，感谢您的推荐",
        {"nominee": "thing1", "title": "thing2"},
    ),
    "honor_changed": Template(
        "荣誉变更",
        "{nominee}的“{title}”{change}",
        {"nominee": "thing1", "title": "thing2", "change": "phrase3"},
    ),
    "nominee_referred": Template(
        "向上推荐",
        "您推荐的{nominee}，{target}：{outcome}",
        {"nominee": "thing1", "target": "thing2", "outcome": "phrase3"},
    ),
    "hardship_case_decided": Template(
        "帮扶申请",
        "帮扶申请{outcome}。{note}",
        {"outcome": "phrase1", "note": "thing2"},
    ),
    "care_visit_due": Template(
        "走访提醒",
        "请安排走访{nominee}，计划日期：{day}",
        {"nominee": "thing1", "day": "thing2"},
    ),
}
