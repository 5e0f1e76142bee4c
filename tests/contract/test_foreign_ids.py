"""Other people's ids on every endpoint, tried by everybody whom they do not concern.

A new endpoint whose address or body names a thing needs an id in `world`; one that is open to
others than those concerned needs a line in `OPEN`.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import clock
from core.actor import Actor
from core.db import Base, atomically, db
from nominations.services.stages import PRECONDITIONS
from tests.conftest import Http
from tests.contract.bodies import body_of, names_an_id
from tests.contract.operations import Operation, operations
from tests.contract.world import AT, World, build
from tests.doubles.wechat import RecordingWeChat
from tests.factories.attachments import jpeg

REFUSED = (401, 403, 404)

STAFF = {"organizer", "site_staff", "reviewer", "helper", "moderator", "admin"}
VOLUNTEERS = {"volunteer", *STAFF}
SIGNED_IN = {"citizen", *VOLUNTEERS}
EVERYBODY = {"anonymous", *SIGNED_IN}


@dataclass(frozen=True)
class Open:
    """Who may call with an id that is not theirs, with what answer, and why."""

    who: set[str]
    status: int
    why: str
    shows: str = "nobody"
    """Whose names: nobody's, or "masked" or "clear" ones."""
    changes: frozenset[str] = frozenset()
    """Tables whose rows of others may change."""


def public(why: str) -> Open:
    return Open(EVERYBODY, 200, why)


def admin(status: int, why: str, *changes: str, shows: str = "nobody") -> Open:
    return Open({"admin"}, status, why, shows, frozenset(changes))


CARD = Open({"helper"}, 409, "any counter serves who lays the card on it; its number is wrong here")
DUTY = "runs the platform for the whole city"
HANDLES = "handles objections to cases that they had no part in"
CAMPAIGN = "a campaign is public from its announcement"
CANDIDATE = "a candidate is public while there are any"
SECRET = "the secret stands in the address"
ANSWER = Open(EVERYBODY, 200, SECRET, changes=frozenset({"nominee_consents", "nominations"}))

