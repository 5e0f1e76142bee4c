"""One-time subscriptions: what was accepted once is sent once, however many send."""

from functools import partial

import pytest
from flask import Flask

from accounts.models.subscriptions import SubscriptionQuota
from accounts.services import subscriptions
from core.db import atomically, db
from tests.conftest import stored
from tests.factories.accounts import actor_of, person
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race
TEMPLATE = "seat_confirmed"


def test_two_senders_and_more_share_one_quota(committed: Flask) -> None:
    with stored(committed):
        someone = person()
        subscriptions.accept(actor_of(someone), accepted=[TEMPLATE])
    taken = rush(committed, [partial(subscriptions.take, someone.id, TEMPLATE)] * 8)
    assert sorted(taken) == [False] * 7 + [True]


def test_without_the_guard_both_send(committed: Flask) -> None:
    """Negative control: reading the quota, then sending."""
    with stored(committed):
        someone = person()
        subscriptions.accept(actor_of(someone), accepted=[TEMPLATE])

    def has_quota() -> bool:
        return db.session.get_one(SubscriptionQuota, (someone.id, TEMPLATE)).remaining > 0

    assert naive_rush(committed, 2, has_quota, lambda: None) == 2


def test_acceptances_at_the_same_moment_all_count(committed: Flask) -> None:
    with stored(committed):
        someone = person()
    accept = partial(subscriptions.accept, actor_of(someone), accepted=[TEMPLATE])
    assert not [o for o in rush(committed, [accept] * 8) if isinstance(o, Exception)]

    def remaining() -> int:
        return db.session.get_one(SubscriptionQuota, (someone.id, TEMPLATE)).remaining

    with committed.app_context():
        assert atomically(committed, remaining, write=False) == 8
