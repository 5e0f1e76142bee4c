"""Counting again from the public log itself, as anybody will: what it says, and that it says it.

Reads only, and holds neither all leaves nor all voters in memory.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Result, and_, select

from core.db import allow_long_statements, db
from nominations import merkle
from nominations.leaves import LeafKind
from nominations.merkle import Frontier, Subtree
from nominations.models.ballots import Ballot
from nominations.models.public_log import Checkpoint, LogLeaf, LogNode, PublicLog
from nominations.models.tally import SealedBallot, TallyCount
from nominations.services import public_log

RULED_OUT = ("quarantined", "voided")

_STREAMED = 2000


@dataclass(frozen=True, slots=True)
class LogRecount:
    """`faults` say what is not as it was appended; `differences` map a nomination to its votes
    (kept, by the log). Right is: none of either."""

    campaign_id: UUID
    faults: Sequence[str]
    differences: Mapping[str, tuple[int, int]]

    @property
    def is_right(self) -> bool:
        return not self.faults and not self.differences


def logged() -> list[UUID]:
    """Campaigns that have a log."""
    return list(
        db.session.scalars(select(PublicLog.campaign_id).where(PublicLog.peaks.is_not(None)))
    )


def recount(campaign_id: UUID) -> LogRecount:
    """Build the tree again and compare it with its kept nodes and every checkpoint, then fold
    the ballots of the log and compare with the counts. Sealing waits meanwhile."""
    allow_long_statements()
    public_log.lock(campaign_id)
    faults = _faults_of_tree(campaign_id)
    votes, altered = _fold(campaign_id)
    faults += [f"leaf {index} is not what was cast" for index in altered]
    kept = {
        str(row.nomination_id): row.votes
        for row in db.session.execute(
            select(TallyCount.nomination_id, TallyCount.votes).where(
                TallyCount.campaign_id == campaign_id
            )
        )
    }
    differences = {
        nomination: (kept.get(nomination, 0), votes[nomination])
        for nomination in kept.keys() | votes.keys()
        if kept.get(nomination, 0) != votes[nomination]
    }
    return LogRecount(campaign_id, faults, differences)


def _faults_of_tree(campaign_id: UUID) -> list[str]:
    log = db.session.get_one(PublicLog, campaign_id, populate_existing=True)
    signed = select(Checkpoint.size, Checkpoint.root).where(Checkpoint.campaign_id == campaign_id)
    roots = {row.size: row.root for row in db.session.execute(signed)}
    faults: list[str] = []
    completed: dict[Subtree, bytes] = {}
    tree, ballots = Frontier(), 0
    with _leaves(campaign_id) as leaves:
        for leaf in leaves:
            if leaf.leaf_index != tree.size:
                return [*faults, f"leaf {tree.size} is missing"]
            hashed = merkle.leaf_hash(leaf.body.encode())
            if hashed != leaf.hash:
                faults.append(f"leaf {leaf.leaf_index} is not what was hashed")
            ballots += leaf.kind is LeafKind.BALLOT
            tree, new = tree.extended([hashed])
            completed.update(new)
            root = roots.pop(tree.size, None)
            if root is not None and root != tree.root:
                faults.append(f"checkpoint {tree.size} signed another root")
    faults += [f"checkpoint {size} is beyond the log" for size in sorted(roots)]
    if (log.size, log.ballots, log.peaks) != (tree.size, ballots, b"".join(tree.peaks)):
        faults.append("the frontier is not that of the leaves")
    if _nodes(campaign_id) != completed:
        faults.append("the kept nodes are not those of the leaves")
    return faults


def _leaves(campaign_id: UUID) -> Result[Any]:
    return db.session.execute(
        select(LogLeaf.leaf_index, LogLeaf.kind, LogLeaf.hash, LogLeaf.body)
        .where(LogLeaf.campaign_id == campaign_id)
        .order_by(LogLeaf.leaf_index)
        .execution_options(yield_per=_STREAMED)
    )


def _nodes(campaign_id: UUID) -> dict[Subtree, bytes]:
    query = select(LogNode.level, LogNode.node_index, LogNode.hash)
    rows = db.session.execute(query.where(LogNode.campaign_id == campaign_id))
    return {Subtree(level, index): hashed for level, index, hashed in rows}


def _fold(campaign_id: UUID) -> tuple[Counter[str], list[int]]:
    """The votes by the leaves, and the leaves that say something else than the ballot does. Of a
    voter and period the last leaf counts, unless it is ruled out."""
    ruled = _rulings(campaign_id)
    altered: list[int] = []
    votes: Counter[str] = Counter()
    for _, of_slot in groupby(_pairs(campaign_id), key=lambda row: (row.voter_id, row.period)):
        name, last, choices = None, -1, []
        for row in of_slot:
            said = json.loads(row.body)
            name = name or said["voter"]
            if (said["voter"], said["period"], said["choices"]) != (name, row.period, row.choices):
                altered.append(row.leaf_index)
            if row.leaf_index > last:
                last, choices = row.leaf_index, said["choices"]
        if ruled.get(last) not in RULED_OUT:
            votes.update(choices)
    return votes, altered


def _pairs(campaign_id: UUID) -> Iterator[Any]:
    """Ballots with their leaves, those of a voter and period together."""
    query = (
        select(Ballot.voter_id, Ballot.period, Ballot.choices, LogLeaf.leaf_index, LogLeaf.body)
        .join(SealedBallot, SealedBallot.ballot_id == Ballot.id)
        .join(
            LogLeaf,
            and_(
                LogLeaf.campaign_id == SealedBallot.campaign_id,
                LogLeaf.leaf_index == SealedBallot.leaf_index,
            ),
        )
        .where(Ballot.campaign_id == campaign_id)
        .order_by(Ballot.voter_id, Ballot.period)
        .execution_options(yield_per=_STREAMED)
    )
    yield from db.session.execute(query)


def _rulings(campaign_id: UUID) -> dict[int, str]:
    """The last ruling on each ballot, by the index of its leaf."""
    query = select(LogLeaf.body).where(
        LogLeaf.campaign_id == campaign_id, LogLeaf.kind == LeafKind.RULING
    )
    found = map(json.loads, db.session.scalars(query.order_by(LogLeaf.leaf_index)))
    return {said["ballot"]: said["ruling"] for said in found}
