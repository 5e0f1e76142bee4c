"""Projects: written by an organizer, decided by somebody else."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from core.actor import ANONYMOUS, Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from volunteer.actions import Action
from volunteer.errors import OwnApplication, ProjectNotEditable
from volunteer.lifecycles import ProjectStatus
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.services import projects

ALL = PageRequest(limit=100)


@dataclass
class Team:
    organization: Organization
    organizer: Actor
    staff: Actor


@pytest.fixture
def team(ctx: Flask) -> Team:
    return a_team()


def a_team() -> Team:
    staff, applicant = make.staff(), person("赵队长")
    organization = make.organization(applicant, staff)
    return Team(organization, make.organizer_of(applicant, organization), staff)


def draft(team: Team, by: Actor | None = None) -> Project:
    return projects.create(
        by or team.organizer,
        organization_id=team.organization.id,
        action=Action.RURAL_SERVICE,
        category_code="community_service",
        title="邻里守望",
        summary="每周六上门服务",
    )


def test_a_project_sent_back_is_corrected_and_approved(team: Team) -> None:
    project = draft(team)
    projects.submit(team.organizer, project.id)
    projects.send_back(team.staff, project.id, reason="请写明服务对象")
    changed = projects.update_draft(team.organizer, project.id, {"summary": "为独居老人服务"})
    assert (changed.summary, changed.decision_reason) == ("为独居老人服务", "请写明服务对象")
    projects.submit(team.organizer, project.id)
    projects.approve(team.staff, project.id)
    assert (project.status, project.decision_reason) == (ProjectStatus.APPROVED, None)


def test_a_project_handed_in_can_not_be_changed(team: Team) -> None:
    project = draft(team)
    projects.submit(team.organizer, project.id)
    with pytest.raises(ProjectNotEditable) as refused:
        projects.update_draft(team.organizer, project.id, {"title": "另一个名称"})
    assert refused.value.details == {"state": "submitted"}


def test_a_draft_is_not_decided(team: Team) -> None:
    with pytest.raises(WrongState):
        projects.approve(team.staff, draft(team).id)


def test_nobody_approves_the_project_of_their_own_organisation(team: Team) -> None:
    both = actor_of(
        person("两职"),
        grant(Role.SITE_STAFF, over=site()),
        grant(Role.ORGANIZER, organization=team.organization.id),
    )
    written = draft(team, by=both)
    projects.submit(both, written.id)
    with pytest.raises(OwnApplication):
        projects.approve(both, written.id)
    of_a_colleague = draft(team)
    projects.submit(team.organizer, of_a_colleague.id)
    with pytest.raises(OwnApplication):
        projects.reject(both, of_a_colleague.id, reason="不合适")
    projects.approve(team.staff, written.id)


def test_another_organizer_finds_no_draft(team: Team) -> None:
    project, other = draft(team), a_team()
    for verb in (projects.submit, projects.get):
        with pytest.raises(NotFound):
            verb(other.organizer, project.id)
    with pytest.raises(NotFound):
        draft(team, by=other.organizer)


def test_staff_elsewhere_find_nothing(team: Team) -> None:
    project = draft(team)
    projects.submit(team.organizer, project.id)
    elsewhere = make.staff(site("411003"))
    assert projects.list_submitted(elsewhere, ALL).items == []
    assert projects.list_submitted(team.staff, ALL).items == [project]
    with pytest.raises(NotFound):
        projects.approve(elsewhere, project.id)


def test_only_approved_projects_are_public(team: Team) -> None:
    project = draft(team)
    with pytest.raises(NotFound):
        projects.get(team.staff, project.id)
    projects.submit(team.organizer, project.id)
    assert projects.get(team.staff, project.id) == project
    with pytest.raises(NotFound):
        projects.get(ANONYMOUS, project.id)
    assert projects.list_approved(ALL).items == []
    projects.approve(team.staff, project.id)
    assert projects.get(ANONYMOUS, project.id) == project
    assert projects.list_approved(ALL, action=Action.RURAL_SERVICE).items == [project]
    assert projects.list_approved(ALL, action=Action.CAMPUS_PAIRING).items == []
    assert projects.list_approved(ALL, site=site("411002").id).items == [project]
    assert projects.list_approved(ALL, site=site("411003").id).items == []
    assert projects.list_approved(ALL, organization=team.organization.id).items == [project]


def test_all_projects_of_an_organisation_are_listed_for_its_organizers(team: Team) -> None:
    first, second = draft(team), draft(team)
    projects.submit(team.organizer, second.id)
    listed = projects.list_of_organization(team.organizer, team.organization.id, ALL)
    assert [p.id for p in listed.items] == [second.id, first.id]
    drafts = projects.list_of_organization(
        team.organizer, team.organization.id, ALL, status=ProjectStatus.DRAFT
    )
    assert [p.id for p in drafts.items] == [first.id]
    for outsider in (make.volunteer(), a_team().organizer, team.staff):
        with pytest.raises(NotFound):
            projects.list_of_organization(outsider, team.organization.id, ALL)


def test_whoever_wrote_it_hears_what_was_decided(team: Team) -> None:
    project = draft(team)
    projects.submit(team.organizer, project.id)
    projects.send_back(team.staff, project.id, reason="写清服务对象")
    projects.submit(team.organizer, project.id)
    projects.approve(team.staff, project.id)
    projects.close(team.staff, project.id, reason="项目到期")
    query = select(InboxMessage).where(InboxMessage.template == "project_decided")
    found = db.session.scalars(query.order_by(InboxMessage.id)).all()
    assert {message.person_id for message in found} == {team.organizer.id}
    assert [message.text for message in found] == [
        "志愿服务项目“邻里守望”退回修改。写清服务对象",
        "志愿服务项目“邻里守望”审核通过。可以在项目下组织活动",
        "志愿服务项目“邻里守望”已结束。项目到期",
    ]


def test_an_unknown_category_is_refused_by_field(team: Team) -> None:
    with pytest.raises(InvalidInput) as refused:
        projects.update_draft(team.organizer, draft(team).id, {"category_code": "no_such"})
    assert refused.value.errors == {"category_code": ["没有这个服务类别"]}


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        team = a_team()
        organizer, staff, organization_id = team.organizer, team.staff, str(team.organization.id)
    body = {
        "organization_id": organization_id,
        "action": "rural_service",
        "category_code": "community_service",
        "title": "邻里守望",
        "summary": "每周六上门服务",
    }
    made = http.as_(organizer).post("/projects", json=body)
    assert made.status_code == 201, made.json
    assert made.json is not None
    path = f"/projects/{made.json['id']}"
    seen = http.as_(organizer).get(path)
    match = {"If-Match": seen.headers["ETag"]}
    changed = http.as_(organizer).patch(path, json={"title": "邻里相守"}, headers=match)
    assert (changed.status_code, changed.json["title"]) == (200, "邻里相守")  # type: ignore[index]
    stale = http.as_(organizer).patch(path, json={"title": "第三个"}, headers=match)
    assert (stale.status_code, stale.json["code"]) == (412, "stale")  # type: ignore[index]
    unknown = http.as_(organizer).patch(path, json={"status": "approved"})
    assert (unknown.status_code, list(unknown.json["errors"])) == (422, ["status"])  # type: ignore[index]
    assert http.as_(organizer).post(f"{path}/submit").status_code == 200
    queue = http.as_(staff).get("/projects/review")
    assert [p["id"] for p in queue.json["items"]] == [made.json["id"]]  # type: ignore[index]
    sent = http.as_(staff).post(f"{path}/send_back", json={"reason": "请补充预算"})
    assert (sent.json["status"], sent.json["reason"]) == ("sent_back", "请补充预算")  # type: ignore[index]
    http.as_(organizer).post(f"{path}/submit")
    assert http.as_(staff).post(f"{path}/approve").json["status"] == "approved"  # type: ignore[index]
    rejected = http.as_(staff).post(f"{path}/reject", json={"reason": "晚了"})
    assert rejected.status_code == 409
    own = http.as_(organizer).get(f"/organizations/{organization_id}/projects?status=approved")
    assert [p["id"] for p in own.json["items"]] == [made.json["id"]]  # type: ignore[index]
    listed = http.get("/projects?action=rural_service")
    assert [p["title"] for p in listed.json["items"]] == ["邻里相守"]  # type: ignore[index]
    assert http.get(path).status_code == 200


def test_a_closed_project_has_no_new_activities(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, other = make.scene(), make.scene()
    path, reason = f"/projects/{scene.project_id}/close", {"reason": "目标已完成"}
    assert http.as_(other.organizer).post(path, json=reason).status_code == 404
    closed = http.as_(scene.organizer).post(path, json=reason)
    assert (closed.json["status"], closed.json["close_reason"]) == ("closed", "目标已完成")  # type: ignore[index]
    assert http.get(f"/projects/{scene.project_id}").json["status"] == "closed"  # type: ignore[index]
    new = {"project_id": str(scene.project_id), "title": "清洁家园", "place": "文峰社区"}
    refused = http.as_(scene.organizer).post("/activities", json=new)
    assert refused.json["code"] == "project_not_approved"  # type: ignore[index]
    by_staff = http.as_(other.staff).post(f"/projects/{other.project_id}/close", json=reason)
    assert by_staff.json["status"] == "closed"  # type: ignore[index]
