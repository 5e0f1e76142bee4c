"""Reading the public log: what is shown when, in which pieces, and its proofs."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.errors import InvalidInput
from nominations import leaves, merkle
from nominations.lifecycles import CampaignStatus, ObjectionStatus
from nominations.models.campaigns import Campaign
from nominations.rules import Rules, Step
from nominations.services import checkpoints, log_reading, public_log
from tests.conftest import Http, stored
from tests.factories.nominations import PAUSE, campaign

C = CampaignStatus
AT = datetime(2027, 5, 10, 2, tzinfo=UTC)
HOUR = "2027-05-10T10"
OPEN = {"rules", "transition", "committee"}
COUNTED = OPEN | {"ballot", "ruling"}
ALL = COUNTED | {"result", "objection", "revocation"}
PANEL = Rules(steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL))


def filled(made: Campaign, *, more: int = 0) -> None:
    """One leaf of each kind, and `more` ballots."""
    id_ = str(made.id)
    ballot = leaves.ballot(id_, period="once", voter="ab", choices=["secret"], hour=HOUR)
    bodies = [
        ballot,
        leaves.ruling(id_, ballot=1, ruling="voided", reason="burst", hour=HOUR),
        leaves.transition(id_, verb="test", to="test", hour=HOUR),
        leaves.committee(id_, commitments={}, hour=HOUR),
        leaves.result(id_, version=1, seed=None, lines=[], hour=HOUR),
        leaves.objection(id_, reference="00", outcome=ObjectionStatus.UPHELD, hour=HOUR),
        leaves.revocation(id_, nomination="n", reason="crime", hour=HOUR),
        *[ballot] * more,
    ]
    public_log.append(made.id, bodies)
    checkpoints.write(made.id)


def shown(made: Campaign) -> set[str]:
    """The kinds whose bodies can be read."""
    lines = map(json.loads, log_reading.leaves(made.id, begin=0).splitlines())
    found = [line for line in lines if "body" in line]
    assert all(line["body"]["type"] == line["kind"] for line in found)
    return {line["kind"] for line in found}


@pytest.mark.parametrize(
    ("status", "rules", "kinds"),
    [
        (C.ASSESSING, Rules(), OPEN),
        (C.COUNTING, Rules(), OPEN),
        (C.JUDGING, Rules(), COUNTED),
        (C.JUDGING, PANEL, OPEN),
        (C.NOTICING, PANEL, ALL),
        (C.CONCLUDED, Rules(), ALL),
        (C.CANCELLED, Rules(), OPEN),
        (C.PAUSED, Rules(), OPEN),
    ],
)
def test_bodies_open_with_the_counts_and_with_the_result(
    ctx: Flask, status: CampaignStatus, rules: Rules, kinds: set[str]
) -> None:
    """Also where running counts are shown: a ballot by itself is not a count."""
    for is_hidden in (True, False):
        made = campaign(status, rules=rules, has_hidden_counts=is_hidden)
        filled(made)
        assert shown(made) == kinds


def test_a_pause_of_the_notice_does_not_close_what_was_open(ctx: Flask) -> None:
    made = campaign(C.PAUSED, **PAUSE | {"paused_from": C.NOTICING})
    filled(made)
    assert shown(made) == ALL


def test_nothing_is_read_beyond_the_checkpoint(ctx: Flask) -> None:
    """Neither a hash, so that the second of its appearance says nothing."""
    made = campaign()
    filled(made)
    public_log.append(
        made.id, [leaves.transition(str(made.id), verb="test", to="test", hour=HOUR)] * 3
    )
    assert len(log_reading.leaves(made.id, begin=0, end=100).splitlines()) == 8
    with pytest.raises(InvalidInput):
        log_reading.leaves(made.id, begin=8)
    with pytest.raises(InvalidInput):
        log_reading.inclusion(made.id, leaf=8)
    with pytest.raises(InvalidInput):
        log_reading.inclusion(made.id, leaf=1, size=9)
    with pytest.raises(InvalidInput):
        log_reading.consistency(made.id, old=1, size=9)
    checkpoints.write(made.id)
    assert len(log_reading.leaves(made.id, begin=8).splitlines()) == 3


def test_pieces_are_bounded_and_together_the_whole(ctx: Flask) -> None:
    made = campaign()
    filled(made, more=1200)
    first = log_reading.leaves(made.id, begin=0)
    rest = log_reading.leaves(made.id, begin=1000)
    indices = [json.loads(line)["index"] for line in (first + rest).splitlines()]
    assert len(first.splitlines()) == 1000
    assert indices == list(range(1208))
    assert log_reading.leaves(made.id, begin=5, end=3) == b""


def test_every_proof_verifies(ctx: Flask) -> None:
    """Over a tree that has whole tiles and leaves beside them."""
    made = campaign()
    filled(made, more=760)
    lines = log_reading.leaves(made.id, begin=0).splitlines()
    hashes = [bytes.fromhex(json.loads(line)["hash"]) for line in lines]
    size = len(hashes)

    def root(n: int) -> bytes:
        return merkle.Frontier().extended(hashes[:n])[0].root

    for within in (1, 2, 255, 256, 257, 511, 512, 700, size):
        for leaf in sorted({0, within // 3, within - 1}):
            proof = log_reading.inclusion(made.id, leaf=leaf, size=within)
            assert merkle.proves_inclusion(
                proof.hashes, leaf=hashes[leaf], index=leaf, size=within, root=root(within)
            )
        for old in sorted({0, 1, within // 2, within - 1, within}):
            proof = log_reading.consistency(made.id, old=old, size=within)
            assert merkle.proves_consistency(
                proof.hashes, old=old, size=within, old_root=root(old), root=root(within)
            )
    assert log_reading.inclusion(made.id, leaf=0).size == size
    with pytest.raises(InvalidInput):
        log_reading.consistency(made.id, old=size + 1)


def answered(response: TestResponse) -> Any:
    assert response.status_code == 200, response.text
    return response.json


def test_everybody_reads_the_log(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign()
        filled(made)
        note = checkpoints.latest(made.id).note
        key = log_reading.key(made.id)
    base = f"/campaigns/{made.id}/log"
    read = http.get(f"{base}/checkpoint")
    assert (read.status_code, read.text) == (200, note)
    assert read.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answered(http.get(f"{base}/key")) == {
        "origin": f"127.0.0.1:8000/campaigns/{made.id}",
        "algorithm": "sha256",
        "key": key.key,
        "witnesses": [],
    }
    lines = http.get(f"{base}/leaves?from=1&to=3")
    assert lines.headers["Content-Type"] == "application/jsonl"
    assert [json.loads(line)["index"] for line in lines.data.splitlines()] == [1, 2]
    assert b"secret" not in lines.data
    proof = answered(http.get(f"{base}/inclusion?leaf=2&size=4"))
    assert (proof["size"], [len(h) for h in proof["hashes"]]) == (4, [64, 64])
    proof = answered(http.get(f"{base}/consistency?from=2&to=4"))
    assert (proof["size"], [len(h) for h in proof["hashes"]]) == (4, [64])


@pytest.mark.parametrize(
    "path",
    [
        "leaves?from=8",
        "leaves?from=-1",
        "inclusion",
        "inclusion?leaf=8",
        "consistency?from=9",
        "key?x=1",
    ],
)
def test_what_is_not_there_is_refused(http: Http, rolled_back: Flask, path: str) -> None:
    with stored(rolled_back):
        made = campaign()
        filled(made)
    assert http.get(f"/campaigns/{made.id}/log/{path}").status_code == 422


def test_a_campaign_without_a_log_is_answered_by_code(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign()
    for name in ("checkpoint", "leaves", "inclusion?leaf=0", "consistency?from=0", "key"):
        refused = http.get(f"/campaigns/{made.id}/log/{name}")
        assert refused.status_code == 404
        assert refused.json is not None
        assert refused.json["code"] == "log_absent"
