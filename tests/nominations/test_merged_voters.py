"""One person, one ballot, however many accounts they had."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import merges, persons
from core import clock
from core.actor import Actor
from core.paging import PageRequest
from nominations.lifecycles import BallotPeriod
from nominations.models.campaigns import Campaign
from nominations.services import ballots, tally
from tests.factories.accounts import actor_of, grant, person
from tests.factories.nominations import campaign, candidates, window

ALL = PageRequest()
LATER = timedelta(minutes=5)


def merged(lost: Person, kept: Person) -> Actor:
    """The voter as whom both accounts live on."""
    clerk = actor_of(person("李管理"), grant(Role.ADMIN))
    merges.merge(clerk, lost.id, into=kept.id, reason="本人携身份证说明是同一人")
    return actor_of(persons.get(kept.id))


def votes(of: Campaign) -> dict[UUID, int]:
    while tally.seal(of.id):
        pass
    assert tally.recount(of.id).is_right
    return {item.nomination_id: item.votes for item in tally.view(of.id).items if item.votes}


def two_accounts() -> tuple[Person, Person]:
    return person(registered=False), person("张三")


def test_a_ballot_of_the_account_that_went_is_replaced_not_joined_by_a_second(ctx: Flask) -> None:
    made, (lost, kept) = campaign(), two_accounts()
    one, other = candidates(made, 2)
    first = ballots.cast(actor_of(lost), made.id, choices=[one])
    assert votes(made) == {one: 1}
    voter = merged(lost, kept)
    assert ballots.cast(voter, made.id, choices=[one]) == first
    second = ballots.cast(voter, made.id, choices=[other])
    assert second.revision == 2
    assert votes(made) == {other: 1}
    assert [b.id for b in ballots.list_mine(voter, ALL).items] == [second.id]


@pytest.mark.parametrize("last", ["lost", "kept"])
def test_of_two_ballots_the_later_one_counts(ctx: Flask, last: str) -> None:
    made, (lost, kept) = campaign(), two_accounts()
    one, other, third = candidates(made, 3)
    order = (kept, lost) if last == "lost" else (lost, kept)
    ballots.cast(actor_of(order[0]), made.id, choices=[one])
    with clock.frozen(clock.now() + LATER):
        standing = ballots.cast(actor_of(order[1]), made.id, choices=[other])
        assert votes(made) == {one: 1, other: 1}
        voter = merged(lost, kept)
        assert votes(made) == {other: 1}
        assert [b.id for b in ballots.list_mine(voter, ALL).items] == [standing.id]
        assert ballots.cast(voter, made.id, choices=[other]) == standing
        ballots.cast(voter, made.id, choices=[third])
        assert votes(made) == {third: 1}


def test_days_on_which_only_one_account_voted_stay(ctx: Flask) -> None:
    made, (lost, kept) = campaign(period=BallotPeriod.DAILY), two_accounts()
    one, other = candidates(made, 2)
    with clock.frozen(window(made)[0]):
        ballots.cast(actor_of(lost), made.id, choices=[one])
    with clock.frozen(window(made)[0] + timedelta(days=1)):
        ballots.cast(actor_of(kept), made.id, choices=[other])
        merged(lost, kept)
    assert votes(made) == {one: 1, other: 1}


def test_what_was_cast_before_an_assessment_closed_stays(ctx: Flask) -> None:
    made, (lost, kept) = campaign(), two_accounts()
    one, other = candidates(made, 2)
    ballots.cast(actor_of(lost), made.id, choices=[one])
    ballots.cast(actor_of(kept), made.id, choices=[other])
    with clock.frozen(window(made)[1]):
        merged(lost, kept)
    assert votes(made) == {one: 1, other: 1}
