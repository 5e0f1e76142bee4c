"""Accounts, consents, members: what may exist once does, however many counters are open."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Column, ColumnElement, Integer, MetaData, Table, func, insert, select

from accounts.errors import GuardianshipInForce, LookupsTooMany, NotMergeable, WeChatTaken
from accounts.models.guardians import Guardianship
from accounts.models.lookups import PersonLookup
from accounts.models.persons import Person, WeChatIdentity
from accounts.permissions import Role
from accounts.services import bindings, guardians, merges, registrations, roles, sessions
from accounts.services.registrations import LOOKUPS_AN_HOUR
from core import clock
from core.actor import ScopeKind
from core.db import atomically, db
from core.errors import DomainError, NotFound
from core.ids import new_id
from core.wechat import WeChatSession
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, helper, id_number, people, person, site
from tests.races.crowd import naive_rush, rush
from volunteer.errors import LastOrganizer
from volunteer.models.memberships import Membership
from volunteer.services import memberships

pytestmark = pytest.mark.race

PHONE = WeChatSession(openid="o-new-phone", unionid=None, session_key="k" * 24)


def count(app: Flask, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).where(*where)
    with app.app_context():
        return atomically(app, lambda: db.session.scalars(query).one(), write=False)


def refusals(outcomes: list[object]) -> list[DomainError]:
    return [outcome for outcome in outcomes if isinstance(outcome, DomainError)]


@pytest.mark.parametrize("is_known", [False, True])
def test_ten_counters_bind_one_phone_to_one_person(committed: Flask, is_known: bool) -> None:
    with stored(committed):
        counters, served = [helper() for _ in range(10)], list(people(10))
        numbers = [one.id_number or "" for one in served]
        if is_known:
            sessions.sign_in_with_wechat(PHONE)
    works = [
        partial(bindings.bind, by, one.id, PHONE, id_number=number, reason="已核对", replace=False)
        for by, one, number in zip(counters, served, numbers, strict=True)
    ]
    refused = refusals(rush(committed, works))
    assert len(refused) == 9
    assert {type(refusal) for refusal in refused} <= {WeChatTaken, NotMergeable}
    ids = [one.id for one in served]
    assert count(committed, WeChatIdentity.person_id.in_(ids)) == 1


def test_one_account_is_merged_into_one_person(committed: Flask) -> None:
    with stored(committed):
        lost, kept = person(registered=False, openid="o-lost"), list(people(10))
        for one in kept:
            one.site_id = site().id
        clerks = [make.staff() for _ in kept]
    works = [
        partial(merges.merge, by, lost.id, into=one.id, reason="同一人")
        for by, one in zip(clerks, kept, strict=True)
    ]
    refused = refusals(rush(committed, works))
    assert len(refused) == 9
    assert {type(refusal) for refusal in refused} <= {NotFound, NotMergeable}
    assert count(committed, Person.has_absorbed.is_(True)) == 1


def test_of_ten_guardians_one_consents(committed: Flask) -> None:
    with stored(committed):
        ward, parents = person("小明", born="20120101"), [make.volunteer() for _ in range(10)]
        code = guardians.invite(actor_of(ward)).code
    works = [partial(guardians.give, parent, code=code, is_for_child=True) for parent in parents]
    refused = refusals(rush(committed, works))
    assert [type(refusal) for refusal in refused] == [GuardianshipInForce] * 9
    assert count(committed, Guardianship.ward_id == ward.id) == 1


def test_one_person_applies_on_ten_phones(committed: Flask) -> None:
    with stored(committed):
        team, me = make.organization(person("赵队长")), make.volunteer()
    made = rush(committed, [partial(memberships.apply, me, team.id)] * 10)
    assert len({membership.id for membership in made}) == 1
    assert count(committed, Membership.person_id == me.id) == 1


def test_without_the_key_many_take_the_same_thing(committed: Flask) -> None:
    """Negative control: reading that nobody has it, then taking it."""
    assert taken_naively(committed, at_most=1) > 1


def taken_naively(app: Flask, *, at_most: int) -> int:
    taken = Table("naive_claims", MetaData(), Column("id", Integer, primary_key=True))
    with stored(app):
        taken.create(db.session.connection())

    def is_free() -> bool:
        return db.session.scalars(select(func.count()).select_from(taken)).one() < at_most

    return naive_rush(app, 10, is_free, lambda: db.session.execute(insert(taken)))


def two_organizers(app: Flask) -> tuple[UUID, list[Callable[[], Any]]]:
    """An organisation with two organizers, each about to dismiss the other."""
    with stored(app):
        founder, second = person("赵队长"), person("钱队长")
        team = make.organization(founder)
        one = make.organizer_of(founder, team)
        joined = memberships.apply(actor_of(second), team.id)
        memberships.accept(one, joined.id)
        memberships.appoint(one, joined.id)
        own = db.session.scalars(select(Membership).where(Membership.person_id == founder.id)).one()
        other = make.organizer_of(second, team)
        return team.id, [
            partial(memberships.dismiss, one, joined.id),
            partial(memberships.dismiss, other, own.id),
        ]


def test_two_organizers_who_dismiss_each_other_leave_one(committed: Flask) -> None:
    for _ in range(3):
        team_id, works = two_organizers(committed)
        refused = refusals(rush(committed, works))
        assert [type(refusal) for refusal in refused] == [LastOrganizer]
        read = partial(roles.holders, Role.ORGANIZER, ScopeKind.ORGANIZATION, team_id)
        with committed.app_context():
            held = atomically(committed, read, write=False)
        assert len(held) == 1


def test_without_the_lock_nobody_is_left(committed: Flask) -> None:
    """Negative control: reading that another is left, then dismissing."""
    left = Table("naive_organizers", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        left.create(db.session.connection())
        db.session.execute(insert(left), [{"id": 1}, {"id": 2}])

    def is_another_left() -> bool:
        return db.session.scalars(select(func.count()).select_from(left)).one() > 1

    def dismiss() -> None:
        last = select(func.max(left.c.id)).scalar_subquery()
        db.session.execute(left.delete().where(left.c.id == last))

    assert naive_rush(committed, 2, is_another_left, dismiss) == 2


def test_a_helper_on_ten_screens_has_the_looks_of_one(committed: Flask) -> None:
    with stored(committed):
        me, someone, number = helper(), person(), id_number()
        for _ in range(LOOKUPS_AN_HOUR - 3):
            db.session.add(
                PersonLookup(id=new_id(), helper_id=me.id, found_id=someone.id, at=clock.now())
            )
    looks = rush(committed, [partial(registrations.find, me, id_number=number)] * 10)
    assert sum(isinstance(look, LookupsTooMany) for look in looks) == 7
    assert count(committed, PersonLookup.helper_id == me.id) == LOOKUPS_AN_HOUR


def test_without_the_lock_the_looks_run_over(committed: Flask) -> None:
    """Negative control: counting the looks, then taking another."""
    assert taken_naively(committed, at_most=3) > 3
