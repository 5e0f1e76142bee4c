"""Sixty citizens vote, the job counts, and the walk counts again."""

from datetime import date

from tools.walk.selection.cast import BY_KEY, HIDDEN_NAME, NOMINEES, RANKED, Play
from tools.walk.selection.reckoning import votes_of
from tools.walk.selection.stage import Player, signed_in_citizen

VOTERS = 60
CHANGE_EVERY = 9


def run(play: Play) -> None:
    """The assessment from its first day to final counts."""
    stage = play.stage
    stage.move_to(date(2026, 5, 16))
    stage.check("活动", stage.public(play.campaign)["status"], "assessing")
    _shown(play)
    voters = _cast(play)
    stage.move_to(date(2026, 5, 20))
    refused = stage.public(f"{play.campaign}/tally", expect=403)
    stage.refused("评议期间查看票数", refused, "counts_hidden")
    stage.move_to(date(2026, 5, 31), hour=0)
    late = {"choices": [play.ids["cook"]]}
    refused = voters[0].post(f"{play.campaign}/ballots", late, expect=409)
    stage.refused(f"{voters[0].name} 在截止的那一刻改票", refused, "assessment_not_open")
    stage.check("计票由调度任务完成，活动", stage.public(play.campaign)["status"], "judging")
    refused = stage.public(f"{play.campaign}/tally", expect=403)
    stage.refused("评委评审结束前查看票数", refused, "counts_hidden")


def _shown(play: Play) -> None:
    stage = play.stage
    listed = stage.public(f"{play.campaign}/candidates")["items"]
    stage.say("候选人公布，顺序随机")
    names = sorted(candidate["nominee_name"] for candidate in listed)
    stage.check("候选人", names, sorted(BY_KEY[key].name for key in RANKED))
    for candidate in listed:
        shown = stage.public(f"/candidates/{candidate['id']}")
        if len(shown["photos"]) != 1:
            stage.check(f"{shown['nominee_name']}的照片", len(shown["photos"]), 1)
    posthumous = [c["nominee_name"] for c in listed if c["is_posthumous"]]
    stage.check("追授人选", posthumous, [BY_KEY["grocer"].name])


def choices_of(number: int) -> list[str]:
    """What the voter of this number chooses in the end: at most two of a category."""
    helping = (["doctor", "cook"], ["doctor", "drivers"], ["cook", "teacher"], ["doctor"])
    chosen = list(helping[number % 4])
    if number % 10 == 7:
        chosen = ["barber", "doctor"]
    chosen.append("daughter" if number % 3 else "son")
    if number % 5 == 0:
        chosen += ["engineer", "nurse"]
    if number % 2:
        chosen.append("grocer")
    return chosen


def _cast(play: Play) -> list[Player]:
    stage, voters, changed = play.stage, [], 0
    path = f"{play.campaign}/ballots"
    for number in range(VOTERS):
        voter = signed_in_citizen(stage, f"市民{number + 1}")
        voters.append(voter)
        chosen = choices_of(number)
        ids = [play.ids[key] for key in chosen]
        if number % CHANGE_EVERY == 0:
            voter.post(path, {"choices": [play.ids["barber"], play.ids["son"]]}, 201)
            revision = voter.post(path, {"choices": ids}, 201)["revision"]
            if revision != 2:
                stage.check("改票的次数", revision, 2)
            changed += 1
        else:
            voter.post(path, {"choices": ids}, 201)
        play.ballots.append(chosen)
    stage.say(f"{VOTERS} 位市民投票，其中 {changed} 位改过票，以最后一次为准")
    hidden = {"choices": [play.ids["rescuer"]]}
    refused = voters[1].post(path, hidden, expect=422)
    stage.say(f"不公开姓名的人选不能投票：{refused['errors']['choices'][0]}")
    stage.check("选票里不会出现保密的姓名", HIDDEN_NAME in str(refused), False)
    return voters


def counted(play: Play) -> None:
    """The votes, which are public once the panel has judged."""
    stage = play.stage
    tally = stage.public(f"{play.campaign}/tally")
    found = {item["nomination_id"]: item["votes"] for item in tally["items"]}
    stage.say("票数公布，与演练自己数的逐一核对")
    for nominee in NOMINEES:
        if nominee.key in RANKED:
            counted = found.pop(play.ids[nominee.key])
            stage.check(f"{nominee.name}得票", counted, votes_of(play.ballots, nominee.key))
    stage.check("此外有票的人", sorted(found), [])
    changed = len(range(0, VOTERS, CHANGE_EVERY))
    sealed = [tally["sealed"], tally["unsealed"]]
    stage.check("已封存（连同改票之前的）、未封存的选票", sealed, [VOTERS + changed, 0])
