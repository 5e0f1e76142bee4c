"""The public notice, an objection that is upheld, the next in line, and the office's approval."""

from datetime import date, timedelta
from typing import Any

from tools.walk.selection import secrecy, voting
from tools.walk.selection.cast import BY_KEY, HELPING, PROGRESS, Play
from tools.walk.selection.judging import SEED, reckoned
from tools.walk.selection.reckoning import is_workday, last_day
from tools.walk.selection.stage import signed_in_citizen

OPENS_ON = date(2026, 6, 15)
OBJECTED_ON = date(2026, 6, 17)
UPHELD_ON = date(2026, 6, 18)
APPROVED_ON = date(2026, 6, 29)
NOTICE_DAYS = 7
DOCUMENT = "许文明〔2026〕18号"
DECISION = {"document_number": DOCUMENT, "minutes_reference": "文明办会议纪要〔2026〕9号"}
REMOVED, NEXT = "doctor", "cook"
"""Who loses the place, and who stands behind."""


def run(play: Play) -> None:
    """From the plan of the notice to a document number."""
    _planned(play)
    play.stage.move_to(OPENS_ON)
    _opened(play)
    play.stage.move_to(OBJECTED_ON)
    objection = _objected(play)
    play.stage.move_to(UPHELD_ON)
    _upheld(play, objection)
    _replaced(play)
    play.stage.move_to(APPROVED_ON)
    _approved(play)
    secrecy.check(play)


def chosen_of_lot(play: Play) -> str:
    """Whom the lot chose of the two equals."""
    return play.key_of(reckoned(play, SEED)["dedication"][0].id)


def on_notice_first(play: Play) -> set[str]:
    return {REMOVED, "daughter", "grocer", chosen_of_lot(play)}


def honored(play: Play) -> tuple[str, ...]:
    """Those who are honoured in the end; the last one beside the ranking."""
    return (NEXT, "daughter", chosen_of_lot(play), "grocer", "rescuer")