OPEN = {
    "GET /api/v1/sites/{site_id}": public("reference data"),
    "GET /api/v1/organizations/{organization_id}": public("an approved organisation is public"),
    "GET /api/v1/projects/{project_id}": public("an approved project is public"),
    "GET /api/v1/activities/{activity_id}": public("a published activity is public"),
    "GET /api/v1/calendar/{token}.ics": public(SECRET),
    "GET /api/v1/certificates/{number}/verify": Open(EVERYBODY, 200, SECRET, "masked"),
    "GET /api/v1/campaigns/{campaign_id}": public(CAMPAIGN),
    "GET /api/v1/campaigns/{campaign_id}/rules": public(CAMPAIGN),
    "GET /api/v1/campaigns/{campaign_id}/postponements": public(CAMPAIGN),
    "GET /api/v1/campaigns/{campaign_id}/candidates": public(CAMPAIGN),
    "GET /api/v1/campaigns/{campaign_id}/tally": public(CAMPAIGN),
    **{
        f"GET /api/v1/campaigns/{{campaign_id}}/log/{name}": public(CAMPAIGN)
        for name in ("checkpoint", "leaves", "inclusion", "consistency", "key")
    },
    "GET /api/v1/candidates/{candidate_id}": public(CANDIDATE),
    "GET /api/v1/candidates/{candidate_id}/photos/{photo_number}": public(CANDIDATE),
    "GET /api/v1/nominations/{nomination_id}/comments": public(CANDIDATE),
    "POST /api/v1/nominations/{nomination_id}/comments": Open(
        VOLUNTEERS, 201, "anybody with a real name comments on a candidate"
    ),
    "GET /api/v1/campaigns/{campaign_id}/result": Open(
        EVERYBODY, 409, "public from its notice on; not yet here"
    ),
    "POST /api/v1/campaigns/{campaign_id}/ballots": Open(SIGNED_IN, 201, "anybody votes"),
    "POST /api/v1/campaigns/{campaign_id}/nominations": Open(
        SIGNED_IN, 409, "anybody nominates; the stage is over here"
    ),
    "GET /api/v1/campaigns/{campaign_id}/quarantine": admin(200, DUTY),
    "GET /api/v1/findings/{finding_id}": admin(200, DUTY),
    "GET /api/v1/findings/{finding_id}/ballots": admin(200, DUTY),
    "POST /api/v1/rulings": admin(409, "a proposal waits already"),
    "POST /api/v1/rulings/{ruling_id}/approve": admin(200, DUTY, "rulings", "public_logs"),
    "POST /api/v1/rulings/{ruling_id}/decline": admin(200, DUTY, "rulings"),
    "POST /api/v1/nominations/{nomination_id}/remove": admin(
        200, "the city's office decides", "nominations"
    ),
    "GET /api/v1/nominee-consents/{consent_token}": public(SECRET),
    "POST /api/v1/nominee-consents/{consent_token}/give": ANSWER,
    "POST /api/v1/nominee-consents/{consent_token}/decline": ANSWER,
    "POST /api/v1/nominee-consents/{consent_token}/withdraw_consent": Open(
        EVERYBODY, 409, "the secret stands in the address; nothing was given here"
    ),
    "POST /api/v1/campaigns/{campaign_id}/clues": Open(
        SIGNED_IN, 409, "anybody tells of somebody; the stage is over here"
    ),
    "GET /api/v1/nominations/{nomination_id}/card": public("whoever was given the link"),
    "POST /api/v1/nominations/{nomination_id}/supports": Open(
        SIGNED_IN, 201, "anybody supports", changes=frozenset({"nominations"})
    ),
    "GET /api/v1/notices/{notice_id}": public("a notice is public from its first day"),
    "GET /api/v1/notices/{notice_id}/notice.docx": public("a notice is public"),
    **{
        f"GET /api/v1/campaigns/{{campaign_id}}/result.{kind}": Open(
            EVERYBODY, 409, "public from its notice on; not yet here"
        )
        for kind in ("docx", "xlsx")
    },
    **{
        f"GET /api/v1/campaigns/{{campaign_id}}/nominations.{kind}": Open(
            {"reviewer", "admin"}, 200, "a table of the cases of one's places; the city's are all"
        )
        for kind in ("docx", "xlsx")
    },
    "POST /api/v1/notices/{notice_id}/objections": Open(
        SIGNED_IN, 201, "anybody objects to whoever is on notice"
    ),
    "PUT /api/v1/me/profile": Open(SIGNED_IN, 200, "anybody chooses a home site"),
    "POST /api/v1/organizations": Open(VOLUNTEERS, 201, "anybody applies at a site"),
    "POST /api/v1/organizations/{organization_id}/memberships": Open(
        VOLUNTEERS, 201, "anybody applies to be a member"
    ),
    "POST /api/v1/shifts/{shift_id}/signups": Open(
        VOLUNTEERS, 409, "anybody signs up; it has begun here"
    ),
    "POST /api/v1/attendances/check-in": Open(VOLUNTEERS, 422, "the code on site is the proof"),
    "POST /api/v1/attendances/check-out": Open(VOLUNTEERS, 422, "the code on site is the proof"),
    "POST /api/v1/me/certificates": Open(
        VOLUNTEERS, 409, "certifies one's own hours with the organisation; there are none"
    ),
    "POST /api/v1/service-requests": Open(
        VOLUNTEERS - {"helper"}, 403, "anybody asks at a site; not for another"
    ),
    "POST /api/v1/persons/{person_id}/bindings": CARD,
    "POST /api/v1/persons/{person_id}/guardianships": CARD,
    "GET /api/v1/persons/{person_id}": admin(200, DUTY, shows="masked"),
    "GET /api/v1/persons/{person_id}/guardianships": admin(200, DUTY, shows="masked"),
    "POST /api/v1/persons/{person_id}/unmask": admin(200, "looks with a reason", shows="clear"),
    "POST /api/v1/persons/{person_id}/merge": admin(409, "merges; these two are not the same"),
    "POST /api/v1/feedback/{feedback_id}/answer": admin(200, DUTY, "feedback", shows="clear"),
    "POST /api/v1/role-grants": admin(422, "grants roles; not that of a citizen"),
    "POST /api/v1/role-grants/{grant_id}/revoke": admin(204, DUTY, "role_grants"),
    "GET /api/v1/reports/monthly/{report_id}": admin(200, DUTY),
    "GET /api/v1/consultation-answers/{answer_token}": public(SECRET),
    "PUT /api/v1/consultation-answers/{answer_token}": Open(
        EVERYBODY, 200, SECRET, changes=frozenset({"consultations", "nominations"})
    ),
    "POST /api/v1/departments/{department_id}/consultants": admin(201, DUTY),
    "GET /api/v1/campaigns/{campaign_id}/notices": admin(200, DUTY),
    "POST /api/v1/campaigns/{campaign_id}/notices": admin(422, "opens tomorrow at the earliest"),
    "POST /api/v1/notices/{notice_id}/objections/enter": admin(422, "not one by the app"),
    "GET /api/v1/objections/{objection_id}": admin(200, HANDLES),
    "GET /api/v1/objections/{objection_id}/evidence": admin(200, HANDLES),
    "GET /api/v1/objections/{objection_id}/evidence/{attachment_id}": admin(200, HANDLES),
    "POST /api/v1/objections/{objection_id}/accept": admin(409, "accepted already"),
    "POST /api/v1/objections/{objection_id}/not_accept": admin(409, "accepted already"),
    "POST /api/v1/objections/{objection_id}/answer": admin(200, HANDLES, "objections"),
    "POST /api/v1/objections/{objection_id}/verify": admin(200, HANDLES),
    "POST /api/v1/objections/{objection_id}/uphold": admin(409, "two people look first"),
    "POST /api/v1/objections/{objection_id}/dismiss": admin(409, "two people look first"),
    "POST /api/v1/notices/{notice_id}/extend": admin(422, "not to a day before the last"),
    "POST /api/v1/notices/{notice_id}/withdraw": admin(409, "an objection is open"),
    "POST /api/v1/campaigns/{campaign_id}/approvals": admin(409, "the stage is not there yet"),
    "POST /api/v1/nominations/{nomination_id}/waive_notice": admin(409, "the stage is not there"),
    "GET /api/v1/honors/{honor_id}": Open(EVERYBODY, 200, "the roll is public", "clear"),
    "GET /api/v1/honors/{honor_id}/file": admin(200, DUTY, shows="clear"),
    "POST /api/v1/honors/{honor_id}/warnings": admin(201, DUTY),
    "POST /api/v1/honors/{honor_id}/suspend": admin(200, DUTY, "honors", shows="clear"),
    "POST /api/v1/honors/{honor_id}/restore": admin(409, "it is in force"),
    "POST /api/v1/honors/{honor_id}/revoke": admin(
        200, DUTY, "honors", "hardship_cases", "care_visits", "referrals", shows="clear"
    ),
    "POST /api/v1/honors/{honor_id}/record_return": admin(409, "it is in force"),
    "POST /api/v1/honors/{honor_id}/referrals": admin(201, DUTY, shows="clear"),
    "POST /api/v1/honors/{honor_id}/care-visits": admin(201, DUTY, shows="clear"),
    "POST /api/v1/nominations/{nomination_id}/honor": admin(
        201, DUTY, "nominations", "reference_counters"
    ),
    "GET /api/v1/referrals/{referral_id}/material.zip": admin(200, DUTY, shows="clear"),
    "POST /api/v1/referrals/{referral_id}/send": admin(200, DUTY, "referrals", shows="clear"),
    "POST /api/v1/referrals/{referral_id}/list": admin(409, "it was not sent"),
    "POST /api/v1/referrals/{referral_id}/not_list": admin(409, "it was not sent"),
    "POST /api/v1/referrals/{referral_id}/withdraw": admin(200, DUTY, "referrals", shows="clear"),
    "POST /api/v1/hardship-cases/{case_id}/approve": admin(409, "nobody has proposed"),
    "POST /api/v1/hardship-cases/{case_id}/complete": admin(409, "nobody has approved"),
    "POST /api/v1/hardship-cases/{case_id}/reject": admin(
        200, DUTY, "hardship_cases", shows="clear"
    ),
    "POST /api/v1/care-visits/{care_visit_id}/cancel": admin(
        200, DUTY, "care_visits", shows="clear"
    ),
    "POST /api/v1/benefits/{benefit_id}/end": admin(200, DUTY, "benefits"),
    "POST /api/v1/campaigns/{campaign_id}/announce": admin(409, "announced already"),
    "POST /api/v1/campaigns/{campaign_id}/cancel": admin(200, DUTY, "campaigns"),
    "GET /api/v1/campaigns/{campaign_id}/inside": admin(200, DUTY),
    "PATCH /api/v1/campaigns/{campaign_id}": admin(409, "its rules are frozen"),
    "POST /api/v1/campaigns/{campaign_id}/pause": admin(200, DUTY, "campaigns"),
    "POST /api/v1/campaigns/{campaign_id}/postpone": admin(200, DUTY, "campaigns"),
    **{
        f"POST /api/v1/campaigns/{{campaign_id}}/{verb}": admin(409, "not at this stage")
        for verb in (*PRECONDITIONS, "reopen_nominations", "resume")
    },
    "POST /api/v1/campaigns/{campaign_id}/panelists": admin(201, "invited already", shows="masked"),
    "GET /api/v1/campaigns/{campaign_id}/panelists": admin(200, DUTY, shows="masked"),
    "POST /api/v1/campaigns/{campaign_id}/open_judging": admin(200, DUTY, "panels"),
    "POST /api/v1/campaigns/{campaign_id}/close_judging": admin(409, "too few have judged"),
    "GET /api/v1/campaigns/{campaign_id}/panel/progress": admin(200, DUTY, shows="masked"),
    "GET /api/v1/campaigns/{campaign_id}/panel/record": admin(200, DUTY),
    "GET /api/v1/campaigns/{campaign_id}/panel/minutes": admin(200, DUTY),
    "GET /api/v1/campaigns/{campaign_id}/panel/minutes.docx": admin(200, DUTY),
    "POST /api/v1/panelists/{panelist_id}/remove": admin(
        200, DUTY, "panelists", "role_grants", shows="masked"
    ),
    "POST /api/v1/campaigns/{campaign_id}/result": admin(409, "computes; it is not judged here"),
    "POST /api/v1/campaigns/{campaign_id}/result/what_if": admin(409, "asks; not judged here"),
    "GET /api/v1/campaigns/{campaign_id}/results": admin(200, DUTY),
    "GET /api/v1/campaigns/{campaign_id}/approvals": admin(200, DUTY),
    "GET /api/v1/results/{result_id}": admin(200, DUTY),
    "POST /api/v1/results/{result_id}/deviate": admin(200, DUTY, "result_lines"),
    "POST /api/v1/results/{result_id}/fix": admin(200, DUTY, "results", "nominations"),
    "POST /api/v1/nominations/{nomination_id}/propose_withheld": admin(
        409, "proposes the withheld; this one is not"
    ),
    **{
        f"GET /api/v1/selection-imports/{{import_id}}{part}": admin(200, DUTY)
        for part in ("", "/problems", "/problems.csv")
    },
    "POST /api/v1/selection-imports/{import_id}/confirm": admin(409, "it is not checked yet"),
    "POST /api/v1/selection-imports/{import_id}/cancel": admin(200, DUTY, "imports"),
}
"""Everything else is 401, 403 or 404 for everybody who is not concerned."""

