"""From votes and marks to a result: exact, explained, the same for whoever computes it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Marks:
    """One member's marks for one nominee; ids as text. A criterion with None is "not
    applicable", which is not zero."""

    member: str
    nominee: str
    points: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class PanelRecord:
    """What a panel left when it closed. `members` accepted their seat. Where it voted in secret,
    `approvals` counts the votes for each nominee and `voters` who cast one for each; otherwise
    both are empty."""

    members: tuple[str, ...]
    recused: frozenset[tuple[str, str]]
    """Pairs of member and nominee."""
    marks: tuple[Marks, ...] = ()
    approvals: Mapping[str, int] | None = None
    voters: Mapping[str, int] | None = None
