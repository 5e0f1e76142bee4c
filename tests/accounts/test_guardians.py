"""Guardians consent by account or on paper, once at a time, and may take it back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from accounts import invitations
from accounts.errors import (
    ChildConsentRequired,
    ConsentOfAnother,
    GuardianNotAdult,
    GuardianshipInForce,
    IdNumberMismatch,
    InvitationExpired,
    InvitationInvalid,
    OwnGuardian,
)
from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from accounts.models.persons import Person
from accounts.services import consents, guardians
from core import clock
from core.db import db
from core.errors import NotFound
from core.ids import new_id
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, helper, id_number, person, site

KEY = b"a key of the tests"
AT = datetime(2027, 5, 1, 1, 0, tzinfo=UTC)
TODAY = clock.start_of(date(2027, 5, 1))


def code_of(ward: Person) -> str:
    return guardians.invite(actor_of(ward)).code


@pytest.fixture
def youth(ctx: Flask) -> Person:
    """Fifteen years old on the day of the tests."""
    return person("小明", born="20120101")


@pytest.fixture
def child(ctx: Flask) -> Person:
    """Twelve."""
    return person("小红", born="20150101")


def test_an_invitation_lasts_ten_minutes() -> None:
    ward = new_id()
    made = invitations.issue(KEY, ward, AT)
    last = AT + invitations.LIFETIME - timedelta(microseconds=1)
    assert invitations.read(KEY, made.code, last) == ward
    with pytest.raises(InvitationExpired):
        invitations.read(KEY, made.code, AT + invitations.LIFETIME)


@pytest.mark.parametrize("change", ["", "x", "=", "A" * 50])
def test_a_changed_invitation_is_refused(change: str) -> None:
    code = invitations.issue(KEY, new_id(), AT).code
    for bad in (
        change,
        code + change[:1] + "A",
        code[:-1],
        "A" + code[1:] if code[0] != "A" else "B" + code[1:],
    ):
        with pytest.raises(InvitationInvalid):
            invitations.read(KEY, bad, AT)
    with pytest.raises(InvitationInvalid):
        invitations.read(b"another key", code, AT)


def test_a_guardian_consents_to_the_code_on_the_wards_phone(youth: Person) -> None:
    with clock.frozen(TODAY):
        parent = actor_of(person("家长"))
        given = guardians.give(parent, code=code_of(youth), companion="王奶奶")
        assert (given.ward_id, given.guardian_id) == (youth.id, parent.person_id)
        assert guardians.has_consented(youth.id)
        assert guardians.give(parent, code=code_of(youth)).id == given.id
        other = actor_of(person("另一位家长"))
        with pytest.raises(GuardianshipInForce):
            guardians.give(other, code=code_of(youth))


def test_a_guardian_is_another_and_grown_up(youth: Person) -> None:
    with clock.frozen(TODAY):
        with pytest.raises(OwnGuardian):
            guardians.give(actor_of(youth), code=code_of(youth))
        with pytest.raises(GuardianNotAdult):
            guardians.give(actor_of(person("哥哥", born="20090502")), code=code_of(youth))
        guardians.give(actor_of(person("姐姐", born="20090501")), code=code_of(youth))


def test_the_data_of_a_child_need_a_consent_of_their_own(child: Person) -> None:
    with clock.frozen(TODAY):
        parent = actor_of(person("家长"))
        with pytest.raises(ChildConsentRequired):
            guardians.give(parent, code=code_of(child))
        given = guardians.give(parent, code=code_of(child), is_for_child=True)
        assert consents.is_given(child.id, ConsentKind.CHILD)
        guardians.withdraw(parent, given.id)
        assert not consents.is_given(child.id, ConsentKind.CHILD)


def test_what_was_left_out_for_an_unregistered_child_is_said_later(ctx: Flask) -> None:
    unknown, parent = person(registered=False), actor_of(person("家长"))
    first = guardians.give(parent, code=code_of(unknown))
    assert not consents.is_given(unknown.id, ConsentKind.CHILD)
    assert guardians.give(parent, code=code_of(unknown), is_for_child=True).id == first.id
    assert consents.is_given(unknown.id, ConsentKind.CHILD)


def test_a_child_can_not_say_it_in_the_guardians_place(child: Person) -> None:
    version = CURRENT_VERSIONS[ConsentKind.CHILD]
    with pytest.raises(ConsentOfAnother):
        consents.update(actor_of(child), kind=ConsentKind.CHILD, version=version, is_given=True)


def test_a_helper_stores_a_paper_with_the_card_in_hand(child: Person) -> None:
    me = helper()
    with clock.frozen(TODAY):
        with pytest.raises(IdNumberMismatch):
            guardians.record(me, child.id, id_number=id_number(), paper_reference="纸-1")
        number = child.id_number or ""
        made = guardians.record(me, child.id, id_number=number, paper_reference="纸-1")
        assert made.guardian_id is None
        assert consents.is_given(child.id, ConsentKind.CHILD)
        again = guardians.record(me, child.id, id_number=number, paper_reference="纸-1")
        assert again.id == made.id
        with pytest.raises(GuardianshipInForce):
            guardians.record(me, child.id, id_number=number, paper_reference="纸-2")


def test_who_may_withdraw(youth: Person) -> None:
    youth.site_id = site().id
    db.session.flush()
    with clock.frozen(TODAY):
        for by in (actor_of(person("家长")), make.staff(), helper()):
            parent = by if not by.site_paths("accounts:guardianship:withdraw") else None
            given = guardians.give(parent or actor_of(person("家长")), code=code_of(youth))
            for outsider in (actor_of(youth), make.volunteer(), make.staff(site("411003"))):
                with pytest.raises(NotFound):
                    guardians.withdraw(outsider, given.id)
            first = guardians.withdraw(by, given.id, reason="监护人电话撤回").withdrawn_at
            assert not guardians.has_consented(youth.id)
            assert guardians.withdraw(by, given.id).withdrawn_at == first


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        young = person("小明", born=f"{clock.today().year - 15}0101")
        parent, counter, ward = make.volunteer("欧阳家长"), helper(), actor_of(young)
        number, path = young.id_number, f"/persons/{young.id}/guardianships"
    code = http.as_(ward).post("/me/guardian-invitations").json["code"]  # type: ignore[index]
    body = {"code": code, "companion": "王奶奶"}
    given = http.as_(parent).post("/guardianships", json=body)
    assert (given.status_code, given.json["ward_name"]) == (201, "小*")  # type: ignore[index]
    mine = http.as_(ward).get("/me/guardianships").json
    assert mine["as_guardian"] == []  # type: ignore[index]
    assert [g["guardian_name"] for g in mine["as_ward"]] == ["欧阳**"]  # type: ignore[index]
    paper = {"id_number": number, "paper_reference": "纸-1"}
    taken = http.as_(counter).post(path, json=paper)
    assert (taken.status_code, taken.json["code"]) == (409, "guardianship_in_force")  # type: ignore[index]
    withdraw = f"/guardianships/{given.json['id']}/withdraw"  # type: ignore[index]
    gone = http.as_(parent).post(withdraw, json={})
    assert gone.json["withdrawn_at"] is not None  # type: ignore[index]
    stored_paper = http.as_(counter).post(path, json=paper)
    assert (stored_paper.status_code, stored_paper.json["guardian_name"]) == (201, None)  # type: ignore[index]


def test_staff_find_the_consent_that_they_shall_withdraw(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        young = person("小明", born=f"{clock.today().year - 15}0101")
        young.site_id = site().id
        given = guardians.record_for(helper(), young, paper_reference="纸-1")
        staff, elsewhere, path = (
            make.staff(),
            make.staff(site("411003")),
            f"/persons/{young.id}/guardianships",
        )
    listed = http.as_(staff).get(path).json
    assert [g["id"] for g in listed["items"]] == [str(given.id)]  # type: ignore[index]
    assert http.as_(elsewhere).get(path).status_code == 404
    gone = http.as_(staff).post(f"/guardianships/{given.id}/withdraw", json={"reason": "来电撤回"})
    assert gone.status_code == 200
