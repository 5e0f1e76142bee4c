"""A service order: asked for by a citizen, dispatched by staff, served by the team, rated."""

from datetime import UTC, datetime, timedelta

from core.clock import SHANGHAI
from tools.walk.client import World
from tools.walk.preparing import CATEGORY
from tools.walk.signing_up import Event


def run(world: World, event: Event) -> None:
    """One order from its first step to its rating."""
    citizen, team = event.people.canceller, event.team
    at = datetime.now(UTC)
    order = {
        "site_id": team.site_id,
        "category_code": CATEGORY,
        "title": "帮忙清理楼道杂物",
        "description": "楼道里堆放的旧家具，老人搬不动。",
        "place": "文峰社区 3 号楼 2 单元",
        "wanted_from": at.isoformat(),
        "wanted_until": (at + timedelta(days=3)).isoformat(),
    }
    submitted = citizen.post("/service-requests", order, 201)
    again = citizen.post("/service-requests", order, 201)
    world.say(f"{citizen.name} 点单“{submitted['title']}”，没等到提示又点了一次")
    world.check("两次是同一单", again["id"] == submitted["id"], True)
    path = f"/service-requests/{submitted['id']}"
    dispatched = team.staff.post(f"{path}/dispatch", {"organization_id": team.organization_id})
    world.say(f"{team.staff.name} 派单给 {dispatched['organization_name']}")
    accepted = team.leader.post(f"{path}/accept")
    started = team.leader.post(f"{path}/start")
    done = team.leader.post(
        f"{path}/complete",
        {
            "report": "两名志愿者清走旧家具三件。",
            "people_served": 1,
            "served_on": datetime.now(SHANGHAI).date().isoformat(),
        },
    )
    world.say(f"{team.leader.name} 接单、开始服务、完成并报告服务 {done['people_served']} 人")
    rated = citizen.post(f"{path}/rating", {"score": 5, "text": "来得快，谢谢"})
    world.say(f"{citizen.name} 评价 {rated['rating']['score']} 分")
    steps = [order["status"] for order in (submitted, dispatched, accepted, started, done, rated)]
    world.check(
        "点单的进展",
        steps,
        ["submitted", "dispatched", "accepted", "in_service", "done", "rated"],
    )
    followed = [step["status"] for step in citizen.get(path)["steps"]]
    world.check("点单人看到的进展与此一致", followed == steps, True)
