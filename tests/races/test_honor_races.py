"""The last courtesy of a year, asked for at two tills at once."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db
from core.ids import new_id
from nominations.errors import BenefitUsedUp
from nominations.models.benefits import BenefitUse
from nominations.services import benefit_cards
from tests.conftest import stored
from tests.factories.accounts import person
from tests.factories.honors import honor
from tests.nominations.test_benefits import benefit, partner
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race

TILLS = 8


def test_the_last_use_of_a_year_is_given_once(committed: Flask) -> None:
    with stored(committed):
        card, till = benefit_cards.issue(honor()), partner()
        code, benefit_id = card.code, benefit(uses_a_year=1).id

    def use() -> object:
        return benefit_cards.use(till, code, benefit_id=benefit_id, place="东馆").serial

    outcomes = rush(committed, [use] * TILLS)
    assert [o for o in outcomes if o == 1] == [1]
    assert sum(isinstance(o, BenefitUsedUp) for o in outcomes) == TILLS - 1
    with stored(committed):
        assert db.session.scalar(select(func.count()).select_from(BenefitUse)) == 1


def test_without_the_key_it_is_given_again_and_again(committed: Flask) -> None:
    """The negative control: each till looks, then writes under a serial of its own."""
    with stored(committed):
        card_id, benefit_id = benefit_cards.issue(honor()).id, benefit(uses_a_year=1).id
        by = person().id
    serials = iter(range(1, TILLS + 1))

    def is_free() -> bool:
        query = select(func.count()).select_from(BenefitUse)
        return db.session.scalar(query) == 0

    def write() -> None:
        db.session.add(
            BenefitUse(
                id=new_id(),
                card_id=card_id,
                benefit_id=benefit_id,
                year=clock.today().year,
                serial=next(serials),
                used_at=clock.now(),
                recorded_by=by,
                place="东馆",
            )
        )
        db.session.flush()

    assert naive_rush(committed, TILLS, is_free, write) > 1
