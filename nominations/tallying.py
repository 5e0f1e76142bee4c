"""Folding ballots into counts: the arithmetic of sealing and of every recount. Pure.

Within a period the highest revision of a voter's ballot counts, in whatever order ballots
arrive. Sealing folds a batch onto what was counted before; a recount folds all onto nothing, one
slot after the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Cast:
    """One ballot; ids as text. `choices` are nominations, each at most once."""

    id: str
    voter: str
    period: str
    revision: int
    choices: tuple[str, ...]


Slot = tuple[str, str]
"""A voter and a period: within it one ballot counts."""


@dataclass(frozen=True, slots=True)
class Fold:
    """`counted` are the ballots that now count where they did not before; `changes` are votes
    gained or lost by a nomination, without zeros."""

    counted: Mapping[Slot, Cast] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)


def fold(ballots: Iterable[Cast], before: Mapping[Slot, Cast]) -> Fold:
    """What `ballots` change, given the ballots counted `before` in their slots.

    A revision that is not higher than the counted one changes nothing, so folding the same
    ballots twice is the same as once.
    """
    counted: dict[Slot, Cast] = {}
    changes: Counter[str] = Counter()
    for ballot in ballots:
        slot = (ballot.voter, ballot.period)
        present = counted.get(slot) or before.get(slot)
        if present is not None:
            if ballot.revision <= present.revision:
                continue
            changes.subtract(present.choices)
        changes.update(ballot.choices)
        counted[slot] = ballot
    return Fold(counted, {nomination: n for nomination, n in changes.items() if n})


def count_all(ballots: Iterable[Cast]) -> Mapping[str, int]:
    """The votes of all `ballots`, without zeros; those of a slot must come one after the other,
    so that no more than one slot is held in memory."""
    votes: Counter[str] = Counter()
    for _, of_slot in groupby(ballots, key=lambda ballot: (ballot.voter, ballot.period)):
        votes.update(max(of_slot, key=lambda ballot: ballot.revision).choices)
    return votes
