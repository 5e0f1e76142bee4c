"""Recount a campaign from its public log: one file that needs Python and `cryptography` alone.

    python verify_campaign.py https://HOST/api/v1/campaigns/ID --save today
    python verify_campaign.py today --before yesterday --key VKEY --receipt ballot.json

It trusts nothing that it is told: signatures, hashes, the tree, ballots, rulings, scores and the
ranking are computed anew. docs/public-log.md says how to read what it prints.

Exit codes: 0 everything agrees; 1 something does not; 2 it could not be read; 3 what is public
agrees, and the rest can't be recounted before it is opened.
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

AGREES, DIFFERS, UNREADABLE, NOT_YET_OPEN = 0, 1, 2, 3
STEP = 1000
FILES = ("checkpoint", "key.json", "leaves.jsonl", "result.json")
FULL = 100
SHANGHAI = timezone(timedelta(hours=8))

Json = Mapping[str, Any]


class Unreadable(Exception):
    """What was given is not an export of a log, or can't be fetched."""


@dataclass
class Report:
    """What is printed, and whether anything was wrong."""

    faults: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        print(text)

    def check(self, holds: bool, good: str, bad: str | None = None) -> bool:
        """Say what was checked; remember it if it does not hold."""
        if holds:
            print(f"✓ {good}")
        else:
            self.faults.append(bad or good)
            print(f"✗ {bad or good}")
        return holds


# --- reading -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Export:
    """A log as it was read. Leaves without a body are not opened yet."""

    note: str
    key: str
    leaves: Sequence[Json]
    result: Json | None


def read(source: str) -> Export:
    """From an address or a folder. Raises Unreadable."""
    try:
        files = fetch(source) if source.startswith(("https://", "http://")) else load(Path(source))
        return Export(
            note=files["checkpoint"],
            key=json.loads(files["key.json"])["key"],
            leaves=[json.loads(line) for line in files["leaves.jsonl"].splitlines()],
            result=json.loads(files["result.json"]) if "result.json" in files else None,
        )
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise Unreadable(f"无法读取 {source}：{error}") from error


def load(folder: Path) -> dict[str, str]:
    found = (name for name in FILES if name != "result.json" or (folder / name).exists())
    return {name: (folder / name).read_text("utf-8") for name in found}


def fetch(address: str) -> dict[str, str]:
    """The checkpoint first, then exactly the leaves that it covers."""
    address = address.rstrip("/")
    files = {name: get(f"{address}/log/{name.partition('.')[0]}") for name in FILES[:2]}
    size, lines = int(files["checkpoint"].splitlines()[1]), []
    for begin in range(0, size, STEP):
        end = min(size, begin + STEP)
        lines += get(f"{address}/log/leaves?from={begin}&to={end}").splitlines()
    files["leaves.jsonl"] = "\n".join(lines)
    try:
        files["result.json"] = get(f"{address}/result")
    except urllib.error.HTTPError as error:
        if error.code >= 500:  # otherwise it is not published yet
            raise
    return files


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - checked by `read`
        return str(answer.read().decode("utf-8"))


