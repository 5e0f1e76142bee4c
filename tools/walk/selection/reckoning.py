"""The figures of a selection, reckoned from its published rules alone.

Written without the product's arithmetic on purpose: two ways to the same number. All in
fractions, rounded once.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)

HOLIDAYS_2026 = (
    date(2026, 5, 1),
    date(2026, 5, 4),
    date(2026, 5, 5),
    date(2026, 6, 19),
)
"""Weekdays off between May and July 2026: Labour Day and the Dragon Boat Festival (the State
Council's notice of November 2025). No weekend is worked then but 9 May."""

MIN_WORKDAYS = 5
SMALL_FIELD = 5
TRIMMED_FROM = 5

Points = Mapping[str, Fraction | None]
"""Criterion to points; None where it does not apply."""


@dataclass(frozen=True)
class Judged:
    """What is reckoned of a candidate."""

    id: str
    category: str
    votes: int
    public: Fraction
    committee: Fraction
    top_marks: int
    judged_by: int
    final: Fraction

    @property
    def figures(self) -> tuple[str, str, int, int]:
        """By what equals are told apart, as it is published."""
        return text(self.final), text(self.committee), self.top_marks, self.votes


def text(value: Fraction) -> str:
    """As published: four places, a half to the even neighbour."""
    whole, rest = divmod(round(value * 10_000), 10_000)
    return f"{whole}.{rest:04d}"


def votes_of(ballots: Iterable[Sequence[str]], candidate: str) -> int:
    return sum(candidate in ballot for ballot in ballots)


def public_score(votes: Mapping[str, int], candidate: str, weight: Fraction) -> Fraction:
    """Of one among the candidates of a category: the percentile rank, in a small field the share
    in which everybody has 100 × weight more votes."""
    own = votes[candidate]
    if len(votes) >= SMALL_FIELD:
        below = sum(other < own for other in votes.values())
        equal = sum(other == own for other in votes.values()) - 1
        return 100 * (below + Fraction(equal, 2)) / (len(votes) - 1)
    prior = 100 * weight
    return 100 * (own + prior) / (sum(votes.values()) + len(votes) * prior)


def committee_score(sheets: Sequence[Points], weights: Mapping[str, int]) -> Fraction:
    """The mean of the members; of five or more without the highest and the lowest."""
    totals = []
    for points in sheets:
        given = {code: value for code, value in points.items() if value is not None}
        used = sum(weights[code] for code in given)
        totals.append(sum(weights[code] * value for code, value in given.items()) / used)
    totals.sort()
    kept = totals[1:-1] if len(totals) >= TRIMMED_FROM else totals
    return Fraction(sum(kept)) / len(kept)


def ranked(candidates: Iterable[Judged], seed: str | None) -> list[Judged]:
    """The candidates of a category, the first first; equals by the lot."""

    def key(judged: Judged) -> tuple[Fraction, Fraction, int, int, bytes]:
        final, committee, top_marks, votes = judged.figures
        drawn = hashlib.sha256(f"{seed}:{judged.id}".encode()).digest() if seed else b""
        return -Fraction(final), -Fraction(committee), -top_marks, -votes, drawn

    return sorted(candidates, key=key)


def selected(
    rankings: Iterable[Sequence[Judged]], quotas: Mapping[str, int], total: int
) -> set[str]:
    """All first places before all second ones, within the quotas of the categories and in all."""
    rows = list(rankings)
    chosen: set[str] = set()
    for place in range(max(map(len, rows))):
        turn = [row[place] for row in rows if place < min(len(row), quotas[row[0].category])]
        for judged in sorted(turn, key=lambda j: Fraction(j.figures[0]), reverse=True):
            if len(chosen) < total:
                chosen.add(judged.id)
    return chosen


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS_2026


def last_day(opens_on: date, days: int) -> date:
    """The last day of a notice: so many days, and at least five working days among them."""
    last, worked = opens_on, int(is_workday(opens_on))
    while (last - opens_on).days + 1 < days or worked < MIN_WORKDAYS:
        last += DAY
        worked += is_workday(last)
    return last