UPLOADS: dict[str, dict[str, str]] = {
    "POST /api/v1/nominations/{nomination_id}/attachments": {"kind": "evidence"},
    "POST /api/v1/objections/{objection_id}/evidence": {},
}
"""What takes a file, and the plain fields beside it."""

TELLING = {
    "audit_entries",
    "check_attempts",
    "idempotency_keys",
    "person_lookups",
    "public_logs",
}
"""Tables that tell of the call itself."""

FIXED = {"sites", "service_categories", "forbidden_words"}
"""Reference data, large and without an endpoint that writes it."""

WATCHED = [t for n, t in Base.metadata.tables.items() if n not in TELLING | FIXED]


@pytest.fixture
def world(rolled_back: Flask, wechat: RecordingWeChat) -> Iterator[World]:
    made = build(rolled_back)
    with clock.frozen(AT):
        yield made


@pytest.fixture
def concerning(rolled_back: Flask) -> list[Operation]:
    """The operations that name a thing."""
    found = [o for o in operations(rolled_back) if o.parameters or names_an_id(o.body)]
    assert len(found) > 140
    return found


def call(http: Http, who: Actor, operation: Operation, world: World) -> TestResponse:
    ids = world.ids | world.instead.get(operation.name, {})
    body = body_of(operation, ids)
    content: dict[str, Any] = {} if body is None else {"json": body}
    if operation.name in UPLOADS:
        content["data"] = UPLOADS[operation.name] | {"file": (io.BytesIO(jpeg()), "a.png")}
    return http.as_(who)._send(
        operation.method,
        operation.url(ids),
        query_string={name: ids[name] for name in operation.query},
        **content,
    )


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """What is written within is taken back."""
    with app.app_context():
        savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        savepoint.rollback()


