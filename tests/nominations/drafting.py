"""A campaign as its office writes it down."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.permissions import Role
from core.actor import Actor
from nominations.lifecycles import BallotPeriod, HonorKind
from tests.factories.accounts import actor_of, grant, person

DAY = timedelta(days=1)
START = datetime(2026, 5, 1, tzinfo=UTC)
Body = dict[str, Any]


def plan(**facts: Any) -> dict[str, Any]:
    """Of a list without a preset, for the service."""
    return {
        "title": "许昌好人第一期",
        "kind": HonorKind.GOOD_PERSON,
        "nominations_open_at": START,
        "nominations_close_at": START + DAY,
        "assessment_open_at": START + 2 * DAY,
        "assessment_close_at": START + 3 * DAY,
        "max_choices": 10,
        "max_per_category": 2,
        "period": BallotPeriod.ONCE,
        "has_hidden_counts": True,
        **facts,
    }


def admin() -> Actor:
    return actor_of(person(), grant(Role.ADMIN))


def body(**facts: Any) -> Body:
    """The same for the route, seventy years later."""
    return {
        "title": "许昌好人第一期",
        "kind": "good_person",
        "nominations_open_at": "2096-05-01T08:00:00+08:00",
        "nominations_close_at": "2096-05-11T08:00:00+08:00",
        "assessment_open_at": "2096-05-12T08:00:00+08:00",
        "assessment_close_at": "2096-05-22T08:00:00+08:00",
        "max_choices": 10,
        "max_per_category": 2,
        "period": "daily",
        "has_hidden_counts": True,
        **facts,
    }
