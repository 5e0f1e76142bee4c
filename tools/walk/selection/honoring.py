"""Five are honoured, one is recommended further, one loses the honour again, and the end."""

from datetime import date

from tools.walk.selection import secrecy
from tools.walk.selection.cast import BY_KEY, HIDDEN_NAME, NOMINEES, PROGRESS, Play
from tools.walk.selection.judging import paper_text
from tools.walk.selection.noticing import REMOVED, honored

REFERRED, REVOKED = "cook", "daughter"


def run(play: Play) -> None:
    """From the honours to the conclusion."""
    play.stage.move_to(date(2026, 7, 1))
    _honored(play)
    _cards(play)
    play.stage.move_to(date(2026, 7, 10))
    _referred(play)
    play.stage.move_to(date(2026, 7, 15))
    _concluded(play)
    play.stage.move_to(date(2026, 9, 1))
    _revoked(play)
    secrecy.check(play)


def _honored(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    keys = honored(play)
    for key in keys:
        honor = admin.post(f"{play.nomination(key)}/honor", {"title": "第五届许昌市道德模范"}, 201)
        play.honors[key] = honor["id"]
        if len(play.nominators[key].told("nominee_honored")) != 1:
            stage.check("推荐人收到授予荣誉的消息", BY_KEY[key].name, "收到")
    stage.say(f"{admin.name} 授予荣誉；四位按名次入选，一位是不公开姓名的见义勇为者")
    roll = stage.public(f"/honors?campaign_id={play.campaign_id}&limit=100")["items"]
    stage.check("光荣榜上的人数", len(roll), 5)
    named = [key for key in keys if key != "rescuer"]
    shown = {line["name"] for line in roll}
    stage.check("其中的姓名", shown, {*play.names(named), "（依法不公开）"})
    hidden = stage.public(f"/honors/{play.honors['rescuer']}")
    blank = [hidden["summary"], hidden["division"], hidden["deeds"]]
    stage.check("不公开者的事迹、地点", blank, ["", "", ""])
    stage.check("追授", [h["name"] for h in roll if h["is_posthumous"]], [BY_KEY["grocer"].name])


def _cards(play: Play) -> None:
    stage = play.stage
    for key in (REFERRED, REVOKED):
        cards = play.accounts[key].get("/me/benefit-card")["items"]
        stage.check(f"{BY_KEY[key].name}的礼遇卡", len(cards), 1)
    card = play.accounts[REVOKED].get("/me/benefit-card")["items"][0]
    bus = next(b for b in card["benefits"] if b["code"] == "bus")
    used = play.staff.partner.post(
        f"/benefit-cards/{card['code']}/uses", {"benefit_id": bus["id"], "place": "1 路公交"}, 201
    )
    stage.say(f"{BY_KEY[REVOKED].name} 出示礼遇卡乘车，{play.staff.partner.name} 扫码登记")
    stage.check("当年第几次", used["serial"], 1)


def _referred(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    referral = admin.post(
        f"/honors/{play.honors[REFERRED]}/referrals",
        {"target": "henan_good_people", "batch": "2026年第三批"},
        201,
    )
    material = admin.download(f"/referrals/{referral['id']}/material.zip")
    stage.seen.append(("推荐材料", paper_text(material)))
    stage.say(
        f"{admin.name} 向河南好人榜推荐{BY_KEY[REFERRED].name}，下载材料 {len(material)} 字节"
    )
    stage.check("材料写有姓名", BY_KEY[REFERRED].name in stage.seen[-1][1], True)
    sent = admin.post(
        f"/referrals/{referral['id']}/send",
        {"reference": "许文明报〔2026〕7号", "sent_on": "2026-07-10"},
    )
    stage.check("推荐", sent["status"], "sent")
    hidden = admin.post(
        f"/honors/{play.honors['rescuer']}/referrals",
        {"target": "henan_moral_model", "batch": "2026年"},
        201,
    )
    paper = paper_text(admin.download(f"/referrals/{hidden['id']}/material.zip"))
    stage.seen.append(("不公开者的推荐材料", paper))
    stage.check("不公开姓名者的推荐材料里没有姓名", HIDDEN_NAME in paper, False)


def _concluded(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    done = admin.post(f"{play.campaign}/conclude")
    stage.say(f"{admin.name} 结束评选")
    stage.check("活动", done["status"], "concluded")
    keys = honored(play)
    ends = dict.fromkeys(keys, "honored") | {REMOVED: "removed"}
    ends |= {"twin": "merged", "trader": "rejected"}
    for nominee in NOMINEES:
        nominator, path = play.nominators[nominee.key], play.nomination(nominee.key)
        found = nominator.get(path)["status"]
        end = ends.get(nominee.key, "not_selected")
        name = "（依法不公开）" if nominee.name == HIDDEN_NAME else nominee.name
        stage.check(name, found, end)
        if end == "not_selected" and not nominator.was_told(PROGRESS, "未入选"):
            stage.check(f"{name}的推荐人收到结果", False, True)
    stage.say("没有入选的，推荐人都收到了感谢和结果")


def _revoked(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    account, partner = play.accounts[REVOKED], play.staff.partner
    code = account.get("/me/benefit-card")["items"][0]["code"]
    stage.check("礼遇卡有效", partner.get(f"/benefit-cards/{code}")["is_valid"], True)
    admin.post(
        f"/honors/{play.honors[REVOKED]}/revoke",
        {
            "ground": "dishonesty",
            "reason": "被列为失信被执行人",
            "document_number": "许文明〔2026〕31号",
        },
    )
    stage.say(f"{admin.name} 撤销{BY_KEY[REVOKED].name}的荣誉")
    checked = partner.get(f"/benefit-cards/{code}")
    stage.check("礼遇卡有效", checked["is_valid"], False)
    stage.check("卡上还剩的礼遇", checked["benefits"], [])
    stage.check("本人的礼遇卡", account.get("/me/benefit-card")["items"], [])
    told_of_it = account.was_told("honor_changed", "撤销")
    stage.check("本人收到通知", told_of_it, True)
    page = stage.public(f"/honors/{play.honors[REVOKED]}")
    stage.check("荣誉页面", [page["status"], page["revoked_on"]], ["revoked", "2026-09-01"])
    roll = stage.public(f"/honors?campaign_id={play.campaign_id}&limit=100")["items"]
    stage.check("光荣榜上还有", len(roll), 4)
