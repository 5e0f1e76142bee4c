"""Granting and revoking roles."""

from uuid import uuid4

import pytest
from flask import Flask

from accounts.models.persons import Person
from accounts.models.sites import Site
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from accounts.services import roles
from core.actor import SYSTEM, Actor, ScopeKind
from core.errors import NotFound
from nominations.lifecycles import CampaignStatus
from nominations.services import channels
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign


@pytest.fixture
def admin(rolled_back: Flask) -> Actor:
    with stored(rolled_back):
        return actor_of(person("管理员"), grant(Role.ADMIN))


@pytest.fixture
def weidu(rolled_back: Flask) -> Site:
    with stored(rolled_back):
        return site("411002")


def test_an_admin_grants_and_revokes(http: Http, admin: Actor, weidu: Site) -> None:
    desk = http.as_(admin)
    body = {"person_id": str(admin.id), "role": "reviewer", "site_id": str(weidu.id)}
    granted = desk.post("/role-grants", json=body)
    assert granted.status_code == 201
    again = desk.post("/role-grants", json=body)
    assert (again.status_code, again.json["code"]) == (409, "role_already_granted")  # type: ignore[index]
    assert granted.json is not None
    path = f"/role-grants/{granted.json['id']}/revoke"
    assert desk.post(path, json={"reason": "岗位调整"}).status_code == 204
    assert desk.post(path, json={"reason": "岗位调整"}).status_code == 404
    assert desk.post("/role-grants", json=body).status_code == 201


def test_reviewers_of_channels_and_supervisors_of_campaigns(
    http: Http, admin: Actor, rolled_back: Flask
) -> None:
    with stored(rolled_back):
        scopes = {
            "channel_id": (str(channels.list_all()[0].id), "reviewer", "supervisor"),
            "campaign_id": (str(campaign(CampaignStatus.DRAFT).id), "supervisor", "reviewer"),
        }
        other = person()
    for name, (scope_id, role, wrong) in scopes.items():
        body = {"person_id": str(other.id), "role": role, name: scope_id}
        desk = http.as_(admin)
        granted = desk.post("/role-grants", json=body)
        assert granted.status_code == 201
        assert granted.json is not None
        assert f"{granted.json['scope_kind']}_id" == name
        assert granted.json["scope_id"] == scope_id
        assert desk.post("/role-grants", json=body).status_code == 409
        assert desk.post("/role-grants", json=body | {"role": wrong}).status_code == 422
        assert desk.post("/role-grants", json=body | {name: str(uuid4())}).status_code == 404


def test_a_role_has_one_scope(http: Http, admin: Actor, weidu: Site) -> None:
    body = {"person_id": str(admin.id), "role": "reviewer"}
    for scopes in ({}, {"site_id": str(weidu.id), "channel_id": str(uuid4())}):
        refused = http.as_(admin).post("/role-grants", json=body | scopes)
        assert refused.json is not None
        assert list(refused.json["errors"]) == ["site_id"]


def test_an_admin_of_a_county_grants_nothing_beyond_it(ctx: Flask) -> None:
    of_a_county = actor_of(person(), grant(Role.ADMIN, over=site("411002")))
    channel_id = channels.list_all()[0].id
    with pytest.raises(NotFound):
        roles.grant(
            of_a_county,
            person().id,
            role=Role.REVIEWER,
            scope_kind=ScopeKind.CHANNEL,
            scope_id=channel_id,
        )


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"role": "admin"}, 422, "invalid_input"),
        ({"role": "king"}, 422, "invalid_input"),
        ({"person_id": str(uuid4())}, 404, "not_found"),
        ({"site_id": str(uuid4())}, 404, "not_found"),
        ({"site_id": "x"}, 422, "invalid_input"),
    ],
)
def test_what_can_not_be_granted(
    http: Http, admin: Actor, weidu: Site, change: dict[str, str], status: int, code: str
) -> None:
    body = {"person_id": str(admin.id), "role": "reviewer", "site_id": str(weidu.id)}
    response = http.as_(admin).post("/role-grants", json=body | change)
    assert (response.status_code, response.json["code"]) == (status, code)  # type: ignore[index]


def test_a_citizen_grants_nothing(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        citizen = person()
    assert http.as_(citizen).get("/role-grants").status_code == 403
    assert http.get("/role-grants").status_code == 401


def test_permissions_stand_in_alphabetical_order() -> None:
    assert list(Permission) == sorted(Permission)


def test_every_permission_is_held_by_some_role() -> None:
    held = frozenset().union(*ROLE_PERMISSIONS.values())
    assert set(Permission) == held


def test_every_role_has_its_permissions_written_down() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_holders_are_those_of_the_nearest_site_above(ctx: Flask) -> None:
    street, county = site(), site("411002")
    assert roles.holders_at(Role.SITE_STAFF, street) == []
    whole, over_county, over_street, elsewhere = (person(name) for name in "甲乙丙丁")

    def bestow(who: Person, kind: ScopeKind, over: Site | None) -> None:
        scope_id = over.id if over else None
        roles.bestow(SYSTEM, who.id, role=Role.SITE_STAFF, scope_kind=kind, scope_id=scope_id)

    bestow(elsewhere, ScopeKind.SITE, site("411003"))
    bestow(whole, ScopeKind.CITY, None)
    assert roles.holders_at(Role.SITE_STAFF, street) == [whole.id]
    bestow(over_county, ScopeKind.SITE, county)
    assert roles.holders_at(Role.SITE_STAFF, street) == [over_county.id]
    bestow(over_street, ScopeKind.SITE, street)
    assert roles.holders_at(Role.SITE_STAFF, street) == [over_street.id]
    assert roles.holders_at(Role.SITE_STAFF, county) == [over_county.id]
    assert list(roles.holders(Role.SITE_STAFF, ScopeKind.SITE, county.id)) == [over_county.id]
