"""The campaign is made and announced; citizens recommend."""

import io
from datetime import date
from typing import Any

from PIL import Image

from tools.walk.client import invented_id_number
from tools.walk.selection.cast import BY_KEY, COUNTIES, NOMINEES, PROGRESS, QUOTAS, TOTAL, Play
from tools.walk.selection.stage import registered_citizen, signed_in_citizen

STARTS_ON = date(2026, 3, 2)
STEPS = ["county", "city", "consultation", "visit", "assessment", "panel"]
DEPARTMENTS = ["police", "unit", "community"]
WITH_ACCOUNT = ("cook", "daughter")
DEEDS = "（演练材料，人物与事迹均为虚构）十二年来，无论刮风下雨，从未间断，街坊邻里有口皆碑。"


def run(play: Play) -> None:
    """From the preset to thirteen cases on their way, one of them from a clue."""
    play.stage.move_to(date(2026, 3, 1))
    _announced(play)
    play.stage.move_to(date(2026, 3, 3))
    play.stage.check("活动", play.stage.public(play.campaign)["status"], "nominating")
    _places(play)
    _nominees_with_accounts(play)
    _from_clue(play)
    for nominee in NOMINEES:
        if nominee.key != "doctor":
            _recommended(play, nominee.key)
    play.stage.say(f"市民推荐 {len(NOMINEES) - 1} 份（其中两份是同一人），线索形成 1 份，都已提交")
    _supported(play)


