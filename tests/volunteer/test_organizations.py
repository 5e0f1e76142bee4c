"""Organisations: who applies, who decides, who sees what."""

from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models.inbox import InboxMessage
from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from accounts.services import roles
from core.actor import ANONYMOUS, ScopeKind
from core.db import db, violation_of
from core.errors import NotFound, WrongState
from core.ids import new_id
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from volunteer.errors import (
    OrganizationBusy,
    OrganizationNameTaken,
    OrganizationNotApproved,
    OwnApplication,
)
from volunteer.lifecycles import OrganizationStatus
from volunteer.models.organizations import Organization
from volunteer.services import activities, memberships, organizations

ALL = PageRequest(limit=100)


def applied(name: str = "文峰志愿服务队") -> Organization:
    applicant = actor_of(person("赵队长"))
    return organizations.apply(applicant, name=name, site_id=site().id, summary="服务邻里")


def test_approval_makes_the_applicant_the_organizer(ctx: Flask) -> None:
    organization = applied()
    organizations.approve(make.staff(), organization.id)
    assert organization.status is OrganizationStatus.APPROVED
    held = db.session.query(RoleGrant).filter_by(person_id=organization.applicant_id).one()
    assert (held.role, held.scope_id) == (Role.ORGANIZER, organization.id)


def test_a_decision_falls_once(ctx: Flask) -> None:
    organization = applied()
    organizations.reject(make.staff(), organization.id, reason="材料不全")
    with pytest.raises(WrongState):
        organizations.approve(make.staff(), organization.id)


def test_a_name_is_taken_once_and_freed_by_rejection(ctx: Flask) -> None:
    first = applied()
    with pytest.raises(OrganizationNameTaken):
        applied()
    organizations.reject(make.staff(), first.id, reason="材料不全")
    assert applied().status is OrganizationStatus.APPLIED


def test_the_key_of_the_name_is_told_by_its_error(ctx: Flask) -> None:
    first = applied()
    values = {c.key: getattr(first, c.key) for c in Organization.__table__.columns}
    db.session.add(Organization(**(values | {"id": new_id()})))
    with pytest.raises(IntegrityError) as violated:
        db.session.flush()
    assert isinstance(violation_of(violated.value), OrganizationNameTaken)


def test_staff_of_a_site_above_may_decide_and_of_another_may_not(ctx: Flask) -> None:
    organization = applied()
    elsewhere = make.staff(site("411003"))
    with pytest.raises(NotFound):
        organizations.approve(elsewhere, organization.id)
    assert organizations.list_applications(elsewhere, ALL).items == []
    county = make.staff(site("411002"))
    assert organizations.list_applications(county, ALL).items == [organization]
    organizations.approve(county, organization.id)


def test_nobody_decides_on_their_own_application(ctx: Flask) -> None:
    me = actor_of(person("李审核"), grant(Role.SITE_STAFF, over=site()))
    organization = organizations.apply(me, name="自己的队", site_id=site().id, summary="服务")
    with pytest.raises(OwnApplication):
        organizations.approve(me, organization.id)


def test_an_application_is_seen_by_its_applicant_and_its_reviewers(ctx: Flask) -> None:
    organization = applied()
    applicant = actor_of(db.session.get_one(type(person()), organization.applicant_id))
    for insider in (applicant, make.staff()):
        assert organizations.get(insider, organization.id) == organization
    for outsider in (ANONYMOUS, make.volunteer(), make.staff(site("411003"))):
        with pytest.raises(NotFound):
            organizations.get(outsider, organization.id)
    assert organizations.list_approved(ALL).items == []


def test_the_applicant_and_the_organizers_hear_what_was_decided(ctx: Flask) -> None:
    refused, team = applied(), make.organization(person("钱队长"), name="城南志愿服务队")
    staff, second = make.staff(), person("孙干事")
    roles.bestow(
        staff,
        second.id,
        role=Role.ORGANIZER,
        scope_kind=ScopeKind.ORGANIZATION,
        scope_id=team.id,
    )
    organizations.reject(staff, refused.id, reason="材料不全")
    organizations.suspend(staff, team.id, reason="核查台账")
    organizations.restore(staff, team.id)
    organizations.dissolve(staff, team.id, reason="自愿注销")
    assert heard(refused.applicant_id) == ["志愿服务组织“文峰志愿服务队”审核未通过。材料不全"]
    assert heard(team.applicant_id) == heard(second.id)
    assert heard(second.id) == [
        "志愿服务组织“城南志愿服务队”暂停活动。核查台账",
        "志愿服务组织“城南志愿服务队”恢复活动。可以继续起草项目和活动",
        "志愿服务组织“城南志愿服务队”已注销。自愿注销",
    ]


