"""Orders over HTTP."""

from collections.abc import Iterator

import pytest
from flask import Flask

from core import clock
from tests.conftest import Http, stored
from tests.factories import service_requests as make
from tests.factories import volunteer
from tests.factories.service_requests import MONDAY, PHONE, Office, last_step, told, verbs_of
from volunteer.lifecycles import ServiceRequestStatus as Status
from volunteer.models.service_requests import Party
from volunteer.services import (
    activities,
    service_requests,
    service_returns,
)


@pytest.fixture
def office(ctx: Flask) -> Iterator[Office]:
    with clock.frozen(MONDAY):
        yield make.office()


@pytest.fixture
def desk(rolled_back: Flask) -> Office:
    with stored(rolled_back), clock.frozen(MONDAY):
        return make.office()


def body_of(office: Office) -> dict[str, object]:
    return {
        "site_id": str(office.site.id),
        "category_code": "elderly_and_orphans",
        "title": "陪老人去医院",
        "description": "老人行动不便",
        "place": "西大街甲 1 号院",
        "contact_phone": "139 1234 5678",
        "beneficiary_name": "欧阳老人",
        "wanted_from": "2027-05-15T09:00:00+08:00",
        "wanted_until": "2027-05-16T09:00:00+08:00",
    }


def test_the_calls_of_an_order_that_is_dispatched(
    http: Http, rolled_back: Flask, desk: Office
) -> None:
    citizen, staff = http.as_(desk.citizen), http.as_(desk.staff)
    organizer = http.as_(desk.team.organizer)
    team = {"organization_id": str(desk.team.id)}
    with clock.frozen(MONDAY):
        made = citizen.post("/service-requests", json=body_of(desk))
        assert made.status_code == 201, made.json
        assert made.json is not None
        path = f"/service-requests/{made.json['id']}"
        assert (made.json["contact_phone"], made.json["beneficiary_name"]) == (
            "139****5678",
            "欧阳**",
        )
        assert made.json["due_at"] == "2027-05-13T00:00:00+08:00"
        assert citizen.post(f"{path}/dispatch", json=team).status_code == 403
        assert staff.get("/service-requests/queue").json["items"][0]["id"] == made.json["id"]  # type: ignore[index]
        assert staff.post(f"{path}/dispatch", json=team).json["status"] == "dispatched"  # type: ignore[index]
        assert organizer.post(f"{path}/contact").status_code == 409
        accepted = organizer.post(f"{path}/accept").json
        assert accepted["organization_name"] == desk.team.organization.name  # type: ignore[index]
        assert organizer.post(f"{path}/contact").json == {"phone": PHONE}
        assert staff.post(f"{path}/contact").status_code == 403
        assert organizer.post(f"{path}/start").json["status"] == "in_service"  # type: ignore[index]
        done = {"report": "陪诊半天", "people_served": 1, "served_on": "2027-05-10"}
        assert organizer.post(f"{path}/complete", json=done).json["status"] == "done"  # type: ignore[index]
        listed = organizer.get(f"/organizations/{desk.team.id}/service-requests?status=done")
        assert len(listed.json["items"]) == 1  # type: ignore[index]
        rated = citizen.post(f"{path}/rating", json={"score": 1, "text": "迟到了"}).json
        assert (rated["status"], rated["rating"]["score"]) == ("follow_up", 1)  # type: ignore[index]
        resolved = staff.post(f"{path}/resolve", json={"resolution": "已上门致歉"}).json
        assert (resolved["status"], resolved["resolution"]) == ("closed", "已上门致歉")  # type: ignore[index]
        shown = citizen.get(path).json
        assert [step["by"] for step in shown["steps"]] == [  # type: ignore[index]
            "requester",
            "site",
            "team",
            "team",
            "team",
            "requester",
            "system",
            "site",
        ]
        assert len(citizen.get("/me/service-requests").json["items"]) == 1  # type: ignore[index]
        assert PHONE not in citizen.get(path).get_data(as_text=True)
        sums = staff.get(f"/statistics/service-requests?site={desk.site.id}&from=2027-05-10").json
        assert (sums["total"], sums["answers"], sums["mean_score"]) == (1, 1, 1.0)  # type: ignore[index]
        assert sums["by_status"]["closed"] == 1  # type: ignore[index]
    assert http.get(path).status_code == 401


