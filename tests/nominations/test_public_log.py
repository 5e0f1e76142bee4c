"""Appending to the public log: contiguous, in order, and the tree that belongs to it."""

import json
import runpy
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from core import clock
from core.db import db
from nominations import leaves, merkle
from nominations.leaves import Body, LeafKind
from nominations.lifecycles import CampaignStatus
from nominations.models.ballots import Ballot
from nominations.models.public_log import LogLeaf, LogNode, PublicLog
from nominations.models.tally import SealedBallot
from nominations.services import public_log
from tests.factories.accounts import people
from tests.factories.nominations import campaign, candidates
from tools.processes import ROOT

HOUR = "2026-11-24T23"


def rulings(campaign_id: UUID, count: int) -> list[Body]:
    return [
        leaves.ruling(str(campaign_id), ballot=n, ruling="voided", reason="burst", hour=HOUR)
        for n in range(count)
    ]


def kept(campaign_id: UUID) -> list[LogLeaf]:
    query = select(LogLeaf).where(LogLeaf.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(LogLeaf.leaf_index)))


def test_a_log_begins_with_the_whole_rules(ctx: Flask) -> None:
    made = campaign(max_choices=7)
    assert public_log.append(made.id, rulings(made.id, 2)) == 1
    stored = kept(made.id)
    assert [leaf.kind for leaf in stored] == [LeafKind.RULES, LeafKind.RULING, LeafKind.RULING]
    rules = json.loads(stored[0].body)
    assert (rules["max_choices"], rules["algorithm"], rules["format"]) == (7, "sha256", 1)
    assert (rules["rules"]["public_weight"], rules["rules"]["quorum"]) == ("0.3", "2/3")
    assert rules["categories"][0]["code"] == "helping_others"


def test_batches_follow_one_another_and_the_frontier_is_that_of_the_leaves(ctx: Flask) -> None:
    made, other = campaign(), campaign()
    firsts = [public_log.append(made.id, rulings(made.id, n)) for n in (1, 300, 299)]
    assert public_log.append(other.id, rulings(other.id, 1)) == 1
    assert firsts == [1, 2, 302]
    stored = kept(made.id)
    assert [leaf.leaf_index for leaf in stored] == list(range(601))
    assert all(leaf.hash == merkle.leaf_hash(leaf.body.encode()) for leaf in stored)
    whole, completed = merkle.Frontier().extended(leaf.hash for leaf in stored)
    log = db.session.get_one(PublicLog, made.id)
    assert (log.size, log.ballots, log.peaks) == (601, 0, b"".join(whole.peaks))
    nodes = db.session.scalars(select(LogNode).order_by(LogNode.node_index)).all()
    assert [(n.level, n.node_index, n.hash) for n in nodes] == [
        (at.level, at.index, hashed) for at, hashed in completed
    ]
    assert len(nodes) == 2


def test_ballots_are_counted_apart_from_other_leaves(ctx: Flask) -> None:
    made = campaign()
    cast = leaves.ballot(str(made.id), period="once", voter="ab", choices=[], hour=HOUR)
    public_log.append(made.id, [cast, *rulings(made.id, 1), cast])
    assert db.session.get_one(PublicLog, made.id).ballots == 2


def test_nothing_is_appended_by_nothing(ctx: Flask) -> None:
    made = campaign()
    public_log.append(made.id, rulings(made.id, 1))
    assert public_log.append(made.id, []) == 2
    assert public_log.append(made.id, rulings(made.id, 1)) == 2


def test_a_campaign_that_began_before_there_were_logs_has_numbers_alone(ctx: Flask) -> None:
    made = campaign()
    values = {"campaign_id": made.id, "size": 5, "ballots": 5, "peaks": None}
    db.session.execute(insert(PublicLog).values(values))
    assert public_log.append(made.id, rulings(made.id, 2)) == 5
    assert public_log.append(made.id, rulings(made.id, 1)) == 7
    assert kept(made.id) == []


def test_a_leaf_of_unknown_kind_is_refused(ctx: Flask) -> None:
    made = campaign()
    with pytest.raises(ValueError, match="gossip"):
        public_log.append(made.id, [{"type": "gossip"}])


def test_campaigns_that_were_assessed_before_the_log_came_begin_without_one(ctx: Flask) -> None:
    """By what the migration wrote for each."""
    script = ROOT / "migrations" / "versions" / "0028_the_public_log.py"
    migration = runpy.run_path(str(script))
    states = {status: campaign(status) for status in CampaignStatus}
    sealed = campaign(CampaignStatus.CONCLUDED)
    (chosen,) = candidates(sealed, 1)
    for n, voter in enumerate(people(3)):
        cast = Ballot(
            campaign_id=sealed.id,
            voter_id=voter.id,
            period="once",
            revision=1,
            choices=[str(chosen)],
            cast_at=clock.now(),
        )
        db.session.add(cast)
        db.session.flush()
        db.session.add(SealedBallot(campaign_id=sealed.id, leaf_index=n, ballot_id=cast.id))
    db.session.flush()
    db.session.execute(text(migration["BEGUN_WITHOUT"]))
    logs = {log.campaign_id: log for log in db.session.scalars(select(PublicLog))}
    kept = {status for status, made in states.items() if made.id not in logs}
    assert kept == {
        CampaignStatus.DRAFT,
        CampaignStatus.ANNOUNCED,
        CampaignStatus.NOMINATING,
        CampaignStatus.REVIEWING,
    }
    assert all(log.peaks is None for log in logs.values())
    assert (logs[sealed.id].size, logs[sealed.id].ballots) == (3, 3)
