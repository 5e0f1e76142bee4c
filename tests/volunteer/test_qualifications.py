"""Qualifications are recorded by somebody who saw the certificate."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from core.db import db
from core.errors import InvalidInput, NotFound
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from volunteer.errors import OwnQualification
from volunteer.models.organizations import Organization
from volunteer.services import memberships, profiles, qualifications

FROM, UNTIL = date(2027, 1, 1), date(2029, 12, 31)
ALL = PageRequest(limit=100)


def test_an_organizer_records_for_members_only(ctx: Flask) -> None:
    founder, me = person("赵队长"), make.volunteer()
    team = make.organization(founder)
    organizer = make.organizer_of(founder, team)
    with pytest.raises(NotFound):
        qualifications.record(organizer, me.id, code="first_aid", valid_from=FROM)
    memberships.accept(organizer, memberships.apply(me, team.id).id)
    held = qualifications.record(
        organizer, me.id, code="first_aid", valid_from=FROM, valid_until=UNTIL
    )
    assert held.recorded_by == organizer.person_id
    again = qualifications.record(organizer, me.id, code="first_aid", valid_from=FROM)
    assert (again.id, again.valid_until) == (held.id, UNTIL)
    assert qualifications.list_mine(me, ALL).items == [held]


def test_staff_record_for_people_of_their_sites(ctx: Flask) -> None:
    me = make.volunteer()
    with pytest.raises(NotFound):
        qualifications.record(make.staff(), me.id, code="first_aid", valid_from=FROM)
    profiles.update(me, site_id=site().id, skills=[], category_codes=[])
    qualifications.record(make.staff(), me.id, code="first_aid", valid_from=FROM)
    with pytest.raises(NotFound):
        qualifications.record(make.staff(site("411003")), me.id, code="guide", valid_from=FROM)


def test_nobody_records_their_own(ctx: Flask) -> None:
    me = actor_of(person(), grant(Role.SITE_STAFF, over=site()))
    with pytest.raises(OwnQualification):
        qualifications.record(me, me.id, code="first_aid", valid_from=FROM)


def test_kind_and_period_must_be_right(ctx: Flask) -> None:
    me = make.volunteer()
    profiles.update(me, site_id=site().id, skills=[], category_codes=[])
    with pytest.raises(InvalidInput):
        qualifications.record(make.staff(), me.id, code="nothing", valid_from=FROM)
    with pytest.raises(InvalidInput):
        qualifications.record(make.staff(), me.id, code="guide", valid_from=UNTIL, valid_until=FROM)
    qualifications.record(make.staff(), me.id, code="guide", valid_from=FROM, valid_until=FROM)


def test_what_was_recorded_by_mistake_is_taken_back_and_recorded_rightly(ctx: Flask) -> None:
    founder, me = person("赵队长"), make.volunteer()
    team = make.organization(founder)
    organizer = make.organizer_of(founder, team)
    memberships.accept(organizer, memberships.apply(me, team.id).id)
    held = qualifications.record(organizer, me.id, code="first_aid", valid_from=FROM)
    for outsider in (make.volunteer(), make.staff(), make.organizer_of(person(), other_team())):
        with pytest.raises(NotFound):
            qualifications.withdraw(outsider, held.id, reason="登错了人")
        with pytest.raises(NotFound):
            qualifications.list_of(outsider, me.id, ALL)
    assert qualifications.list_of(organizer, me.id, ALL).items == [held]
    qualifications.withdraw(organizer, held.id, reason="有效期登错")
    assert qualifications.list_mine(me, ALL).items == []
    query = select(InboxMessage).where(InboxMessage.template == "qualification_withdrawn")
    (told,) = db.session.scalars(query)
    assert told.person_id == me.id
    again = qualifications.record(
        organizer, me.id, code="first_aid", valid_from=FROM, valid_until=UNTIL
    )
    assert again.valid_until == UNTIL


def other_team() -> Organization:
    return make.organization(person("钱队长"))


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        me, staff = make.volunteer(), make.staff()
        profiles.update(me, site_id=site().id, skills=[], category_codes=[])
    kinds = http.get("/qualification-kinds").json["items"]  # type: ignore[index]
    assert {"code": "first_aid", "name": "红十字救护员"} in kinds
    path, body = f"/persons/{me.id}/qualifications", {"code": "guide", "valid_from": "2027-01-01"}
    assert http.as_(me).post(path, json=body).status_code == 403
    made = http.as_(staff).post(path, json=body)
    assert (made.status_code, made.json["valid_until"]) == (201, None)  # type: ignore[index]
    assert http.as_(me).get("/me/qualifications").json["items"] == [made.json]  # type: ignore[index]
    assert http.as_(staff).get(path).json["items"] == [made.json]  # type: ignore[index]
    withdrawing = f"/qualifications/{made.json['id']}/withdraw"  # type: ignore[index]
    assert http.as_(staff).post(withdrawing, json={"reason": "登错了人"}).status_code == 204
    assert http.as_(me).get("/me/qualifications").json["items"] == []  # type: ignore[index]
