"""Consent: asked by a link, given, declined, lapsed, withdrawn; on paper; who has to give it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import clock
from core.actor import ANONYMOUS, SYSTEM, Actor
from core.db import db
from core.errors import NotFound, WrongState
from nominations.errors import ConsentLapsed, OwnNomination, SignerMissing
from nominations.lifecycles import (
    LIVE,
    CampaignStatus,
    ConsentStatus,
    NominationStatus,
    NomineeKind,
)
from nominations.models.consents import ConsentGiver, NomineeConsent
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.models.nominators import Nominator
from nominations.services import consents, nominations
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, helper, person, site
from tests.factories.nominations import campaign, nomination
from tests.nominations.reading import told

C = CampaignStatus
N = NominationStatus
S = ConsentStatus
MICROSECOND = timedelta(microseconds=1)
SIGNED = {"signer_name": "李小花", "signer_relation": "女儿"}


def nominator_of(made: Nomination) -> Actor:
    return Actor(person_id=made.nominator_id)


def reviewer(over: str = "411002") -> Actor:
    return actor_of(person("审核员"), grant(Role.REVIEWER, over=site(over)))


def case(status: NominationStatus = N.SUBMITTED, **facts: Any) -> Nomination:
    return nomination(campaign(C.REVIEWING), status, **facts)


def asked(made: Nomination) -> str:
    return consents.ask(nominator_of(made), made.id).token


def statuses(made: Nomination) -> list[ConsentStatus]:
    query = select(NomineeConsent.status).where(NomineeConsent.nomination_id == made.id)
    return list(db.session.scalars(query.order_by(NomineeConsent.id)))


# By a link


def test_the_nominee_agrees_by_the_link_and_the_nominator_is_told(ctx: Flask) -> None:
    made = case(nominee_name="李四", consented_at=None)
    token = asked(made)
    assert not consents.is_given(made)
    shown = consents.view(token)
    assert (shown.nominee_name, shown.deeds, shown.status) == ("李*", made.deeds, S.ASKED)
    assert consents.give(ANONYMOUS, token).status is S.GIVEN
    assert consents.is_given(made)
    at = made.consented_at
    assert consents.give(ANONYMOUS, token).status is S.GIVEN
    assert made.consented_at == at
    assert told(made.nominator_id) == ["您推荐的李四：本人已同意。无"]


def test_declining_ends_the_case_and_all_nominators_are_told(ctx: Flask) -> None:
    made, other = case(nominee_name="李四"), person()
    db.session.add(Nominator(nomination_id=made.id, person_id=other.id, since=clock.now()))
    token = asked(made)
    for _ in range(2):
        assert consents.decline(ANONYMOUS, token).status is S.DECLINED
    assert made.status is N.WITHDRAWN
    for person_id in (made.nominator_id, other.id):
        assert told(person_id) == ["您推荐的李四：本人不同意。无"]
    with pytest.raises(WrongState):
        consents.give(ANONYMOUS, token)
    assert consents.view(token).deeds is None


@pytest.mark.parametrize("status", LIVE)
def test_consent_is_taken_back_in_every_live_state(ctx: Flask, status: NominationStatus) -> None:
    made = nomination(campaign(C.NOTICING), status)
    token = asked(made)
    consents.give(ANONYMOUS, token)
    for _ in range(2):
        assert consents.withdraw_consent(ANONYMOUS, token).status is S.WITHDRAWN
    assert (made.status, consents.is_given(made)) == (N.WITHDRAWN, False)


@pytest.mark.parametrize("stage", [C.PAUSED, C.CONCLUDED, C.CANCELLED])
def test_consent_is_taken_back_in_every_stage(ctx: Flask, stage: CampaignStatus) -> None:
    made = nomination(campaign(stage), N.APPROVED)
    token = asked(made)
    consents.give(ANONYMOUS, token)
    consents.withdraw_consent(ANONYMOUS, token)
    assert made.status is N.WITHDRAWN


@pytest.mark.parametrize("status", [N.WITHDRAWN, N.REMOVED, N.HONORED, N.REJECTED])
def test_a_case_that_has_ended_asks_nobody(ctx: Flask, status: NominationStatus) -> None:
    facts = {"removal_reason": "不实"} if status is N.REMOVED else {}
    made = case(status, **facts)
    with pytest.raises(WrongState):
        asked(made)


def test_a_link_lapses_at_its_instant(ctx: Flask) -> None:
    made = case(nominee_name="李四")
    token = asked(made)
    until = consents.view(token).expires_at
    assert until is not None
    with clock.frozen(until - MICROSECOND):
        assert consents.to_expire() == []
        assert consents.view(token).status is S.ASKED
    with clock.frozen(until):
        acts: list[Callable[[], object]] = [
            lambda: consents.view(token),
            lambda: consents.give(ANONYMOUS, token),
            lambda: consents.decline(ANONYMOUS, token),
        ]
        for act in acts:
            with pytest.raises(ConsentLapsed):
                act()
        (due,) = consents.to_expire()
        for _ in range(2):
            consents.expire(SYSTEM, due)
        assert consents.to_expire() == []
    assert statuses(made) == [S.LAPSED]
    assert told(made.nominator_id) == ["您推荐的李四：尚未同意。征求同意的链接已过期，请重新发送"]


def test_asking_anew_voids_the_link_before_but_not_a_consent(ctx: Flask) -> None:
    made = case()
    first, second = asked(made), asked(made)
    with pytest.raises(ConsentLapsed):
        consents.give(ANONYMOUS, first)
    consents.give(ANONYMOUS, second)
    third = asked(made)
    assert consents.is_given(made)
    consents.give(ANONYMOUS, third)
    assert statuses(made) == [S.LAPSED, S.LAPSED, S.GIVEN]


def test_an_invented_link_is_not_found(ctx: Flask) -> None:
    asked(case())
    for act in (consents.view, lambda t: consents.give(ANONYMOUS, t)):
        with pytest.raises(NotFound):
            act("nothing")


def test_only_those_concerned_ask(ctx: Flask) -> None:
    made = case()
    assert consents.ask(reviewer(), made.id).consent.kind is ConsentGiver.NOMINEE
    for stranger in (actor_of(person()), reviewer("411024")):
        with pytest.raises(NotFound):
            consents.ask(stranger, made.id)
        with pytest.raises(NotFound):
            consents.list_of(stranger, made.id)
    draft = case(N.DRAFT)
    with pytest.raises(NotFound):
        consents.ask(reviewer(), draft.id)
    assert consents.give(ANONYMOUS, asked(draft)).status is S.GIVEN


# Who has to agree


@pytest.mark.parametrize(
    ("facts", "giver"),
    [
        ({}, ConsentGiver.NOMINEE),
        ({"deceased_on": date(2026, 1, 1)}, ConsentGiver.NEXT_OF_KIN),
        ({"nominee_born_on": date(2010, 5, 4)}, ConsentGiver.GUARDIAN),
        ({"nominee_kind": NomineeKind.GROUP}, ConsentGiver.REPRESENTATIVE),
        ({"nominee_kind": NomineeKind.FAMILY}, ConsentGiver.REPRESENTATIVE),
        ({"nominee_kind": NomineeKind.UNIT}, ConsentGiver.REPRESENTATIVE),
    ],
)
def test_whoever_answers_for_another_says_who_they_are(
    ctx: Flask, facts: dict[str, Any], giver: ConsentGiver
) -> None:
    with clock.frozen(clock.now().replace(year=2028, month=5, day=3, hour=4)):
        made = case(**facts)
        token = asked(made)
        assert consents.view(token).kind is giver
        if giver is not ConsentGiver.NOMINEE:
            with pytest.raises(SignerMissing):
                consents.give(ANONYMOUS, token)
            with pytest.raises(SignerMissing):
                consents.record(helper(), made.id, paper_reference="纸-1")
        consents.give(ANONYMOUS, token, **SIGNED)
    assert consents.is_given(made)
    assert made.is_posthumous is (giver is ConsentGiver.NEXT_OF_KIN)


def test_a_withheld_case_shows_nothing_but_that_it_is_one(ctx: Flask) -> None:
    made = case(nominee_name="李四", is_withheld=True, withheld_reason="见义勇为")
    shown = consents.view(asked(made))
    assert (shown.nominee_name, shown.is_withheld) == (WITHHELD_NAME, True)
    assert (shown.summary, shown.deeds) == (None, None)


def test_another_name_needs_another_consent(ctx: Flask) -> None:
    made = case(N.SENT_BACK)
    token = asked(made)
    consents.give(ANONYMOUS, token)
    nominations.update(owner(made), made.id, deeds="好" * 900, nominee_name=made.nominee_name)
    assert consents.is_given(made)
    nominations.update(owner(made), made.id, nominee_name="王五")
    assert not consents.is_given(made)
    with pytest.raises(ConsentLapsed):
        consents.view(token)


def owner(made: Nomination) -> Actor:
    return Actor(person_id=made.nominator_id)


# On paper


def test_staff_record_a_paper_once(ctx: Flask) -> None:
    made = case()
    token = asked(made)
    first = consents.record(helper(), made.id, paper_reference="纸-1")
    assert consents.record(helper(), made.id, paper_reference="纸-1").id == first.id
    assert (first.status, consents.is_given(made)) == (S.GIVEN, True)
    with pytest.raises(ConsentLapsed):
        consents.view(token)
    consents.record(reviewer(), made.id, paper_reference="纸-2")
    assert statuses(made) == [S.LAPSED, S.LAPSED, S.GIVEN]


def test_nobody_records_the_consent_of_their_own_nominee(ctx: Flask) -> None:
    who = person()
    made = case(by=who)
    insider = actor_of(who, grant(Role.HELPER, over=site()))
    with pytest.raises(OwnNomination):
        consents.record(insider, made.id, paper_reference="纸-1")
    with pytest.raises(NotFound):
        consents.record(helper(over=site("411024")), made.id, paper_reference="纸-1")


@pytest.mark.parametrize("was_given", [True, False])
def test_staff_record_that_the_nominee_does_not_want_it(ctx: Flask, was_given: bool) -> None:
    made = case(N.CANDIDATE)
    if was_given:
        consents.record(helper(), made.id, paper_reference="纸-1")
    consents.withdraw_consent_on_paper(helper(), made.id, paper_reference="纸-2")
    assert (made.status, made.consented_at) == (N.WITHDRAWN, None)
    assert statuses(made) == ([S.WITHDRAWN] if was_given else [])


# Over HTTP


def test_consent_over_http(http: Http, rolled_back: Flask) -> None:
    api: Any = http
    with stored(rolled_back):
        who = person()
        made, group = (
            nomination(campaign(C.REVIEWING), by=who, **facts).id
            for facts in ({"nominee_name": "李四"}, {"nominee_kind": NomineeKind.GROUP})
        )
        counter = helper()
    link = api.as_(who).post(f"/nominations/{made}/consents")
    assert (link.status_code, link.json["consent"]["kind"]) == (201, "nominee")
    secret = f"/nominee-consents/{link.json['token']}"
    assert api.get(secret).json["nominee_name"] == "李*"
    assert api.post(f"{secret}/give", json={}).json["status"] == "given"
    listed = api.as_(who).get(f"/nominations/{made}/consents").json["items"]
    assert [(c["status"], c["is_on_paper"]) for c in listed] == [("given", False)]
    refused = api.post(f"{secret}/decline")
    assert (refused.status_code, refused.json["code"]) == (409, "wrong_state")
    assert api.post(f"{secret}/withdraw_consent").json["status"] == "withdrawn"
    assert api.as_(who).get(f"/nominations/{made}").json["status"] == "withdrawn"
    paper = {"paper_reference": "纸-1", **SIGNED}
    kept = api.as_(counter).post(f"/nominations/{group}/paper-consents", json=paper)
    assert (kept.status_code, kept.json["signer_name"]) == (201, "李**")
    gone = api.as_(counter).post(
        f"/nominations/{group}/withdraw_consent", json={"paper_reference": "纸-2"}
    )
    assert (gone.status_code, gone.json["status"]) == (200, "withdrawn")
