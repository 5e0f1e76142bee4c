"""What service amounts to: the ledger, a certificate, a dispute that corrects both, statistics."""

from typing import Any

from core.clock import SHANGHAI
from tools.walk.attending import Day
from tools.walk.client import Someone, World
from tools.walk.signing_up import Event

PDF = b"%PDF"


def run(world: World, event: Event, day: Day) -> None:
    """Everything that is counted of the day, before and after a correction."""
    volunteer, minutes = event.people.volunteer, day.sweeping.minutes
    _hours(world, event.people.forgetful, [(minutes, "earned")])
    _hours(world, event.people.minor, [(day.guiding.minutes, "earned")])
    _hours(world, volunteer, [(minutes, "earned")])
    certificate = _certificate(world, event, minutes)
    _dispute(world, event, minutes)
    _hours(world, volunteer, [(1, "adjusted"), (minutes, "earned")])
    _revoked(world, event, certificate)
    _evaluation(world, event)
    _statistics(world, event, day)


def _hours(world: World, someone: Someone, expected: list[tuple[int, str]]) -> None:
    """The entries of somebody, newest first, their exact sum, and what follows it."""
    total = sum(minutes for minutes, _ in expected)
    entries = someone.get("/me/hours/entries")["items"]
    world.say(f"{someone.name} 查看自己的时长")
    found = [(entry["minutes"], entry["kind"]) for entry in entries]
    world.check("时长明细（分钟）", found, expected)
    hours = world.wait_for(
        "时长汇总",
        lambda: someone.get("/me/hours"),
        lambda hours: hours["tallied_minutes"] == total,
    )
    sums = [hours["verified_minutes"], hours["honorary_minutes"]]
    world.check("签到时长、补记时长（分钟）", sums, [total, 0])
    world.check("调度任务汇总的分钟", hours["tallied_minutes"], total)
    world.check("收到“时长记录”的条数", len(someone.told("hours_recorded")), len(expected))


def _certificate(world: World, event: Event, minutes: int) -> dict[str, Any]:
    volunteer = event.people.volunteer
    served_on = event.starts_at.astimezone(SHANGHAI).date().isoformat()
    asked = {"from": served_on, "to": served_on}
    certificate: dict[str, Any] = volunteer.post("/me/certificates", asked, 201)
    world.say(f"{volunteer.name} 开具服务记录证明 {certificate['number']}")
    certified = [certificate["verified_minutes"], certificate["honorary_minutes"]]
    world.check("证明上的签到时长、补记时长（分钟）", certified, [minutes, 0])
    again = volunteer.post("/me/certificates", asked, 201)
    world.check("再要一次还是这一份", again["number"] == certificate["number"], True)
    paper = volunteer.download(f"/certificates/{certificate['number']}.pdf")
    world.check("下载的是 PDF", paper.startswith(PDF), True)
    verified = _verified(world, certificate)
    world.say("任何人凭证明编号和查验码查验真伪")
    world.check("证明", verified["status"], "issued")
    world.check("证明有效", verified["is_valid"], True)
    world.check("查验到的签到时长（分钟）", verified["verified_minutes"], minutes)
    wrong = certificate["check_code"][::-1]
    world.public(f"/certificates/{certificate['number']}/verify?check={wrong}", expect=404)
    world.say("查验码不对，查不到（404）")
    return certificate


def _verified(world: World, certificate: dict[str, Any]) -> dict[str, Any]:
    number, check_code = certificate["number"], certificate["check_code"]
    return dict(world.public(f"/certificates/{number}/verify?check={check_code}"))


def _dispute(world: World, event: Event, minutes: int) -> None:
    volunteer, staff = event.people.volunteer, event.team.staff
    entry = volunteer.get("/me/hours/entries")["items"][0]
    dispute = volunteer.post(
        "/disputes",
        {
            "about_type": "entry",
            "about_id": entry["id"],
            "reason": "收工后我又留下来一分钟收拾工具。",
        },
        201,
    )
    world.say(f"{volunteer.name} 认为少记了一分钟，提出申诉")
    world.check("申诉", dispute["status"], "open")
    upheld = staff.post(
        f"/disputes/{dispute['id']}/uphold",
        {"minutes": minutes + 1, "answer": "负责人证实属实，予以更正"},
    )
    world.say(f"{staff.name} 核实后支持申诉：{upheld['answer']}")
    world.check("申诉", upheld["status"], "upheld")
    world.check("更正为（分钟）", upheld["minutes"], minutes + 1)
    world.check(f"{volunteer.name} 收到结果的条数", len(volunteer.told("dispute_decided")), 1)


def _revoked(world: World, event: Event, certificate: dict[str, Any]) -> None:
    volunteer = event.people.volunteer
    verified = _verified(world, certificate)
    world.say(f"再查验原来的证明：{verified['revoked_because']}")
    world.check("证明", verified["status"], "revoked")
    world.check("证明有效", verified["is_valid"], False)
    world.check(f"{volunteer.name} 收到通知的条数", len(volunteer.told("certificate_revoked")), 1)
    refused = volunteer.get(f"/certificates/{certificate['number']}.pdf", expect=409)
    world.refused(f"{volunteer.name} 再下载原来的证明", refused, "certificate_revoked")


def _evaluation(world: World, event: Event) -> None:
    leader, volunteer = event.team.leader, event.people.volunteer
    leader.post(
        f"/activities/{event.activity_id}/evaluations",
        {"person_id": volunteer.person_id, "score": 5, "text": "肯干，细心"},
        201,
    )
    world.say(f"{leader.name} 评价 {volunteer.name}")
    scores = [evaluation["score"] for evaluation in volunteer.get("/me/evaluations")["items"]]
    world.check(f"{volunteer.name} 看到的评分", scores, [5])


def _statistics(world: World, event: Event, day: Day) -> None:
    """Of the organisation: three people, two of them sweeping; the correction is the fourth
    entry. Who only the leader says was there, and what is on notice, is not in it."""
    staff, organization_id = event.team.staff, event.team.organization_id
    month = event.starts_at.astimezone(SHANGHAI).strftime("%Y-%m")
    path = f"/statistics/hours?by=organization&from={month}&to={month}"
    wanted = {
        "verified_minutes": 2 * day.sweeping.minutes + 1 + day.guiding.minutes,
        "honorary_minutes": 0,
        "entries": 4,
        "people": 3,
    }

    def ask() -> dict[str, int]:
        rows = {row["key"]: row for row in staff.get(path)["items"]}
        row = rows.get(organization_id, dict.fromkeys(wanted, 0))
        return {name: row[name] for name in wanted}

    found = world.wait_for("统计", ask, lambda row: row == wanted)
    world.say(f"{staff.name} 查看本组织的统计")
    names = ("签到时长（分钟）", "补记时长（分钟）", "记录条数", "人数")
    for name, key in zip(names, wanted, strict=True):
        world.check(name, found[key], wanted[key])
