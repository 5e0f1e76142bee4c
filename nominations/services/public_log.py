"""Appending to the public log of a campaign.

Whoever does something that stands in the log calls `append` in the same transaction. It holds
the lock under which the campaign's ballots are sealed, so indices have no gaps and a leaf never
moves.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from core.db import Base, current_connection, db, lock_exclusively
from nominations import leaves, merkle, rules, suspicion
from nominations.leaves import LeafKind
from nominations.merkle import Frontier
from nominations.models.campaigns import Campaign
from nominations.models.public_log import LogLeaf, LogNode, PublicLog

_tables = Base.metadata.tables
_logs, _leaves, _nodes = (_tables[model.__tablename__] for model in (PublicLog, LogLeaf, LogNode))
_FIND = select(_logs.c.size, _logs.c.ballots, _logs.c.peaks).where(
    _logs.c.campaign_id == bindparam("campaign_id")
)
_MOVE_ON = (
    update(_logs)
    .where(_logs.c.campaign_id == bindparam("c"), _logs.c.size == bindparam("before"))
    .values(size=bindparam("size"), ballots=bindparam("ballots"), peaks=bindparam("peaks"))
)


def lock(campaign_id: UUID) -> None:
    """Let nobody else append to this log, nor seal its ballots, until the transaction ends."""
    lock_exclusively(f"tally:{campaign_id}")


def append(campaign_id: UUID, bodies: Sequence[Mapping[str, Any]]) -> int:
    """Put leaves (made by `nominations.leaves`) at the end of the log, in this order; gives the
    index of the first. A log that is not begun begins with its rules."""
    lock(campaign_id)
    log = current_connection().execute(_FIND, {"campaign_id": campaign_id}).one_or_none()
    if log is None:
        _begin(campaign_id)
        _extend(campaign_id, Frontier(), 0, [_rules_of(campaign_id)])
        log = current_connection().execute(_FIND, {"campaign_id": campaign_id}).one()
    if log.peaks is None:
        _count(campaign_id, log, bodies)
    else:
        _extend(campaign_id, Frontier(log.size, _split(log.peaks)), log.ballots, bodies)
    return int(log.size)


def frontier(campaign_id: UUID) -> Frontier | None:
    """The size and peaks of a log; None where there are no leaves."""
    log = current_connection().execute(_FIND, {"campaign_id": campaign_id}).one_or_none()
    if log is None or not log.peaks:
        return None
    return Frontier(log.size, _split(log.peaks))


def has_ballots(campaign_id: UUID) -> bool:
    """Whether a ballot stands in the log."""
    log = current_connection().execute(_FIND, {"campaign_id": campaign_id}).one_or_none()
    return log is not None and log.peaks is not None and log.ballots > 0


def ballots(campaign_id: UUID) -> int:
    """How many ballots are sealed, with leaves or without."""
    log = current_connection().execute(_FIND, {"campaign_id": campaign_id}).one_or_none()
    return 0 if log is None else int(log.ballots)


def _begin(campaign_id: UUID) -> None:
    values = {"campaign_id": campaign_id, "size": 0, "ballots": 0, "peaks": b""}
    current_connection().execute(insert(_logs), values)


def _rules_of(campaign_id: UUID) -> Mapping[str, Any]:
    campaign = db.session.get_one(Campaign, campaign_id)
    return leaves.rules(
        str(campaign_id),
        facts={
            "algorithm": merkle.ALGORITHM,
            "kind": campaign.kind,
            "period": campaign.period,
            "max_choices": campaign.max_choices,
            "max_per_category": campaign.max_per_category,
            "has_hidden_counts": campaign.has_hidden_counts,
            "suspicion": suspicion.dump(),
        },
        categories=[{"code": c.code, "name": c.name} for c in campaign.categories],
        text=rules.dump(campaign.rules),
    )


def _count(campaign_id: UUID, log: Any, bodies: Sequence[Mapping[str, Any]]) -> None:
    """In a campaign that began before there were logs: numbers without leaves."""
    _move_on(campaign_id, log.size, len(bodies), log.ballots + _ballots_in(bodies), None)


def _extend(
    campaign_id: UUID, before: Frontier, ballots: int, bodies: Sequence[Mapping[str, Any]]
) -> None:
    rows: list[dict[str, Any]] = []
    for index, body in enumerate(bodies, start=before.size):
        text = leaves.canonical(body)
        rows.append(
            {
                "campaign_id": campaign_id,
                "leaf_index": index,
                "kind": leaves.kind_of(body),
                "body": text.decode(),
                "hash": merkle.leaf_hash(text),
            }
        )
    after, completed = before.extended(row["hash"] for row in rows)
    connection = current_connection()
    if rows:
        connection.execute(insert(_leaves), rows)
    if completed:
        nodes = [
            {"campaign_id": campaign_id, "level": at.level, "node_index": at.index, "hash": hashed}
            for at, hashed in completed
        ]
        connection.execute(insert(_nodes), nodes)
    ballots += _ballots_in(bodies)
    _move_on(campaign_id, before.size, len(bodies), ballots, b"".join(after.peaks))


def _ballots_in(bodies: Sequence[Mapping[str, Any]]) -> int:
    return sum(body["type"] == LeafKind.BALLOT for body in bodies)


def _move_on(campaign_id: UUID, before: int, by: int, ballots: int, peaks: bytes | None) -> None:
    values = {
        "c": campaign_id,
        "before": before,
        "size": before + by,
        "ballots": ballots,
        "peaks": peaks,
    }
    if current_connection().execute(_MOVE_ON, values).rowcount != 1:
        raise AssertionError("the log moved although its lock was held")


def _split(peaks: bytes) -> tuple[bytes, ...]:
    width = merkle.HASH_BYTES
    return tuple(peaks[at : at + width] for at in range(0, len(peaks), width))
