"""Courtesies: whose they are, the card, and the last use of a year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.errors import InvalidInput, NotFound
from core.paging import PageRequest
from nominations.errors import BenefitCodeTaken, BenefitNotHeld, BenefitUsedUp, HonorNotInForce
from nominations.models.benefits import Benefit, BenefitKind
from nominations.models.honors import HonorLevel
from nominations.services import benefit_cards, benefits, own_honors, revocations
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person
from tests.factories.honors import honor, office

ALL = PageRequest(limit=100)


def partner() -> Actor:
    return actor_of(person("窗口"), grant(Role.PARTNER))


def benefit(code: str = "museum", **facts: object) -> Benefit:
    values: dict[str, object] = {
        "name": "博物馆参观",
        "description": "免票",
        "provider": "市博物馆",
        "kind": BenefitKind.AUTOMATIC,
        "starts_on": date(2026, 1, 1),
        **facts,
    }
    return benefits.create(office(), code=code, **values)  # type: ignore[arg-type]


def names_on_card(of: object) -> set[str]:
    return {b.code for b in benefits.on_card(of)}  # type: ignore[arg-type]


def test_a_benefit_is_for_its_level_category_and_days(ctx: Flask) -> None:
    made = honor(category_code="bravery")
    benefit("for_all")
    benefit("for_the_brave", category_code="bravery")
    benefit("for_others", category_code="integrity")
    benefit("from_the_province_up", level=HonorLevel.PROVINCE)
    benefit("from_the_county_up", level=HonorLevel.COUNTY)
    benefit("over", ends_on=clock.today() - timedelta(days=1), starts_on=date(2026, 1, 1))
    benefit("today_for_the_last_time", ends_on=clock.today())
    held = names_on_card(made) - {code for code, *_ in benefits.USUAL}
    assert held == {
        "for_all",
        "for_the_brave",
        "from_the_county_up",
        "today_for_the_last_time",
    }


def test_a_benefit_has_a_code_of_its_own_and_days_in_order(ctx: Flask) -> None:
    benefit()
    with pytest.raises(InvalidInput):
        benefit("backwards", starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1))
    made = benefit("to_end")
    assert benefits.end(office(), made.id, ends_on=clock.today()).ends_on == clock.today()
    with pytest.raises(InvalidInput):
        benefits.end(office(), made.id, ends_on=clock.today() - timedelta(days=1))


def test_uses_are_counted_by_the_year_in_shanghai(ctx: Flask) -> None:
    last_second = datetime(2027, 12, 31, 15, 59, 59, tzinfo=UTC)
    with clock.frozen(last_second):
        made, yearly = honor(), benefit(uses_a_year=1)
        card = benefit_cards.issue(made)
        used = benefit_cards.use(partner(), card.code, benefit_id=yearly.id, place="东馆")
        assert (used.year, used.serial) == (2027, 1)
        with pytest.raises(BenefitUsedUp):
            benefit_cards.use(partner(), card.code, benefit_id=yearly.id, place="东馆")
    with clock.frozen(last_second + timedelta(seconds=1)):
        again = benefit_cards.use(partner(), card.code, benefit_id=yearly.id, place="东馆")
        assert (again.year, again.serial) == (2028, 1)


def test_a_card_gives_only_what_its_holder_has(ctx: Flask) -> None:
    card = benefit_cards.issue(honor())
    for held in (
        benefit("elsewhere", category_code="integrity"),
        benefit("on_application", kind=BenefitKind.APPLICATION),
    ):
        with pytest.raises(BenefitNotHeld):
            benefit_cards.use(partner(), card.code, benefit_id=held.id, place="东馆")
        assert held.id not in {b.id for b in benefit_cards.check(partner(), card.code).benefits}
    with pytest.raises(NotFound):
        benefit_cards.check(partner(), "0" * 32)


def test_a_card_rests_while_its_honor_is_suspended(ctx: Flask) -> None:
    made, usual = honor(), benefit()
    card = benefit_cards.issue(made)
    revocations.suspend(office(), made.id, reason="核查")
    with pytest.raises(HonorNotInForce):
        benefit_cards.use(partner(), card.code, benefit_id=usual.id, place="东馆")
    revocations.restore(office(), made.id, reason="查无实据")
    assert benefit_cards.use(partner(), card.code, benefit_id=usual.id, place="东馆").serial == 1


def test_an_own_card_is_found_by_the_id_number(ctx: Flask) -> None:
    nominee = person("卢柏岭")
    honor()
    made = honor(nominee=nominee)
    (card,) = own_honors.cards(actor_of(nominee))
    assert card.honor.id == made.id
    assert card.qr_code.startswith("<svg")
    assert card.code.startswith(benefit_cards.PREFIX)
    assert own_honors.cards(actor_of(person())) == []


def test_cards_and_benefits_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        nominee, till, runs = person("卢柏岭"), partner(), office()
        honor(nominee=nominee)
    made = http.as_(runs).post(
        "/benefits",
        json={
            "code": "museum",
            "name": "博物馆参观",
            "description": "免票",
            "provider": "市博物馆",
            "kind": "automatic",
            "uses_a_year": 1,
            "starts_on": "2026-01-01",
        },
    )
    assert made.status_code == 201
    assert made.json is not None
    listed = http.get("/benefits").json
    assert listed is not None
    assert "museum" in {b["code"] for b in listed["items"]}
    own = http.as_(nominee).get("/me/benefit-card").json
    assert own is not None
    code = own["items"][0]["code"]
    assert http.as_(nominee).get(f"/benefit-cards/{code}").status_code == 403
    checked = http.as_(till).get(f"/benefit-cards/{code}")
    assert checked.json is not None
    assert (checked.json["is_valid"], checked.json["name"]) == (True, "卢**")
    use = {"benefit_id": made.json["id"], "place": "东馆"}
    assert http.as_(till).post(f"/benefit-cards/{code}/uses", json=use).status_code == 201
    assert http.as_(till).post(f"/benefit-cards/{code}/uses", json=use).status_code == 409
    uses = http.as_(nominee).get("/me/benefit-uses").json
    assert uses is not None
    assert [u["place"] for u in uses["items"]] == ["东馆"]
    ended = http.as_(runs).post(
        f"/benefits/{made.json['id']}/end", json={"ends_on": clock.today().isoformat()}
    )
    assert ended.status_code == 200
    again = http.as_(runs).post("/benefits", json={**made.json, "id": "x"})
    assert again.status_code == 422


def test_a_code_is_taken_once(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        runs = office()
        benefit("taken")
    body = {
        "code": "taken",
        "name": "甲甲",
        "description": "乙",
        "provider": "丙",
        "kind": "automatic",
        "starts_on": "2026-01-01",
    }
    refused = http.as_(runs).post("/benefits", json=body)
    assert refused.json is not None
    assert (refused.status_code, refused.json["code"]) == (409, BenefitCodeTaken.code)
