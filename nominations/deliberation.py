"""The arithmetic of a panel: how many must have judged, and how far members differ. Exact; rounded
only to be shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

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
