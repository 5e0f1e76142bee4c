"""Service orders in time and in words: by when each step is expected, and how it is told. Pure.

The figures are promises to citizens: change them here and orders that move from then on follow;
each order keeps the instant it was given (`ServiceRequest.due_at`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core import clock
from core.workdays import Workdays
from volunteer.lifecycles import ServiceRequestStatus as Status

STAFF_WORKING_DAYS = 2
"""Staff dispatch, open or reject within so many working days, and follow up a low rating."""

TEAM_ANSWERS_WITHIN = timedelta(days=2)
"""A team that was asked answers; afterwards it is reminded."""

TEAM_LAPSES_AFTER = timedelta(days=1)
"""So long after the reminder an unanswered order goes back to the staff."""

CLOSES_AFTER = timedelta(days=7)
"""An order that is done closes by itself, rated or not."""

WAITS_FOR_STAFF = (Status.SUBMITTED, Status.OPENED, Status.DECLINED, Status.FOLLOW_UP)
"""Nobody else need act. Of an open order the staff see to it that a team takes it."""

WAITS_FOR_TEAM = (Status.DISPATCHED, Status.ACCEPTED, Status.IN_SERVICE)

CLOSES_BY_ITSELF = (Status.DONE, Status.RATED)


def due_at(
    status: Status, at: datetime, wanted_until: datetime, calendar: Workdays
) -> datetime | None:
    """By when an order that reached `status` at `at` should move on; None when it has ended.
    Only reminders hang on the working days of staff, so a year without holidays will do."""
    if status in WAITS_FOR_STAFF:
        last = calendar.after(clock.day_of(at), STAFF_WORKING_DAYS).day
        return clock.start_of(last + timedelta(days=1))
    if status is Status.DISPATCHED:
        return at + TEAM_ANSWERS_WITHIN
    if status in WAITS_FOR_TEAM:
        return max(wanted_until, at + TEAM_ANSWERS_WITHIN)
    if status in CLOSES_BY_ITSELF:
        return at + CLOSES_AFTER
    return None


STATUS_WORDS: Mapping[Status, str] = {
    Status.SUBMITTED: "已提交",
    Status.REJECTED: "不予受理",
    Status.DISPATCHED: "已派单",
    Status.OPENED: "待接单",
    Status.DECLINED: "待改派",
    Status.ACCEPTED: "已接单",
    Status.IN_SERVICE: "服务中",
    Status.DONE: "已完成",
    Status.RATED: "已评价",
    Status.FOLLOW_UP: "回访中",
    Status.CLOSED: "已办结",
    Status.WITHDRAWN: "已撤回",
}
"""At most five characters, the length of a WeChat phrase."""

_SENTENCES: Mapping[str, str] = {
    "submit": f"已提交，站点将在 {STAFF_WORKING_DAYS} 个工作日内处理",
    "reject": "站点未受理",
    "dispatch": "站点派单给{team}",
    "redispatch": "站点改派给{team}",
    "open": "站点已开放，等待志愿队伍接单",
    "claim": "{team}已接单",
    "accept": "{team}已接单",
    "decline": "{team}不能提供服务，由站点另行安排",
    "lapse": "{team}没有按时答复，由站点另行安排",
    "start": "{team}开始服务",
    "link": "{team}已安排活动，开始服务",
    "unlink": "安排的活动已取消，由{team}另行安排",
    "complete": f"{{team}}已完成服务，可在 {CLOSES_AFTER.days} 天内评价",
    "rate": "点单人已评价",
    "escalate": "评价较低，由站点回访处理",
    "resolve": "站点已回访处理",
    "close": "已自动办结",
    "withdraw": "已撤回",
}


def sentence(verb: str, team: str | None, reason: str | None) -> str:
    """What happened in a step, for everybody concerned; `team` is the name of an organisation."""
    told = _SENTENCES[verb].format(team=team or "志愿队伍")
    if not reason:
        return told
    return f"{told}。{'处理结果' if verb == 'resolve' else '原因'}：{reason}"
