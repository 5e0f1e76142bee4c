"""Legal confirmation of bravery, and nominees whose name is withheld."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from core import clock
from core.audit import Entry
from core.db import db
from core.errors import InvalidInput, WrongState
from nominations.errors import ConfirmationExists, NotReady, NotYourStep
from nominations.lifecycles import CampaignStatus, ConfirmationStatus, HonorKind, NominationStatus
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.services import candidates, confirmations, screenings, tally
from tests.conftest import Http, stored
from tests.factories.accounts import person
from tests.factories.nominations import campaign, candidate, nomination, reviewer

C, N = CampaignStatus, NominationStatus


def brave(kind: HonorKind = HonorKind.GOOD_PERSON, **facts: Any) -> Nomination:
    of = campaign(C.REVIEWING, kind=kind)
    return nomination(of, category_code="bravery", **facts)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (HonorKind.GOOD_PERSON, N.CITY_SHORTLISTED),
        (HonorKind.MORAL_MODEL, N.CITY_SHORTLISTED),
        (HonorKind.FAMILY, N.CANDIDATE),
    ],
)
def test_an_act_of_bravery_is_confirmed_before(
    ctx: Flask, kind: HonorKind, status: NominationStatus
) -> None:
    assert screenings.pass_(reviewer(), brave(kind).id).status is status


def test_with_the_number_a_case_becomes_a_candidate(ctx: Flask) -> None:
    city, made, today = reviewer(None), brave(), clock.today()
    screenings.pass_(reviewer(), made.id)
    applied = confirmations.apply(city, made.id, applied_on=today - timedelta(days=30))
    with pytest.raises(NotReady):
        screenings.admit(city, made.id)
    done = confirmations.confirm(city, applied.id, number="许见义〔2026〕3 号", decided_on=today)
    assert (done.status, made.bravery_number) == (
        ConfirmationStatus.CONFIRMED,
        "许见义〔2026〕3 号",
    )
    assert screenings.admit(city, made.id).status is N.CANDIDATE
    with pytest.raises(WrongState):
        confirmations.refuse(city, applied.id, reason="证据不足", decided_on=today)


def test_after_a_refusal_there_may_be_another_application(ctx: Flask) -> None:
    city, made, today = reviewer(None), brave(), clock.today()
    first = confirmations.apply(city, made.id, applied_on=today)
    confirmations.refuse(city, first.id, reason="证据不足", decided_on=today)
    second = confirmations.apply(city, made.id, applied_on=today)
    assert (first.status, second.status) == (
        ConfirmationStatus.REFUSED,
        ConfirmationStatus.APPLIED,
    )


def test_what_is_entered_must_be_possible(ctx: Flask) -> None:
    city, made, today = reviewer(None), brave(), clock.today()
    with pytest.raises(NotYourStep):
        confirmations.apply(reviewer(), made.id, applied_on=today)
    with pytest.raises(InvalidInput):
        confirmations.apply(city, made.id, applied_on=today + timedelta(days=1))
    other = nomination(campaign(C.REVIEWING))
    with pytest.raises(InvalidInput):
        confirmations.apply(city, other.id, applied_on=today)
    applied = confirmations.apply(city, made.id, applied_on=today)
    with pytest.raises(InvalidInput):
        confirmations.confirm(city, applied.id, number="1 号", decided_on=today - timedelta(days=1))


def test_a_withheld_name_is_said_nowhere(ctx: Flask) -> None:
    who, city = person(), reviewer(None)
    of = campaign(C.REVIEWING)
    made = nomination(of, by=who, nominee_name="高望山")
    confirmations.withhold(city, made.id, reason="家属申请保密")
    screenings.send_back(reviewer(), made.id, missing="请补充")
    told = db.session.scalars(select(InboxMessage).where(InboxMessage.person_id == who.id)).all()
    (text,) = [message.text or "" for message in told]
    assert WITHHELD_NAME in text
    assert "高望山" not in text
    shown = candidate(campaign(C.ASSESSING), nominee_name="高望山")
    confirmations.withhold(city, shown.id, reason="家属申请保密")
    assert candidates.list_public(shown.campaign_id) == []
    assert tally.view(shown.campaign_id).items == []
    confirmations.disclose(city, shown.id, reason="家属同意公开")
    assert [c.id for c in candidates.list_public(shown.campaign_id)] == [shown.id]
    entries = db.session.execute(
        select(Entry.verb, Entry.reason).where(Entry.thing_id == shown.id)
    ).all()
    assert [tuple(e) for e in entries] == [
        ("withhold", "家属申请保密"),
        ("disclose", "家属同意公开"),
    ]


def test_only_the_city_withholds(ctx: Flask) -> None:
    made = brave()
    with pytest.raises(NotYourStep):
        confirmations.withhold(reviewer(), made.id, reason="保密")
    ended = nomination(campaign(C.REVIEWING), N.REJECTED)
    with pytest.raises(WrongState):
        confirmations.withhold(reviewer(None), ended.id, reason="保密")


def test_confirmations_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, other, city = brave().id, brave().id, reviewer(None)
    day = clock.today().isoformat()
    as_city = http.as_(city)
    applied = as_city.post(f"/nominations/{made}/confirmations", json={"applied_on": day})
    assert applied.json is not None
    assert applied.status_code == 201
    again = as_city.post(f"/nominations/{made}/confirmations", json={"applied_on": day})
    assert again.json is not None
    assert (again.status_code, again.json["code"]) == (409, ConfirmationExists.code)
    path = f"/confirmations/{applied.json['id']}"
    confirmed = as_city.post(f"{path}/confirm", json={"number": "3 号", "decided_on": day})
    assert confirmed.json is not None
    assert (confirmed.status_code, confirmed.json["status"]) == (200, "confirmed")
    second = as_city.post(f"/nominations/{other}/confirmations", json={"applied_on": day}).json
    assert second is not None
    body = {"reason": "证据不足", "decided_on": day}
    refused = as_city.post(f"/confirmations/{second['id']}/refuse", json=body)
    assert refused.json is not None
    assert refused.json["refusal_reason"] == "证据不足"
    hidden = as_city.post(f"/nominations/{made}/withhold", json={"reason": "家属申请"})
    assert json.loads(hidden.get_data())["is_withheld"] is True
    open_ = as_city.post(f"/nominations/{made}/disclose", json={"reason": "家属同意"})
    assert json.loads(open_.get_data())["is_withheld"] is False
