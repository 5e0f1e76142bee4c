"""Who may be nominated: fields, masks, age, one category, oneself, and how many drafts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from nominations.errors import (
    NominatedElsewhere,
    NominationIncomplete,
    NomineeTooYoung,
    OwnNomination,
    SelfNominationRefused,
    TooManyDrafts,
)
from nominations.lifecycles import CampaignStatus, NominationStatus, NomineeKind
from nominations.models.campaigns import Campaign
from nominations.models.consents import ConsentGiver
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services import consents, departures, nominations, nominees
from nominations.services.nominations import MAX_DRAFTS
from nominations.services.nominees import NomineeField
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.attachments import attached, jpeg
from tests.factories.nominations import DEEDS, UNCHECKED, campaign, nomination

C = CampaignStatus
N = NominationStatus
K = NomineeKind
NOON = datetime(2027, 5, 3, 12, tzinfo=clock.SHANGHAI)
KINDS = tuple(NomineeKind)


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "category_code": "helping_others",
        "nominee_name": "李四",
        "nominee_kind": K.PERSON,
        "site_id": site().id,
        "summary": "十年照顾孤寡老人",
        "deeds": DEEDS,
        **changes,
    }


def citizen() -> Actor:
    return actor_of(person())


def reviewer(over: str = "411002") -> Actor:
    return actor_of(person("审核员"), grant(Role.REVIEWER, over=site(over)))


def handed_in(of: Campaign, by: Actor | None = None, **changes: Any) -> Nomination:
    by = by or citizen()
    made = nominations.create(by, of.id, **facts(**changes))
    return nominations.submit(by, made.id, check=UNCHECKED)


# Fields


def test_an_id_number_is_kept_encrypted_and_gives_the_birthday(ctx: Flask) -> None:
    number = id_number(7, born="19800229")
    made = nominations.create(
        citizen(), campaign(C.NOMINATING).id, **facts(nominee_id_number=number)
    )
    assert made.nominee_id_number == number
    assert number.encode() not in (made.nominee_id_number_cipher or b"")
    assert made.nominee_born_on == date(int(number[6:10]), 2, 29)
    nominations.update(actor_of_nominator(made), made.id, nominee_id_number=None)
    assert [made.nominee_id_number_index, made.nominee_born_on] == [None, None]


def actor_of_nominator(made: Nomination) -> Actor:
    return Actor(person_id=made.nominator_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nominee_kind": K.UNIT}, "nominee_kind"),
        ({"nominee_kind": K.GROUP, "nominee_id_number": id_number()}, "nominee_id_number"),
        ({"nominee_kind": K.GROUP, "deceased_on": date(2026, 1, 1)}, "deceased_on"),
        ({"deceased_on": date(2100, 1, 1)}, "deceased_on"),
        ({"nominee_id_number": id_number(), "deceased_on": date(1900, 1, 1)}, "deceased_on"),
    ],
)
def test_facts_that_do_not_fit_are_refused(
    ctx: Flask, changes: Mapping[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        nominations.create(citizen(), campaign(C.NOMINATING).id, **facts(**changes))
    assert list(refused.value.errors or ()) == [field]


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        (K.GROUP, ["representative_name", "members_count"]),
        (K.FAMILY, ["representative_name", "members_count"]),
        (K.UNIT, ["representative_name"]),
    ],
)
def test_several_people_need_a_number_and_somebody_who_speaks(
    ctx: Flask, kind: NomineeKind, lacking: list[str]
) -> None:
    of, by = campaign(C.NOMINATING, rules=Rules(nominee_kinds=KINDS)), citizen()
    made = nominations.create(by, of.id, **facts(nominee_kind=kind))
    with pytest.raises(NominationIncomplete) as refused:
        nominations.submit(by, made.id, check=UNCHECKED)
    assert list(refused.value.errors or ()) == lacking
    nominations.update(by, made.id, representative_name="王五", members_count=3)
    assert nominations.submit(by, made.id, check=UNCHECKED).status is N.SUBMITTED


def test_lengths_and_photos_are_those_of_the_campaign(ctx: Flask) -> None:
    rules = Rules(
        summary_max_chars=5,
        short_deeds_max_chars=5,
        deeds_min_chars=10,
        deeds_max_chars=20,
        life_photos_min=3,
    )
    of, by = campaign(C.NOMINATING, rules=rules), citizen()
    made = nominations.create(by, of.id, **facts(short_deeds="好人好事好人"))
    with pytest.raises(NominationIncomplete) as refused:
        nominations.submit(by, made.id, check=UNCHECKED)
    assert set(refused.value.errors or ()) == {"summary", "short_deeds", "deeds", "photos"}
    nominations.update(by, made.id, summary="助人", short_deeds="好人", deeds="好" * 10)
    for n in range(3):
        attached(made, content=jpeg(n))
    done = nominations.submit(by, made.id, check=UNCHECKED)
    assert done.status is N.SUBMITTED


# Age


@pytest.mark.parametrize(
    ("born", "min_age", "is_taken"),
    [
        ("20110503", 16, True),
        ("20110504", 16, False),
        ("20130503", 8, True),
        ("20130504", 8, False),
    ],
)
def test_the_age_counts_on_the_day_of_submission_and_children_never_do(
    ctx: Flask, born: str, min_age: int, is_taken: bool
) -> None:
    with clock.frozen(NOON):
        of, by = campaign(C.NOMINATING, rules=Rules(min_age=min_age)), citizen()
        made = nominations.create(by, of.id, **facts())
        made.nominee_born_on = date.fromisoformat(born)
        if is_taken:
            assert nominations.submit(by, made.id, check=UNCHECKED).status is N.SUBMITTED
        else:
            with pytest.raises(NomineeTooYoung) as refused:
                nominations.submit(by, made.id, check=UNCHECKED)
            assert refused.value.details == {"min_age": max(min_age, 14)}


def test_the_age_of_the_dead_is_that_of_their_death(ctx: Flask) -> None:
    with clock.frozen(NOON):
        of, by = campaign(C.NOMINATING, rules=Rules(min_age=60)), citizen()
        made = nominations.create(by, of.id, **facts(deceased_on=date(2026, 1, 1)))
        made.nominee_born_on = date(2012, 1, 2)
        with pytest.raises(NomineeTooYoung):
            nominations.submit(by, made.id, check=UNCHECKED)
        made.nominee_born_on = date(2012, 1, 1)
        assert nominations.submit(by, made.id, check=UNCHECKED).status is N.SUBMITTED


# One category


def test_one_person_stands_in_one_category(ctx: Flask) -> None:
    of, number = campaign(C.NOMINATING), id_number()
    first = handed_in(of, nominee_id_number=number)
    again = handed_in(of, nominee_id_number=number)  # the same category is for merging
    with pytest.raises(NominatedElsewhere) as refused:
        handed_in(of, nominee_id_number=number, category_code="integrity")
    assert refused.value.details == {"category": "helping_others"}
    handed_in(campaign(C.NOMINATING), nominee_id_number=number, category_code="integrity")
    for made in (first, again):
        departures.remove(reviewer(), made, reason="重复")
    elsewhere = handed_in(of, nominee_id_number=number, category_code="integrity")
    assert elsewhere.status is N.SUBMITTED


def test_what_was_sent_back_does_not_slip_into_another_category(ctx: Flask) -> None:
    of, number, by = campaign(C.NOMINATING), id_number(), citizen()
    handed_in(of, nominee_id_number=number)
    made = handed_in(of, by, nominee_id_number=number)
    made.status, made.step, made.decision_note = N.SENT_BACK, None, "请补充"
    with pytest.raises(NominatedElsewhere):
        nominations.update(by, made.id, category_code="integrity")


# Oneself


@pytest.mark.parametrize("says_so", [True, False])
def test_self_nomination_is_a_rule_of_the_campaign(ctx: Flask, says_so: bool) -> None:
    who = person()
    told = {"is_self_nomination": True} if says_so else {"nominee_id_number": who.id_number}
    with pytest.raises(SelfNominationRefused):
        nominations.create(actor_of(who), campaign(C.NOMINATING).id, **facts(**told))
    allowed = campaign(C.NOMINATING, rules=Rules(allows_self_nomination=True))
    assert handed_in(allowed, actor_of(who), **told).is_self_nomination


# Drafts


def test_drafts_are_counted_by_person_and_campaign(ctx: Flask) -> None:
    of, by = campaign(C.NOMINATING), citizen()
    drafts = [nominations.create(by, of.id, **facts()) for _ in range(MAX_DRAFTS)]
    with pytest.raises(TooManyDrafts):
        nominations.create(by, of.id, **facts())
    nominations.create(citizen(), of.id, **facts())
    nominations.create(by, campaign(C.NOMINATING).id, **facts())
    departures.withdraw(by, drafts[0].id)
    assert nominations.create(by, of.id, **facts()).status is N.DRAFT


# Completing and looking


def test_a_reviewer_completes_the_id_number_with_all_its_checks(ctx: Flask) -> None:
    of, number = campaign(C.REVIEWING), id_number()
    made = nomination(of, nominee_id_number=None)
    nominees.identify(reviewer(), made.id, id_number=number, phone="+8613900001111")
    assert (made.nominee_id_number, made.nominee_phone) == (number, "+8613900001111")
    nominees.identify(reviewer(), made.id, id_number=number)
    with pytest.raises(InvalidInput):
        nominees.identify(reviewer(), made.id, id_number=id_number())
    other = nomination(of, category_code="integrity", nominee_id_number=None)
    with pytest.raises(NominatedElsewhere):
        nominees.identify(reviewer(), other.id, id_number=number)
    group = nomination(of, nominee_kind=K.GROUP)
    with pytest.raises(InvalidInput):
        nominees.identify(reviewer(), group.id, id_number=id_number())


@pytest.mark.parametrize(("born", "is_taken"), [("20110503", True), ("20110504", False)])
def test_a_card_that_shows_a_minor_asks_for_the_guardian(
    ctx: Flask, born: str, is_taken: bool
) -> None:
    with clock.frozen(NOON):
        made = nomination(campaign(C.REVIEWING), nominee_id_number=None)
        number = id_number(7, born=born)
        if is_taken:
            nominees.identify(reviewer(), made.id, id_number=number)
            assert not consents.is_given(made)
            assert consents.giver_of(made) is ConsentGiver.GUARDIAN
        else:
            with pytest.raises(NomineeTooYoung):
                nominees.identify(reviewer(), made.id, id_number=number)


def test_identifying_is_for_reviewers_of_live_cases_there(ctx: Flask) -> None:
    made = nomination(campaign(C.REVIEWING))
    with pytest.raises(NotFound):
        nominees.identify(reviewer("411024"), made.id, id_number=id_number())
    ended = nomination(campaign(C.REVIEWING), N.REJECTED)
    with pytest.raises(WrongState):
        nominees.identify(reviewer(), ended.id, id_number=id_number())


def test_masks_come_off_one_by_one_with_a_reason_that_is_logged(ctx: Flask) -> None:
    number = id_number()
    made = handed_in(
        campaign(C.NOMINATING), nominee_id_number=number, nominee_phone="+8613900001111"
    )
    looked = nominees.unmask(
        reviewer(), made.id, fields=[NomineeField.ID_NUMBER], reason="核对身份"
    )
    assert looked == {"id_number": number}
    entry = db.session.scalars(select(audit.Entry).where(audit.Entry.verb == "unmask")).one()
    assert entry.reason == "id_number：核对身份"
    insider = actor_of(
        db.session.get_one(type(person()), made.nominator_id),
        grant(Role.REVIEWER, over=site("411002")),
    )
    with pytest.raises(OwnNomination):
        nominees.unmask(insider, made.id, fields=[NomineeField.PHONE], reason="看看")


def test_over_http_numbers_are_masked(http: Http, rolled_back: Flask) -> None:
    api: Any = http
    with stored(rolled_back):
        of, who, number, at = campaign(C.NOMINATING).id, person(), id_number(), site().id
        staff = reviewer()
    answer = api.as_(who).post(
        f"/campaigns/{of}/nominations",
        json={
            "category": "helping_others",
            "nominee_name": "李四",
            "nominee_kind": "person",
            "site_id": str(at),
            "nominee_id_number": number,
            "nominee_phone": "13912345678",
            "is_party_member": True,
            "summary": "十年照顾孤寡老人",
            "deeds": DEEDS,
        },
    )
    assert answer.status_code == 201, answer.json
    assert answer.json["nominee_phone"] == "139****5678"
    assert answer.json["nominee_id_number"] == f"4110{'*' * 12}{number[-2:]}"
    assert (answer.json["is_party_member"], answer.json["standing"]) == (True, "草稿，还没有提交")
    made = answer.json["id"]
    api.as_(who).post(f"/nominations/{made}/submit")
    seen = api.as_(staff).get(f"/nominations/{made}")
    assert number not in seen.get_data(as_text=True)
    path = f"/nominations/{made}/unmask"
    looked = api.as_(staff).post(path, json={"fields": ["id_number"], "reason": "核对身份"})
    assert (looked.status_code, looked.json) == (200, {"id_number": number})
    done = api.as_(staff).post(f"/nominations/{made}/identify", json={"id_number": number})
    assert done.status_code == 200
