"""The arithmetic of a panel."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.deliberation import needed, shown, spread
from nominations.rules import USUAL_RUBRIC, Criterion
from nominations.scoring import member_score

TENTHS = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)


@pytest.mark.parametrize(
    ("eligible", "quorum", "wanted"),
    [(3, Fraction(2, 3), 2), (4, Fraction(2, 3), 3), (7, Fraction(2, 3), 5), (9, Fraction(1), 9)],
)
def test_a_quorum_is_rounded_up(eligible: int, quorum: Fraction, wanted: int) -> None:
    assert needed(eligible, quorum) == wanted


@pytest.mark.parametrize("eligible", [0, 1, 2])
def test_one_member_is_never_enough(eligible: int) -> None:
    assert needed(eligible, Fraction(2, 3)) == 2


def test_marks_are_weighed() -> None:
    points = {"deeds": Decimal(90), "influence": Decimal(80), "example": Decimal(70)}
    assert member_score(points, USUAL_RUBRIC) == 81


def test_what_is_not_applicable_is_not_zero() -> None:
    points = {"deeds": Decimal(90), "influence": None, "example": Decimal(70)}
    assert member_score(points, USUAL_RUBRIC) == Fraction(570, 7)
    assert member_score({"deeds": None}, USUAL_RUBRIC) is None


def test_points_of_another_scale_come_to_a_hundred() -> None:
    assert member_score({"a": Decimal("7.5")}, [Criterion("a", "甲", Decimal(100), 10)]) == 75


@given(st.lists(TENTHS, min_size=3, max_size=3))
def test_a_total_lies_among_its_points(points: list[Decimal]) -> None:
    codes = [c.code for c in USUAL_RUBRIC]
    found = member_score(dict(zip(codes, points, strict=True)), USUAL_RUBRIC)
    assert found is not None
    assert Fraction(min(points)) <= found <= Fraction(max(points))


@pytest.mark.parametrize(
    ("exact", "wanted"), [("81.4249", "81.42"), ("81.425", "81.43"), ("80", "80.00")]
)
def test_half_is_shown_rounded_up(exact: str, wanted: str) -> None:
    assert str(shown(Fraction(exact))) == wanted


def test_disagreement_is_flagged_from_the_threshold_on() -> None:
    found = spread([Fraction(70), Fraction(90)])
    assert found is not None
    assert [found.mean, found.range, found.deviation] == [Decimal(80), Decimal(20), Decimal(10)]
    assert found.is_wide
    near = spread([Fraction("70.1"), Fraction(90)])
    assert near is not None
    assert not near.is_wide
    assert spread([]) is None
