"""From ranks to the selected, within the quotas that the rules plan. Pure.

Candidates take their turn in one order: all first places of the categories, then all second
places, and so on; within a place the higher final score, and equals by the campaign's rules for
ties. Whoever's turn it is is selected if there is room in the category, in the county or channel,
and in all; otherwise the turn goes on, and nobody who was selected is put back. So when the total
binds, every category has its first before any has its second, and when a county's quota binds,
the better placed of its candidates are in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from nominations.ranking import Place, in_turn
from nominations.rules import Quota


class Bar(StrEnum):
    """Why a candidate is not selected; the first that applies."""

    UNJUDGED = "unjudged"
    """Too few of the panel judged: the office decides, with a published reason."""
    CATEGORY = "category"
    PLACE = "place"
    """The quota of the county or channel is used up."""
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Selection:
    """`barred` maps everybody who is not selected to why not. While `needs_lot`, equals are told
    apart by nothing, and the selection among them is provisional."""

    selected: frozenset[str]
    barred: Mapping[str, Bar]
    needs_lot: bool


def select(places: Sequence[Place], quota: Quota, seed: str | None = None) -> Selection:
    """`places` are those of all categories."""
    turns = in_turn(places, seed)
    room = _Room(quota)
    barred = {p.score.candidate.id: Bar.UNJUDGED for p in places if p.rank is None}
    selected = set()
    for place in turns:
        candidate = place.score.candidate
        bar = room.bar(candidate.category, candidate.place)
        if bar is None:
            room.take(candidate.category, candidate.place)
            selected.add(candidate.id)
        else:
            barred[candidate.id] = bar
    is_open = seed is None and len(selected) < len(turns) and _has_equals(turns, quota)
    return Selection(frozenset(selected), barred, is_open)


class _Room:
    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._taken: Counter[tuple[str, str]] = Counter()
        self._total = 0

    def bar(self, category: str, place: str | None) -> Bar | None:
        quota, taken = self._quota, self._taken
        if _is_full(quota.by_category.get(category), taken["category", category]):
            return Bar.CATEGORY
        if place is not None and _is_full(quota.by_place.get(place), taken["place", place]):
            return Bar.PLACE
        return Bar.TOTAL if _is_full(quota.total, self._total) else None

    def take(self, category: str, place: str | None) -> None:
        self._taken["category", category] += 1
        self._total += 1
        if place is not None:
            self._taken["place", place] += 1


def _is_full(limit: int | None, taken: int) -> bool:
    return limit is not None and taken >= limit


def _has_equals(turns: Iterable[Place], quota: Quota) -> bool:
    """Whether only a lot tells some apart: in a category, whose next in line it decides too; or
    at the same place of two categories, where they compete for one quota."""
    compete = quota.total is not None or bool(quota.by_place)
    categories_of: dict[object, list[str]] = {}
    for place in turns:
        key = (place.rank, place.figures)
        categories_of.setdefault(key, []).append(place.score.candidate.category)
    return any(
        one == other or compete
        for categories in categories_of.values()
        for one, other in pairwise(sorted(categories))
    )
