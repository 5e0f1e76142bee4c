"""A helper's counter: people without a phone are registered on paper, and found by their card."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.errors import (
    ChildConsentRequired,
    IdentityInUse,
    IdNumberMismatch,
    LookupsTooMany,
    OwnAccount,
    PersonNotFound,
    TooYoung,
)
from accounts.models.consents import Consent, ConsentKind
from accounts.models.lookups import PersonLookup
from accounts.models.persons import Person
from accounts.services import consents, guardians, persons, registrations
from accounts.services.registrations import LOOKUPS_AN_HOUR
from core import clock
from core.audit import Entry
from core.db import db
from core.errors import NotFound
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, helper, id_number, person, site

PAPER = "西大街所-2027-0012"
NOON = clock.start_of(date(2027, 5, 1)) + timedelta(hours=12)


def register(number: str | None = None, **more: str) -> Person:
    return registrations.register(
        helper(),
        name="刘奶奶",
        id_number=number or id_number(),
        site_id=site().id,
        paper_reference=PAPER,
        **more,
    )


def verbs_about(person_id: object) -> list[str]:
    query = select(Entry.verb).where(Entry.thing_id == person_id).order_by(Entry.id)
    return list(db.session.scalars(query))


def test_a_person_is_registered_without_a_phone(ctx: Flask) -> None:
    made = register()
    assert made.registered_at is not None
    assert made.site_id == site().id
    assert persons.openid_of(made.id) is None
    given = db.session.scalars(select(Consent).where(Consent.person_id == made.id)).all()
    assert {(c.kind, c.is_given, c.paper_reference) for c in given} == {
        (ConsentKind.PRIVACY, True, PAPER),
        (ConsentKind.REAL_NAME, True, PAPER),
    }
    assert {c.recorded_by for c in given} != {None}
    assert verbs_about(made.id) == ["register"]


def test_a_family_may_share_one_phone(ctx: Flask) -> None:
    phones = {register(phone="+8613912345678").phone for _ in range(2)}
    assert phones == {"+8613912345678"}


def test_an_id_number_is_registered_once(ctx: Flask) -> None:
    number = id_number()
    register(number)
    with pytest.raises(IdentityInUse, match="查询"):
        register(number)


def test_a_helper_registers_at_their_own_sites_only(ctx: Flask) -> None:
    elsewhere = helper(site("411003"))
    with pytest.raises(NotFound):
        registrations.register(
            elsewhere,
            name="刘奶奶",
            id_number=id_number(),
            site_id=site().id,
            paper_reference=PAPER,
        )


@pytest.mark.parametrize(
    ("born", "refusal"),
    [
        ("20190502", TooYoung),
        ("20190501", ChildConsentRequired),
        ("20130502", ChildConsentRequired),
        ("20130501", None),
    ],
)
def test_the_young_under_8_and_under_14(
    ctx: Flask, born: str, refusal: type[Exception] | None
) -> None:
    with clock.frozen(NOON):
        if refusal is None:
            register(id_number(7, born=born))
            return
        with pytest.raises(refusal):
            register(id_number(7, born=born))


def test_a_child_is_registered_with_the_guardians_paper(ctx: Flask) -> None:
    with clock.frozen(NOON):
        child = register(id_number(8, born="20150501"), guardian_paper_reference="西大街所-监-3")
        assert guardians.has_consented(child.id)
        assert consents.is_given(child.id, ConsentKind.CHILD)


def test_a_child_registers_alone_only_when_a_guardian_consented(ctx: Flask) -> None:
    child = person(registered=False)
    version = consents.list_of(child.id)[0].current_version
    consents.update(actor_of(child), kind=ConsentKind.REAL_NAME, version=version, is_given=True)
    with clock.frozen(NOON):
        number = id_number(9, born="20150501")
        with pytest.raises(ChildConsentRequired):
            persons.register_identity(actor_of(child), name="小红", id_number=number)
        db.session.rollback()


def test_a_child_registers_after_the_guardian_consented(ctx: Flask) -> None:
    child, parent = person(registered=False), person("家长")
    version = consents.list_of(child.id)[0].current_version
    consents.update(actor_of(child), kind=ConsentKind.REAL_NAME, version=version, is_given=True)
    with clock.frozen(NOON):
        code = guardians.invite(actor_of(child)).code
        guardians.give(actor_of(parent), code=code, is_for_child=True)
        number = id_number(9, born="20150501")
        persons.register_identity(actor_of(child), name="小红", id_number=number)
        assert persons.is_child(child)


def test_only_the_exact_number_finds_somebody_and_every_look_is_kept(ctx: Flask) -> None:
    number, me = id_number(), helper()
    made = register(number)
    assert registrations.find(me, id_number=number).id == made.id
    with pytest.raises(PersonNotFound):
        registrations.find(me, id_number=id_number())
    assert verbs_about(made.id) == ["register", "find"]
    looks = db.session.scalars(select(PersonLookup).order_by(PersonLookup.id)).all()
    assert [look.found_id for look in looks] == [made.id, None]


def test_a_helper_looks_at_the_pace_of_a_counter(ctx: Flask) -> None:
    me, number = helper(), id_number()
    register(number)
    with clock.frozen(NOON):
        for _ in range(LOOKUPS_AN_HOUR):
            registrations.find(me, id_number=number)
        with pytest.raises(LookupsTooMany) as refused:
            registrations.find(me, id_number=number)
        registrations.find(helper(), id_number=number)
    assert refused.value.retry_after == 3601
    with clock.frozen(NOON + timedelta(hours=1)):
        registrations.find(me, id_number=number)


def test_who_sees_a_person(ctx: Flask) -> None:
    made, homeless = register(), person()
    for insider in (helper(), make.staff(), make.staff(site("411002"))):
        assert persons.view(insider, made.id) == made
        with pytest.raises(NotFound):
            persons.view(insider, homeless.id)
    for outsider in (make.staff(site("411003")), helper(site("411003"))):
        with pytest.raises(NotFound):
            persons.view(outsider, made.id)
    assert persons.view(make.staff(site("411000")), homeless.id) == homeless


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    number = id_number()
    with stored(rolled_back):
        me, staff, citizen, site_id = helper(), make.staff(), make.volunteer(), str(site().id)
    body = {
        "name": "刘奶奶",
        "id_number": number,
        "site_id": site_id,
        "paper_reference": PAPER,
        "phone": "13912345678",
    }
    assert http.as_(citizen).post("/persons", json=body).status_code == 403
    made = http.as_(me).post("/persons", json=body)
    assert made.status_code == 201, made.json
    assert made.json is not None
    assert (made.json["name"], made.json["phone"]) == ("刘**", "139****5678")
    again = http.as_(me).post("/persons", json=body)
    assert (again.status_code, again.json["code"]) == (409, "identity_in_use")  # type: ignore[index]
    found = http.as_(me).post("/persons/find", json={"id_number": number})
    assert found.json == made.json
    nobody = http.as_(me).post("/persons/find", json={"id_number": id_number()})
    assert (nobody.status_code, nobody.json["code"]) == (404, "person_not_found")  # type: ignore[index]
    with rolled_back.app_context():
        assert db.session.scalar(select(func.count()).select_from(PersonLookup)) == 2
    path = f"/persons/{made.json['id']}"
    assert http.as_(me).get(path).json == made.json
    assert http.as_(me).post(f"{path}/unmask", json={}).status_code == 403
    ask = {"fields": ["phone", "id_number"], "reason": "电话通知集合地点"}
    shown = http.as_(staff).post(
        f"{path}/unmask", json=ask, headers={"Idempotency-Key": "unmask-1"}
    )
    assert shown.json == {"phone": "+8613912345678", "id_number": number}
    with rolled_back.app_context():
        logged = select(Entry.reason).where(Entry.verb == "unmask")
        assert db.session.scalars(logged).one() == "phone、id_number：电话通知集合地点"


def test_a_newer_text_is_signed_on_paper_and_taken_back(ctx: Flask) -> None:
    number = id_number()
    made, by = register(number), helper()
    with pytest.raises(IdNumberMismatch):
        registrations.record_consent(
            by, made.id, id_number=id_number(), paper_reference="乙-7", is_given=False
        )
    for is_given in (False, True):
        states = registrations.record_consent(
            by, made.id, id_number=number, paper_reference="乙-7", is_given=is_given
        )
        assert {s.kind for s in states if s.is_given} == (
            {ConsentKind.PRIVACY, ConsentKind.REAL_NAME} if is_given else set()
        )
        assert consents.is_given(made.id, ConsentKind.REAL_NAME) is is_given
    with pytest.raises(OwnAccount):
        registrations.record_consent(
            actor_of(made), made.id, id_number=number, paper_reference="乙-8", is_given=True
        )
    assert verbs_about(made.id) == ["register", "record_consent", "record_consent"]


def test_the_call_of_paper_consents(http: Http, rolled_back: Flask) -> None:
    number = id_number()
    with stored(rolled_back):
        made, by = register(number), helper()
    body = {"id_number": number, "paper_reference": "乙-7", "is_given": False}
    taken_back = http.as_(by).post(f"/persons/{made.id}/paper-consents", json=body)
    assert taken_back.status_code == 200, taken_back.json
    given = {c["kind"]: c["is_given"] for c in taken_back.json["items"]}  # type: ignore[index]
    assert (given["privacy"], given["real_name"]) == (False, False)
