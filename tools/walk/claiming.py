"""Hours claimed afterwards by one, approved by another, on notice for a week."""

from datetime import date, datetime, timedelta
from typing import Any

from core.clock import SHANGHAI
from tools.walk.attending import Day
from tools.walk.client import World
from tools.walk.signing_up import Event

NOTICE = timedelta(days=7)


def run(world: World, event: Event, day: Day) -> None:
    """The leader claims for the deputy, who scanned others and forgot to check in."""
    leader, member, staff = event.team.leader, event.team.member, event.team.staff
    claimed = _claimed(event, day)
    world.say(f"{member.name} 忙着替别人扫码，自己忘了签到；{leader.name} 为其申请补记")
    world.check("补记", claimed["status"], "claimed")
    world.check("申请补记的分钟", claimed["minutes"], day.sweeping.minutes)
    world.check(f"{member.name} 收到通知的条数", len(member.told("backfill_claimed")), 1)
    path = f"/backfills/{claimed['id']}"
    refused = leader.post(f"{path}/approve", expect=403)
    world.refused(f"{leader.name} 想通过自己提出的补记", refused, "backfill_not_independent")
    approved = staff.post(f"{path}/approve")
    world.say(f"{staff.name} 审核通过，在组织内公示")
    world.check("补记", approved["status"], "on_notice")
    ends_on = date.fromisoformat(approved["notice_ends_on"])
    decided_on = datetime.fromisoformat(approved["decided_at"]).astimezone(SHANGHAI).date()
    world.check("公示天数", (ends_on - decided_on) // timedelta(days=1), NOTICE.days)
    _look_at_notice(world, event, claimed["id"])


def _claimed(event: Event, day: Day) -> dict[str, Any]:
    claimed = event.team.leader.post(
        "/backfills",
        {
            "activity_id": event.activity_id,
            "shift_id": event.sweeping,
            "person_ids": [event.team.member.person_id],
            "minutes": day.sweeping.minutes,
            "evidence": "现场照片中有本人，另有两名志愿者证明",
            "reference": "演练-照片-001",
            "reason": "负责替别人扫码，自己忘了签到",
        },
        201,
    )
    return dict(claimed["items"][0])


def _look_at_notice(world: World, event: Event, backfill_id: str) -> None:
    path = f"/organizations/{event.team.organization_id}/backfills/notice"
    member = event.team.member
    listed = [backfill["id"] for backfill in member.get(path)["items"]]
    world.check("组织成员看得到公示", listed == [backfill_id], True)
    event.people.volunteer.get(path, expect=404)
    world.say("组织以外的人看不到公示（404）；公示期满之前一分钟也不计入")
    hours = member.get("/me/hours")
    world.check(
        f"{member.name} 的签到时长、补记时长（分钟）",
        [hours["verified_minutes"], hours["honorary_minutes"]],
        [0, 0],
    )
    world.check(f"{member.name} 的时长明细", member.get("/me/hours/entries")["items"], [])
