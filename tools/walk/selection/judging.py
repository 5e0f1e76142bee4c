"""Seven people judge, one computes the result, a notary draws the lot, another fixes it."""

import io
import zipfile
from datetime import date
from fractions import Fraction
from typing import Any

from tools.walk.client import invented_id_number
from tools.walk.selection.cast import BY_KEY, CANDIDATES, HIDDEN_NAME, QUOTAS, RANKED, TOTAL, Play
from tools.walk.selection.reckoning import (
    Judged,
    committee_score,
    public_score,
    ranked,
    selected,
    text,
    votes_of,
)
from tools.walk.selection.stage import registered_citizen

PUBLIC, COMMITTEE = Fraction(3, 10), Fraction(7, 10)
RUBRIC = {"deeds": 40, "influence": 30, "example": 30}
MEMBERS = ("方评一", "卢评二", "葛评三", "史评四", "唐评五", "费评六", "廉评七")
ABSENT = 6
"""Number of the member who declares and then never judges."""
RECUSED = {0: "cook", 1: "daughter"}
"""Member to nominee: the first works in one unit with her, the second recommended her."""
LOT_SOURCE = "福彩双色球 2026 年 6 月 4 日第一期开奖号码"
SEED = "030811172631-09"


def run(play: Play) -> None:
    """From the counts to a result that stands."""
    play.stage.move_to(date(2026, 6, 1))
    _seated(play)
    _declared(play)
    play.staff.admin.post(f"{play.campaign}/open_judging")
    _judged(play)
    _closed(play)
    play.stage.move_to(date(2026, 6, 5))
    _decided(play)
    _beside_the_ranking(play)