def _planned(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    body = {
        "kind": "winners",
        "title": "第五届许昌市道德模范拟表彰人选公示",
        "text": "经推荐、审核、群众评议和评委会评审，现将拟表彰人选公示。",
        "contact": "许昌市文明办，0374-0000000（演练）",
        "opens_on": OPENS_ON.isoformat(),
    }
    notice = admin.post(f"{play.campaign}/notices", body, 201)
    play.notice_id = notice["id"]
    closes_on = last_day(OPENS_ON, NOTICE_DAYS)
    stage.say(f"{admin.name} 安排 {OPENS_ON:%m月%d日} 开始公示")
    stage.check("公示最后一天（端午节在内，顺延）", notice["closes_on"], closes_on.isoformat())
    days = [OPENS_ON + timedelta(n) for n in range((closes_on - OPENS_ON).days + 1)]
    counted = [len(days), sum(map(is_workday, days))]
    stage.check("公示的天数、其中的工作日", counted, [8, 5])


def _opened(play: Play) -> None:
    stage = play.stage
    stage.check("公示开始，活动", stage.public(play.campaign)["status"], "noticing")
    voting.counted(play)
    shown = stage.public(f"/notices/{play.notice_id}")
    names = {nominee["name"] for nominee in shown["nominees"]}
    expected = on_notice_first(play)
    stage.check("公示的人选", names, set(play.names(expected)))
    for key in expected:
        if not play.nominators[key].was_told(PROGRESS, "公示中"):
            stage.check(f"{BY_KEY[key].name}的推荐人收到公示的消息", False, True)
    stage.say("每位人选的推荐人都收到了公示的消息")
    result = stage.public(f"{play.campaign}/result")
    stage.say("评选结果随公示公开，各项得分可以查看")
    stage.check("不公开姓名的入选者", len(result["withheld"]), 1)


def _objected(play: Play) -> str:
    stage, objector = play.stage, signed_in_citizen(play.stage, "安知情")
    filed = objector.post(
        f"/notices/{play.notice_id}/objections",
        {
            "nomination_id": play.ids[REMOVED],
            "text": "义诊记录有虚报，可以查乡卫生院的登记本。",
            "is_anonymous": False,
        },
        201,
    )
    play.accounts["objector"] = objector
    path = f"/objections/{filed['id']}"
    stage.say(f"{objector.name} 对{BY_KEY[REMOVED].name}提出异议")
    stage.check("在公示期内", filed["is_in_time"], True)
    refused = play.staff.city.post(f"{path}/accept", {"substance": "义诊记录"}, expect=403)
    stage.refused("审核过推荐的人想处理异议", refused, "handler_not_independent")
    first, second = play.staff.handlers
    stage.check(f"{first.name} 收到异议的消息", len(first.told("objection_to_handle")) > 0, True)
    accepted = first.post(f"{path}/accept", {"substance": "义诊记录与卫生院登记不符"})
    stage.say(f"{first.name} 受理")
    stage.check("异议", accepted["status"], "accepted")
    nominator = play.nominators[REMOVED]
    stage.check("公示暂停的人选", _suspended(play), [BY_KEY[REMOVED].name])
    stage.check("推荐人收到通知", len(nominator.told("objection_to_answer")), 1)
    side = nominator.get(f"{play.nomination(REMOVED)}/objections")["items"][0]
    nominator.post(f"{path}/answer", {"text": "记录由卫生院保管，请核对原件。"})
    stage.check("推荐人看不到谁提的异议", objector.name in str(side), False)
    first.post(f"{path}/verify", {"findings": "登记本上只有三次义诊。"})
    refused = first.post(f"{path}/uphold", {"reason": "义诊次数不实"}, expect=409)
    stage.refused("只有一人核查就下结论", refused, "verification_incomplete")
    second.post(f"{path}/verify", {"findings": "走访四户，均说未见义诊。"})
    stage.say(f"{first.name} 和 {second.name} 分别核查")
    return str(path)


def _suspended(play: Play) -> list[str]:
    shown = play.stage.public(f"/notices/{play.notice_id}")
    return [nominee["name"] for nominee in shown["nominees"] if nominee["is_suspended"]]


def _upheld(play: Play, path: str) -> None:
    stage, handler = play.stage, play.staff.handlers[0]
    ruled = handler.post(f"{path}/uphold", {"reason": "义诊次数不实"})
    stage.say(f"{handler.name} 裁定异议成立，取消{BY_KEY[REMOVED].name}的资格")
    stage.check("异议", ruled["status"], "upheld")
    removed = play.nominators[REMOVED].get(play.nomination(REMOVED))["status"]
    stage.check("人选", removed, "removed")
    answered = play.accounts["objector"].was_told("objection_decided", "异议成立")
    stage.check("提出人收到答复", answered, True)
    waiting = [j.id for j in reckoned(play, SEED)[HELPING] if j.id != play.ids[REMOVED]]
    stage.check("按名次递补的应是", play.key_of(waiting[0]), NEXT)
    moved = play.nominators[NEXT].get(play.nomination(NEXT))["status"]
    stage.check(f"{BY_KEY[NEXT].name}", moved, "proposed")


def _replaced(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    opens_on = UPHELD_ON + timedelta(1)
    planned = _replacement(admin.get(f"{play.campaign}/notices")["items"])
    stage.check("递补人选另行公示，第一天", planned["opens_on"], opens_on.isoformat())
    stage.move_to(opens_on)
    shown = stage.public(f"/notices/{planned['id']}")
    closes_on = last_day(opens_on, NOTICE_DAYS).isoformat()
    stage.check("递补公示的人选", [n["name"] for n in shown["nominees"]], [BY_KEY[NEXT].name])
    stage.check(
        "最后一天", [shown["closes_on"], shown["nominees"][0]["closes_on"]], [closes_on] * 2
    )
    stage.move_to(date.fromisoformat(closes_on))
    wanted = {**DECISION, "nominations": [play.ids[NEXT]], "decided_on": closes_on}
    refused = admin.post(f"{play.campaign}/approvals", wanted, expect=409)
    stage.refused("公示最后一天就想批准", refused, "notice_not_over")


def _replacement(notices: list[dict[str, Any]]) -> dict[str, Any]:
    return next(notice for notice in notices if notice["kind"] == "replacement")


def _approved(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    keys = honored(play)
    wanted = {
        **DECISION,
        "nominations": [play.ids[key] for key in keys],
        "decided_on": APPROVED_ON.isoformat(),
    }
    approval = admin.post(f"{play.campaign}/approvals", wanted, 201)
    stage.say(f"两次公示都已结束，{admin.name} 登记批准决定 {approval['document_number']}")
    stage.check("批准的人数（含不公开姓名的一位）", len(approval["nominations"]), len(keys))
    for key in keys:
        if not play.nominators[key].was_told(PROGRESS, DOCUMENT):
            stage.check("推荐人收到批准的消息", BY_KEY[key].name, "收到")
    stage.say("每位人选的推荐人都收到了批准的消息")
