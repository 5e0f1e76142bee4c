"""How far somebody is from the place of an activity. Pure.

Positions are gcj02, as WeChat gives them, and are used here only: what is kept of one is the
finding.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_000
LARGEST_ALLOWANCE_M = 100
"""A phone says how accurate its position is; no more than this is held in its favour, so that
nobody gets in by claiming a bad signal."""


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees; `accuracy` is the radius in metres within which the phone says it is."""

    latitude: float
    longitude: float
    accuracy: float = 0.0


@dataclass(frozen=True, slots=True)
class Fence:
    """The place of an activity, and the radius in metres within which people are there."""

    latitude: float
    longitude: float
    radius: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    distance_m: int
    is_inside: bool | None
    """None where the activity has a place without a radius."""


def judge(position: Position, fence: Fence) -> Finding:
    """Where a position lies by the fence. Its edge is inside."""
    distance = distance_m(position.latitude, position.longitude, fence.latitude, fence.longitude)
    if fence.radius is None:
        return Finding(round(distance), None)
    allowance = min(position.accuracy, LARGEST_ALLOWANCE_M)
    return Finding(round(distance), distance <= fence.radius + allowance)


def distance_m(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Metres along the surface between two points in degrees (haversine)."""
    phi, to_phi = radians(latitude), radians(to_latitude)
    half = sin((to_phi - phi) / 2) ** 2
    half += cos(phi) * cos(to_phi) * sin(radians(to_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))
