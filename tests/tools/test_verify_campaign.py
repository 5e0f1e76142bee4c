"""The verifier of the public log: it agrees with us, and with nobody who tampered."""

import functools
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.signed_notes import Signer
from nominations import leaves, merkle
from nominations.services import checkpoints, public_log
from tests.conftest import Http, stored
from tests.nominations import recounting
from tests.nominations.recounting import Selection
from tools import verify_campaign
from tools.verify_campaign import AGREES, DIFFERS, FILES, NOT_YET_OPEN, UNREADABLE

AT = datetime(2027, 5, 10, 2, tzinfo=UTC)
Lines = list[dict[str, Any]]


def export(http: Http, selection: Selection, folder: Path) -> Path:
    """What the server answers to everybody, as the tool saves it."""
    address = f"/campaigns/{selection.campaign.id}"
    folder.mkdir()
    http.app.extensions["liancheng.cache"].clear()
    note = http.get(f"{address}/log/checkpoint")
    (folder / "checkpoint").write_bytes(note.data)
    (folder / "key.json").write_bytes(http.get(f"{address}/log/key").data)
    size = int(note.text.splitlines()[1])
    pieces = [
        http.get(f"{address}/log/leaves?from={n}&to={min(size, n + 9)}").data
        for n in range(0, size, 9)
    ]
    (folder / "leaves.jsonl").write_bytes(b"".join(pieces))
    result = http.get(f"{address}/result")
    if result.status_code == 200:
        (folder / "result.json").write_bytes(result.data)
    return folder


def run(*arguments: str | Path) -> int:
    return verify_campaign.main([str(argument) for argument in arguments])


@pytest.fixture
def selection(http: Http) -> Selection:
    with stored(http.app):
        return recounting.opened(AT)


@pytest.fixture
def public(http: Http, selection: Selection, tmp_path: Path) -> Path:
    """An export of a campaign whose result is published."""
    with stored(http.app):
        for act in (recounting.closed, recounting.judged, recounting.published):
            act(selection)
    return export(http, selection, tmp_path / "today")


