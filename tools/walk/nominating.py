"""The good-person half: from a citizen's recommendation to counted ballots."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.walk.client import Someone, World, citizen, invented_id_number, member_of_staff

NOMINATE_FOR = timedelta(seconds=25)
ASSESS_FOR = timedelta(seconds=30)

DEEDS = (
    "（演练材料，人物与事迹均为虚构）每天清晨五点半，她都会准时推开社区食堂的门，"
    "为巷子里的独居老人熬一锅热粥。十二年来，无论刮风下雨，从未间断。"
)


@dataclass
class Selection:
    """A campaign of the walk and its candidates."""

    campaign_id: str
    candidates: list[str]
    voters: list[Someone]


def run(world: World) -> None:
    """Campaign, nominations, review, ballots, tally, final counts."""
    admin = member_of_staff(world, "admin")
    reviewer = member_of_staff(world, "reviewer")
    campaign_id = _announced(world, admin)
    candidates = _nominated(world, reviewer, campaign_id)
    voters = [citizen(world, name) for name in ("周小禾", "吴大同")]
    selection = Selection(campaign_id, candidates, voters)
    _wait_for_status(world, selection, "assessing")
    world.say("推荐期结束，评议开始（由调度任务按公布的时间推进）")
    _vote(world, selection)
    _watch_the_tally(world, selection)
    _wait_for_status(world, selection, "judging")
    refused = voters[0].post(
        f"/campaigns/{campaign_id}/ballots", {"choices": candidates[:1]}, expect=409
    )
    world.say(f"评议截止后再投票被拒绝：{refused['detail']}")
    world.check("最终票数", _counts(selection), [2, 1])


def _announced(world: World, admin: Someone) -> str:
    begins = datetime.now(UTC) + timedelta(seconds=1)
    closes = begins + NOMINATE_FOR
    campaign = admin.post(
        "/campaigns",
        {
            "title": f"许昌好人（演练 {begins:%m%d%H%M%S}）",
            "kind": "good_person",
            "nominations_open_at": begins.isoformat(),
            "nominations_close_at": closes.isoformat(),
            "assessment_open_at": closes.isoformat(),
            "assessment_close_at": (closes + ASSESS_FOR).isoformat(),
            "max_choices": 2,
            "max_per_category": 1,
            "period": "once",
            "has_hidden_counts": False,
        },
        201,
    )
    admin.post(f"/campaigns/{campaign['id']}/announce")
    world.say(f"{admin.name} 发布评选《{campaign['title']}》，推荐期 25 秒，评议期 30 秒")
    return str(campaign["id"])


def _nominated(world: World, reviewer: Someone, campaign_id: str) -> list[str]:
    nominator = citizen(world, "郑多福")
    site = nominator.get("/sites?q=五一路街道")["items"][0]
    world.wait_for(
        "推荐期开始",
        lambda: nominator.get(f"/campaigns/{campaign_id}")["status"],
        lambda status: status == "nominating",
    )
    drafts = [
        _recommend(nominator, campaign_id, site["id"], "helping_others", "王桂兰"),
        _recommend(nominator, campaign_id, site["id"], "filial_piety", "刘长顺"),
    ]
    world.say(f"{nominator.name} 推荐两位身边好人，提交审核")
    first, second = (d["id"] for d in drafts)
    queue = [n["id"] for n in _whole_queue(reviewer)]
    world.check("审核队列里有这两份推荐", {first, second} <= set(queue), True)
    reviewer.post(f"/nominations/{first}/send_back", {"missing": "请补充社区的证明"})
    sent_back = nominator.get(f"/nominations/{first}")
    world.say(f"{reviewer.name} 退回一份：{sent_back['decision_note']}")
    nominator.post(f"/nominations/{first}/submit")
    for nomination in (first, second):
        card = {"id_number": invented_id_number(age=60)}
        reviewer.post(f"/nominations/{nomination}/identify", card)
        paper = {"paper_reference": f"演练-{nomination[-6:]}"}
        reviewer.post(f"/nominations/{nomination}/paper-consents", paper, 201)
        reviewer.post(f"/nominations/{nomination}/pass")
    world.say("补充后重新提交，身份证号码补齐，本人签字同意，两份都通过，成为候选人")
    return [first, second]


def _recommend(
    nominator: Someone, campaign_id: str, site_id: str, category: str, name: str
) -> dict[str, Any]:
    draft = nominator.post(
        f"/campaigns/{campaign_id}/nominations",
        {
            "category": category,
            "nominee_name": name,
            "nominee_kind": "person",
            "site_id": site_id,
            "summary": "十二年如一日照顾邻里老人（演练）",
            "deeds": DEEDS * 12,
        },
        201,
    )
    return dict(nominator.post(f"/nominations/{draft['id']}/submit"))


def _whole_queue(reviewer: Someone) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = reviewer.get(f"/screenings/queue?limit=100{cursor}")
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"


def _wait_for_status(world: World, selection: Selection, status: str) -> None:
    path = f"/campaigns/{selection.campaign_id}"
    someone = selection.voters[0]
    world.wait_for(status, lambda: someone.get(path)["status"], lambda found: found == status)


def _vote(world: World, selection: Selection) -> None:
    first, second = selection.candidates
    one, other = selection.voters
    path = f"/campaigns/{selection.campaign_id}/ballots"
    receipt = one.post(path, {"choices": [first, second]}, 201)
    again = one.post(path, {"choices": [first, second]}, 201)
    world.say(f"{one.name} 投票给两位候选人，网络不好又点了一次")
    world.check("两次是同一张选票", again["id"] == receipt["id"], True)
    other.post(path, {"choices": [second]}, 201)
    changed = other.post(path, {"choices": [first]}, 201)
    world.say(f"{other.name} 投票后改选，以最后一次为准（第 {changed['revision']} 次）")
    refused = other.post(path, {"choices": [first, first]}, expect=422)
    world.say(f"同一人选两次被拒绝：{refused['errors']['choices'][0]}")


def _watch_the_tally(world: World, selection: Selection) -> None:
    counts = world.wait_for("计票", lambda: _counts(selection), lambda found: found == [2, 1])
    world.check("调度任务计出的票数", counts, [2, 1])


def _counts(selection: Selection) -> list[int]:
    tally = selection.voters[0].get(f"/campaigns/{selection.campaign_id}/tally")
    votes = {item["nomination_id"]: item["votes"] for item in tally["items"]}
    return [votes.get(candidate, 0) for candidate in selection.candidates]
