"""The day itself: three ways to check in, an early end, and somebody who did not check out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.walk.client import Someone, World, sleep_until
from tools.walk.signing_up import Event

MINUTE = timedelta(minutes=1)


@dataclass
class Ended:
    """When a shift really ended, and the whole minutes from its start: what can count."""

    at: str
    minutes: int


@dataclass
class Day:
    """How the two posts of the activity ended."""

    sweeping: Ended
    guiding: Ended


def arrive(world: World, event: Event) -> None:
    """The shifts begin; people prove that they are there."""
    leader, path = event.team.leader, f"/shifts/{event.sweeping}"
    begun = [leader.post(f"/shifts/{s}/begin")["status"] for s in (event.sweeping, event.guiding)]
    world.say(f"{leader.name} 宣布两个岗位开始")
    world.check("两个岗位", begun, ["begun", "begun"])
    _by_rotating_code(world, event.people.volunteer, leader.get(f"{path}/check-in-code")["code"])
    _by_digits(world, event, leader.get(f"{path}/check-in-code")["digits"])
    _by_personal_code(world, event)


def _by_rotating_code(world: World, volunteer: Someone, code: str) -> None:
    first = volunteer.post("/attendances/check-in", {"code": code})
    world.say(f"{volunteer.name} 扫负责人手机上的签到码签到，网络不好又扫了一次")
    world.check(volunteer.name, first["status"], "checked_in")
    again = volunteer.post("/attendances/check-in", {"code": code})
    world.check("两次是同一条签到", again["id"] == first["id"], True)
    refused = volunteer.post("/attendances/check-out", {"code": code}, expect=422)
    world.refused(f"{volunteer.name} 用签到的那个码签退", refused, "code_used")


def _by_digits(world: World, event: Event, digits: str) -> None:
    someone = event.people.forgetful
    wrong = f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}d}"
    body = {"shift_id": event.sweeping, "digits": wrong}
    refused = someone.post("/attendances/check-in", body, expect=422)
    world.refused(f"{someone.name} 输错一位数字码", refused, "code_invalid")
    right = someone.post("/attendances/check-in", body | {"digits": digits})
    world.say(f"{someone.name} 改输负责人念出的 {len(digits)} 位数字码")
    world.check(someone.name, right["status"], "checked_in")


def _by_personal_code(world: World, event: Event) -> None:
    status = _scanned(event, "in")["status"]
    world.say(f"副负责人 {event.team.member.name} 扫描 {event.people.minor.name} 手机上的个人码")
    world.check(event.people.minor.name, status, "checked_in")


def _scanned(event: Event, direction: str) -> dict[str, Any]:
    code = event.people.minor.get("/me/personal-code")["code"]
    deputy, path = event.team.member, f"/shifts/{event.guiding}/scans"
    return dict(deputy.post(path, {"code": code, "direction": direction}))


def leave(world: World, event: Event) -> Day:
    """The leader ends the shifts early, and settles who was there."""
    volunteer = event.people.volunteer
    world.say("等活动满一分钟")
    world.check(f"{volunteer.name} 收到“候补成功”的条数", len(volunteer.told("seat_promoted")), 1)
    sleep_until(event.starts_at + MINUTE + timedelta(seconds=1))
    refused = event.team.leader.post(f"/shifts/{event.sweeping}/end", {}, expect=422)
    world.say(f"下雨，提前收工；不说原因不能结束：{refused['errors']['reason'][0]}")
    day = Day(_end(world, event, event.sweeping), _end(world, event, event.guiding))
    _check_out(world, event, day)
    _record_elder(world, event)
    _close_rolls(world, event)
    _confirm_time(world, event, day)
    return day


def _end(world: World, event: Event, shift_id: str) -> Ended:
    shift = event.team.leader.post(f"/shifts/{shift_id}/end", {"reason": "下雨，提前收工"})
    world.check("岗位", shift["status"], "ended")
    lasted = datetime.fromisoformat(shift["ended_at"]) - event.starts_at
    return Ended(shift["ended_at"], lasted // MINUTE)


def _check_out(world: World, event: Event, day: Day) -> None:
    volunteer, minor = event.people.volunteer, event.people.minor
    code = event.team.leader.get(f"/shifts/{event.sweeping}/check-in-code")["code"]
    left = volunteer.post("/attendances/check-out", {"code": code})
    world.say(f"{volunteer.name} 扫新的码签退，{minor.name} 由副负责人扫个人码签退")
    world.check(volunteer.name, left["status"], "counted")
    world.check("计入分钟", left["minutes"], day.sweeping.minutes)
    left = _scanned(event, "out")
    world.check(minor.name, left["status"], "counted")
    world.check("计入分钟", left["minutes"], day.guiding.minutes)


def _record_elder(world: World, event: Event) -> None:
    recorded = event.team.leader.post(
        f"/shifts/{event.guiding}/attendances",
        {
            "person_id": event.people.elder_id,
            "checked_in_at": event.starts_at.isoformat(),
            "checked_out_at": (event.starts_at + MINUTE).isoformat(),
            "reason": "没有手机，全程在场",
        },
        201,
    )
    world.say(f"{event.team.leader.name} 替没有手机的老人登记签到签退，只凭负责人的话还不计入")
    world.check("老人的签到", recorded["status"], "unconfirmed")
    world.check("计入分钟", recorded["minutes"], None)


def _close_rolls(world: World, event: Event) -> None:
    leader = event.team.leader
    closed = [
        leader.post(f"/shifts/{shift_id}/close_roll")["status"]
        for shift_id in (event.sweeping, event.guiding)
    ]
    world.say(f"{leader.name} 结束两个岗位的签到登记")
    world.check("两个岗位", closed, ["roll_closed", "roll_closed"])


def _confirm_time(world: World, event: Event, day: Day) -> None:
    leader, someone = event.team.leader, event.people.forgetful
    open_ones = [
        attendance
        for attendance in leader.get(f"/shifts/{event.sweeping}/attendances")["items"]
        if attendance["status"] == "pending_check_out"
    ]
    world.say(f"{someone.name} 忘了签退就走了")
    world.check("清扫岗没有签退的人数", len(open_ones), 1)
    world.check(f"{someone.name} 待确认的次数", someone.get("/me/hours")["pending"], 1)
    confirmed = leader.post(
        f"/attendances/{open_ones[0]['id']}/confirm_time",
        {"checked_out_at": day.sweeping.at, "reason": "一直干到收工，忘了签退"},
    )
    world.say(f"{leader.name} 为 {someone.name} 确认离开时间，并说明原因")
    world.check(someone.name, confirmed["status"], "counted")
    world.check("计入分钟", confirmed["minutes"], day.sweeping.minutes)
    world.check(f"{someone.name} 收到通知的条数", len(someone.told("time_confirmed")), 1)
