"""Real names, phones and consents: encrypted at rest, masked on the way out."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.errors import ConsentRequired, IdentityFixed, IdentityInUse
from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from accounts.models.persons import Person
from accounts.services import consents, persons
from core import clock
from core.db import db
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import actor_of, id_number, person

VERSION = CURRENT_VERSIONS[ConsentKind.REAL_NAME]


def agree(who: Person) -> None:
    consents.update(actor_of(who), kind=ConsentKind.REAL_NAME, version=VERSION, is_given=True)


def test_registration_needs_consent(ctx: Flask) -> None:
    someone = person(registered=False)
    with pytest.raises(ConsentRequired) as refused:
        persons.register_identity(actor_of(someone), name="张三", id_number=id_number())
    assert refused.value.details == {"consent": "real_name", "version": VERSION}


def test_registration_stores_nothing_in_clear(ctx: Flask) -> None:
    someone, number = person(registered=False), id_number()
    agree(someone)
    persons.register_identity(actor_of(someone), name="张三", id_number=number)
    row = db.session.execute(select(Person.__table__).where(Person.id == someone.id)).one()
    assert number.encode() not in repr(tuple(row)).encode()
    assert db.session.get_one(Person, someone.id).id_number == number


def test_one_id_number_is_one_person(ctx: Flask) -> None:
    first, second, number = person(registered=False), person(registered=False), id_number()
    for someone in (first, second):
        agree(someone)
    persons.register_identity(actor_of(first), name="张三", id_number=number)
    with pytest.raises(IdentityInUse):
        persons.register_identity(actor_of(second), name="张三", id_number=number)


def test_the_same_registration_again_changes_nothing(ctx: Flask) -> None:
    someone, number = person(registered=False), id_number()
    agree(someone)
    first = persons.register_identity(actor_of(someone), name="张三", id_number=number)
    at = first.registered_at
    assert (
        persons.register_identity(actor_of(someone), name="张三", id_number=number).registered_at
        == at
    )
    with pytest.raises(IdentityFixed):
        persons.register_identity(actor_of(someone), name="李四", id_number=number)


def test_the_answer_is_masked(http: Http, rolled_back: Flask) -> None:
    number = id_number()
    with stored(rolled_back):
        someone = person(registered=False)
        agree(someone)
    response = http.as_(someone).put("/me/identity", json={"name": "张三", "id_number": number})
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["name"] == "张*"
    assert number not in response.get_data(as_text=True)
    assert response.json["id_number"].count("*") >= 8


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "张三", "id_number": "411002199001010010"}, "id_number"),
        ({"name": "张三"}, "id_number"),
        ({"name": "张\u202e三", "id_number": "x"}, "name"),
        ({"name": 1, "id_number": "x"}, "name"),
        ({"name": "张三", "id_number": "x", "is_admin": True}, "is_admin"),
    ],
)
def test_bad_input_names_the_field(
    http: Http, rolled_back: Flask, body: dict[str, Any], field: str
) -> None:
    with stored(rolled_back):
        someone = person(registered=False)
    response = http.as_(someone).put("/me/identity", json=body)
    assert response.status_code == 422
    assert response.json is not None
    assert field in response.json["errors"]


def test_a_phone_comes_from_wechat_and_leaves_masked(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    with stored(rolled_back):
        someone = person()
    response = http.as_(someone).post("/me/phone", json={"code": "+8613800138000"})
    assert response.json is not None
    assert response.json["phone"] == "138****8000"
    with rolled_back.app_context():
        assert db.session.get_one(Person, someone.id).phone == "+8613800138000"


def test_consents_are_a_log_whose_latest_word_counts(ctx: Flask) -> None:
    someone = person()
    agree(someone)
    consents.require(someone.id, ConsentKind.REAL_NAME)
    consents.update(actor_of(someone), kind=ConsentKind.REAL_NAME, version=VERSION, is_given=False)
    with pytest.raises(ConsentRequired):
        consents.require(someone.id, ConsentKind.REAL_NAME)


def test_an_outdated_text_can_not_be_agreed_to(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        someone = person()
    body = {"kind": "privacy", "version": "2020-01", "is_given": True}
    response = http.as_(someone).put("/me/consents", json=body)
    assert (response.status_code, response.json["code"]) == (409, "consent_outdated")  # type: ignore[index]


def test_a_stale_precondition_is_412_and_changes_nothing(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        someone = person()
    me = http.as_(someone)
    seen = me.get("/me/consents").headers["ETag"]
    body = {"kind": "privacy", "version": CURRENT_VERSIONS[ConsentKind.PRIVACY], "is_given": True}
    assert me.put("/me/consents", json=body, headers={"If-Match": seen}).status_code == 200
    late = me.put("/me/consents", json=body | {"is_given": False}, headers={"If-Match": seen})
    assert (late.status_code, late.json["code"]) == (412, "stale")  # type: ignore[index]
    items = me.get("/me/consents").json["items"]  # type: ignore[index]
    assert [c["is_given"] for c in items if c["kind"] == "privacy"] == [True]


def test_who_is_too_young_is_not_registered(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        someone = person(registered=False)
        agree(someone)
    this_year = clock.today().year
    for born, code in ((this_year - 7, "too_young"), (this_year - 9, "child_consent_required")):
        body = {"name": "小红", "id_number": id_number(5, born=f"{born}0101")}
        refused = http.as_(someone).put("/me/identity", json=body)
        assert (refused.status_code, refused.json["code"]) == (403, code)  # type: ignore[index]
    with rolled_back.app_context():
        assert db.session.get_one(Person, someone.id).id_number_index is None
