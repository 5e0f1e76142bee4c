"""From a draft of an activity to people with seats: a queue, a guardian, a helper's counter."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tools.walk.client import Someone, World, citizen, invented_id_number, member_of_staff
from tools.walk.preparing import DISTRICT, Team

BEGINS_AFTER = timedelta(seconds=30)
"""Long enough for sign-ups and a promotion from the waiting list."""
PLANNED = timedelta(hours=1)
"""Ended early, so that the walk need not wait for it."""


@dataclass
class People:
    """Those who take part, by what befalls them."""

    canceller: Someone
    forgetful: Someone
    """Leaves without checking out."""
    volunteer: Someone
    """Gets the seat of the canceller; asks for a certificate, and disputes an entry."""
    minor: Someone
    guardian: Someone
    helper: Someone
    elder_id: str
    """Of somebody without a phone, whom the helper registers."""


@dataclass
class Event:
    """The activity of the walk, with two posts at the same time."""

    team: Team
    people: People
    activity_id: str
    sweeping: str
    """A shift with two seats."""
    guiding: str
    """A shift with seats to spare."""
    starts_at: datetime


def run(world: World, team: Team) -> Event:
    """Publish an activity, and fill it."""
    people = _gathered(world, team)
    event = _published(world, team, people)
    _queue(world, event)
    _sign_up_minor(world, event)
    _sign_up_elder(world, event)
    _await_seat(world, event)
    return event


def _gathered(world: World, team: Team) -> People:
    helper = member_of_staff(world, "helper", DISTRICT)
    registered = helper.post(
        "/persons",
        {
            "name": "吴桂英",
            "id_number": invented_id_number(age=70),
            "site_id": team.site_id,
            "paper_reference": "演练-纸质同意书-001",
        },
        201,
    )
    world.say(f"{helper.name} 凭纸质同意书，在窗口为没有手机的 {registered['name']} 登记")
    return People(
        canceller=citizen(world, "钱二丫"),
        forgetful=citizen(world, "孙三立"),
        volunteer=citizen(world, "李思远"),
        minor=citizen(world, "陈小满", age=15),
        guardian=citizen(world, "陈守信"),
        helper=helper,
        elder_id=registered["id"],
    )


def _published(world: World, team: Team, people: People) -> Event:
    leader, deputy = team.leader, team.member
    activity = leader.post(
        "/activities",
        {
            "project_id": team.project_id,
            "title": "清洁家园一小时",
            "place": "文峰社区党群服务中心门前",
            "content": "清扫楼道和绿地，引导居民分类投放。",
        },
        201,
    )
    path = f"/activities/{activity['id']}"
    named = leader.put(f"{path}/deputies", {"person_ids": [deputy.person_id]})
    world.say(f"{leader.name} 起草活动《{activity['title']}》，{activity['place']}")
    world.check(f"副负责人是 {deputy.name}", named["deputy_ids"] == [deputy.person_id], True)
    starts_at = datetime.now(UTC).replace(microsecond=0) + BEGINS_AFTER
    sweeping, guiding = (
        leader.post(
            f"{path}/shifts",
            {
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + PLANNED).isoformat(),
                "post": post,
                "capacity": capacity,
            },
            201,
        )["id"]
        for post, capacity in (("清扫岗", 2), ("引导岗", 10))
    )
    leader.post(f"{path}/submit")
    refused = leader.post(f"{path}/approve", expect=403)
    world.refused(f"{leader.name} 提交活动，想自己批准", refused, "forbidden")
    approved = team.staff.post(f"{path}/approve")
    world.say(f"{team.staff.name} 审核活动")
    world.check("活动", approved["status"], "approved")
    published = leader.post(f"{path}/publish")
    world.say(f"{leader.name} 发布活动：清扫岗 2 个名额，引导岗 10 个名额，半分钟后开始")
    world.check("活动", published["status"], "published")
    return Event(team, people, activity["id"], sweeping, guiding, starts_at)


def _queue(world: World, event: Event) -> None:
    """Three for two seats; one gives theirs up."""
    people, path = event.people, f"/shifts/{event.sweeping}/signups"
    kept = people.canceller.post(path, expect=201)
    seats = [kept["status"], people.forgetful.post(path, expect=201)["status"]]
    third = people.volunteer.post(path, expect=201)
    world.say("三人报名清扫岗的两个名额")
    world.check("前两人", seats, ["confirmed", "confirmed"])
    world.check("第三人", third["status"], "waitlisted")
    world.check("候补人数", _waiting(event), 1)
    people.canceller.post(f"/signups/{kept['id']}/cancel")
    world.say(f"{people.canceller.name} 取消报名，调度任务会把名额给候补")


def _waiting(event: Event) -> int:
    return int(event.team.leader.get(f"/shifts/{event.sweeping}")["waiting"])


def _sign_up_minor(world: World, event: Event) -> None:
    minor, guardian = event.people.minor, event.people.guardian
    path = f"/shifts/{event.guiding}/signups"
    refused = minor.post(path, expect=403)
    world.refused(f"{minor.name} 报名引导岗", refused, "guardian_consent_required")
    code = minor.post("/me/guardian-invitations")["code"]
    guardian.post("/guardianships", {"code": code}, 201)
    world.say(f"{guardian.name} 扫描 {minor.name} 手机上的邀请码，作为监护人同意")
    world.check(f"{minor.name} 再报名", minor.post(path, expect=201)["status"], "confirmed")


def _sign_up_elder(world: World, event: Event) -> None:
    helper = event.people.helper
    signup = helper.post(
        f"/shifts/{event.guiding}/signups/on-behalf", {"person_id": event.people.elder_id}, 201
    )
    world.say(f"{helper.name} 替没有手机的老人报名引导岗")
    world.check("老人的报名", signup["status"], "confirmed")


def _await_seat(world: World, event: Event) -> None:
    """So near to the start a freed seat is given without asking."""
    volunteer = event.people.volunteer
    promoted = world.wait_for(
        "候补转正",
        lambda: volunteer.get("/me/signups")["items"][0],
        lambda signup: signup["status"] == "confirmed",
    )
    world.say(f"离开始不到两小时，名额直接给了候补的 {volunteer.name}")
    world.check(f"{volunteer.name} 的报名", promoted["status"], "confirmed")
    world.check("候补人数", _waiting(event), 0)
