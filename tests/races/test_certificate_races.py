"""Numbers, certificates, evaluations and stars: each once, however many ask together."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from core import clock
from core.actor import SYSTEM
from core.db import atomically, db
from core.ids import next_reference
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import site
from tests.factories.ledger import entry, present
from tests.factories.volunteer import NINE
from tests.races.crowd import naive_rush, rush
from volunteer.models.certificates import Certificate
from volunteer.models.stars import StarAward
from volunteer.services import certificates, evaluations, hours, reports

pytestmark = pytest.mark.race

AFTER = NINE + timedelta(days=30)
CROWD = 20
issue = partial(certificates.issue, from_day=date(2027, 1, 1), to_day=date(2027, 5, 31))


def read(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def test_twenty_people_get_twenty_numbers(committed: Flask) -> None:
    with stored(committed):
        scene = make.scene()
        people = [make.volunteer(f"志愿{n}") for n in range(CROWD)]
        for who in people:
            entry(who, scene)
    with clock.frozen(AFTER):
        made = rush(committed, [partial(issue, who) for who in people])
    assert sorted(c.number for c in made) == [f"XC-2027-{n:06d}" for n in range(1, CROWD + 1)]
    assert len({c.check_code for c in made}) == CROWD


def test_numbers_of_two_kinds_do_not_mix(committed: Flask) -> None:
    with clock.frozen(AFTER):
        made = rush(committed, [partial(next_reference, kind) for kind in ("XC", "DD") * 10])
    assert sorted(made) == [f"{kind}-2027-{n:06d}" for kind in ("DD", "XC") for n in range(1, 11)]


def test_without_the_counter_a_number_is_given_twice(committed: Flask) -> None:
    """Negative control: reading the last number, then writing the next one."""
    numbers = Table("naive_numbers", MetaData(), Column("number", Integer))
    with stored(committed):
        numbers.create(db.session.connection())
    last = select(func.coalesce(func.max(numbers.c.number), 0))
    seen: list[int] = []

    def look() -> bool:
        seen.append(db.session.scalars(last).one())
        return True

    naive_rush(committed, CROWD, look, lambda: db.session.execute(insert(numbers).values(number=1)))
    assert seen.count(0) > 1


def test_one_person_on_twenty_phones_gets_one_certificate(committed: Flask) -> None:
    with stored(committed):
        who = make.volunteer()
        entry(who, make.scene())
    with clock.frozen(AFTER):
        made = rush(committed, [partial(issue, who)] * CROWD)
    assert len({c.id for c in made}) == 1
    assert read(committed, select(Certificate.number)) == ["XC-2027-000001"]


def test_a_correction_leaves_no_certificate_that_rests_on_it(committed: Flask) -> None:
    """Issuing and correcting take turns: whichever comes first, nothing live rests on it."""
    with stored(committed):
        who = make.volunteer()
        wrong = entry(who, make.scene())
    revoke = partial(certificates.revoke_resting_on, SYSTEM, wrong, reason="更正")
    with clock.frozen(AFTER):
        outcomes = rush(committed, [partial(issue, who), *[revoke] * 5])
        revoked = sum(outcomes[1:])
        (status,) = read(committed, select(Certificate.status))
        assert (revoked, status.value) in ((1, "revoked"), (0, "issued"))


def test_an_evaluation_is_given_once(committed: Flask) -> None:
    with stored(committed):
        scene, who = make.scene(), make.volunteer()
        present(who, scene)
    one = partial(evaluations.create, scene.organizer, scene.activity_id, person_id=who.id, score=5)
    of_activity = partial(evaluations.create, who, scene.activity_id, score=4)
    with clock.frozen(NINE + timedelta(hours=3)):
        made = rush(committed, [*[one] * 10, *[of_activity] * 10])
    assert len({e.id for e in made[:10]}) == len({e.id for e in made[10:]}) == 1


def test_a_star_is_awarded_once(committed: Flask) -> None:
    with stored(committed):
        scene, who = make.scene(), make.volunteer()
        for _ in range(10):
            entry(who, scene, 600)
    done = rush(committed, [*[hours.tally_batch] * 5, *[evaluations.tally_batch] * 5])
    assert sum(done[:5]) == 10
    assert read(committed, select(StarAward.star)) == [1]


def test_a_report_is_frozen_once(committed: Flask) -> None:
    with stored(committed):
        place = site("411002").id
    with clock.frozen(clock.start_of(date(2027, 6, 3))):
        made = rush(committed, [partial(reports.freeze, SYSTEM, place)] * 10)
    assert len({r.id for r in made}) == 1