def test_the_calls_of_an_order_that_is_opened(http: Http, rolled_back: Flask, desk: Office) -> None:
    citizen, staff = http.as_(desk.citizen), http.as_(desk.staff)
    organizer, other = http.as_(desk.team.organizer), http.as_(desk.other.organizer)
    team, others = (
        {"organization_id": str(desk.team.id)},
        {"organization_id": str(desk.other.id)},
    )
    with clock.frozen(MONDAY):
        made = citizen.post("/service-requests", json=body_of(desk)).json
        assert made is not None
        path = f"/service-requests/{made['id']}"
        assert staff.post(f"{path}/open").json["status"] == "opened"  # type: ignore[index]
        board = organizer.get("/service-requests/open").json["items"]  # type: ignore[index]
        assert set(board[0]) == {
            "id",
            "site_id",
            "category_code",
            "title",
            "district",
            "wanted_from",
            "wanted_until",
        }
        assert other.get(path).status_code == 404
        assert organizer.post(f"{path}/claim", json=team).json["status"] == "accepted"  # type: ignore[index]
        taken = other.post(f"{path}/claim", json=others)
        assert (taken.status_code, taken.json["code"]) == (409, "service_request_taken")  # type: ignore[index]
        again = {**others, "reason": "原队伍人手不够"}
        assert staff.post(f"{path}/redispatch", json=again).json["status"] == "dispatched"  # type: ignore[index]
        declined = other.post(f"{path}/decline", json={"reason": "时间不合适"}).json
        assert (declined["status"], declined["reason"]) == ("declined", "时间不合适")  # type: ignore[index]
        no_activity = organizer.post(f"{path}/link", json={"activity_id": made["id"]})
        assert no_activity.status_code == 404
        late = citizen.post(f"{path}/withdraw")
        assert (late.status_code, late.json["status"]) == (200, "withdrawn")  # type: ignore[index]
        refused = staff.post(f"{path}/reject", json={"reason": "已撤回"})
        assert (refused.status_code, refused.json["state"]) == (409, "withdrawn")  # type: ignore[index]


def test_on_behalf_of_is_a_person_or_a_name_with_a_phone(
    http: Http, rolled_back: Flask, desk: Office
) -> None:
    helper = http.as_(desk.helper)
    body = {k: v for k, v in body_of(desk).items() if k not in ("contact_phone", "title")}
    with clock.frozen(MONDAY):
        for wrong in ({}, {"name": "李大爷"}, {"person_id": str(desk.site.id), "name": "李大爷"}):
            answer = helper.post(
                "/service-requests", json={**body, "title": "换灯泡", "on_behalf_of": wrong}
            )
            assert answer.status_code == 422, wrong
        whom = {"name": "李大爷", "phone": "13800000001"}
        made = helper.post(
            "/service-requests", json={**body, "title": "换灯泡", "on_behalf_of": whom}
        ).json
    assert (made["is_on_behalf"], made["contact_phone"]) == (True, "138****0001")  # type: ignore[index]


def test_an_order_whose_activity_was_called_off_goes_back_to_its_team(office: Office) -> None:
    scene = volunteer.scene()
    with clock.frozen(volunteer.DAY_BEFORE):
        made = make.order(office)
    service_requests.dispatch(office.staff, made.id, organization_id=scene.organization_id)
    service_requests.accept(scene.organizer, made.id)
    service_requests.link(scene.organizer, made.id, activity_id=scene.activity_id)
    assert service_returns.to_unlink() == []
    assert service_returns.unlink(made.id).status is Status.IN_SERVICE
    activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
    assert service_returns.to_unlink() == [made.id]
    for _ in range(2):
        service_returns.unlink(made.id)
    assert service_returns.to_unlink() == []
    assert (made.status, made.activity_id) == (Status.ACCEPTED, None)
    assert made.organization_id == scene.organization_id
    assert made.due_at is not None
    step = last_step(made)
    assert (step.verb, step.party, step.reason) == ("unlink", Party.SYSTEM, "暴雨")
    assert told(step.id, office.citizen)
    assert verbs_of(made).count("unlink") == 1
    service_requests.start(scene.organizer, made.id)
