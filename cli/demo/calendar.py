"""The activities of the demo, past and to come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from volunteer.models.activities import RiskLevel

SHORT, MIDDLE, LONG = timedelta(hours=2), timedelta(hours=3), timedelta(hours=8)
WHOLE_DAY = timedelta(hours=10)
"""More than a day may count without a review."""
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class PastActivity:
    """`shifts` weekly shifts, the first `weeks` weeks before this one, on `weekday` (0 Monday)
    at `hour`; `people` come to each beside the regulars of the long post."""

    project: str
    title: str
    place: str
    weeks: int
    weekday: int
    hour: int
    length: timedelta
    people: int
    shifts: int = 1


@dataclass(frozen=True, slots=True)
class ComingActivity:
    """Starts in `days` days at `hour`; `signups` people have signed up already. `capacity` is
    that of each post; `details` are further facts of the activity; an hour is given to lunch at
    `lunch_at`, if at all."""

    project: str
    title: str
    place: str
    days: int
    hour: int
    length: timedelta
    capacity: int
    signups: int
    posts: tuple[str, ...] = ("",)
    details: Mapping[str, Any] = field(default_factory=dict)
    lunch_at: int | None = None


_STATION = "许昌东站一楼进站口东侧红色服务台"
_LAKE_CLASS = "西大街街道文明实践所二楼教室"
_RIVER = "清潩河西湖公园南门石桥"
_FLOWERS = "陈化店镇文明实践所院内"
_AID = "襄城县城关街道文明实践所大厅"
_KILN = "神垕镇老街窑火讲习所"
_VILLAGE = "佛耳湖镇文明实践所门前集合"
_CAMPUS = "示范区文明实践中心三楼课后班教室"
_NEWS = "许由街道文明实践所小镜头工作室"

PAST = (
    PastActivity(
        "station", "东站暖心岗·第一月（演示）", _STATION, 17, SATURDAY, 8, LONG, 2, shifts=4
    ),
    PastActivity("doorstep", "实践站设施清点日（演示）", _LAKE_CLASS, 17, SUNDAY, 9, SHORT, 5),
    PastActivity("first_aid", "心肺复苏入门课（演示）", _AID, 16, SUNDAY, 9, MIDDLE, 6),
    PastActivity("phones", "手机课：学会网上挂号（演示）", _LAKE_CLASS, 15, 2, 15, SHORT, 5),
    PastActivity("craft", "窑火课堂：讲解员试讲（演示）", _KILN, 15, SUNDAY, 9, MIDDLE, 5),
    PastActivity("river", "清潩河护河行·第一次（演示）", _RIVER, 14, SUNDAY, 7, SHORT, 6),
    PastActivity(
        "station", "东站暖心岗·第二月（演示）", _STATION, 13, SATURDAY, 8, LONG, 2, shifts=4
    ),
    PastActivity("harvest", "蜜乡技术下村：防螨一日（演示）", _VILLAGE, 13, 3, 8, MIDDLE, 5),
    PastActivity("pairing", "课后班：科学小实验（演示）", _CAMPUS, 12, 4, 14, MIDDLE, 6),
    PastActivity("lens", "小镜头采访日：护河的人（演示）", _NEWS, 12, SUNDAY, 14, SHORT, 5),
    PastActivity("nursery", "孵化营第一课：写一份计划（演示）", _FLOWERS, 11, SUNDAY, 9, MIDDLE, 5),
    PastActivity("phones", "手机课：看清诈骗短信（演示）", _LAKE_CLASS, 10, 2, 15, SHORT, 6),
    PastActivity("first_aid", "海姆立克急救法进社区（演示）", _AID, 10, SUNDAY, 9, MIDDLE, 5),
    PastActivity(
        "station", "东站暖心岗·第三月（演示）", _STATION, 9, SATURDAY, 8, LONG, 2, shifts=4
    ),
    PastActivity("pairing", "课后班：课本漂流角（演示）", _CAMPUS, 9, SUNDAY, 9, SHORT, 6),
    PastActivity("river", "清潩河护河行·第二次（演示）", _RIVER, 8, SUNDAY, 8, SHORT, 6),
    PastActivity("harvest", "农机巡修到村口（演示）", _VILLAGE, 7, 1, 8, MIDDLE, 5),
    PastActivity("craft", "窑火课堂：孩子的第一只碗（演示）", _KILN, 7, SUNDAY, 9, MIDDLE, 6),
    PastActivity("nursery", "孵化营跟岗：便民服务日（演示）", _FLOWERS, 6, SUNDAY, 9, MIDDLE, 5),
    PastActivity("doorstep", "实践站夜读角整理（演示）", _LAKE_CLASS, 6, 3, 18, SHORT, 6),
    PastActivity(
        "station", "东站暖心岗·第四月（演示）", _STATION, 5, SATURDAY, 8, LONG, 2, shifts=4
    ),
    PastActivity("lens", "小镜头采访日：夜班司机（演示）", _NEWS, 4, 4, 18, SHORT, 5),
    PastActivity("first_aid", "校园包扎课（演示）", _AID, 3, 2, 14, SHORT, 6),
    PastActivity("pairing", "课后班：一起读一本书（演示）", _CAMPUS, 2, 4, 16, SHORT, 6),
    PastActivity("harvest", "苗木管护进田头（演示）", _VILLAGE, 2, SUNDAY, 9, MIDDLE, 5),
    PastActivity("river", "清潩河护河行·第三次（演示）", _RIVER, 1, SUNDAY, 8, SHORT, 6),
)
"""In order of time."""

LONG_POST = "station"
CAME_LATE = (PAST[20].title, 1, 11)
"""Activity, number of its shift (from 0) and citizen: who came late, and disputed it."""

MOVING = PastActivity("doorstep", "实践站搬新址（演示）", _LAKE_CLASS, 1, SATURDAY, 8, WHOLE_DAY, 0)
"""Who came is told one by one."""

COMING = (
    ComingActivity("river", "清潩河护河行·第四次（演示）", _RIVER, 2, 8, SHORT, 20, 6),
    ComingActivity("phones", "手机课：给孙辈拍段视频（演示）", _LAKE_CLASS, 3, 15, SHORT, 12, 4),
    ComingActivity("craft", "窑火课堂：釉色体验小班（演示）", _KILN, 4, 9, MIDDLE, 5, 8),
    ComingActivity("first_aid", "一氧化碳中毒急救课（演示）", _AID, 5, 9, MIDDLE, 30, 9),
    ComingActivity("pairing", "课后班：纸桥承重比赛（演示）", _CAMPUS, 6, 15, MIDDLE, 15, 5),
    ComingActivity("harvest", "蜂箱一户一查（演示）", _VILLAGE, 8, 8, MIDDLE, 16, 5),
    ComingActivity("nursery", "孵化营第二课：算清一笔账（演示）", _FLOWERS, 9, 9, MIDDLE, 20, 4),
    ComingActivity("lens", "小镜头采访日：早市的灯（演示）", _NEWS, 10, 6, SHORT, 8, 3),
    ComingActivity(
        "station", "东站暖心岗·第五月（演示）", _STATION, 12, 8, LONG, 10, 6, lunch_at=12
    ),
    ComingActivity("doorstep", "实践站新书上架（演示）", _LAKE_CLASS, 16, 14, SHORT, 18, 2),
)

FULL = COMING[2].title
"""More have signed up for it than it has seats."""

FOR_ELDERLY = COMING[1].title

RISKY = ComingActivity(
    "first_aid",
    "首山户外救援演练（演示）",
    "首山景区东门广场集合",
    7,
    8,
    MIDDLE,
    16,
    5,
    details={
        "content": "分组练习山地搬运、绳索保护和伤员固定，请穿防滑鞋。",
        "risk_level": RiskLevel.PERSONAL,
        "insurance_number": "YANSHI-2026-0001",
        "min_age": 18,
    },
)
POSTS = ComingActivity(
    "station",
    "东站返程高峰岗（演示）",
    _STATION,
    13,
    8,
    MIDDLE,
    4,
    7,
    posts=("引导岗", "行李岗", "咨询岗"),
)
CHOSEN = ComingActivity(
    "phones",
    "手机课：招募主讲人（演示）",
    _LAKE_CLASS,
    11,
    15,
    SHORT,
    6,
    5,
    details={"needs_approval": True, "content": "主讲人须能用方言讲课，报名后由负责人确认。"},
)
POSTPONED = ComingActivity("river", "清潩河夜巡（演示）", _RIVER, 5, 19, SHORT, 15, 4)
WAITING = ComingActivity("doorstep", "实践站邻里茶会（演示）", _LAKE_CLASS, 15, 9, SHORT, 25, 0)
SENT_BACK = ComingActivity("river", "清潩河水面清漂（演示）", _RIVER, 18, 8, MIDDLE, 10, 0)
"""The last two are not published."""

FAIR = ComingActivity(
    "doorstep",
    "惠民服务大集（演示）",
    "西大街街道文明实践所门前广场",
    -1,
    14,
    MIDDLE,
    120,
    0,
    details={
        "content": "义诊、理发、修小家电和政策咨询，来多少人接待多少人。",
        "latitude": 34.0229,
        "longitude": 113.8260,
        "fence_radius": 200,
        "has_location_check_in": True,
    },
)
"""Yesterday's; large enough that the place alone is proof."""

SOON = ComingActivity(
    "doorstep", "文明实践体验场（演示）", _LAKE_CLASS, 0, 0, timedelta(hours=3), 20, 6
)
"""Begins 20 minutes after loading, so that a trial can check in at once."""
SOON_AFTER = timedelta(minutes=20)
