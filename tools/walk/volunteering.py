"""The volunteer's half: from an organisation's application to tallied hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.walk.client import Someone, World, citizen, member_of_staff, sleep_until

BEGINS_AFTER = timedelta(seconds=30)
"""Long enough for sign-ups and a promotion from the waiting list."""
LASTS = timedelta(seconds=60)
"""One planned minute: the shortest shift that can count."""


@dataclass
class Served:
    """The shift of the walk and those who take part."""

    leader: Someone
    volunteer: Someone
    shift: dict[str, Any]
    ends_at: datetime


def prepare(world: World) -> Served:
    """Organisation, project, activity, sign-ups, promotion, check-in."""
    leader = citizen(world, "赵一鸣")
    staff, project = _approved_project(world, leader)
    shift, ends_at = _published(world, leader, staff, project)
    volunteer = _signed_up(world, leader, shift)
    code = leader.get(f"/shifts/{shift['id']}/check-in-code")["code"]
    attendance = volunteer.post("/attendances/check-in", {"code": code})
    world.say(f"{volunteer.name} 扫负责人手机上的签到码签到：{attendance['status']}")
    again = volunteer.post("/attendances/check-in", {"code": code})
    world.check("再扫一次仍是同一条签到", again["id"], attendance["id"])
    return Served(leader, volunteer, shift, ends_at)


def _approved_project(world: World, leader: Someone) -> tuple[Someone, dict[str, Any]]:
    site = leader.get("/sites?level=center&q=魏都区")["items"][0]
    applied = leader.post(
        "/organizations",
        {
            "name": f"文峰社区志愿服务队（演练 {leader.person_id[-6:]}）",
            "site_id": site["id"],
            "summary": "社区居民自愿组成，做力所能及的事。",
        },
        201,
    )
    world.say(f"{leader.name} 申请成立志愿服务组织：{applied['status']}")
    staff = member_of_staff(world, "site_staff")
    approved = staff.post(f"/organizations/{applied['id']}/approve")
    world.say(f"{staff.name} 审核通过：{approved['status']}")
    category = leader.get("/service-categories")["items"][0]["code"]
    project = leader.post(
        "/projects",
        {
            "organization_id": applied["id"],
            "action": "project_quality",
            "category_code": category,
            "title": "家门口的志愿服务",
            "summary": "每周末在社区开展一次便民服务。",
        },
        201,
    )
    leader.post(f"/projects/{project['id']}/submit")
    leader.post(f"/projects/{project['id']}/approve", expect=403)
    world.say(f"{leader.name} 提交项目；想自己批准自己的项目，被拒绝（403）")
    approved = staff.post(f"/projects/{project['id']}/approve")
    world.say(f"{staff.name} 批准项目：{approved['status']}")
    return staff, dict(approved)


def _published(
    world: World, leader: Someone, staff: Someone, project: dict[str, Any]
) -> tuple[dict[str, Any], datetime]:
    activity = leader.post(
        "/activities",
        {
            "project_id": project["id"],
            "title": "清洁家园一小时",
            "place": "文峰社区党群服务中心门前",
        },
        201,
    )
    begins_at = datetime.now(UTC) + BEGINS_AFTER
    ends_at = begins_at + LASTS
    shift = leader.post(
        f"/activities/{activity['id']}/shifts",
        {"starts_at": begins_at.isoformat(), "ends_at": ends_at.isoformat(), "capacity": 2},
        201,
    )
    leader.post(f"/activities/{activity['id']}/submit")
    leader.post(f"/activities/{activity['id']}/approve", expect=403)
    approved = staff.post(f"/activities/{activity['id']}/approve")
    world.say(f"{staff.name} 批准活动：{approved['status']}")
    published = leader.post(f"/activities/{activity['id']}/publish")
    world.say(f"{leader.name} 发布活动《{activity['title']}》，2 个名额：{published['status']}")
    return dict(shift), ends_at


def _signed_up(world: World, leader: Someone, shift: dict[str, Any]) -> Someone:
    first, second, third = (citizen(world, name) for name in ("钱二丫", "孙三立", "李思远"))
    path = f"/shifts/{shift['id']}/signups"
    kept = first.post(path, expect=201)
    seats = [kept["status"], second.post(path, expect=201)["status"]]
    third_signup = third.post(path, expect=201)
    world.say("三人报名两个名额")
    world.check("前两人", seats, ["confirmed", "confirmed"])
    world.check("第三人", third_signup["status"], "waitlisted")
    first.post(f"/signups/{kept['id']}/cancel")
    world.say(f"{first.name} 取消报名，等待调度任务把名额给候补")
    promoted = world.wait_for(
        "the promotion",
        lambda: third.get("/me/signups")["items"][0],
        lambda signup: signup["status"] == "confirmed",
    )
    world.check(f"{third.name} 现在", promoted["status"], "confirmed")
    return third


def finish(world: World, served: Served) -> None:
    """After the shift: check-out, hours, tally."""
    world.say("等活动结束（计划 1 分钟）")
    sleep_until(served.ends_at + timedelta(seconds=1))
    code = served.leader.get(f"/shifts/{served.shift['id']}/check-in-code")["code"]
    attendance = served.volunteer.post("/attendances/check-out", {"code": code})
    world.say(f"{served.volunteer.name} 签退：{attendance['status']}")
    world.check("计入分钟", attendance["minutes"], 1)
    hours = served.volunteer.get("/me/hours")
    world.check("我的签到时长（分钟）", hours["verified_minutes"], 1)
    entries = served.volunteer.get("/me/hours/entries")["items"]
    world.check("时长明细", [e["minutes"] for e in entries], [1])
    tallied = world.wait_for(
        "the tally of hours",
        lambda: served.volunteer.get("/me/hours")["tallied_minutes"],
        lambda minutes: minutes == 1,
    )
    world.check("调度任务汇总的分钟", tallied, 1)
