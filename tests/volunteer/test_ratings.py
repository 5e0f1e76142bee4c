"""Ratings of service orders, the follow-up of a low one, and the sums."""

from collections.abc import Iterator

import pytest
from flask import Flask

from accounts.permissions import Role
from core import clock
from core.errors import NotFound, WrongState
from tests.factories import service_requests as make
from tests.factories import volunteer
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.service_requests import MONDAY, Office, last_step, told
from volunteer.errors import OwnService
from volunteer.lifecycles import ServiceRequestStatus as Status
from volunteer.services import ratings


@pytest.fixture
def office(ctx: Flask) -> Iterator[Office]:
    with clock.frozen(MONDAY):
        yield make.office()


@pytest.mark.parametrize(("score", "reached"), [(1, Status.FOLLOW_UP), (2, Status.FOLLOW_UP)])
def test_a_low_rating_goes_to_the_staff(office: Office, score: int, reached: Status) -> None:
    done = make.served(office, Status.DONE)
    rated = ratings.rate(office.citizen, done.id, score=score, text="迟到了")
    assert rated.status is reached
    assert told(last_step(rated).id, office.staff)


@pytest.mark.parametrize("score", [3, 5])
def test_other_ratings_wait_for_the_end(office: Office, score: int) -> None:
    done = make.served(office, Status.DONE)
    due_at = done.due_at
    rated = ratings.rate(office.citizen, done.id, score=score)
    assert (rated.status, rated.due_at) == (Status.RATED, due_at)


def test_a_second_rating_gives_the_first(office: Office) -> None:
    rated = make.served(office, Status.RATED)
    again = ratings.rate(office.citizen, rated.id, score=1)
    assert again.rating is not None
    assert (again.rating.score, again.status) == (5, Status.RATED)


def test_only_what_is_done_is_rated_and_by_its_requester(office: Office) -> None:
    with pytest.raises(WrongState):
        ratings.rate(office.citizen, make.served(office, Status.IN_SERVICE).id, score=5)
    done = make.served(office, Status.DONE)
    for who in (office.team.organizer, office.staff, volunteer.volunteer("路人")):
        with pytest.raises(NotFound):
            ratings.rate(who, done.id, score=5)


def test_nobody_rates_their_own_team(office: Office) -> None:
    organizer = person("队长的邻居")
    who = actor_of(
        organizer,
        grant(Role.HELPER, over=office.site),
        grant(Role.ORGANIZER, organization=office.team.id),
    )
    done = make.served(office, Status.DONE)
    with pytest.raises(OwnService):
        ratings.rate(who, done.id, score=5)


def test_a_follow_up_is_closed_with_what_was_done_and_the_requester_is_told(
    office: Office,
) -> None:
    made = make.served(office, Status.FOLLOW_UP)
    both = actor_of(
        person("两职"),
        grant(Role.SITE_STAFF, over=office.site),
        grant(Role.ORGANIZER, organization=office.team.id),
    )
    requester = actor_of(person("点单的站长"), grant(Role.SITE_STAFF, over=office.site))
    with pytest.raises(OwnService):
        ratings.resolve(both, made.id, resolution="队伍说没有迟到")
    with pytest.raises(NotFound):
        ratings.resolve(volunteer.staff(site("411003")), made.id, resolution="不在本县")
    made.requester_id = requester.id
    with pytest.raises(OwnService):
        ratings.resolve(requester, made.id, resolution="自己处理自己的投诉")
    made.requester_id = office.citizen.id
    resolved = ratings.resolve(office.staff, made.id, resolution="已上门致歉")
    assert (resolved.status, resolved.resolution) == (Status.CLOSED, "已上门致歉")
    assert resolved.closed_at is not None
    assert told(last_step(resolved).id, office.citizen)
    assert told(last_step(resolved).id, office.team.organizer)


def test_the_sums_count_by_status_and_mean_only_over_answers(office: Office) -> None:
    make.served(office, Status.RATED)
    make.served(office, Status.FOLLOW_UP)
    make.served(office, Status.DONE)
    make.served(office, Status.REJECTED)
    day = MONDAY.date()
    county = site("411002")
    staff = volunteer.staff(county)
    found = ratings.summarize(staff, site=county.id, from_day=day, to_day=day)
    assert (found.total, found.people_served, found.answers, found.mean_score) == (4, 3, 2, 3.5)
    assert found.by_status[Status.REJECTED] == found.by_status[Status.RATED] == 1
    assert found.by_status[Status.WITHDRAWN] == 0
    nothing = ratings.summarize(staff, site=county.id, to_day=day.replace(day=day.day - 1))
    assert (nothing.total, nothing.mean_score) == (0, None)
    with pytest.raises(NotFound):
        ratings.summarize(office.staff, site=county.id)
