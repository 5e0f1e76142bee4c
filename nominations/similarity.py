"""How much two nominations look like the same nominee. Pure.

Chinese is written without spaces, so a long text is compared by its pairs of neighbouring
characters: whole sentences in another order change nothing. Of the 105 pairs of different texts
in the demo the most alike share 18 of 100 of them; a text with every fifth character replaced
keeps 66.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.deferred import Deferred
from nominations.lifecycles import NomineeKind

fuzz = Deferred("rapidfuzz.fuzz")

CERTAIN = 100
"""Only the same ID number gives it; two reasons together stay below."""

NAME_IN_COUNTY = 80
NAME_ELSEWHERE = 50
"""Chinese names are few: in another county the same one is seldom the same person."""

LIKE_NAMES_FROM = 80
"""Of 100. Only for names of groups, families and units: in a name of two or three characters
one character makes somebody else."""

LIKE_SUMMARIES_FROM = 55
LIKE_DEEDS_FROM = 40
SECOND_REASON = 10
"""What each further reason adds."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is compared. `county` tells counties apart; `id_number_index` is the blind index."""

    name: str
    kind: NomineeKind
    county: str
    id_number_index: bytes | None
    summary: str
    deeds: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 1 to 100, with its reasons in Chinese, the strongest first."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        return self.score == CERTAIN


def compare(one: Case, other: Case) -> Likeness | None:
    """None where nothing speaks for the same nominee. Two different ID numbers rule out that one
    person is the other, whatever the names; then only a copied text is told."""
    known = one.id_number_index, other.id_number_index
    found = sorted(_texts(one, other), reverse=True)
    if known[0] is not None and known[0] == known[1]:
        return Likeness(CERTAIN, ("身份证号码相同", *(reason for _, reason in found)))
    if None in known:
        found = sorted([*found, *_names(one, other)], reverse=True)
    if not found:
        return None
    score = found[0][0] + SECOND_REASON * (len(found) - 1)
    return Likeness(min(score, CERTAIN - 1), tuple(reason for _, reason in found))


def normalized(name: str) -> str:
    """Only letters and digits, in their usual width and in lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _names(one: Case, other: Case) -> Iterable[tuple[int, str]]:
    names = normalized(one.name), normalized(other.name)
    is_near = one.county == other.county
    where = "同一县（市、区）" if is_near else "不同县（市、区）"
    most = NAME_IN_COUNTY if is_near else NAME_ELSEWHERE
    if names[0] == names[1] != "":
        yield most, f"名称相同，{where}"
    elif NomineeKind.PERSON not in (one.kind, other.kind):
        likeness = fuzz.ratio(*names)
        if likeness >= LIKE_NAMES_FROM:
            yield int(most * likeness / 100), f"名称相近，{where}"


def _texts(one: Case, other: Case) -> Iterable[tuple[int, str]]:
    summaries = _share(one.summary, other.summary)
    if summaries >= LIKE_SUMMARIES_FROM:
        yield summaries, f"简介相似（{summaries}%）"
    deeds = _share(_pairs(one.deeds), _pairs(other.deeds))
    if deeds >= LIKE_DEEDS_FROM:
        yield deeds, f"事迹相似（{deeds}%）"


def _share(one: Sequence[str], other: Sequence[str]) -> int:
    """Of 100; of nothing nothing is shared."""
    return int(fuzz.ratio(one, other)) if one and other else 0


def _pairs(text: str) -> list[str]:
    """Sorted, so that what two texts share is what their sequences share."""
    kept = normalized(text)
    return sorted(kept[i : i + 2] for i in range(len(kept) - 1))
