"""Two accounts of one person become one: what moves, what stays, and who may not."""

import pytest
from flask import Flask
from sqlalchemy import Column, select

import nominations.services.merges
import volunteer.services.merges
from accounts.errors import NotMergeable, OwnAccount
from accounts.models.guardians import Guardianship
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import guardians, merges, persons, roles, staff
from core.actor import Actor, ScopeKind
from core.db import Base, db
from core.errors import NotFound
from nominations.lifecycles import NominationStatus
from tests.conftest import Http, stored
from tests.factories import nominations as nominating
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, helper, person, site

SAME = "本人携身份证说明是同一人"

STAYING = {
    "consents.person_id": "append-only",
    "hours_entries.person_id": "append-only; read under every id",
    "ballots.voter_id": "append-only; found under every id",
    "counted_ballots.voter_id": "belongs to the ballots",
    "sessions.person_id": "ended",
    "staff_credentials.person_id": "an account of staff is never merged",
    "role_grants.person_id": "an account of staff is never merged",
    "persons.merged_into_id": "the link itself",
    "hours_flags.person_id": "what was noticed then",
    "person_lookups.helper_id": "who acted then",
    "person_lookups.found_id": "who was found then",
    "volunteer_standings.person_id": "added up",
    "evaluations.evaluator_id": "who judged then",
    "evaluations.person_id": "said of the account that served then",
    "person_months.person_id": "sums of the account that served then",
    "star_awards.person_id": "append-only",
    "incident_people.person_id": "append-only",
    "panelists.person_id": "is registered, so never merged into another",
    "imported_volunteers.person_id": "is registered, so never merged into another",
}
"""Columns that name a person and are not moved, and why. Those in `…_by` say who acted then."""


def lost_and_kept() -> tuple[Person, Person]:
    kept = person("张三", openid="o-kept")
    kept.site_id = site().id
    db.session.flush()
    return person(registered=False, openid="o-lost"), kept


def merge(lost: Person, kept: Person, by: Actor | None = None) -> Person:
    return merges.merge(by or make.staff(), lost.id, into=kept.id, reason=SAME)


def columns_to_persons() -> set[str]:
    found: set[str] = set()
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            column = key.parent
            assert isinstance(column, Column)
            if key.column.table.name == "persons" and not column.name.endswith("_by"):
                found.add(f"{table.name}.{column.name}")
    return found


def test_of_every_column_that_names_a_person_it_is_decided_whether_it_moves() -> None:
    """A new table names its column in `FOLLOWING` of its package, or above with a reason."""
    following = (
        *merges.FOLLOWING,
        *volunteer.services.merges.FOLLOWING,
        *nominations.services.merges.FOLLOWING,
    )
    moving = {f"{c.class_.__tablename__}.{c.key}" for c in following}
    assert moving | STAYING.keys() == columns_to_persons()
    assert not moving & STAYING.keys()


def test_what_is_alive_moves(ctx: Flask) -> None:
    lost, kept = lost_and_kept()
    of = nominating.campaign()
    made = nominating.nomination(of, NominationStatus.DRAFT, by=lost)
    assert merge(lost, kept).id == kept.id
    assert (made.nominator_id, lost.merged_into_id, kept.has_absorbed) == (kept.id, kept.id, True)
    assert persons.openid_of(lost.id) is None
    assert persons.ids_of(kept.id) == [kept.id, lost.id]
    assert persons.survivors([lost.id, kept.id]) == {lost.id: kept.id}


def test_where_a_key_is_in_the_way_the_row_of_the_one_who_stays_is_kept(ctx: Flask) -> None:
    lost, kept = lost_and_kept()
    for one in (lost, kept):
        guardians.record_for(make.staff(), one, paper_reference=f"纸-{one.id}")
    merge(lost, kept)
    papers = {g.ward_id: g.paper_reference for g in db.session.scalars(select(Guardianship))}
    assert papers == {one.id: f"纸-{one.id}" for one in (lost, kept)}
    assert guardians.has_consented(kept.id)


def test_an_account_of_staff_hands_its_powers_to_nobody(ctx: Flask) -> None:
    lost, kept = lost_and_kept()
    held = roles.bestow(
        make.staff(), lost.id, role=Role.ADMIN, scope_kind=ScopeKind.CITY, scope_id=None
    )
    with pytest.raises(NotMergeable, match="工作人员"):
        merge(lost, kept)
    roles.revoke(make.staff(), held.id, reason="离任")
    merge(lost, kept)
    signs_in = person(registered=False)
    staff.create(signs_in, username="someone", password="a-long-password", totp_secret="A" * 32)
    with pytest.raises(NotMergeable):
        merge(signs_in, kept)


def test_who_can_not_be_merged(ctx: Flask) -> None:
    lost, kept = lost_and_kept()
    with pytest.raises(NotMergeable):
        merge(person("李四"), kept)
    with pytest.raises(NotMergeable):
        merge(lost, person(registered=False), actor_of(person(), grant(Role.ADMIN)))
    merge(lost, kept)
    with pytest.raises(NotFound):
        merge(lost, kept)


def test_staff_answer_for_the_one_who_stays_and_are_neither(ctx: Flask) -> None:
    lost, kept = lost_and_kept()
    with pytest.raises(NotFound):
        merge(lost, kept, make.staff(site("411003")))
    for one in (lost, kept):
        with pytest.raises(OwnAccount):
            merge(lost, kept, actor_of(one, grant(Role.SITE_STAFF, over=site())))
    merge(lost, kept, actor_of(person(), grant(Role.ADMIN)))


def test_the_call(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        lost, kept = lost_and_kept()
        clerk, counter = make.staff(), helper()
        path = f"/persons/{lost.id}/merge"
        body = {"into": str(kept.id), "reason": SAME}
    assert http.as_(counter).post(path, json=body).status_code == 403
    merged = http.as_(clerk).post(path, json=body)
    assert merged.json["id"] == body["into"]  # type: ignore[index]
    assert http.as_(clerk).post(path, json=body).status_code == 404