def rows(app: Flask) -> dict[str, set[str]]:
    """Every row that is watched, as text."""

    def read() -> dict[str, set[str]]:
        return {
            table.name: {repr(tuple(row)) for row in db.session.execute(select(table))}
            for table in WATCHED
        }

    with app.app_context():
        return atomically(app, read, write=False)


def changed(before: dict[str, set[str]], after: dict[str, set[str]], but: str = "") -> set[str]:
    """Tables of which a row is gone or another, but those that hold the text."""
    return {
        name
        for name, stood in before.items()
        if any(not but or but not in row for row in stood - after[name])
    }


def shown(response: TestResponse, world: World) -> str:
    text = response.get_data().decode(errors="replace")  # a photo is none
    text = response.get_data().decode(errors="replace")  # some answers are files
    text = response.get_data().decode(errors="replace")
    if any(secret in text for secret in world.secrets):
        return "clear"
    return "masked" if any(name in text for name in world.masked) else "nobody"


def test_everything_named_is_there_for_those_concerned(
    http: Http, rolled_back: Flask, world: World, concerning: list[Operation]
) -> None:
    """Negative control: what strangers do not find can be found."""
    for operation in concerning:
        for who in world.insiders:
            with undone(rolled_back):
                if call(http, who, operation, world).status_code not in REFUSED:
                    break
        else:
            pytest.fail(f"nobody of those concerned reaches {operation.name}")


