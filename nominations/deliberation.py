"""The arithmetic of a panel: what one member's marks come to, how far members differ, and how
many must have judged. Exact; rounded only to be shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from nominations.rules import Criterion

FEWEST_JUDGES = 2
"""Whatever the quorum says: one person's mark is no panel's, and the count of a single secret
vote would show it. Ours."""

SMALLEST_PANEL = 3
"""Members who accepted, before judging opens. Ours."""

WIDE_DEVIATION = Decimal(10)
"""From this standard deviation of the totals (0 to 100) on, members are said to disagree. Ours."""

_SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Spread:
    """How the totals of several members lie, from 0 to 100; the mean leaves nothing out."""

    mean: Decimal
    lowest: Decimal
    highest: Decimal
    deviation: Decimal
    """Standard deviation of these very marks, not of a sample."""

    @property
    def range(self) -> Decimal:
        return self.highest - self.lowest

    @property
    def is_wide(self) -> bool:
        return self.deviation >= WIDE_DEVIATION


def needed(eligible: int, quorum: Fraction) -> int:
    """How many of the `eligible` members, who are not recused, must have judged a nominee."""
    return max(FEWEST_JUDGES, ceil(quorum * eligible))


def total(points: Mapping[str, Decimal | None], rubric: Sequence[Criterion]) -> Fraction | None:
    """A member's marks as one number from 0 to 100. What is not applicable carries no weight;
    None if nothing applies."""
    applied = [(c, Fraction(given)) for c in rubric if (given := points.get(c.code)) is not None]
    weight = sum((Fraction(c.weight) for c, _ in applied), Fraction(0))
    if not weight:
        return None
    earned = sum((Fraction(c.weight) * given / c.max_points for c, given in applied), Fraction(0))
    return earned * 100 / weight


def spread(totals: Sequence[Fraction]) -> Spread | None:
    """None where there is no total."""
    if not totals:
        return None
    mean = sum(totals, Fraction(0)) / len(totals)
    variance = sum(((t - mean) ** 2 for t in totals), Fraction(0)) / len(totals)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return Spread(
        mean=shown(mean),
        lowest=shown(min(totals)),
        highest=shown(max(totals)),
        deviation=root.quantize(_SHOWN, ROUND_HALF_UP),
    )


def shown(exact: Fraction) -> Decimal:
    """With two places, half up."""
    hundredths = (exact * 100 + Fraction(1, 2)).__floor__()
    return Decimal(hundredths).scaleb(-2)
