"""Stars: what earns them, what is missing, and how they change."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from core import clock, outbox
from core.actor import Actor
from core.db import db
from core.paging import PageRequest
from jobs.hours import review_stars, tally_hours
from tests.conftest import Http, stored
from tests.factories import service_requests as orders
from tests.factories import volunteer as make
from tests.factories.hours import served
from tests.factories.ledger import entry, present
from tests.factories.volunteer import NINE, Scene
from volunteer.models.evaluations import Evaluation
from volunteer.models.hours import Ledger, VolunteerStanding
from volunteer.models.reference import StarLevel
from volunteer.models.stars import StarAward
from volunteer.services import evaluations, hours, ratings, reference, service_requests, stars
from volunteer.services.stars import Facts, NextStar

LEVELS = [
    StarLevel(star=1, minutes=6000, verified_percent=80, score_tenths=30),
    StarLevel(star=2, minutes=18000, verified_percent=80, score_tenths=40),
]
ALL = PageRequest(limit=100)


@pytest.mark.parametrize(
    ("verified", "honorary", "score", "star"),
    [
        (6000, 0, None, 1),
        (5999, 0, None, 0),
        (4800, 1200, None, 1),
        (4799, 1201, None, 0),
        (4799, 9000, None, 0),
        (6000, 90000, None, 1),
        (6000, 0, 30, 1),
        (6000, 0, 29, 0),
        (18000, 0, 39, 1),
        (18000, 0, 40, 2),
        (18000, 0, None, 2),
    ],
)
def test_what_earns_a_star(verified: int, honorary: int, score: int | None, star: int) -> None:
    assert stars.earned(LEVELS, Facts(verified, honorary, score)) == star


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (Facts(0, 0, None), NextStar(1, 6000, 4800, None)),
        (Facts(4000, 1000, None), NextStar(1, 1000, 800, None)),
        (Facts(6000, 0, 29), NextStar(1, 0, 0, 30)),
        (Facts(100, 9000, 50), NextStar(1, 0, 4700, None)),
    ],
)
def test_what_is_missing(facts: Facts, missing: NextStar) -> None:
    assert stars.next_star(LEVELS, 0, facts) == missing
    assert stars.next_star(LEVELS, 2, facts) is None


def test_a_part_is_rounded_up() -> None:
    assert StarLevel(star=1, minutes=101, verified_percent=50).verified_minutes == 51
    assert StarLevel(star=1, minutes=100, verified_percent=50).verified_minutes == 50


def star_of(who: Actor) -> int:
    return db.session.get_one(VolunteerStanding, who.id, populate_existing=True).star


def history(who: Actor) -> list[tuple[int, int]]:
    return [(a.star_before, a.star) for a in stars.list_own(who, ALL).items]


def told(template: str) -> int:
    query = select(func.count()).where(outbox.Message.dedupe_key.startswith(f"{template}:"))
    return db.session.scalars(query).one()


def test_a_star_is_awarded_once_with_its_history(ctx: Flask) -> None:
    scene, who = make.scene(), make.volunteer()
    entry(who, scene, 5000)
    entry(who, scene, 1000, ledger=Ledger.HONORARY)
    with clock.frozen(NINE):
        hours.tally_batch()
    entry(who, scene, 10)
    hours.tally_batch()
    (award,) = stars.list_own(who, ALL).items
    assert (award.star_before, award.star, award.at) == (0, 1, NINE)
    assert (award.verified_minutes, award.honorary_minutes) == (5000, 1000)
    assert (award.verified_percent, award.score_tenths) == (83, None)
    assert told("star_awarded") == 1


def test_time_entered_afterwards_never_costs_a_star(ctx: Flask) -> None:
    scene, who = make.scene(), make.volunteer()
    entry(who, scene, 6000)
    hours.tally_batch()
    entry(who, scene, 60000, ledger=Ledger.HONORARY)
    hours.tally_batch()
    assert history(who) == [(0, 1)]


def test_a_star_falls_with_the_sums_and_says_so(ctx: Flask) -> None:
    scene, who = make.scene(), make.volunteer()
    entry(who, scene, 6000)
    hours.tally_batch()
    db.session.execute(update(VolunteerStanding).values(verified_minutes=5999))
    stars.review([who.id])
    assert star_of(who) == 0
    assert db.session.get_one(VolunteerStanding, who.id).starred_at is None
    assert history(who) == [(1, 0), (0, 1)]
    assert told("star_lowered") == 1
    stars.review([who.id])
    assert len(history(who)) == 2


def evaluated(scene: Scene, who: Actor, score: int) -> None:
    db.session.add(
        Evaluation(
            activity_id=scene.activity_id,
            evaluator_id=scene.organizer.id,
            person_id=who.id,
            score=score,
            at=NINE,
        )
    )
    db.session.flush()


def test_evaluations_count(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who = make.scene(), make.volunteer()
        entry(who, scene, 6000)
        evaluated(scene, who, 2)
    assert make.run(rolled_back, tally_hours) == 2
    with stored(rolled_back):
        assert star_of(who) == 0
        assert hours.summarize(who).next_star == NextStar(1, 0, 0, 30)
        evaluated(make.scene(), who, 4)
    assert make.run(rolled_back, tally_hours) == 1
    assert make.run(rolled_back, tally_hours) == 0
    with rolled_back.app_context():
        assert star_of(who) == 1
        assert evaluations.tally_batch() == 0


def test_changed_levels_reach_everybody(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who, other = make.scene(), make.volunteer(), make.volunteer()
        entry(who, scene, 6000)
        entry(other, scene, 5000)
    make.run(rolled_back, tally_hours)
    assert make.run(rolled_back, review_stars) == 0
    with stored(rolled_back):
        db.session.execute(update(StarLevel).where(StarLevel.star == 1).values(minutes=5500))
    assert make.run(rolled_back, review_stars) == 0
    with stored(rolled_back):
        db.session.execute(update(StarLevel).where(StarLevel.star == 1).values(minutes=5000))
    assert make.run(rolled_back, review_stars) == 1
    assert make.run(rolled_back, review_stars) == 0
    with rolled_back.app_context():
        assert history(other) == [(0, 1)]
        assert history(who) == [(0, 1)]


def test_a_higher_mark_for_a_level_reaches_everybody(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who, unjudged = make.scene(), make.volunteer(), make.volunteer()
        for one in (who, unjudged):
            present(one, scene)
            entry(one, scene, 6000)
        evaluated(scene, who, 4)
    make.run(rolled_back, tally_hours)
    assert make.run(rolled_back, review_stars) == 0
    with stored(rolled_back):
        db.session.execute(update(StarLevel).values(score_tenths=41))
    assert make.run(rolled_back, review_stars) == 1
    with rolled_back.app_context():
        assert (star_of(who), star_of(unjudged)) == (0, 1)


def test_a_start_never_writes_over_the_levels_of_the_city(ctx: Flask) -> None:
    db.session.execute(update(StarLevel).where(StarLevel.star == 1).values(minutes=5500))
    db.session.execute(delete(StarLevel).where(StarLevel.star == 5))
    reference.load()
    levels = {level.star: level.minutes for level in reference.list_star_levels()}
    assert (levels[1], 5 in levels) == (5500, False)
    db.session.execute(delete(StarLevel))
    reference.load()
    assert len(reference.list_star_levels()) == 5


def test_the_call(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who = make.scene(), make.volunteer()
        present(who, scene)
        entry(who, scene, 6000)
        hours.tally_batch()
    assert http.get("/me/stars").status_code == 401
    (award,) = http.as_(who).get("/me/stars").json["items"]  # type: ignore[index]
    assert (award["star"], award["verified_percent"]) == (1, 100)
    assert http.as_(make_other(rolled_back)).get("/me/stars").json["items"] == []  # type: ignore[index]
    with rolled_back.app_context():
        assert db.session.scalar(select(func.count()).select_from(StarAward)) == 1


def make_other(app: Flask) -> Actor:
    with stored(app):
        return make.volunteer()


def served_for(scene: Scene, citizen: Actor, score: int, activity_id: UUID | None = None) -> None:
    """An order that was served in the activity and rated."""
    with clock.frozen(NINE):
        office = orders.office()
        made = orders.order(office, citizen, starts_at=NINE)
        service_requests.dispatch(office.staff, made.id, organization_id=scene.organization_id)
        service_requests.accept(scene.organizer, made.id)
        if activity_id is None:
            service_requests.start(scene.organizer, made.id)
        else:
            service_requests.link(scene.organizer, made.id, activity_id=activity_id)
        service_requests.complete(
            scene.organizer, made.id, report="已完成", people_served=1, served_on=NINE.date()
        )
        ratings.rate(citizen, made.id, score=score)


def test_what_those_served_say_counts_for_all_who_served(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, citizen = make.scene(), make.volunteer("点单人")
        who, absent = make.volunteer(), make.volunteer()
        for one in (who, absent):
            entry(one, scene, 6000)
        for one in (who, citizen):
            served(one, scene.shift_id, NINE, NINE + timedelta(hours=2))
    make.run(rolled_back, tally_hours)
    with stored(rolled_back):
        assert (star_of(who), star_of(absent)) == (1, 1)
        served_for(scene, citizen, 1)
        served_for(scene, make.volunteer(), 1, scene.activity_id)
    assert make.run(rolled_back, tally_hours) == 2
    assert make.run(rolled_back, tally_hours) == 0
    with rolled_back.app_context():
        assert (star_of(who), star_of(absent)) == (0, 1)
    with stored(rolled_back):
        evaluated(scene, who, 5)
    make.run(rolled_back, tally_hours)
    with rolled_back.app_context():
        assert star_of(who) == 1, "a mean of 3"


def test_nobody_rates_themself_to_a_star(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, citizen = make.scene(), make.volunteer("点单人")
        entry(citizen, scene, 6000)
        served(citizen, scene.shift_id, NINE, NINE + timedelta(hours=2))
        evaluated(scene, citizen, 2)
        served_for(scene, citizen, 5, scene.activity_id)
    make.run(rolled_back, tally_hours)
    with rolled_back.app_context():
        assert star_of(citizen) == 0