def test_a_whole_campaign_is_recounted(public: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(public) == AGREES
    said = capsys.readouterr().out
    assert "✗" not in said
    assert "全部相符" in said
    assert said.count("入选") >= 4


def test_before_closing_the_chain_is_checked_and_no_choice_is_told(
    http: Http, selection: Selection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with stored(http.app):
        checkpoints.write(selection.campaign.id)
    folder = export(http, selection, tmp_path / "today")
    assert run(folder) == NOT_YET_OPEN
    assert "尚未公开" in capsys.readouterr().out
    kept = (folder / "leaves.jsonl").read_text("utf-8")
    assert '"choices"' not in kept
    assert '"rules"' in kept


def test_every_day_continues_the_day_before(
    http: Http, selection: Selection, tmp_path: Path
) -> None:
    before = export(http, selection, tmp_path / "yesterday")
    with stored(http.app):
        recounting.closed(selection)
    assert run(export(http, selection, tmp_path / "today"), "--before", before) == NOT_YET_OPEN


def test_the_key_of_another_channel_is_the_one_that_counts(public: Path) -> None:
    key = json.loads((public / "key.json").read_text("utf-8"))["key"]
    assert run(public, "--key", key) == AGREES
    origin = key.partition("+")[0]
    other = Signer(Settings(environment="test", log_key="of somebody else")).key(origin)
    assert run(public, "--key", str(other)) == DIFFERS


def test_a_witness_that_is_asked_for_must_have_signed(public: Path) -> None:
    other = Signer(Settings(environment="test", log_key="witness"))
    note = public / "checkpoint"
    assert run(public, "--witness", str(other.key("witness.example"))) == DIFFERS
    text = note.read_text("utf-8").partition("\n\n")[0] + "\n"
    with note.open("a", encoding="utf-8") as file:
        file.write(other.sign("witness.example", text))
    assert run(public, "--witness", str(other.key("witness.example"))) == AGREES


def alter(folder: Path, change: Callable[[Lines], Lines | None]) -> None:
    path = folder / "leaves.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines = change(lines) or lines
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")


def sign_again(folder: Path, http: Http) -> None:
    """As whoever holds our key could: hashes, tree and signature of the altered leaves."""

    def rehash(lines: Lines) -> None:
        for index, line in enumerate(lines):
            line["index"] = index
            line["hash"] = merkle.leaf_hash(leaves.canonical(line["body"])).hex()

    alter(folder, rehash)
    lines = [json.loads(line) for line in (folder / "leaves.jsonl").read_text().splitlines()]
    root = merkle.Frontier().extended(bytes.fromhex(n["hash"]) for n in lines)[0].root
    origin = (folder / "checkpoint").read_text("utf-8").splitlines()[0]
    text = f"{origin}\n{len(lines)}\n{checkpoints._base64(root)}\n"
    signer: Signer = http.app.extensions["liancheng.signer"]
    (folder / "checkpoint").write_text(f"{text}\n{signer.sign(origin, text)}", "utf-8")


def of_kind(lines: Lines, kind: str) -> Lines:
    return [line for line in lines if line["kind"] == kind]


def swap_choice(lines: Lines) -> None:
    ballots = of_kind(lines, "ballot")
    body, other = ballots[-1]["body"], ballots[0]["body"]
    body["choices"] = next(
        n["body"]["choices"] for n in ballots if n["body"]["choices"] != body["choices"]
    )
    assert other


def drop_a_ballot(lines: Lines) -> Lines:
    gone = of_kind(lines, "ballot")[-1]
    return [line for line in lines if line is not gone]


def stuff_the_box(lines: Lines) -> Lines:
    ballots = of_kind(lines, "ballot")
    at = lines.index(ballots[-1])
    stuffed = {**ballots[0], "body": {**ballots[0]["body"], "voter": "0" * 32}}
    return [*lines[:at], stuffed, *lines[at:]]


def result_of(lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = of_kind(lines, "result")[0]["body"]
    return found


def swap_ranks(lines: Lines) -> None:
    of_it = [n for n in result_of(lines)["lines"] if n["category"] == "helping_others"]
    one, other = of_it[:2]
    one["rank"], other["rank"] = other["rank"], one["rank"]


def select_another(lines: Lines) -> None:
    for line in result_of(lines)["lines"]:
        line["is_selected_by_rules"] = not line["is_selected_by_rules"]


def raise_marks(lines: Lines) -> None:
    result_of(lines)["lines"][0]["committee"]["exact"] = "100"


def raise_score(lines: Lines) -> None:
    result_of(lines)["lines"][0]["final"] = "99.0000"


def lose_a_candidate(lines: Lines) -> None:
    result_of(lines)["lines"].pop()


def void_without_counting(lines: Lines) -> Lines:
    index = of_kind(lines, "ballot")[-1]["index"]
    body = {
        **leaves.ruling("", ballot=index, ruling="voided", reason="burst", hour="2027-05-10T10"),
        "campaign": lines[0]["body"]["campaign"],
    }
    at = lines.index(of_kind(lines, "result")[0])
    return [*lines[:at], {"index": 0, "kind": "ruling", "hash": "", "body": body}, *lines[at:]]


def vote_for_a_stranger(lines: Lines) -> None:
    of_kind(lines, "ballot")[-1]["body"]["choices"] = ["0" * 36]


def vote_too_late(lines: Lines) -> Lines:
    late = of_kind(lines, "ballot")[-1]
    return [line for line in lines if line is not late] + [late]


TAMPERINGS: list[Callable[[Lines], Any]] = [
    swap_choice,
    drop_a_ballot,
    stuff_the_box,
    swap_ranks,
    select_another,
    raise_marks,
    raise_score,
    lose_a_candidate,
    void_without_counting,
    vote_for_a_stranger,
    vote_too_late,
]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_tampering_is_named_and_even_our_own_key_does_not_help(
    public: Path, http: Http, tamper: Callable[[Lines], Any]
) -> None:
    alter(public, tamper)
    assert run(public) == DIFFERS
    sign_again(public, http)
    assert run(public) == DIFFERS


def test_signing_again_what_was_not_altered_agrees(public: Path, http: Http) -> None:
    """The control of the test above: it is the tampering that differs."""
    sign_again(public, http)
    assert run(public) == AGREES


def test_a_published_result_that_is_not_the_one_of_the_log_differs(public: Path) -> None:
    path = public / "result.json"
    told = json.loads(path.read_text("utf-8"))
    told["items"][0]["votes"] += 1
    path.write_text(json.dumps(told), "utf-8")
    assert run(public) == DIFFERS


def test_a_log_that_was_rewritten_does_not_continue_the_one_before(
    http: Http, selection: Selection, public: Path, tmp_path: Path
) -> None:
    """Whoever holds the key may sign another history; whoever kept the first one sees it."""
    before = tmp_path / "yesterday"
    before.mkdir()
    for name in FILES:
        (before / name).write_bytes((public / name).read_bytes())
    assert run(public, "--before", before) == AGREES

    def later(lines: Lines) -> None:
        of_kind(lines, "transition")[-1]["body"]["hour"] = "2027-06-01T00"

    alter(public, later)
    sign_again(public, http)
    assert run(public) == AGREES
    assert run(public, "--before", before) == DIFFERS


def test_a_ruling_takes_a_ballot_out_of_the_count(
    public: Path, http: Http, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither does an earlier revision come back; a restored one counts again."""

    def rule(*rulings: str) -> Callable[[Lines], Lines]:
        def change(lines: Lines) -> Lines:
            names = [n["body"]["voter"] for n in of_kind(lines, "ballot")]
            last = next(
                n
                for n in reversed(of_kind(lines, "ballot"))
                if names.count(n["body"]["voter"]) == 2
            )
            bodies = [
                leaves.ruling(
                    last["body"]["campaign"],
                    ballot=last["index"],
                    ruling=ruling,
                    reason="burst",
                    hour="2027-05-10T10",
                )
                for ruling in rulings
            ]
            at = lines.index(of_kind(lines, "result")[0])
            made = [{"index": 0, "kind": "ruling", "hash": "", "body": body} for body in bodies]
            return [*lines[:at], *made, *lines[at:]]

        return change

    alter(public, rule("quarantined", "restored"))
    sign_again(public, http)
    assert run(public) == AGREES
    assert "不计入 0 张" in capsys.readouterr().out
    alter(public, rule("voided"))
    sign_again(public, http)
    assert run(public) == DIFFERS
    assert "不计入 1 张" in capsys.readouterr().out


def test_a_voter_finds_their_own_ballot_before_and_after_closing(
    http: Http, selection: Selection, tmp_path: Path
) -> None:
    with stored(http.app):
        checkpoints.write(selection.campaign.id)
    today = export(http, selection, tmp_path / "today")
    receipt = tmp_path / "ballot.json"
    (mine,) = json.loads(http.as_(selection.voters[1]).get("/me/ballots").data)["items"]
    receipt.write_text(json.dumps(mine), "utf-8")
    assert run(today, "--receipt", receipt) == NOT_YET_OPEN
    receipt.write_text(json.dumps({**mine, "choices": mine["choices"][1:]}), "utf-8")
    assert run(today, "--receipt", receipt) == DIFFERS


@pytest.fixture
def address(public: Path, tmp_path: Path) -> Iterator[str]:
    """A server that answers with the export, as ours does."""
    site = tmp_path / "site" / "campaigns" / "one"
    (site / "log").mkdir(parents=True)
    for name in FILES[:3]:
        (site / "log" / name.partition(".")[0]).write_bytes((public / name).read_bytes())
    (site / "result").write_bytes((public / "result.json").read_bytes())
    handler = functools.partial(SilentHandler, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/campaigns/one"
        server.shutdown()


class SilentHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


def test_a_log_is_fetched_and_kept(address: str, tmp_path: Path) -> None:
    assert run(address, "--save", tmp_path / "kept") == AGREES
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == sorted(FILES)
    assert run(tmp_path / "kept") == AGREES


def test_what_is_no_export_is_said_to_be_unreadable(tmp_path: Path) -> None:
    assert run(tmp_path) == UNREADABLE
    assert run("http://127.0.0.1:9/campaigns/one") == UNREADABLE


def test_appending_is_what_the_tool_hashes(http: Http, selection: Selection) -> None:
    """Two implementations of the canonical form and of the tree: ours and the tool's."""
    bodies = [{"type": "ruling", "名": "莲城\u2028", "n": [1, None, True]}] * 3
    with stored(http.app):
        public_log.append(selection.campaign.id, bodies)
    for body in bodies:
        assert leaves.canonical(body) == verify_campaign.canonical(body)
        assert merkle.leaf_hash(leaves.canonical(body)) == verify_campaign.leaf_hash(body)
    hashes = [merkle.hash_of(bytes([n])) for n in range(70)]
    for size in range(70):
        root = merkle.Frontier().extended(hashes[:size])[0].root
        assert verify_campaign.root_of(hashes[:size]) == root
