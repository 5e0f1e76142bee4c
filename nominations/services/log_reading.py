"""The public log as everybody may read it: up to its latest checkpoint, without signing in.

Hashes are always public, so that anybody can watch the log grow. Ballots and rulings are opened
when the counts are final, results and what follows them when the result is published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from core.errors import InvalidInput
from core.signed_notes import signer
from nominations import merkle
from nominations.leaves import LeafKind
from nominations.merkle import TILE_LEVELS, Range, Subtree
from nominations.models.campaigns import Campaign
from nominations.models.public_log import LogLeaf, LogNode
from nominations.services import campaigns, checkpoints, tally
from nominations.services.result_views import PUBLISHED

MOST_LEAVES = 1000
"""In one answer."""

ALWAYS_OPEN = frozenset({LeafKind.RULES, LeafKind.TRANSITION, LeafKind.COMMITTEE})
OPEN_WITH_COUNTS = frozenset({LeafKind.BALLOT, LeafKind.RULING})


@dataclass(frozen=True, slots=True)
class Proof:
    """Hashes in the order in which RFC 9162 takes them."""

    size: int
    hashes: Sequence[bytes]

    @property
    def in_hex(self) -> Sequence[str]:
        return [hashed.hex() for hashed in self.hashes]


@dataclass(frozen=True, slots=True)
class LogKey:
    """How to check a campaign's log; keys in the form of C2SP vkeys."""

    origin: str
    algorithm: str
    key: str
    witnesses: Sequence[str]


def checkpoint(campaign_id: UUID) -> str:
    """The latest signed note. Raises NotFound, LogAbsent."""
    return checkpoints.latest(campaign_id).note


def key(campaign_id: UUID) -> LogKey:
    """Raises NotFound, LogAbsent."""
    checkpoints.latest(campaign_id)
    origin = checkpoints.origin(campaign_id)
    return LogKey(
        origin=origin,
        algorithm=merkle.ALGORITHM,
        key=str(signer().key(origin)),
        witnesses=[str(witness) for witness in signer().witnesses],
    )


def leaves(campaign_id: UUID, *, begin: int, end: int | None = None) -> bytes:
    """Leaves from `begin` up to and without `end`, as JSON Lines: index, kind, hash, and the body
    if it is open. At most MOST_LEAVES at once; none beyond the latest checkpoint.

    Raises NotFound, LogAbsent, InvalidInput."""
    campaign = campaigns.get_public(campaign_id)
    size = checkpoints.latest(campaign_id).size
    if begin >= size:
        raise InvalidInput.at("from", f"日志目前只有 {size} 条")
    last = min(size, begin + MOST_LEAVES, size if end is None else end)
    opened = _opened(campaign)
    rows = db.session.execute(
        select(LogLeaf.leaf_index, LogLeaf.kind, LogLeaf.hash, LogLeaf.body)
        .where(
            LogLeaf.campaign_id == campaign_id,
            LogLeaf.leaf_index >= begin,
            LogLeaf.leaf_index < last,
        )
        .order_by(LogLeaf.leaf_index)
    )
    lines = []
    for index, kind, hashed, body in rows:
        shown = f',"body":{body}' if kind in opened else ""
        lines.append(f'{{"index":{index},"kind":"{kind}","hash":"{hashed.hex()}"{shown}}}\n')
    return "".join(lines).encode()


def _opened(campaign: Campaign) -> frozenset[LeafKind]:
    """The kinds whose bodies everybody may read now."""
    if (campaign.paused_from or campaign.status) in PUBLISHED:
        return frozenset(LeafKind)
    if tally.are_final(campaign):
        return ALWAYS_OPEN | OPEN_WITH_COUNTS
    return ALWAYS_OPEN


def inclusion(campaign_id: UUID, *, leaf: int, size: int | None = None) -> Proof:
    """That a leaf stands in the tree of `size` leaves, else in that of the latest checkpoint.
    Raises NotFound, LogAbsent, InvalidInput."""
    within = _size(campaign_id, size, "size")
    if leaf >= within:
        raise InvalidInput.at("leaf", f"日志中没有第 {leaf} 条")
    return Proof(within, _hashes(campaign_id, merkle.inclusion(leaf, within)))


def consistency(campaign_id: UUID, *, old: int, size: int | None = None) -> Proof:
    """That the tree of `old` leaves is the beginning of a later one. Raises as `inclusion`."""
    within = _size(campaign_id, size, "to")
    if old > within:
        raise InvalidInput.at("from", "起始长度不能超过日志长度")
    return Proof(within, _hashes(campaign_id, merkle.consistency(old, within)))


def _size(campaign_id: UUID, asked: int | None, name: str) -> int:
    size = checkpoints.latest(campaign_id).size
    if asked is not None and asked > size:
        raise InvalidInput.at(name, f"日志目前只有 {size} 条")
    return size if asked is None else asked


def _hashes(campaign_id: UUID, ranges: Sequence[Range]) -> list[bytes]:
    """The hash of each range, from the kept roots of whole tiles and the leaves beside them."""
    parts = [list(merkle.subtrees(of)) for of in ranges]
    roots = _roots(campaign_id, [part for of in parts for part in of])
    return [merkle.joined([roots[part] for part in of]) for of in parts]


def _roots(campaign_id: UUID, wanted: Iterable[Subtree]) -> dict[Subtree, bytes]:
    """Of complete subtrees, each from the hashes of the level that is kept at or below it."""
    by_level: dict[int, list[Subtree]] = {}
    for subtree in wanted:
        by_level.setdefault(subtree.level - subtree.level % TILE_LEVELS, []).append(subtree)
    found = {}
    for level, subtrees in by_level.items():
        spans = {s: _span(s, level) for s in subtrees}
        kept = _kept(campaign_id, level, spans.values())
        for subtree, span in spans.items():
            parts = [kept[index] for index in range(span.begin, span.end)]
            found[subtree] = merkle.Frontier().extended(parts)[0].root
    return found


def _span(of: Subtree, level: int) -> Range:
    """The subtrees of a lower level that make it up."""
    width = of.level - level
    return Range(of.index << width, (of.index + 1) << width)


def _kept(campaign_id: UUID, level: int, spans: Iterable[Range]) -> Mapping[int, bytes]:
    """A query for each run of neighbours, of which there are two at a level: in one query with OR
    SQLite reads the whole log."""
    place, hashed = LogLeaf.leaf_index, LogLeaf.hash
    of_it = LogLeaf.campaign_id == campaign_id
    if level:
        place, hashed = LogNode.node_index, LogNode.hash
        of_it = and_(LogNode.campaign_id == campaign_id, LogNode.level == level)
    found: dict[int, bytes] = {}
    for run in _runs(spans):
        within = select(place, hashed).where(of_it, place >= run.begin, place < run.end)
        found.update((row[0], row[1]) for row in db.session.execute(within))
    return found


def _runs(spans: Iterable[Range]) -> list[Range]:
    """Neighbours joined, in their order."""
    joined: list[Range] = []
    for span in sorted(spans, key=lambda span: span.begin):
        if joined and joined[-1].end == span.begin:
            joined[-1] = Range(joined[-1].begin, span.end)
        else:
            joined.append(span)
    return joined