def heard(person_id: UUID) -> list[str | None]:
    query = select(InboxMessage).where(
        InboxMessage.person_id == person_id, InboxMessage.template == "organization_decided"
    )
    return [message.text for message in db.session.scalars(query.order_by(InboxMessage.id))]


def test_own_and_supervised_ones_are_listed_in_every_state(ctx: Flask) -> None:
    staff, applicant = make.staff(), person("赵队长")
    team = make.organization(applicant, staff)
    organizations.suspend(staff, team.id, reason="核查台账")
    refused = organizations.apply(
        actor_of(applicant), name="另一支队", site_id=site().id, summary="服务邻里"
    )
    organizations.reject(staff, refused.id, reason="材料不全")
    mine = organizations.list_mine(actor_of(applicant), ALL)
    assert [o.id for o in mine.items] == [refused.id, team.id]
    colleague = make.organizer_of(person("孙干事"), team)
    assert [o.id for o in organizations.list_mine(colleague, ALL).items] == [team.id]
    suspended = OrganizationStatus.SUSPENDED
    found = organizations.list_supervised(staff, ALL, status=suspended)
    assert [o.id for o in found.items] == [team.id]
    elsewhere = make.staff(site("411002002"))
    assert organizations.list_supervised(elsewhere, ALL, status=suspended).items == []