def _announced(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    campaign = admin.post(
        "/campaigns",
        {
            "preset": "moral_models_5",
            "starts_on": STARTS_ON.isoformat(),
            "rules": {
                "steps": STEPS,
                "life_photos_min": 1,
                "winners": {"total": TOTAL, "by_category": QUOTAS, "by_place": {}},
            },
        },
        201,
    )
    play.campaign_id = campaign["id"]
    rules = campaign["rules"]
    stage.say(f"{admin.name} 按预设新建《{campaign['title']}》，只改名额、审核层级和照片张数")
    stage.check("环节数", len(rules["steps"]), len(STEPS))
    weights = [rules["public_weight"], rules["committee_weight"]]
    stage.check("群众评议、评委会的权重", weights, ["0.3", "0.7"])
    stage.check("按名次表彰的名额", rules["winners"]["total"], TOTAL)
    stage.check("公示天数", rules["notice_days"], 7)
    announced = admin.post(f"{play.campaign}/announce")
    stage.say(f"{admin.name} 发布，推荐从 {STARTS_ON:%m月%d日} 开始")
    stage.check("活动", announced["status"], "announced")
    admin.post(
        "/role-grants",
        {
            "person_id": play.staff.supervisor.person_id,
            "role": "supervisor",
            "campaign_id": play.campaign_id,
        },
        201,
    )
    stage.say(f"{admin.name} 请公证员 {play.staff.supervisor.name} 监督这次评选")


def _places(play: Play) -> None:
    for county, code in COUNTIES.items():
        centers = play.stage.public("/sites?level=center&limit=100")["items"]
        center = next(site for site in centers if site["code"] == code)
        below = play.stage.public(f"/sites?parent={center['id']}&limit=1")["items"]
        play.sites[county] = below[0]["id"]


def _nominees_with_accounts(play: Play) -> None:
    for nominee in NOMINEES:
        if nominee.kind == "person" and nominee.key != "twin":
            play.numbers[nominee.key] = invented_id_number(age=45)
    play.numbers["twin"] = play.numbers["cook"]
    for key in WITH_ACCOUNT:
        name, number = BY_KEY[key].name, play.numbers[key]
        play.accounts[key] = registered_citizen(play.stage, name, number)


def _from_clue(play: Play) -> None:
    stage, giver = play.stage, signed_in_citizen(play.stage, "苗阿姨")
    doctor, reviewer = BY_KEY["doctor"], play.staff.reviewers["魏都区"]
    clue = giver.post(
        f"{play.campaign}/clues",
        {
            "nominee_name": doctor.name,
            "site_id": play.sites[doctor.county],
            "text": "他每个周末都去村里给老人义诊，药费自己垫，一做就是十一年，大家都想推荐他。",
        },
        201,
    )
    stage.say(f"{giver.name} 用小程序提供线索：{doctor.name}")
    done = reviewer.post(
        f"/clues/{clue['id']}/complete",
        {"category": doctor.category, "nominee_kind": "person", "summary": "十一年为老人义诊"},
    )
    stage.check("线索", done["status"], "completed")
    stage.check("提供线索的人收到进展", len(giver.told("clue_progress")), 1)
    play.ids["doctor"], play.nominators["doctor"] = done["nomination_id"], giver
    giver.patch(play.nomination("doctor"), _texts(play, "doctor"))
    _handed_in(play, "doctor")
    stage.say(f"{reviewer.name} 把线索转成推荐草稿，{giver.name} 补齐事迹和照片后提交")


def _recommended(play: Play, key: str) -> None:
    nominee = BY_KEY[key]
    number = invented_id_number(age=40)
    nominator = registered_citizen(play.stage, f"荐{nominee.name[0]}", number)
    draft = nominator.post(
        f"{play.campaign}/nominations",
        {
            "category": nominee.category,
            "nominee_name": nominee.name,
            "nominee_kind": nominee.kind,
            "site_id": play.sites[nominee.county],
            **_texts(play, key),
        },
        201,
    )
    play.ids[key], play.nominators[key] = draft["id"], nominator
    _handed_in(play, key)


def _texts(play: Play, key: str) -> dict[str, Any]:
    nominee = BY_KEY[key]
    facts: dict[str, Any] = {
        "summary": f"{nominee.name}十二年如一日做好事（演练）",
        "short_deeds": f"{nominee.name}的事迹简介（演练）。",
        "deeds": f"{nominee.name}：" + DEEDS * 21,
        "nominee_unit": f"{nominee.county}演练单位{key}",
    }
    if nominee.kind == "group":
        facts |= {"members_count": 26, "representative_name": "丁队长"}
    else:
        facts["nominee_id_number"] = play.numbers[key]
    if key == "grocer":
        facts["deceased_on"] = "2026-01-15"
    return facts


def _handed_in(play: Play, key: str) -> None:
    """With a photo, and the consent by link of who has to agree."""
    nominator, path = play.nominators[key], play.nomination(key)
    nominator.upload(f"{path}/attachments", f"{key}.jpg", photo(key), kind="life_photo")
    submitted = nominator.post(f"{path}/submit")
    if submitted["status"] != "submitted":
        play.stage.check(f"{BY_KEY[key].name}的推荐", submitted["status"], "submitted")
    if key == "rescuer":
        _withheld(play)
    link = nominator.post(f"{path}/consents", expect=201)
    signer = {
        "representative": {"signer_name": "丁立群", "signer_relation": "车队队长"},
        "next_of_kin": {"signer_name": "刘念", "signer_relation": "女儿"},
    }.get(link["consent"]["kind"], {})
    given = play.stage.open_link("POST", f"/nominee-consents/{link['token']}/give", signer)
    if key in ("drivers", "grocer"):
        who = signer["signer_relation"]
        play.stage.say(f"推荐{BY_KEY[key].name}，由{who}{signer['signer_name']}打开链接同意")
        play.stage.check("同意", given["status"], "given")


def photo(key: str) -> bytes:
    """A picture of one colour."""
    shade = sum(key.encode()) % 200
    kept = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 120, 200 - shade)).save(kept, "JPEG")
    return kept.getvalue()


def _withheld(play: Play) -> None:
    """Before anything else is done, so that no message ever names the nominee."""
    stage, city, path = play.stage, play.staff.city, play.nomination("rescuer")
    for _ in range(3):
        play.nominators["rescuer"].post("/me/subscriptions", {"accepted": [PROGRESS]})
    hidden = city.post(
        f"{path}/withhold", {"reason": "涉及报复风险，亲属请求保密（条例第二十三条）"}
    )
    stage.say(f"一份见义勇为推荐：{city.name} 应亲属请求决定不公开姓名")
    stage.check("不公开", hidden["is_withheld"], True)
    stage.public(f"{path}/card", expect=404)
    stage.say("这份推荐的分享卡片谁也看不到（404）")


def _supported(play: Play) -> None:
    stage, fan = play.stage, signed_in_citizen(play.stage, "罗街坊")
    card = stage.public(f"{play.nomination('twin')}/card")
    for _ in range(2):
        fan.post(f"{play.nomination('twin')}/supports", expect=201)
    seen = play.nominators["twin"].get(play.nomination("twin"))
    stage.say(f"{fan.name} 看到{card['nominee_name']}的卡片，附议，手滑点了两次")
    stage.check("附议人数", seen["supports_count"], 1)
    play.accounts["fan"] = fan