def save(source: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in fetch(source).items():
        (folder / name).write_text(text, "utf-8")


# --- the tree (RFC 9162) and signed notes (C2SP) --------------------------------------------


def canonical(body: Json) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf_hash(body: Json) -> bytes:
    return hashlib.sha256(b"\x00" + canonical(body)).digest()


def root_of(hashes: Iterable[bytes]) -> bytes:
    peaks: list[bytes] = []
    for size, hashed in enumerate(hashes):
        while size & 1:
            hashed = hashlib.sha256(b"\x01" + peaks.pop() + hashed).digest()
            size >>= 1
        peaks.append(hashed)
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks.pop()
    while peaks:
        root = hashlib.sha256(b"\x01" + peaks.pop() + root).digest()
    return root


def is_signed(note: str, vkey: str) -> bool:
    """Whether the note carries a signature by the key."""
    name, hashed, encoded = vkey.strip().split("+", 2)
    public = base64.b64decode(encoded)
    right = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    text, _, lines = note.partition("\n\n")
    for line in lines.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, signature = rest.partition(" ")
        raw = base64.b64decode(signature)
        if (dash, signer, raw[:4]) != ("—", name, right) or hashed != right.hex():
            continue
        try:
            key = Ed25519PublicKey.from_public_bytes(public[1:])
            key.verify(raw[4:], f"{text}\n".encode())
        except InvalidSignature:
            continue
        return True
    return False


def check_note(
    report: Report, export: Export, keys: Sequence[str], whose: str
) -> tuple[int, bytes]:
    """Signatures of a checkpoint; its size and root."""
    origin, size, root = export.note.splitlines()[:3]
    vkey = keys[0] if keys else export.key
    fits = vkey.split("+", 1)[0] == origin and is_signed(export.note, vkey)
    report.check(fits, f"{whose}校验点签名有效（{origin}，共 {size} 条）", f"{whose}校验点签名无效")
    if not keys:
        report.say("  注意：公钥取自同一服务器；请用 --key 指定从其他渠道得到的公钥")
    for witness in keys[1:]:
        name = witness.split("+", 1)[0]
        report.check(is_signed(export.note, witness), f"{whose}校验点有见证方 {name} 的签名")
    return int(size), base64.b64decode(root)


def check_tree(report: Report, export: Export, size: int, root: bytes) -> None:
    leaves = export.leaves
    in_order = [leaf["index"] for leaf in leaves] == list(range(size))
    report.check(in_order, f"{size} 条日志序号连续，没有缺失", "日志序号不连续，或条数与校验点不符")
    altered = [
        leaf["index"]
        for leaf in leaves
        if "body" in leaf and leaf_hash(leaf["body"]).hex() != leaf["hash"]
    ]
    report.check(not altered, "每条内容与其哈希值相符", f"内容被改动的条目：{altered[:10]}")
    found = root_of(bytes.fromhex(leaf["hash"]) for leaf in leaves)
    report.check(found == root, "由全部条目算出的树根与签名的树根相同", "树根与签名的树根不同")


def check_prefix(report: Report, earlier: Export, now: Export, keys: Sequence[str]) -> None:
    """Whether the earlier log is the beginning of today's."""
    size, root = check_note(report, earlier, keys, "较早的")
    begun = now.leaves[:size]
    holds = len(begun) == size and root_of(bytes.fromhex(n["hash"]) for n in begun) == root
    report.check(
        holds, f"较早的 {size} 条都在，一条未改", "较早的日志不是现在日志的开头：历史被改写"
    )


# --- replaying ------------------------------------------------------------------------------


@dataclass
class Replay:
    """The campaign as its log tells it."""

    rules: Json = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    """Candidates to categories, all who ever were."""
    gone: set[str] = field(default_factory=set)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    """Voter and period to the leaf that counts."""
    ruled: dict[int, str] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    result: Json | None = None
    is_open: bool = False
    is_over: bool = False

    def votes(self, leaves: Sequence[Json]) -> Counter[str]:
        """A ballot that is quarantined or voided does not count, nor does an earlier one for it."""
        counted: Counter[str] = Counter()
        for index in self.last.values():
            if self.ruled.get(index) not in ("quarantined", "voided"):
                counted.update(leaves[index]["body"]["choices"])
        return counted


def replay(report: Report, leaves: Sequence[Json], campaign: str) -> Replay:
    """Every leaf in its order, by the rules of the first."""
    told = Replay()
    bodies = [(leaf["index"], leaf["body"]) for leaf in leaves]
    first = bodies[0][1]
    report.check(first["type"] == "rules", "日志以全部评选规则开头", "日志的第一条不是评选规则")
    told.rules = first
    wrong = [
        index
        for index, body in bodies
        if body["campaign"] != campaign
        or (body["type"] == "ballot" and not is_valid(told, body))
        or not take(told, index, body, leaves)
    ]
    report.check(not wrong, "每张选票和每项裁定都符合规则", f"不符合规则的条目：{wrong[:10]}")
    return told


def take(told: Replay, index: int, body: Json, leaves: Sequence[Json]) -> bool:
    """Let a leaf have its effect; whether it may stand where it does."""
    match body["type"]:
        case "rules":
            return index == 0
        case "ballot":
            told.last[body["voter"], body["period"]] = index
        case "ruling":
            told.ruled[body["ballot"]] = body["ruling"]
            about = leaves[body["ballot"]] if body["ballot"] < index else None
            return about is not None and about["body"]["type"] == "ballot"
        case "transition":
            move(told, body)
        case "committee":
            told.commitments.update(body["commitments"])
        case "result":
            told.result = body
    return True


def move(told: Replay, body: Json) -> None:
    match body["verb"]:
        case "open_assessment" | "skip_assessment":
            told.is_open = True
            told.listed.update({one["id"]: one["category"] for one in body["candidates"]})
        case "finish_counting":
            told.is_over = True
        case "leave":
            told.gone.add(body["nomination"])
        case "enter":
            told.listed[body["nomination"]] = body["category"]
            told.gone.discard(body["nomination"])


def is_valid(told: Replay, ballot: Json) -> bool:
    """Cast between opening and the end of counting, for candidates, as many as the rules allow. One
    without choices takes an earlier one back (of two accounts that were one person's)."""
    choices, rules = ballot["choices"], told.rules
    by_category = Counter(told.listed.get(choice, "") for choice in choices)
    period = "once" if rules["period"] == "once" else ballot["hour"][:10]
    return (
        told.is_open
        and not told.is_over
        and ballot["period"] == period
        and "" not in by_category
        and len(set(choices)) == len(choices) <= rules["max_choices"]
        and max(by_category.values(), default=0) <= rules["max_per_category"]
    )


# --- scores, ranks, selection ----------------------------------------------------------------


def shown(value: Fraction) -> str:
    """To four places, a half to the even neighbour."""
    units = round(value * 10_000)
    return f"{units // 10_000}.{units % 10_000:04d}"


def weights(rules: Json) -> tuple[Fraction, Fraction]:
    public, committee = "assessment" in rules["steps"], "panel" in rules["steps"]
    if public and committee:
        return Fraction(rules["public_weight"]), Fraction(rules["committee_weight"])
    return Fraction(int(public)), Fraction(int(committee))


def public_scores(votes: Mapping[str, int], rules: Json) -> dict[str, Fraction]:
    """Of the candidates of one category."""
    if len(votes) >= 5 and rules["public_formula"] == "percentile":
        numbers = list(votes.values())
        return {
            id_: Fraction(
                FULL * (2 * sum(n < mine for n in numbers) + numbers.count(mine) - 1),
                2 * (len(numbers) - 1),
            )
            for id_, mine in votes.items()
        }
    prior = FULL * weights(rules)[0] or Fraction(1)
    total = sum(votes.values()) + len(votes) * prior
    return {id_: FULL * (number + prior) / total for id_, number in votes.items()}


def final_scores(lines: Sequence[Json], rules: Json) -> dict[str, tuple[str | None, str | None]]:
    """The public and the final score of each line as published."""
    public: dict[str, Fraction] = {}
    if "assessment" in rules["steps"]:
        for category in {line["category"] for line in lines}:
            of_it = {n["nomination"]: n["votes"] for n in lines if n["category"] == category}
            public.update(public_scores(of_it, rules))
    by_public, by_committee = weights(rules)
    found: dict[str, tuple[str | None, str | None]] = {}
    for line in lines:
        id_, judged = line["nomination"], line.get("committee")
        share = public.get(id_)
        parts = [] if share is None else [by_public * share]
        is_judged = judged is None or judged["exact"] is not None
        if judged is not None and is_judged:
            parts.append(by_committee * Fraction(judged["exact"]))
        final = shown(sum(parts, Fraction(0))) if parts and is_judged else None
        found[id_] = (None if share is None else shown(share), final)
    return found


def is_committee_right(judged: Json, rules: Json) -> bool:
    """Whether the panel's score follows from the members' scores, to what rounding leaves open."""
    number, eligible = int(judged["judged_by"]), int(judged["eligible"])
    quorum = Fraction(str(rules["quorum"]))
    if number == 0 or number < quorum * eligible:
        return judged["exact"] is None and judged["score"] is None
    if judged["exact"] is None or judged["score"] != shown(Fraction(judged["exact"])):
        return False
    if rules["committee_method"] == "secret_ballot":
        return bool(Fraction(judged["exact"]) == Fraction(FULL * judged["approvals"], number))
    scores = sorted(map(Fraction, judged["member_scores"]))
    if len(scores) != number:
        return False
    if len(scores) >= max(rules["trimmed_from"], 3):
        scores = scores[1:-1]
    return abs(sum(scores, Fraction(0)) / len(scores) - Fraction(judged["exact"])) <= Fraction(
        1, 10_000
    )


def figures(line: Json, rules: Json) -> tuple[Fraction, ...]:
    """What orders candidates, the higher the better, but the lot."""
    judged = line.get("committee") or {"score": None, "top_marks": 0}
    known = {
        "committee_score": Fraction(judged["score"] or 0),
        "top_marks": Fraction(judged["top_marks"]),
        "verified_votes": Fraction(line["votes"]),
    }
    return (Fraction(line["final"] or 0), *(known[tie] for tie in rules["ties"] if tie != "lot"))


def drawn(seed: str | None, id_: str) -> bytes:
    return id_.encode() if seed is None else hashlib.sha256(f"{seed}:{id_}".encode()).digest()


def ranks(lines: Sequence[Json], rules: Json, seed: str | None) -> dict[str, int | None]:
    """Within each category; None for whom too few of the panel judged."""
    found: dict[str, int | None] = {}
    for category in {line["category"] for line in lines}:
        of_it = [line for line in lines if line["category"] == category]
        judged = [n for n in of_it if "committee" not in n or n["committee"]["score"] is not None]
        judged.sort(key=lambda n: (down(figures(n, rules)), drawn(seed, n["nomination"])))
        before, rank = None, 0
        for place, line in enumerate(judged, start=1):
            mine = figures(line, rules)
            if seed is not None or mine != before:
                rank = place
            found[line["nomination"]] = rank
            before = mine
    return {line["nomination"]: found.get(line["nomination"]) for line in lines}


def down(values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(-value for value in values)


def selected(lines: Sequence[Json], rules: Json, seed: str | None) -> set[str]:
    """All first places before all second ones, as far as the quotas reach."""
    quota, taken, chosen = rules["winners"], Counter[tuple[str, str]](), set()
    ranked = [line for line in lines if line["rank"] is not None]
    ranked.sort(key=lambda n: (n["rank"], down(figures(n, rules)), drawn(seed, n["nomination"])))
    for line in ranked:
        limits = [
            (("category", line["category"]), quota["by_category"].get(line["category"])),
            (("place", line["place"] or ""), quota["by_place"].get(line["place"])),
            (("all", ""), quota["total"]),
        ]
        if all(limit is None or taken[key] < limit for key, limit in limits):
            taken.update(key for key, _ in limits)
            chosen.add(line["nomination"])
    return chosen


# --- comparing -------------------------------------------------------------------------------


def check_result(
    report: Report, told: Replay, result: Json, votes: Counter[str], published: Json | None
) -> None:
    """The result in the log against the ballots, its own rules, and what is published."""
    rules, seed = told.rules["rules"], result["seed"]
    everybody = result["lines"]
    lines = [line for line in everybody if not line["has_left"]]
    ids = {line["nomination"] for line in everybody}
    differing = {
        n["nomination"]: n["votes"] for n in everybody if votes[n["nomination"]] != n["votes"]
    }
    report.check(not differing, "票数与逐张重算的一致", f"票数与选票不符：{differing}")
    strangers = [
        n["nomination"] for n in everybody if told.listed.get(n["nomination"]) != n["category"]
    ]
    report.check(not strangers, "结果中的人都是公布过的候选人", f"不在候选名单中：{strangers}")
    missing = told.listed.keys() - ids - told.gone
    report.check(not missing, "没有候选人无故消失", f"候选人不在结果中，也没有退出记录：{missing}")
    judged = [line for line in lines if "committee" in line]
    opened = [
        n["nomination"] for n in judged if opening(n) != told.commitments.get(n["nomination"])
    ]
    report.check(not opened, "评委评分与评审结束时的封存一致", f"评委评分在封存后被改动：{opened}")
    wrong = [n["nomination"] for n in judged if not is_committee_right(n["committee"], rules)]
    report.check(not wrong, "评委得分按规则算出", f"评委得分不符合规则：{wrong}")
    scores = final_scores(everybody, rules)
    wrong = [n["nomination"] for n in lines if (n["public"], n["final"]) != scores[n["nomination"]]]
    report.check(not wrong, "群众得分和总分按规则算出", f"得分不符合规则：{wrong}")
    places = ranks(lines, rules, seed)
    wrong = [n["nomination"] for n in lines if n["rank"] != places[n["nomination"]]]
    report.check(not wrong, "名次按规则排出", f"名次不符合规则：{wrong}")
    chosen = selected(lines, rules, seed)
    wrong = [
        n["nomination"] for n in lines if n["is_selected_by_rules"] != (n["nomination"] in chosen)
    ]
    report.check(not wrong, "入选按名额和规则产生", f"入选不符合规则：{wrong}")
    others = [n["nomination"] for n in lines if n["is_selected"] != n["is_selected_by_rules"]]
    if others:
        report.say(f"  注意：{len(others)} 人的入选与规则不同，公布的结果应写明理由：{others}")
    if published is not None:
        check_published(report, lines, published)


def opening(line: Json) -> str:
    text = line["salt"].encode() + canonical(line["committee"])
    return hashlib.sha256(text).hexdigest()


def check_published(report: Report, lines: Sequence[Json], published: Json) -> None:
    names = ("votes", "public", "final", "rank", "is_selected")
    logged = {n["nomination"]: [n[name] for name in names] for n in lines}
    shown_ = {n["nomination_id"]: [n[name] for name in names] for n in published["items"]}
    differing = [id_ for id_ in logged.keys() | shown_.keys() if logged.get(id_) != shown_.get(id_)]
    report.check(not differing, "公布的结果与日志一致", f"公布的结果与日志不同：{differing}")


def check_receipt(report: Report, export: Export, path: Path, campaign: str) -> None:
    """A voter's own ballot, as `GET /me/ballots` gives it: also before bodies are opened."""
    mine = json.loads(path.read_text("utf-8"))
    known = len(export.leaves)
    if mine["leaf"] is None or mine["leaf"] >= known:
        report.say(f"… 您的选票还不在这份日志里（日志到第 {known - 1} 条），请过一小时再查")
        return
    leaf, cast_at = export.leaves[mine["leaf"]], datetime.fromisoformat(mine["cast_at"])
    body = {
        "type": "ballot",
        "campaign": campaign,
        "period": mine["period"],
        "voter": mine["voter"],
        "choices": sorted(mine["choices"]),
        "hour": cast_at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H"),
    }
    holds = leaf_hash(body).hex() == leaf["hash"]
    where = f"第 {mine['leaf']} 条"
    report.check(holds, f"您的选票原样在日志中（{where}）", f"日志{where}不是您的选票")


# --- telling ---------------------------------------------------------------------------------


def tell(report: Report, told: Replay, votes: Counter[str], published: Json | None) -> None:
    counts = Counter(told.ruled.values())
    out = counts["quarantined"] + counts["voided"]
    report.say(f"\n有效投票人次 {len(told.last) - out_of(told)}，不计入 {out} 张（有裁定记录）")
    names = {n["nomination_id"]: n["nominee_name"] for n in (published or {"items": []})["items"]}
    lines = {} if told.result is None else {n["nomination"]: n for n in told.result["lines"]}
    titles = {c["code"]: c["name"] for c in told.rules["categories"]}
    order = sorted(
        told.listed,
        key=lambda n: (told.listed[n], lines.get(n, {}).get("rank") or 10**6, -votes[n]),
    )
    category = None
    for id_ in order:
        if told.listed[id_] != category:
            category = told.listed[id_]
            report.say(f"\n{titles.get(category, category)}")
        line = lines.get(id_, {})
        place = line.get("rank") or ("已退出" if id_ in told.gone else "-")
        mark = "入选" if line.get("is_selected") else ""
        final, name = line.get("final") or "-", names.get(id_, id_)
        report.say(f"  {place!s:>3}  {name}  {votes[id_]} 票  总分 {final}  {mark}".rstrip())


def out_of(told: Replay) -> int:
    """Of the ballots that would count, those that were ruled out."""
    return sum(told.ruled.get(i) in ("quarantined", "voided") for i in told.last.values())


def verify(arguments: argparse.Namespace, report: Report) -> int:
    export = read(arguments.source)
    keys = [*filter(None, [arguments.key]), *arguments.witness]
    if arguments.witness and not arguments.key:
        keys = [export.key, *arguments.witness]
    campaign = export.note.splitlines()[0].rsplit("/", 1)[-1]
    size, root = check_note(report, export, keys, "")
    check_tree(report, export, size, root)
    if arguments.before:
        check_prefix(report, read(arguments.before), export, keys[:1])
    if arguments.receipt:
        check_receipt(report, export, Path(arguments.receipt), campaign)
    if report.faults:
        return DIFFERS
    if not all("body" in leaf for leaf in export.leaves):
        report.say("… 部分内容尚未公开（投票或评审还没有结束），公开后可以复算票数和名次")
        return NOT_YET_OPEN
    told = replay(report, export.leaves, campaign)
    votes = told.votes(export.leaves)
    if told.result is not None:
        check_result(report, told, told.result, votes, export.result)
    tell(report, told, votes, export.result)
    if report.faults:
        return DIFFERS
    return NOT_YET_OPEN if told.result is None else AGREES


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="核验一次评选的公开日志，逐张重算票数和名次")
    parser.add_argument("source", help="评选的网址（…/api/v1/campaigns/编号），或保存过的文件夹")
    parser.add_argument("--save", metavar="文件夹", help="把从网址下载的日志保存下来")
    parser.add_argument("--before", metavar="文件夹", help="以前保存的日志，核对是否被改写")
    parser.add_argument("--key", metavar="公钥", help="从其他渠道得到的签名公钥")
    parser.add_argument(
        "--witness", metavar="公钥", action="append", default=[], help="见证方公钥，可多次"
    )
    parser.add_argument("--receipt", metavar="文件", help="“我的选票”中的一项，存成 JSON")
    arguments = parser.parse_args(argv)
    report = Report()
    try:
        if arguments.save:
            save(arguments.source, Path(arguments.save))
            arguments.source = arguments.save
        code = verify(arguments, report)
    except (Unreadable, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"✗ 无法核验：{error}")
        return UNREADABLE
    conclusion = {
        AGREES: "结论：全部相符。",
        DIFFERS: f"结论：有 {len(report.faults)} 处不符，见上面的 ✗。",
        NOT_YET_OPEN: "结论：已公开的部分全部相符。",
    }
    print(f"\n{conclusion[code]}")
    return code


if __name__ == "__main__":
    sys.exit(main())
