"""Clues of a day, supports, and merging: many hands on one case."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.db import atomically, db
from core.errors import WrongState
from core.wechat import TextVerdict
from nominations.errors import CluesTooMany
from nominations.lifecycles import CampaignStatus, NominationStatus, NomineeKind
from nominations.models.clues import Clue, ClueSource
from nominations.models.nominations import Nomination
from nominations.models.supports import Support
from nominations.services import clues, merging, screenings, supports
from tests.conftest import stored
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race

WORDS = "她每天给同楼的三位独居老人送饭，已经坚持了六年，邻居们都知道，大家想推荐她。"
SAME = "同一人由两位市民推荐"


def read(app: Flask, find: Any) -> Any:
    with app.app_context():
        return atomically(app, find, write=False)


def cases(app: Flask, number: int) -> tuple[list[UUID], list[Actor]]:
    """So many nominations of one campaign, and two reviewers over them."""
    with stored(app):
        of = make.campaign(CampaignStatus.REVIEWING)
        ids = [make.nomination(of, consented_at=clock.now()).id for _ in range(number)]
        office = [actor_of(person(), grant(Role.REVIEWER, over=site("411002"))) for _ in range(2)]
        return ids, office


def is_counted_right(app: Flask, *ids: UUID) -> bool:
    def compare() -> bool:
        rows = select(func.count()).where(Support.nomination_id == Nomination.id)
        query = select(Nomination.supports_count, rows.scalar_subquery())
        found = db.session.execute(query.where(Nomination.id.in_(ids)))
        return all(kept == counted for kept, counted in found)

    return bool(read(app, compare))


def points_to(app: Flask, *ids: UUID) -> list[UUID | None]:
    return [
        read(app, lambda one=one: db.session.get_one(Nomination, one).merged_into_id) for one in ids
    ]


# Clues


def test_of_fourteen_clues_at_once_ten_are_taken(committed: Flask) -> None:
    with stored(committed):
        of, giver = make.campaign(CampaignStatus.NOMINATING).id, actor_of(person())
        place = site().id
    facts = {"nominee_name": "李桂兰", "site_id": place, "text": WORDS}
    give = partial(clues.give, giver, of, verdict=TextVerdict.PASS, **facts)
    outcomes = rush(committed, [give] * 14)
    assert sum(isinstance(o, Clue) for o in outcomes) == clues.MOST_A_DAY
    assert sum(isinstance(o, CluesTooMany) for o in outcomes) == 4


def test_without_the_lock_more_are_taken(committed: Flask) -> None:
    """Negative control: counting, then storing."""
    with stored(committed):
        of, giver = make.campaign(CampaignStatus.NOMINATING).id, actor_of(person())
        place = site().id
        facts: dict[str, Any] = {"nominee_name": "李桂兰", "site_id": place, "text": WORDS}
        for _ in range(clues.MOST_A_DAY - 1):
            clues.give(giver, of, verdict=TextVerdict.PASS, **facts)

    def may() -> bool:
        given = select(func.count()).where(Clue.giver_id == giver.id)
        return db.session.execute(given).scalar_one() < clues.MOST_A_DAY

    def store() -> None:
        clues._store(
            giver,
            "give",
            campaign_id=of,
            source=ClueSource.APP,
            giver_id=giver.id,
            text_verdict=TextVerdict.PASS,
            **facts,
        )

    assert naive_rush(committed, 6, may, store) > 1


def test_a_clue_ends_once(committed: Flask) -> None:
    with stored(committed):
        of, place = make.campaign(CampaignStatus.NOMINATING).id, site().id
        facts: dict[str, Any] = {"nominee_name": "李桂兰", "site_id": place, "text": WORDS}
        clue = clues.give(actor_of(person()), of, verdict=TextVerdict.PASS, **facts).id
        office = actor_of(person(), grant(Role.REVIEWER, over=site("411002")))
    outcomes = rush(
        committed,
        [
            *[partial(clues.answer, office, clue, text="谢谢您")] * 3,
            *[
                partial(
                    clues.complete,
                    office,
                    clue,
                    category_code="helping_others",
                    nominee_kind=NomineeKind.PERSON,
                )
            ]
            * 3,
        ],
    )
    assert sum(isinstance(o, Clue) for o in outcomes) == 1
    assert sum(isinstance(o, WrongState) for o in outcomes) == 5
    made = read(committed, lambda: db.session.scalar(select(func.count()).select_from(Nomination)))
    assert made == sum(isinstance(o, Clue) and o.nomination_id is not None for o in outcomes)


# Supports


def test_supports_are_counted_exactly(committed: Flask) -> None:
    """Twelve people support, each on three phones; four of them take it back meanwhile."""
    (case,), _ = cases(committed, 1)
    with stored(committed):
        people = [actor_of(person()) for _ in range(12)]
    give = [partial(supports.give, who, case) for who in people]
    outcomes = rush(committed, [*give, *give, *give])
    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert read(committed, lambda: db.session.get_one(Nomination, case).supports_count) == 12
    rush(committed, [partial(supports.withdraw, who, case) for who in people[:4] * 2])
    assert read(committed, lambda: db.session.get_one(Nomination, case).supports_count) == 8
    assert is_counted_right(committed, case)


def test_a_count_that_is_read_and_written_loses_supports(committed: Flask) -> None:
    """Negative control: without the key a person counts again and again."""
    (case,), _ = cases(committed, 1)
    with stored(committed):
        who = actor_of(person())

    def has_not_supported() -> bool:
        return db.session.get(Support, (case, who.id)) is None

    def count() -> None:
        more = Nomination.supports_count + 1
        db.session.execute(
            update(Nomination).where(Nomination.id == case).values(supports_count=more)
        )

    assert naive_rush(committed, 6, has_not_supported, count) > 1
    assert not is_counted_right(committed, case)


def test_no_support_is_lost_or_doubled_by_a_merge(committed: Flask) -> None:
    (merged, kept), (office, _) = cases(committed, 2)
    with stored(committed):
        people = [actor_of(person()) for _ in range(8)]
        for who in people[:4]:
            supports.give(who, merged)
    merge = partial(merging.merge, office, merged, into=kept, reason=SAME)
    outcomes = rush(
        committed,
        [
            merge,
            *[partial(supports.give, who, kept) for who in people[:6]],
            *[partial(supports.give, who, merged) for who in people[4:]],
        ],
    )
    assert isinstance(outcomes[0], Nomination)
    assert is_counted_right(committed, merged, kept)
    left = select(func.count()).where(Support.nomination_id == merged)
    assert read(committed, lambda: db.session.scalar(left)) == 0
    assert read(committed, lambda: db.session.get_one(Nomination, kept).supports_count) >= 6


# Merging


def test_two_cases_are_never_merged_into_each_other(committed: Flask) -> None:
    (one, other), (first, second) = cases(committed, 2)
    outcomes = rush(
        committed,
        [
            partial(merging.merge, first, one, into=other, reason=SAME),
            partial(merging.merge, second, other, into=one, reason=SAME),
        ]
        * 3,
    )
    assert sum(isinstance(o, WrongState) for o in outcomes) == 3
    assert sorted(target is None for target in points_to(committed, one, other)) == [False, True]


def test_without_the_rows_held_two_cases_point_to_each_other(committed: Flask) -> None:
    """Negative control: looking whether the other is live, then merging."""
    (one, other), _ = cases(committed, 2)
    turns = iter([(one, other), (other, one)])

    def both_are_live() -> bool:
        live = select(func.count()).where(
            Nomination.id.in_((one, other)), Nomination.status == NominationStatus.SUBMITTED
        )
        return db.session.execute(live).scalar_one() == 2

    def merge() -> None:
        merged, into = next(turns)
        db.session.execute(
            update(Nomination)
            .where(Nomination.id == merged)
            .values(status=NominationStatus.MERGED, merged_into_id=into, step=None)
        )

    assert naive_rush(committed, 2, both_are_live, merge) == 2
    assert points_to(committed, one, other) == [other, one]


def test_chains_do_not_form_in_a_ring_of_merges(committed: Flask) -> None:
    ids, (office, _) = cases(committed, 4)
    ring = list(zip(ids, ids[1:] + ids[:1], strict=True))
    rush(
        committed,
        [partial(merging.merge, office, one, into=into, reason=SAME) for one, into in ring],
    )
    targets = dict(zip(ids, points_to(committed, *ids), strict=True))
    assert any(target is None for target in targets.values())
    assert all(targets[target] is None for target in targets.values() if target is not None)


def test_a_case_is_passed_or_merged_never_both(committed: Flask) -> None:
    for _ in range(4):
        (merged, kept), (first, second) = cases(committed, 2)
        outcomes = rush(
            committed,
            [
                partial(merging.merge, first, merged, into=kept, reason=SAME),
                partial(screenings.pass_, second, merged),
            ],
        )
        assert sum(isinstance(o, WrongState) for o in outcomes) == 1
        (target,) = points_to(committed, merged)
        assert (target is None) is isinstance(outcomes[0], WrongState)
