"""Distances on the ground, and which side of the fence somebody is."""

import pytest

from volunteer.geofence import Fence, Finding, Position, distance_m, judge

SQUARE = (34.0357, 113.8526)
"""Somewhere in Xuchang."""
METRE = 1 / 111_195
"""Degrees of latitude."""


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (SQUARE, SQUARE, 0),
        ((0.0, 0.0), (0.0, 1.0), 111_195),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_087),
        ((39.9042, 116.4074), (34.0357, 113.8526), 691_400),
    ],
)
def test_a_distance(one: tuple[float, float], other: tuple[float, float], metres: int) -> None:
    assert distance_m(*one, *other) == pytest.approx(metres, abs=max(1, metres // 1000))


@pytest.mark.parametrize(
    ("metres", "accuracy", "is_inside"),
    [
        (0, 0, True),
        (199, 0, True),
        (201, 0, False),
        (249, 50, True),
        (251, 50, False),
        (299, 5000, True),
        (301, 5000, False),
    ],
)
def test_the_fence_with_the_allowance_for_a_bad_signal(
    metres: int, accuracy: float, is_inside: bool
) -> None:
    latitude, longitude = SQUARE
    position = Position(latitude + metres * METRE, longitude, accuracy)
    finding = judge(position, Fence(latitude, longitude, 200))
    assert finding == Finding(metres, is_inside)


def test_a_place_without_a_radius_tells_the_distance_only() -> None:
    assert judge(Position(*SQUARE), Fence(*SQUARE)) == Finding(0, None)
