"""County and city look, departments are asked, two people visit, a committee confirms."""

from datetime import date

from tools.walk.selection.cast import (
    BY_KEY,
    CANDIDATES,
    NOMINEES,
    PROGRESS,
    RANKED,
    WITHOUT_REVIEWER,
    Play,
)
from tools.walk.selection.proposing import DEPARTMENTS


def run(play: Play) -> None:
    """From thirteen cases to eleven candidates."""
    play.stage.move_to(date(2026, 3, 10))
    _merged(play)
    _completed(play)
    _by_counties(play)
    play.stage.move_to(date(2026, 3, 20))
    _by_city(play)
    _confirmed(play)
    play.stage.move_to(date(2026, 4, 2))
    status = play.stage.public(play.campaign)["status"]
    play.stage.check("推荐期三十天结束，活动", status, "reviewing")
    _consulted(play)
    _visited(play)
    _photos_cleared(play)
    _admitted(play)


def _merged(play: Play) -> None:
    stage, reviewer = play.stage, play.staff.reviewers["魏都区"]
    alike = reviewer.get(f"{play.nomination('twin')}/similar")["items"][0]
    stage.check("系统找到同一人选的把握", alike["score"], 100)
    reason = {"into": play.ids["cook"], "reason": "身份证号码相同，是同一人"}
    merged = reviewer.post(f"{play.nomination('twin')}/merge", reason)
    kept = play.nominators["cook"].get(play.nomination("cook"))
    stage.say(f"{reviewer.name} 把两份{BY_KEY['cook'].name}的推荐合并")
    stage.check("并入的一份", merged["status"], "merged")
    stage.check("附议随之转过来", kept["supports_count"], 1)
    for key in ("cook", "twin"):
        player = play.nominators[key]
        stage.check(f"推荐人之一收到合并的消息（{key}）", player.was_told(PROGRESS, "并"), True)


def _completed(play: Play) -> None:
    stage, reviewer = play.stage, play.staff.reviewers["长葛市"]
    nominator, path = play.nominators["daughter"], play.nomination("daughter")
    reviewer.post(f"{path}/send_back", {"missing": "请补充社区出具的证明"})
    stage.check("退回的消息说明缺什么", nominator.was_told(PROGRESS, "社区出具的证明"), True)
    nominator.patch(path, {"short_deeds": "社区已出具证明（演练）。"})
    again = nominator.post(f"{path}/submit")
    stage.say(f"{reviewer.name} 退回{BY_KEY['daughter'].name}的推荐，推荐人补充后重新提交")
    stage.check("推荐", again["status"], "submitted")


def _by_counties(play: Play) -> None:
    stage = play.stage
    passed = []
    for nominee in NOMINEES:
        if nominee.key == "twin" or nominee.county == WITHOUT_REVIEWER:
            continue
        reviewer = play.staff.reviewers[nominee.county]
        passed.append(reviewer.post(f"{play.nomination(nominee.key)}/pass")["status"])
    stage.say("三个县（市、区）的审核人员逐一通过本地的推荐")
    stage.check("通过的推荐", set(passed), {"county_reviewed"})
    stage.check("份数", len(passed), 10)
    orphan = play.nominators["barber"].get(play.nomination("barber"))
    stage.say(f"{WITHOUT_REVIEWER}的推荐直接到市级：{orphan['step_note']}")
    stage.check("正在等待", orphan["step"], "city")


def _by_city(play: Play) -> None:
    stage, city = play.stage, play.staff.city
    queue = city.get("/screenings/queue?limit=100")["items"]
    stage.check("市级队列里的推荐", len(queue), len(NOMINEES) - 1)
    passed = [city.post(f"/nominations/{case['id']}/pass")["status"] for case in queue]
    stage.say(f"{city.name} 代表市级逐一审核")
    stage.check("市级入围", set(passed), {"city_shortlisted"})
    case = play.nomination("cook")
    refused = city.post(f"{case}/admit", expect=409)
    stage.refused("征求意见和走访之前就列为候选人", refused, "not_ready")