def test_strangers_find_nothing_and_change_nothing(
    http: Http, rolled_back: Flask, world: World, concerning: list[Operation]
) -> None:
    assert OPEN.keys() <= {operation.name for operation in concerning}
    before = rows(rolled_back)
    for label, who in world.strangers.items():
        for operation in concerning:
            what = f"{operation.name} by {label}"
            allowed = OPEN.get(operation.name)
            if allowed is not None and label in allowed.who:
                with undone(rolled_back):
                    is_let_in(call(http, who, operation, world), allowed, what, world)
                    after = rows(rolled_back) if operation.method != "GET" else before
                    assert changed(before, after, repr(who.person_id)) <= allowed.changes, what
                continue
            response = call(http, who, operation, world)
            assert response.status_code in REFUSED, f"{what}: {response.json}"
            assert shown(response, world) == "nobody", what
        assert rows(rolled_back) == before, label


def is_let_in(response: TestResponse, allowed: Open, what: str, world: World) -> None:
    assert response.status_code == allowed.status, f"{what}: {response.json}"
    assert shown(response, world) in ("nobody", allowed.shows), what


def test_lists_show_strangers_nobody(http: Http, rolled_back: Flask, world: World) -> None:
    lists = [o for o in operations(rolled_back) if o.method == "GET" and not o.parameters]
    assert len(lists) > 40
    for label, who in world.strangers.items():
        for operation in lists:
            if label == "admin" or operation.path.endswith(("/wechat/events", "/honors")):
                continue
            query = {"site": world.ids["site_id"], "by": "month", "kind": "hours"}
            told = {name: query[name] for name in operation.query}
            answer = http.as_(who)._send("GET", operation.url(), query_string=told)
            assert answer.status_code < 500
            assert shown(answer, world) == "nobody", f"{operation.name} by {label}"


@pytest.mark.parametrize(
    ("path", "theirs", "code"),
    [
        ("/backfills", {"shift_id"}, "not_found"),
        ("/backfills", {"activity_id"}, "not_found"),
        ("/backfills", {"person_ids"}, "not_involved"),
        ("/shifts/{shift_id}/attendances", {"person_id"}, "not_signed_up"),
        ("/shifts/{shift_id}/rolls", {"entries"}, "check_in_closed"),
        ("/signups/{signup_id}/move", {"shift_id"}, "another_activity"),
        ("/activities/{activity_id}/evaluations", {"person_id"}, "not_found"),
    ],
)
def test_under_an_address_of_ones_own_others_stay_untouched(
    http: Http, rolled_back: Flask, world: World, path: str, theirs: set[str], code: str
) -> None:
    """An organizer names somebody else's things below things of the own team."""
    (operation,) = (o for o in operations(rolled_back) if o.name == f"POST /api/v1{path}")
    own = body_of(operation, world.ids | world.own) or {}
    body = own | {n: v for n, v in (body_of(operation, world.ids) or {}).items() if n in theirs}
    before = rows(rolled_back)
    who = world.strangers["organizer"]
    answer = http.as_(who).post(operation.url(world.own), json=body)
    assert f'"{code}"' in answer.get_data(as_text=True)
    assert shown(answer, world) == "nobody"
    assert changed(before, rows(rolled_back)) == set()