def test_the_calls_of_the_lists(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        staff, applicant = make.staff(), person("赵队长")
        team = make.organization(applicant, staff)
    (mine,) = http.as_(applicant).get("/me/organizations").json["items"]  # type: ignore[index]
    assert (mine["id"], mine["status"]) == (str(team.id), "approved")
    path = "/organizations/supervised"
    assert http.as_(staff).get(path).json["items"] == []  # type: ignore[index]
    (found,) = http.as_(staff).get(f"{path}?status=approved").json["items"]  # type: ignore[index]
    assert found["applicant_name"] == "赵**"
    assert http.as_(applicant).get(path).status_code == 403


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        applicant, staff, site_id = make.volunteer("欧阳志愿"), make.staff(), str(site().id)
    body = {"name": "文峰志愿服务队", "site_id": site_id, "summary": "服务邻里"}
    made = http.as_(applicant).post("/organizations", json=body)
    assert made.status_code == 201, made.json
    assert made.json is not None
    path = f"/organizations/{made.json['id']}"
    assert made.json["status"] == "applied"
    assert http.get(path).status_code == 404
    assert http.as_(applicant).get(path).json == made.json
    queue = http.as_(staff).get("/organizations/applications")
    assert [o["applicant_name"] for o in queue.json["items"]] == ["欧阳**"]  # type: ignore[index]
    assert http.as_(applicant).post(f"{path}/approve").status_code == 403
    approved = http.as_(staff).post(f"{path}/approve")
    assert (approved.status_code, approved.json["status"]) == (200, "approved")  # type: ignore[index]
    again = http.as_(staff).post(f"{path}/reject", json={"reason": "反悔了"})
    assert (again.status_code, again.json["code"], again.json["state"]) == (  # type: ignore[index]
        409,
        "wrong_state",
        "approved",
    )
    listed = http.get(f"/organizations?site={site_id}")
    assert [o["name"] for o in listed.json["items"]] == ["文峰志愿服务队"]  # type: ignore[index]
    assert "applicant_name" not in listed.json["items"][0]  # type: ignore[index]


def test_a_citizen_without_a_real_name_may_not_apply(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        citizen, site_id = actor_of(person(registered=False)), str(site().id)
    body = {"name": "文峰志愿服务队", "site_id": site_id, "summary": "服务邻里"}
    assert http.as_(citizen).post("/organizations", json=body).status_code == 403
    assert http.post("/organizations", json=body).status_code == 401


def test_reference_data_is_public(http: Http) -> None:
    actions = http.get("/actions")
    assert [a["key"] for a in actions.json["items"]][:2] == ["site_improvement", "project_quality"]  # type: ignore[index]
    categories = http.get("/service-categories")
    assert len(categories.json["items"]) == 16  # type: ignore[index]
    assert categories.headers["Cache-Control"] == "public, max-age=60"


def test_a_suspended_one_begins_nothing_until_it_is_restored(ctx: Flask) -> None:
    scene = make.scene(published=False)
    organizations.suspend(scene.staff, scene.organization_id, reason="整改")
    create = partial(
        activities.create,
        scene.organizer,
        project_id=scene.project_id,
        title="清洁家园",
        place="文峰社区",
    )
    with pytest.raises(OrganizationNotApproved):
        create()
    organization = organizations.get(scene.organizer, scene.organization_id)
    assert organization.suspend_reason == "整改"
    with pytest.raises(NotFound):
        organizations.get(ANONYMOUS, scene.organization_id)
    with pytest.raises(OrganizationNotApproved):
        make.project(scene.organizer, organization, scene.staff)
    organizations.restore(scene.staff, scene.organization_id)
    create()


def test_members_still_see_a_suspended_one(ctx: Flask) -> None:
    staff, founder, member = make.staff(), person("赵队长"), make.volunteer()
    team = make.organization(founder, staff)
    applied = memberships.apply(member, team.id)
    memberships.accept(make.organizer_of(founder, team), applied.id)
    organizations.suspend(staff, team.id, reason="核查台账")
    assert organizations.get(member, team.id).suspend_reason == "核查台账"
    for stranger in (ANONYMOUS, make.volunteer()):
        with pytest.raises(NotFound):
            organizations.get(stranger, team.id)


def test_a_dissolved_one_frees_its_name(ctx: Flask) -> None:
    organization = applied()
    organizations.approve(make.staff(), organization.id)
    organizations.suspend(make.staff(), organization.id, reason="整改")
    with pytest.raises(OrganizationNameTaken):
        applied()
    organizations.dissolve(make.staff(), organization.id, reason="成员已散")
    assert applied().status is OrganizationStatus.APPLIED
    with pytest.raises(WrongState):
        organizations.restore(make.staff(), organization.id)


def test_none_is_dissolved_in_the_middle_of_an_activity(ctx: Flask) -> None:
    scene = make.scene()
    with pytest.raises(OrganizationBusy) as refused:
        organizations.dissolve(scene.staff, scene.organization_id, reason="解散")
    assert refused.value.details == {"activities": 1}
    activities.cancel(scene.organizer, scene.activity_id, reason="解散")
    organizations.dissolve(scene.staff, scene.organization_id, reason="解散")


def test_only_staff_who_do_not_organise_supervise(ctx: Flask) -> None:
    scene = make.scene()
    with pytest.raises(NotFound):
        organizations.suspend(make.staff(site("411003")), scene.organization_id, reason="整改")
    organizes = grant(Role.ORGANIZER, organization=scene.organization_id)
    insider = actor_of(person(), grant(Role.SITE_STAFF, over=site()), organizes)
    with pytest.raises(OwnApplication):
        organizations.suspend(insider, scene.organization_id, reason="整改")


def test_the_calls_of_supervision(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(published=False)
    path, staff = f"/organizations/{scene.organization_id}", http.as_(scene.staff)
    suspended = staff.post(f"{path}/suspend", json={"reason": "整改"})
    assert (suspended.json["status"], suspended.json["suspend_reason"]) == ("suspended", "整改")  # type: ignore[index]
    assert http.as_(scene.organizer).post(f"{path}/restore").status_code == 403
    assert staff.post(f"{path}/restore").json["status"] == "approved"  # type: ignore[index]
    gone = staff.post(f"{path}/dissolve", json={"reason": "解散"})
    assert (gone.json["status"], gone.json["dissolve_reason"]) == ("dissolved", "解散")  # type: ignore[index]