def _confirmed(play: Play) -> None:
    stage, city = play.stage, play.staff.city
    applied = city.post(
        f"{play.nomination('rescuer')}/confirmations", {"applied_on": "2026-02-10"}, 201
    )
    confirmed = city.post(
        f"/confirmations/{applied['id']}/confirm",
        {"number": "许公见义〔2026〕3号", "decided_on": "2026-03-18"},
    )
    stage.say(f"{city.name} 登记公安机关的见义勇为确认 {confirmed['number']}")
    stage.check("已确认", confirmed["status"] == "confirmed", True)


def _consulted(play: Play) -> None:
    """Every department answers by a link that works once."""
    stage, city = play.stage, play.staff.city
    answers = {}
    for key in (*CANDIDATES, "trader"):
        asked = city.post(f"{play.nomination(key)}/consultations", {}, 201)["items"]
        answers[key] = len(asked)
        for question in asked[: 1 if key == "trader" else None]:
            link = city.post(f"/consultations/{question['id']}/link", expect=201)["token"]
            vetoes = key == "trader"
            opinion = "有未履行的生效判决" if vetoes else "无不良记录，同意"
            body = {"opinion": opinion, "veto": vetoes}
            stage.open_link("PUT", f"/consultation-answers/{link}", body)
    stage.say(f"{city.name} 就 {len(answers)} 位人选各征求三个部门的意见，部门凭链接答复")
    stage.check("每人征求的部门数", set(answers.values()), {len(DEPARTMENTS)})
    nominator = play.nominators["trader"]
    vetoed = nominator.get(play.nomination("trader"))
    stage.say(f"{BY_KEY['trader'].name}被部门否决；推荐人只知道：{vetoed['decision_note']}")
    stage.check("推荐", vetoed["status"], "rejected")
    stage.check("部门的原话没有告诉推荐人", nominator.was_told(PROGRESS, "生效判决"), False)
    consulted = [city.get(play.nomination(key))["status"] for key in CANDIDATES]
    stage.check(f"其余 {len(consulted)} 位", set(consulted), {"consulted"})


def _visited(play: Play) -> None:
    stage, city, other = play.stage, play.staff.city, play.staff.visitor
    found = []
    for key in CANDIDATES:
        seen = {"visited_on": "2026-04-01", "place": "本人住处", "notes": "与推荐材料相符（演练）"}
        visit = city.post(f"{play.nomination(key)}/visits", seen, 201)
        other.post(f"/visits/{visit['id']}/sign")
        found.append(city.get(play.nomination(key))["status"])
    stage.say(f"{city.name} 和 {other.name} 一起走访，各自签字")
    stage.check(f"两人签字后，{len(found)} 位都", set(found), {"visited"})


def _photos_cleared(play: Play) -> None:
    stage, moderator = play.stage, play.staff.moderator
    queue = moderator.get("/attachments/queue?limit=100")["items"]
    for attachment in queue:
        moderator.post(f"/attachments/{attachment['id']}/clear")
    about = {attachment["nomination_id"] for attachment in queue}
    stage.say(f"{moderator.name} 审核照片 {len(queue)} 张")
    stage.check("不公开姓名的人选，照片不进队列", play.ids["rescuer"] in about, False)
    stage.check("十位候选人的照片都已审核", {play.ids[k] for k in RANKED} <= about, True)


def _admitted(play: Play) -> None:
    stage, city = play.stage, play.staff.city
    for key in CANDIDATES:
        city.post(f"{play.nomination(key)}/admit")
    stage.say(f"{city.name} 把 {len(CANDIDATES)} 位列为候选人")
    for key in CANDIDATES:
        if not play.nominators[key].was_told(PROGRESS, "已通过"):
            stage.check(f"{BY_KEY[key].name}的推荐人收到消息", False, True)
    stage.say("每一位的推荐人都收到了消息")
