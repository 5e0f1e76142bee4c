"""From scores to ranks: who stands before whom in a category, and by which rule. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from nominations.rules import TieBreaker
from nominations.scoring import Score

ZERO = Decimal(0)

Figures = tuple[Decimal, ...]
"""The final score, then the figure of each rule for ties, but the lot: higher is better."""


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's place in the category. Without a rank is who was not judged. Until the lot
    is drawn, those whom nothing else tells apart share the better rank.

    `tie_rule` is the rule that it took to tell the candidate from a neighbour of the same final
    score; None where there is none."""

    score: Score
    rank: int | None
    figures: Figures
    tie_rule: TieBreaker | None


def lot(seed: str, ids: Iterable[str]) -> list[str]:
    """The order that a seed gives: by the SHA-256 of seed, colon and id, in UTF-8. Anybody can
    draw it again, and nobody could know it before the seed."""
    return sorted(ids, key=lambda id_: drawn(seed, id_))


def drawn(seed: str | None, id_: str) -> bytes:
    """By what `lot` orders. Without a seed the order is that of the ids and decides nothing."""
    if seed is None:
        return id_.encode()
    return hashlib.sha256(f"{seed}:{id_}".encode()).digest()


def rank(
    scores: Iterable[Score], ties: Sequence[TieBreaker], seed: str | None = None
) -> list[Place]:
    """The candidates of one category, the first first, the unjudged last. The lot is the last
    resort even if the rules do not name it."""
    rules = [tie for tie in ties if tie is not TieBreaker.LOT]
    entries = [(_figures(score, rules), score) for score in scores]
    judged = sorted(
        (entry for entry in entries if entry[1].is_judged),
        key=lambda entry: (_descending(entry[0]), drawn(seed, entry[1].candidate.id)),
    )
    ordered = [figures for figures, _ in judged]
    ranks = _ranks(ordered, has_lot=seed is not None)
    used = _rules_used(ordered, [*rules, TieBreaker.LOT])
    places = [
        Place(score, number, figures, rule)
        for (figures, score), number, rule in zip(judged, ranks, used, strict=True)
    ]
    unjudged = [
        Place(score, None, figures, None) for figures, score in entries if not score.is_judged
    ]
    return places + sorted(unjudged, key=lambda place: place.score.candidate.id)


def in_turn(places: Iterable[Place], seed: str | None = None) -> list[Place]:
    """Ranked candidates of several categories in the order in which they are selected: all first
    places before all second ones, and within a place as candidates of one category."""
    ranked = [place for place in places if place.rank is not None]
    return sorted(
        ranked,
        key=lambda p: (p.rank, _descending(p.figures), drawn(seed, p.score.candidate.id)),
    )


def _figures(score: Score, rules: Sequence[TieBreaker]) -> Figures:
    known = {
        TieBreaker.COMMITTEE_SCORE: (score.committee and score.committee.score) or ZERO,
        TieBreaker.TOP_MARKS: Decimal(score.committee.top_marks if score.committee else 0),
        TieBreaker.VERIFIED_VOTES: Decimal(score.candidate.votes),
    }
    return (score.final or ZERO, *(known[rule] for rule in rules))


def _descending(figures: Figures) -> Figures:
    return tuple(-figure for figure in figures)


def _ranks(ordered: Sequence[Figures], *, has_lot: bool) -> list[int]:
    if has_lot:
        return list(range(1, len(ordered) + 1))
    ranks: list[int] = []
    for _, equals in groupby(ordered):
        ranks += [len(ranks) + 1] * len(list(equals))
    return ranks


def _rules_used(ordered: Sequence[Figures], rules: Sequence[TieBreaker]) -> list[TieBreaker | None]:
    """For each the latest rule that was needed against the one before or the one after it.
    Figure 0 is the final score, and figure n that of the n-th rule."""
    needed = [0] * len(ordered)
    for n, (one, other) in enumerate(pairwise(ordered)):
        equal = 0
        while equal < len(one) and one[equal] == other[equal]:
            equal += 1
        needed[n] = max(needed[n], equal)
        needed[n + 1] = equal
    return [rules[at - 1] if at else None for at in needed]