def _seated(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    for number, name in enumerate(MEMBERS):
        if RECUSED.get(number) == "daughter":
            member = play.nominators["daughter"]
        else:
            member = registered_citizen(stage, name, invented_id_number(age=50))
        unit = "魏都区演练单位cook" if RECUSED.get(number) == "cook" else None
        seat = admin.post(
            f"{play.campaign}/panelists", {"person_id": member.person_id, "unit": unit}, 201
        )
        if len(member.told("panel_invited")) != 1:
            stage.check(f"{member.name}收到的邀请", len(member.told("panel_invited")), 1)
        member.post(f"/panelists/{seat['id']}/accept")
        play.panelists.append(member)
    stage.say(f"{admin.name} 邀请 {len(MEMBERS)} 位评委，都收到消息并接受，其中一位推荐过候选人")


def _declared(play: Play) -> None:
    stage = play.stage
    for number, member in enumerate(play.panelists):
        for assignment in member.get(f"/panel/{play.campaign_id}/assignments")["items"]:
            key = play.key_of(assignment["nomination_id"])
            path = f"/panel/{assignment['nomination_id']}/declaration"
            if RECUSED.get(number) != key:
                member.post(path, {"conflict": False})
            elif key == "cook":
                stage.check("系统提示可能需要回避", assignment["hints"], ["same_unit"])
                member.post(path, {"conflict": True, "reason": "与候选人同一单位"})
                stage.say(f"{member.name} 声明与{BY_KEY[key].name}同一单位，回避")
            else:
                refused = member.post(path, {"conflict": False}, expect=403)
                stage.refused(
                    f"{member.name} 推荐过{BY_KEY[key].name}，想不回避", refused, "recused"
                )


def points(number: int, key: str) -> dict[str, Fraction | None]:
    """What a member gives; the two whom only a lot tells apart get the same."""
    merit = BY_KEY[key].merit
    given: dict[str, Fraction | None] = {
        code: Fraction(2 * (merit + (3 * number + 2 * n) % 7 - 3) + (number == 4), 2)
        for n, code in enumerate(RUBRIC)
    }
    if number == 3 and key == "teacher":
        given["influence"] = None
    if key == "doctor" and number == 2:
        given["deeds"] = Fraction(100)
    return given


def _judged(play: Play) -> None:
    stage = play.stage
    for number, member in enumerate(play.panelists):
        for key in CANDIDATES:
            if RECUSED.get(number) == key or number == ABSENT:
                continue
            given = points(number, key)
            marks = [
                {"criterion": code, "points": None if value is None else f"{float(value):g}"}
                for code, value in given.items()
            ]
            member.put(f"/panel/{play.ids[key]}/scores", {"marks": marks})
            play.sheets.setdefault(key, []).append(given)
        if number != ABSENT:
            member.post(f"{play.campaign}/panel/submit")
    stage.say(f"{len(MEMBERS) - 1} 位评委评分并提交，{play.panelists[ABSENT].name} 缺席")
    case = f"/panel/{play.ids['cook']}/file"
    refused = play.panelists[0].get(case, expect=403)
    stage.refused(f"{play.panelists[0].name} 打开回避人选的材料", refused, "recused")
    case = play.panelists[1].get(f"/panel/{play.ids['rescuer']}/file")
    stage.check("评委看到的材料里有保密的姓名", HIDDEN_NAME in str(case), False)
    progress = play.staff.supervisor.get(f"{play.campaign}/panel/progress")
    for row in progress["nominees"]:
        key = play.key_of(row["nomination_id"])
        eligible = len(MEMBERS) - (key in RECUSED.values())
        needed = -(-eligible * 2 // 3)
        expected = [eligible, eligible - 1, needed, True]
        found = [row["eligible"], row["judged"], row["needed"], row["has_quorum"]]
        if key in RECUSED.values() or found != expected:
            stage.check(f"{row['nominee_name']}：应评、已评、法定人数、达到", found, expected)


def _closed(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    admin.post(f"{play.campaign}/close_judging")
    minutes = admin.get(f"{play.campaign}/panel/minutes")
    stage.say(f"{admin.name} 结束评审")
    stage.check("出席、缺席", [minutes["present"], minutes["absent"]], [len(MEMBERS) - 1, 1])
    printed = admin.download(f"{play.campaign}/panel/minutes.docx")
    stage.seen += [("纪要", str(minutes)), ("打印的纪要", paper_text(printed))]
    stage.check("打印的纪要写有候选人", BY_KEY["cook"].name in stage.seen[-1][1], True)


def paper_text(paper: bytes) -> str:
    """All text of a DOCX or ZIP, whatever its parts, so that it can be searched."""
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    nested = [paper_text(p) if p[:2] == b"PK" else p.decode("utf-8", "replace") for p in parts]
    return "\n".join(nested)


def reckoned(play: Play, seed: str | None) -> dict[str, list[Judged]]:
    """The ranking by the rules, category by category."""
    fields: dict[str, dict[str, int]] = {}
    for key in RANKED:
        fields.setdefault(BY_KEY[key].category, {})[key] = votes_of(play.ballots, key)
    found = {}
    for category, votes in fields.items():
        judged = []
        for key in votes:
            public = public_score(votes, key, PUBLIC)
            committee = committee_score(play.sheets[key], RUBRIC)
            judged.append(
                Judged(
                    id=play.ids[key],
                    category=category,
                    votes=votes[key],
                    public=public,
                    committee=committee,
                    top_marks=sum(v == 100 for s in play.sheets[key] for v in s.values()),
                    judged_by=len(play.sheets[key]),
                    final=PUBLIC * public + COMMITTEE * committee,
                )
            )
        found[category] = ranked(judged, seed)
    return found


def _decided(play: Play) -> None:
    stage, admin, deputy = play.stage, play.staff.admin, play.staff.deputy
    supervisor = play.staff.supervisor
    first = admin.post(f"{play.campaign}/result", {"lot_source": LOT_SOURCE}, 201)
    path = f"/results/{first['id']}"
    stage.say(f"{admin.name} 计算结果，抽签依据事先写明：{LOT_SOURCE}")
    needs_lot = supervisor.get(path)["needs_lot"]
    stage.check("有两人各项完全相同，需要抽签", needs_lot, True)
    refused = deputy.post(f"{path}/fix", expect=409)
    stage.refused("没有抽签就想确认", refused, "lot_not_drawn")
    supervisor.post(f"{path}/draw_lot", {"seed": SEED})
    stage.say(f"{supervisor.name} 见证抽签，种子 {SEED}")
    _compared(play, supervisor.get(path))
    refused = admin.post(f"{path}/fix", expect=403)
    stage.refused(f"{admin.name} 想自己确认", refused, "own_result")
    fixed = deputy.post(f"{path}/fix")
    stage.say(f"{deputy.name} 确认结果")
    stage.check("结果", fixed["status"], "fixed")


def _compared(play: Play, result: dict[str, Any]) -> None:
    """Every published figure with the one that the walk has reckoned."""
    stage, rankings = play.stage, reckoned(play, SEED)
    lines = {line["nomination_id"]: line for line in result["items"]}
    stage.check("参加排名的人数", len(lines), len(RANKED))
    chosen = selected(rankings.values(), QUOTAS, TOTAL)
    for ranking in rankings.values():
        for rank, judged in enumerate(ranking, start=1):
            line = lines[judged.id]
            committee = line["committee"]
            found = (
                line["votes"],
                line["public"],
                committee["score"],
                line["final"],
                line["rank"],
                line["is_selected"],
            )
            expected = (
                judged.votes,
                text(judged.public),
                text(judged.committee),
                text(judged.final),
                rank,
                judged.id in chosen,
            )
            name = line["nominee_name"]
            stage.check(f"{name}（票数、群众分、评委分、总分、名次、入选）", found, expected)
            details = [committee["judged_by"], committee["top_marks"], committee["is_trimmed"]]
            expected_details = [judged.judged_by, judged.top_marks, judged.judged_by >= 5]
            if details != expected_details:
                stage.check(f"{name}的评分人数、满分项、去掉最高最低", details, expected_details)
    formulas = {line["category"]: line["formula"] for line in result["items"]}
    stage.check("五人的类别按百分位，不足五人的按份额", formulas["helping_others"], "percentile")
    stage.check("份额", formulas["filial_piety"], "share")
    stage.check("按名次入选的人数", len(chosen), TOTAL)


def _beside_the_ranking(play: Play) -> None:
    stage, admin = play.stage, play.staff.admin
    path = play.nomination("rescuer")
    proposed = admin.post(
        f"{path}/propose_withheld",
        {"bravery_number": "许公见义〔2026〕3号", "reason": "依法确认，单独列入"},
    )
    stage.say(f"不公开姓名的见义勇为人选，{admin.name} 凭确认文书单独列入，不参加排名")
    stage.check("人选", proposed["status"], "proposed")
    waived = admin.post(f"{path}/waive_notice", {"reason": "公开会危及人选安全"})
    stage.check("免予公示的人选", waived["nomination_id"] == play.ids["rescuer"], True)
