"""What went wrong at an activity: written down on site, read by site staff and organizers."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import site
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.errors import ActivityNotOpen
from volunteer.models.incidents import Incident
from volunteer.services import deputies, incidents, signups

ALL = PageRequest(limit=100)
WHAT = "扭伤脚踝，已送医院"


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    made = make.scene()
    known_to_messages(made)
    return made


def known_to_messages(made: Scene) -> None:
    roles.bestow(
        SYSTEM,
        made.staff.id,
        role=Role.SITE_STAFF,
        scope_kind=ScopeKind.SITE,
        scope_id=made.site_id,
    )


def signed_up(scene: Scene) -> Actor:
    who = make.volunteer("欧阳志愿")
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(who, scene.shift_id)
    return who


def record(scene: Scene, by: Actor, **more: Any) -> Incident:
    with clock.frozen(NINE + HOUR):
        values: dict[str, Any] = {"happened_at": NINE, "what": WHAT} | more
        return incidents.record(by, scene.activity_id, **values)


def test_the_staff_of_the_site_hear_of_it(scene: Scene) -> None:
    who = signed_up(scene)
    made = record(scene, scene.organizer, people=[who.id])
    assert [p.id for p in made.people] == [who.id]
    message = db.session.scalars(
        select(InboxMessage).where(InboxMessage.template == "incident_recorded")
    ).one()
    assert message.person_id == scene.staff.id
    assert WHAT not in (message.text or "")
    assert WHAT.encode() not in made.text_cipher


def test_a_deputy_writes_it_down_and_a_stranger_does_not(scene: Scene) -> None:
    deputy = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        deputies.replace(scene.organizer, scene.activity_id, [deputy.id])
    record(scene, deputy)
    for stranger in (signed_up(scene), make.scene().organizer):
        with pytest.raises(NotFound):
            record(scene, stranger)


def test_what_can_not_be_is_refused(scene: Scene) -> None:
    for wrong in (
        {"happened_at": NINE + HOUR + timedelta(microseconds=1)},
        {"people": [make.volunteer().id]},
    ):
        with pytest.raises(InvalidInput):
            record(scene, scene.organizer, **wrong)
    record(scene, scene.organizer, happened_at=NINE + HOUR)
    draft = make.scene(published=False)
    with pytest.raises(ActivityNotOpen):
        record(draft, draft.organizer)


def test_who_reads_it(scene: Scene) -> None:
    made, other = record(scene, scene.organizer), make.scene()
    for reader in (scene.staff, scene.organizer):
        assert [i.id for i in incidents.list_visible(reader, ALL).items] == [made.id]
        found = incidents.list_visible(reader, ALL, activity_id=other.activity_id)
        assert found.items == []
    elsewhere = make.staff(site("411002002"))
    for stranger in (other.organizer, elsewhere, signed_up(scene)):
        assert incidents.list_visible(stranger, ALL).items == []


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        known_to_messages(scene)
        who = signed_up(scene)
    path = f"/activities/{scene.activity_id}/incidents"
    body = {"happened_at": NINE.isoformat(), "what": WHAT, "people": [str(who.id)]}
    with clock.frozen(NINE + HOUR):
        made = http.as_(scene.organizer).post(path, json=body)
        assert made.status_code == 201
        assert made.json["people"] == [{"person_id": str(who.id), "name": "欧阳**"}]  # type: ignore[index]
        listed = http.as_(scene.staff).get(f"/incidents?activity_id={scene.activity_id}").json
        assert [i["what"] for i in listed["items"]] == [WHAT]  # type: ignore[index]
        assert http.as_(who).get("/incidents").status_code == 403
        assert http.as_(who).post(path, json=body).status_code == 404
    with rolled_back.app_context():
        assert db.session.scalar(select(func.count()).select_from(Incident)) == 1
