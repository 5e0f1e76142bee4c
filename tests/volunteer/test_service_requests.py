"""Service orders: who may order, dispatch, take, serve and look, and what happens by itself."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.errors import RealNameRequired
from accounts.permissions import Role
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import Forbidden, InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from jobs.service_requests import advance_service_requests
from tests.conftest import stored
from tests.factories import service_requests as make
from tests.factories import volunteer
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.service_requests import MONDAY, PHONE, Office, last_step, told, verbs_of
from volunteer.errors import OrganizationNotApproved, ServiceRequestTaken, TooManyServiceRequests
from volunteer.lifecycles import ServiceRequestStatus as Status
from volunteer.models.service_requests import Party, ServiceRequest
from volunteer.services import (
    organizations,
    ratings,
    service_boards,
    service_requests,
)

ALL = PageRequest(limit=100)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def office(ctx: Flask) -> Iterator[Office]:
    with clock.frozen(MONDAY):
        yield make.office()


def outsider(role: Role) -> Actor:
    """Somebody with the role in another county."""
    return actor_of(person("外人"), grant(role, over=site("411003")))


# -- ordering


def test_an_order_is_due_after_two_working_days_and_the_staff_hear_of_it(office: Office) -> None:
    made = make.order(office)
    assert (made.status, made.due_at) == (Status.SUBMITTED, clock.start_of(MONDAY.date() + 3 * DAY))
    step = last_step(made)
    assert (step.verb, step.party) == ("submit", Party.REQUESTER)
    assert told(step.id, office.staff)
    assert not told(step.id, office.citizen)


def test_phone_place_and_name_are_stored_encrypted(office: Office) -> None:
    made = make.order(office, beneficiary_name="欧阳老人")
    db.session.flush()
    columns = [c for c in ServiceRequest.__table__.columns if c.name.endswith("_cipher")]
    row = db.session.execute(select(*columns).where(ServiceRequest.id == made.id)).one()
    assert all(PHONE.encode() not in cell and "西大街".encode() not in cell for cell in row)
    assert (made.contact_phone, made.beneficiary_name) == (PHONE, "欧阳老人")


def test_the_same_order_within_a_day_is_the_first_one(office: Office) -> None:
    first = make.order(office)
    with clock.frozen(MONDAY + DAY - SECOND):
        assert make.order(office).id == first.id
        assert make.order(office, title="换灯泡").id != first.id
    with clock.frozen(MONDAY + DAY):
        assert make.order(office).id != first.id


def test_what_was_withdrawn_can_be_ordered_again_at_once(office: Office) -> None:
    first = make.order(office)
    service_requests.withdraw(office.citizen, first.id)
    assert make.order(office).id != first.id


def test_ten_open_orders_are_the_most(office: Office) -> None:
    made = [make.order(office, title=f"需要第{n}样") for n in range(10)]
    with pytest.raises(TooManyServiceRequests) as refused:
        make.order(office, title="第十一样")
    assert str(service_requests.MOST_OPEN) in refused.value.detail
    service_requests.withdraw(office.citizen, made[0].id)
    make.order(office, title="第十一样")
    make.order(office, volunteer.volunteer("另一人"), title="第十一样")


def test_without_a_real_name_or_a_phone_nothing_is_ordered(office: Office) -> None:
    with pytest.raises(RealNameRequired):
        make.order(office, actor_of(person(registered=False), grant(Role.HELPER, over=site())))
    with pytest.raises(InvalidInput) as refused:
        make.order(office, contact_phone=None)
    assert refused.value.errors is not None
    assert list(refused.value.errors) == ["contact_phone"]
    person_row = person("有电话")
    person_row.phone = PHONE
    assert make.order(office, actor_of(person_row), contact_phone=None).contact_phone == PHONE


def test_the_time_wanted_lies_ahead(office: Office) -> None:
    later = MONDAY + 3 * DAY
    for start, end in ((MONDAY - DAY, MONDAY), (later, later)):
        with pytest.raises(InvalidInput):
            make.order(office, wanted_from=start, wanted_until=end)
    make.order(office, wanted_from=MONDAY - DAY, wanted_until=MONDAY + SECOND)


# -- on behalf of others


def test_a_helper_orders_for_a_person_and_it_is_marked(office: Office) -> None:
    grandma = person("王奶奶")
    made = make.order(office, office.helper, on_behalf_of={"person_id": grandma.id})
    assert (made.requester_id, made.created_by) == (grandma.id, office.helper.id)
    assert made.is_on_behalf
    assert last_step(made).party is Party.HELPER
    assert told(last_step(made).id, actor_of(grandma))
    assert service_boards.list_mine(actor_of(grandma), ALL).items == [made]
    assert service_boards.list_mine(office.helper, ALL).items == [made]


def test_a_helper_orders_for_somebody_without_an_account(office: Office) -> None:
    whom = {"name": "李大爷", "phone": "+8613800000001"}
    made = make.order(office, office.helper, on_behalf_of=whom, contact_phone=None)
    assert (made.requester_id, made.contact_phone) == (None, whom["phone"])
    assert made.beneficiary_name == "李大爷"
    again = make.order(office, office.helper, on_behalf_of=whom, contact_phone=None)
    assert again.id == made.id
    service_requests.reject(office.staff, made.id, reason="已经搬走")
    assert told(last_step(made).id, office.helper), "who has no account hears it from the helper"


def test_only_a_helper_of_the_site_orders_for_others(office: Office) -> None:
    grandma = person("王奶奶")
    for who in (office.citizen, outsider(Role.HELPER)):
        with pytest.raises(Forbidden):
            make.order(office, who, on_behalf_of={"person_id": grandma.id})
    unknown = person("未实名", registered=False)
    with pytest.raises(InvalidInput):
        make.order(office, office.helper, on_behalf_of={"person_id": unknown.id})


def test_a_helper_withdraws_and_rates_for_the_requester(office: Office) -> None:
    made = make.order(office)
    service_requests.withdraw(office.helper, made.id)
    assert last_step(made).party is Party.HELPER
    assert told(last_step(made).id, office.citizen)
    done = make.served(office, Status.DONE)
    rated = ratings.rate(office.helper, done.id, score=4)
    assert rated.rating is not None
    assert (rated.rating.is_on_behalf, rated.rating.rated_by) == (True, office.helper.id)


# -- from the staff to a team and back


def test_the_usual_way_and_its_timeline(office: Office) -> None:
    made = make.served(office, Status.RATED)
    assert verbs_of(made) == ["submit", "dispatch", "accept", "start", "complete", "rate"]
    shown = service_boards.get(office.citizen, made.id)
    team = office.team.organization.name
    assert [step.sentence for step in shown.steps[1:4]] == [
        f"站点派单给{team}",
        f"{team}已接单",
        f"{team}开始服务",
    ]
    for step in shown.steps[1:5]:
        assert told(step.id, office.citizen), step.verb
    assert told(shown.steps[5].id, office.team.organizer)


def test_a_declined_order_goes_back_and_to_another_team(office: Office) -> None:
    made = make.served(office, Status.DECLINED)
    assert (made.organization, made.decision_reason) == (None, "人手不够")
    assert told(last_step(made).id, office.staff)
    assert told(last_step(made).id, office.citizen)
    with pytest.raises(NotFound):
        service_requests.accept(office.team.organizer, made.id)
    service_requests.redispatch(
        office.staff, made.id, organization_id=office.other.id, reason="换一支队"
    )
    assert service_requests.accept(office.other.organizer, made.id).status is Status.ACCEPTED


@pytest.mark.parametrize("reached", [Status.ACCEPTED, Status.IN_SERVICE])
def test_a_team_that_can_no_longer_serve_gives_the_order_back(
    office: Office, reached: Status
) -> None:
    made = make.served(office, reached)
    service_requests.decline(office.team.organizer, made.id, reason="队员都病了")
    assert (made.status, made.organization_id, made.started_at) == (Status.DECLINED, None, None)
    assert told(last_step(made).id, office.staff)
    assert told(last_step(made).id, office.citizen)
    assert service_requests.withdraw(office.citizen, made.id).status is Status.WITHDRAWN


def test_a_redispatch_takes_the_order_from_the_team_and_tells_both(office: Office) -> None:
    made = make.served(office, Status.IN_SERVICE)
    again = partial(service_requests.redispatch, office.staff, made.id, reason="联系不上队伍")
    with pytest.raises(InvalidInput):
        again(organization_id=office.team.id)
    again(organization_id=office.other.id)
    assert (made.status, made.started_at) == (Status.DISPATCHED, None)
    for who in (office.team.organizer, office.other.organizer, office.citizen):
        assert told(last_step(made).id, who)
    with pytest.raises(NotFound):
        service_requests.complete(office.team.organizer, made.id, **make.report())


def test_only_approved_teams_serve(office: Office) -> None:
    applied = organizations.apply(
        volunteer.volunteer(), name="未批准的队", site_id=office.site.id, summary="等待"
    )
    made = make.order(office)
    with pytest.raises(OrganizationNotApproved):
        service_requests.dispatch(office.staff, made.id, organization_id=applied.id)
    with pytest.raises(InvalidInput):
        service_requests.dispatch(office.staff, made.id, organization_id=made.id)


def test_a_team_takes_an_open_order_and_the_next_is_told(office: Office) -> None:
    made = make.served(office, Status.OPENED)
    team, other = office.team, office.other
    assert service_boards.list_open(team.organizer, ALL).items == [made]
    claim = partial(service_requests.claim, team.organizer, made.id, organization_id=team.id)
    assert claim().organization_id == team.id
    assert claim().organization_id == team.id, "a repeat gives the first result"
    with pytest.raises(ServiceRequestTaken):
        service_requests.claim(other.organizer, made.id, organization_id=other.id)
    assert service_boards.list_open(other.organizer, ALL).items == []


def test_the_board_ends_at_the_next_county_and_shows_what_was_opened(office: Office) -> None:
    applicant = person("外县队长")
    elsewhere = organizations.apply(
        actor_of(applicant), name="建安区的队", site_id=site("411003").id, summary="服务建安"
    )
    organizations.approve(volunteer.staff(site("411003")), elsewhere.id)
    organizer = volunteer.organizer_of(applicant, elsewhere)
    opened, submitted = make.served(office, Status.OPENED), make.order(office)
    assert service_boards.list_open(organizer, ALL).items == []
    with pytest.raises(NotFound):
        service_requests.claim(organizer, opened.id, organization_id=elsewhere.id)
    with pytest.raises(NotFound):
        service_requests.claim(office.team.organizer, submitted.id, organization_id=office.team.id)
    with pytest.raises(NotFound):
        service_requests.claim(organizer, opened.id, organization_id=office.team.id)


def test_a_team_sees_the_orders_of_the_county_above_it(office: Office) -> None:
    county = site("411002")
    made = make.order(office, site_id=county.id)
    service_requests.open(volunteer.staff(county), made.id)
    assert service_boards.list_open(office.team.organizer, ALL).items == [made]


def test_an_order_is_served_in_an_activity_of_the_team(office: Office) -> None:
    made = make.served(office, Status.ACCEPTED)
    scene = volunteer.scene()
    with pytest.raises(InvalidInput):
        service_requests.link(office.team.organizer, made.id, activity_id=scene.activity_id)
    with clock.frozen(volunteer.DAY_BEFORE):
        mine = make.order(office, title="换灯泡")
    service_requests.dispatch(office.staff, mine.id, organization_id=scene.organization_id)
    service_requests.accept(scene.organizer, mine.id)
    service_requests.link(scene.organizer, mine.id, activity_id=scene.activity_id)
    assert (mine.status, mine.activity_id) == (Status.IN_SERVICE, scene.activity_id)


@pytest.mark.parametrize(("earlier", "fits"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_an_activity_that_was_over_serves_no_later_order(
    office: Office, earlier: timedelta, fits: bool
) -> None:
    scene = volunteer.scene()
    over = volunteer.NINE + timedelta(hours=2)
    with clock.frozen(over - earlier):
        made = make.order(office, starts_at=over)
        service_requests.dispatch(office.staff, made.id, organization_id=scene.organization_id)
        service_requests.accept(scene.organizer, made.id)
        if fits:
            service_requests.link(scene.organizer, made.id, activity_id=scene.activity_id)
            return
        with pytest.raises(InvalidInput) as refused:
            service_requests.link(scene.organizer, made.id, activity_id=scene.activity_id)
    assert refused.value.errors == {"activity_id": ["这个活动在点单以前就结束了"]}


def test_an_order_waits_until_the_activity_is_published(office: Office) -> None:
    draft = volunteer.scene(published=False, starts_at=MONDAY + DAY)
    made = make.order(office)
    service_requests.dispatch(office.staff, made.id, organization_id=draft.organization_id)
    service_requests.accept(draft.organizer, made.id)
    link = partial(service_requests.link, draft.organizer, made.id, activity_id=draft.activity_id)
    with pytest.raises(InvalidInput) as refused:
        link()
    assert refused.value.errors == {"activity_id": ["这个活动还没有发布"]}
    volunteer.publish(draft)
    assert link().activity_id == draft.activity_id


def test_a_report_names_a_day_between_the_order_and_today(office: Office) -> None:
    made = make.served(office, Status.IN_SERVICE)
    for day in (MONDAY.date() - DAY, MONDAY.date() + DAY):
        with pytest.raises(InvalidInput):
            service_requests.complete(
                office.team.organizer, made.id, **{**make.report(), "served_on": day}
            )
    service_requests.complete(office.team.organizer, made.id, **make.report())


# -- who sees what


def test_outsiders_find_nothing(office: Office) -> None:
    made = make.served(office, Status.DISPATCHED)
    strangers = (
        volunteer.volunteer("路人"),
        office.other.organizer,
        outsider(Role.SITE_STAFF),
        outsider(Role.HELPER),
    )
    for who in strangers:
        with pytest.raises(NotFound):
            service_boards.get(who, made.id)
        with pytest.raises(NotFound):
            service_requests.withdraw(who, made.id)
        with pytest.raises(NotFound):
            service_requests.reject(who, made.id, reason="不关我事")
        with pytest.raises(NotFound):
            service_requests.accept(who, made.id)
    assert service_boards.list_queue(outsider(Role.SITE_STAFF), ALL).items == []
    for who in (office.citizen, office.staff, office.helper, office.team.organizer):
        assert service_boards.get(who, made.id).id == made.id


def test_the_phone_is_shown_to_the_serving_team_alone_and_each_look_is_logged(
    office: Office,
) -> None:
    made = make.served(office, Status.DISPATCHED)
    organizer = office.team.organizer
    with pytest.raises(WrongState):
        service_requests.contact(organizer, made.id)
    service_requests.accept(organizer, made.id)
    with pytest.raises(NotFound):
        service_requests.contact(office.other.organizer, made.id)
    for _ in range(2):
        assert service_requests.contact(organizer, made.id).phone == PHONE
    service_requests.start(organizer, made.id)
    service_requests.contact(organizer, made.id)
    service_requests.complete(organizer, made.id, **make.report())
    with pytest.raises(WrongState):
        service_requests.contact(organizer, made.id)
    db.session.flush()
    looks = select(audit.Entry.actor_id).where(
        audit.Entry.thing_id == made.id, audit.Entry.verb == "contact"
    )
    assert list(db.session.scalars(looks)) == [organizer.id] * 3


def test_the_queue_is_in_order_of_arrival_and_marks_what_is_late(office: Office) -> None:
    first = make.order(office)
    with clock.frozen(MONDAY + 2 * DAY):
        second = make.order(office, title="换灯泡")
    make.served(office, Status.DONE)
    with clock.frozen(MONDAY + 3 * DAY):
        queue = service_boards.list_queue(office.staff, ALL).items
        assert [(r.id, r.is_overdue) for r in queue] == [(first.id, True), (second.id, False)]
        opened = service_boards.list_queue(office.staff, ALL, status=Status.OPENED)
        assert opened.items == []


def test_a_team_sees_its_own_orders(office: Office) -> None:
    asked, done = make.served(office, Status.DISPATCHED), make.served(office, Status.DONE)
    mine = partial(service_boards.list_of_team, office.team.organizer, office.team.id, ALL)
    assert mine().items == [done, asked]
    assert mine(status=Status.DONE).items == [done]
    with pytest.raises(NotFound):
        service_boards.list_of_team(office.other.organizer, office.team.id, ALL)


# -- by itself


@pytest.fixture
def desk(rolled_back: Flask) -> Office:
    with stored(rolled_back), clock.frozen(MONDAY):
        return make.office()


def state_of(app: Flask, request: ServiceRequest) -> Status:
    with stored(app):
        return db.session.get_one(ServiceRequest, request.id).status


def ordered(app: Flask, at: Office, until: Status) -> ServiceRequest:
    with stored(app), clock.frozen(MONDAY):
        return make.served(at, until)


def run(app: Flask, after: timedelta) -> int:
    with clock.frozen(MONDAY + after):
        return volunteer.run(app, advance_service_requests)


def reminded(app: Flask, request: ServiceRequest, who: Actor) -> bool:
    with stored(app):
        return told(last_step(request).id, who, "service_request_reminder")


def test_the_staff_are_reminded_once_after_two_working_days(
    rolled_back: Flask, desk: Office
) -> None:
    made = ordered(rolled_back, desk, Status.SUBMITTED)
    midnight = timedelta(days=2, hours=15)
    assert run(rolled_back, midnight - SECOND) == 0
    assert run(rolled_back, midnight) == 1
    assert reminded(rolled_back, made, desk.staff)
    assert run(rolled_back, midnight + DAY) == 0


def test_a_team_is_reminded_after_two_days_and_loses_the_order_after_three(
    rolled_back: Flask, desk: Office
) -> None:
    made = ordered(rolled_back, desk, Status.DISPATCHED)
    assert run(rolled_back, 2 * DAY - SECOND) == 0
    assert run(rolled_back, 2 * DAY) == 1
    assert reminded(rolled_back, made, desk.team.organizer)
    assert run(rolled_back, 3 * DAY - SECOND) == 0
    assert run(rolled_back, 3 * DAY) == 1
    assert state_of(rolled_back, made) is Status.DECLINED
    with stored(rolled_back):
        step = last_step(made)
        assert (step.verb, step.party) == ("lapse", Party.SYSTEM)
        assert step.reason
        assert all(told(step.id, w) for w in (desk.citizen, desk.staff, desk.team.organizer))
    assert run(rolled_back, 3 * DAY) == 0


def test_a_team_that_is_late_with_the_service_is_reminded_once(
    rolled_back: Flask, desk: Office
) -> None:
    made = ordered(rolled_back, desk, Status.IN_SERVICE)
    assert run(rolled_back, 6 * DAY - SECOND) == 0
    assert run(rolled_back, 6 * DAY) == 1
    assert reminded(rolled_back, made, desk.team.organizer)
    assert run(rolled_back, 30 * DAY) == 0


@pytest.mark.parametrize("reached", [Status.DONE, Status.RATED])
def test_an_order_closes_seven_days_after_it_was_done(
    rolled_back: Flask, desk: Office, reached: Status
) -> None:
    made = ordered(rolled_back, desk, reached)
    assert run(rolled_back, 7 * DAY - SECOND) == 0
    assert run(rolled_back, 7 * DAY) == 1
    assert state_of(rolled_back, made) is Status.CLOSED
    with stored(rolled_back):
        assert told(last_step(made).id, desk.citizen)


def test_a_follow_up_does_not_close_by_itself(rolled_back: Flask, desk: Office) -> None:
    made = ordered(rolled_back, desk, Status.FOLLOW_UP)
    assert run(rolled_back, 30 * DAY) == 1
    assert reminded(rolled_back, made, desk.staff)
    assert state_of(rolled_back, made) is Status.FOLLOW_UP
