"""What each role may call, as the generated matrix promises it, and the promises about what some
roles never see or change."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.errors import RealNameRequired
from accounts.permissions import ROLE_PERMISSIONS, Role
from cli.documents import DOCS
from core import clock
from core.actor import ANONYMOUS, Actor
from core.crypto import mask_name
from core.db import db
from core.errors import Forbidden
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.services import ballots
from tests.conftest import Http, stored
from tests.contract.bodies import body_of
from tests.contract.operations import Operation, operations
from tests.contract.world import AT, COUNTY, ELSEWHERE, OWNER, World, build
from tests.doubles.wechat import RecordingWeChat
from tests.factories import panels as judging
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.attachments import attached

PUBLIC = "public"
LACKS_PERMISSION = {Forbidden.code, RealNameRequired.code}
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def promised() -> dict[str, set[str]]:
    """Role to permissions, read off the matrix that people read."""
    lines = (DOCS / "permissions.md").read_text(encoding="utf-8").partition("## Roles")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines.splitlines()
        if line.startswith("|")
    ]
    roles = rows[0][1:]
    held: dict[str, set[str]] = {role: set() for role in roles}
    for permission, *ticks in rows[2:]:
        for role, tick in zip(roles, ticks, strict=True):
            if tick:
                held[role].add(permission.strip("`"))
    return held


def actor(role: str) -> Actor:
    """Somebody with one role, and what everybody with a real name has."""
    if role == "anonymous":
        return ANONYMOUS
    granted = () if role in (Role.CITIZEN, Role.VOLUNTEER) else (grant(Role(role)),)
    who = actor_of(person(registered=role != Role.CITIZEN), *granted)
    return replace(who, session_id=uuid4())


def implied(role: str) -> tuple[str, ...]:
    """The rows of the matrix that hold for such an actor."""
    if role == "anonymous":
        return ()
    real_name = () if role == Role.CITIZEN else (Role.VOLUNTEER,)
    return (Role.CITIZEN, *real_name, role)


@pytest.mark.parametrize("role", ["anonymous", *Role])
def test_the_matrix_says_who_may_call_what(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, role: str
) -> None:
    """With ids that nothing has and empty bodies: the permission is asked first."""
    matrix = promised()
    held = set().union(*(matrix[name] for name in implied(role)))
    with stored(rolled_back):
        who = actor(role)
    caller = http.as_(who) if who.is_signed_in else http
    wrong = []
    for operation in operations(rolled_back):
        content: dict[str, Any] = {} if operation.body is None else {"json": {}}
        answer = caller._send(operation.method, operation.url(), **content)
        assert answer.status_code < 500, operation.name
        code = (answer.get_json(silent=True) or {}).get("code")
        if operation.permission == PUBLIC or operation.permission in held:
            is_right = code not in LACKS_PERMISSION and code != "not_signed_in"
        elif role == "anonymous":
            is_right = answer.status_code == 401
        else:
            is_right = answer.status_code == 403 and code in LACKS_PERMISSION
        if not is_right:
            wrong.append(f"{operation.name}: {answer.status_code} {code}")
    assert wrong == []


def test_the_matrix_is_of_all_roles_and_permissions() -> None:
    """Negative control: an empty matrix would promise nothing."""
    assert promised() == {role: set(held) for role, held in ROLE_PERMISSIONS.items()}


@pytest.fixture
def world(rolled_back: Flask, wechat: RecordingWeChat) -> Iterator[World]:
    made = build(rolled_back)
    with clock.frozen(AT):
        yield made


def call(http: Http, who: Actor, operation: Operation, world: World) -> tuple[int, str]:
    """Status and text of the answer to a fitting call about the things of the world."""
    ids = world.ids | world.instead.get(operation.name, {})
    body = body_of(operation, ids)
    content = {} if body is None else {"json": body}
    answer = http.as_(who)._send(
        operation.method,
        operation.url(ids),
        query_string={name: ids.get(name, "0") for name in operation.query},
        **content,
    )
    return answer.status_code, answer.get_data().decode(errors="replace")


def of_role(app: Flask, role: Role) -> list[Operation]:
    """The operations for which one needs the role: what no citizen may call."""
    everybody = ROLE_PERMISSIONS[Role.CITIZEN] | ROLE_PERMISSIONS[Role.VOLUNTEER]
    own = {str(permission) for permission in ROLE_PERMISSIONS[role] - everybody}
    return [o for o in operations(app) if o.permission in own]


def test_a_reviewer_of_another_county_finds_no_case(
    http: Http, rolled_back: Flask, world: World
) -> None:
    with stored(rolled_back):
        stranger = actor_of(person("邻县"), grant(Role.REVIEWER, over=site(ELSEWHERE)))
    about_cases = [o for o in of_role(rolled_back, Role.REVIEWER) if o.parameters]
    answers = {
        o.name: call(http, stranger, o, world)[0]
        for o in about_cases
        if "{campaign_id}" not in o.path
    }
    assert len(answers) > 35
    assert {name: status for name, status in answers.items() if status != 404} == {}


def test_a_panelist_sees_no_others_marks_nor_another_campaign(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    with stored(rolled_back):
        court, elsewhere = judging.court(), judging.court()
    (first, second, _), nominee = court.members, str(court.candidates[0])
    marks = [{"criterion": m["criterion"], "points": "91.37"} for m in judging.marks()]
    given = http.as_(first).put(f"/panel/{nominee}/scores", json={"marks": marks})
    assert given.status_code == 200, given.json
    with stored(rolled_back):
        paper = str(attached(db.session.get_one(Nomination, court.candidates[0]), cleared=True).id)
    ids = {
        "campaign_id": str(court.campaign_id),
        "nomination_id": nominee,
        "attachment_id": paper,
    }
    assert "91.37" in seen_by(http, first, rolled_back, ids)
    assert "91.37" not in seen_by(http, second, rolled_back, ids)
    there = {
        "campaign_id": str(elsewhere.campaign_id),
        "nomination_id": str(elsewhere.candidates[0]),
        "attachment_id": paper,
    }
    for operation in of_role(rolled_back, Role.PANELIST):
        body = None if operation.body is None else {"marks": marks, "conflict": False}
        if operation.path.endswith("/vote"):
            body = {"approves": True}
        elif body is not None:
            body.pop("conflict" if operation.path.endswith("/scores") else "marks")
        content = {} if body is None else {"json": body}
        answer = http.as_(first)._send(operation.method, operation.url(there), **content)
        assert answer.status_code == 404, f"{operation.name}: {answer.json}"


def seen_by(http: Http, who: Actor, app: Flask, ids: dict[str, str]) -> str:
    """Everything that can be read about these ids."""
    found = []
    for operation in operations(app):
        if operation.method == "GET":
            missing = {name: str(uuid4()) for name in operation.parameters}
            answer = http.as_(who).get(operation.url(missing | ids))
            found.append(answer.get_data().decode(errors="replace"))
    return "\n".join(found)


def test_an_administrator_sees_nobodys_vote(http: Http, rolled_back: Flask, world: World) -> None:
    """No answer in which a voter stands beside what was chosen."""
    with stored(rolled_back):
        voter, office = person("选民"), actor_of(person("主任"), grant(Role.ADMIN))
        choice = UUID(world.ids["choice"])
        receipt = ballots.cast(actor_of(voter), UUID(world.ids["campaign_id"]), choices=[choice])
    world.ids["person_id"] = str(voter.id)
    own = http.as_(voter).get("/me/ballots").get_data(as_text=True)
    assert str(choice) in own
    for operation in operations(rolled_back):
        if operation.method != "GET":
            continue
        status, told = call(http, office, operation, world)
        assert status < 500
        is_both = str(voter.id) in told and str(choice) in told
        assert not is_both, operation.name
        assert str(receipt.id) not in told, operation.name


def test_a_supervisor_changes_nothing_but_the_lot(
    http: Http, rolled_back: Flask, world: World
) -> None:
    """Of campaigns that they watch over; what any citizen may is no matter of the role."""
    with stored(rolled_back):
        watched = [
            judging.over(Role.SUPERVISOR, n) for n in db.session.scalars(select(Campaign.id))
        ]
        supervisor = actor_of(person("公证员"), *watched)
    everybody = ROLE_PERMISSIONS[Role.CITIZEN] | ROLE_PERMISSIONS[Role.VOLUNTEER]
    answers = {
        o.name: call(http, supervisor, o, world)[0]
        for o in operations(rolled_back)
        if o.method in WRITES and o.permission not in {PUBLIC, *everybody}
    }
    lot = answers.pop("POST /api/v1/results/{result_id}/draw_lot")
    assert len(answers) > 150
    assert {name: status for name, status in answers.items() if status not in (403, 404)} == {}
    assert lot == 409  # let in: no two are equal here


def test_a_moderator_sees_no_id_number(http: Http, rolled_back: Flask, world: World) -> None:
    with stored(rolled_back):
        moderators = [
            actor_of(person("审图员"), grant(Role.MODERATOR)),
            actor_of(person("审图员"), grant(Role.MODERATOR, over=site(COUNTY))),
        ]
    assert ID_NUMBER.search(f"x{id_number()}y")
    for who in moderators:
        for operation in of_role(rolled_back, Role.MODERATOR):
            status, told = call(http, who, operation, world)
            assert status < 500
            assert not ID_NUMBER.search(told), operation.name


def test_a_consultant_sees_no_nominator(http: Http, rolled_back: Flask, world: World) -> None:
    """What a department is asked about was recommended by `OWNER`."""
    consultant = next(w for w in world.insiders if any(g.role == "consultant" for g in w.grants))
    asked = [o for o in operations(rolled_back) if o.permission.endswith("consultation:answer")]
    assert len(asked) >= 3
    for operation in asked:
        status, told = call(http, consultant, operation, world)
        assert status == 200, operation.name
        for name in (OWNER, mask_name(OWNER), "nominator"):
            assert name not in told, operation.name


def test_a_partner_sees_a_masked_name_only(http: Http, rolled_back: Flask, world: World) -> None:
    with stored(rolled_back):
        partner = actor_of(person("窗口"), grant(Role.PARTNER))
    seen = {o.name: call(http, partner, o, world) for o in of_role(rolled_back, Role.PARTNER)}
    assert len(seen) == 2
    status, card = seen["GET /api/v1/benefit-cards/{code}"]
    assert status == 200
    assert mask_name(OWNER) in card
    for name, (_, told) in seen.items():
        assert not any(secret in told for secret in world.secrets), name
