"""Departments are asked about a nominee, and answer once."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services import persons
from core import clock
from core.actor import ANONYMOUS, Actor, Grant, ScopeKind
from core.audit import Entry
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import (
    AnswerFinal,
    NotYourStep,
    OwnNomination,
    StageClosed,
    StepNotUsed,
)
from nominations.lifecycles import CampaignStatus, ConsultationStatus, NominationStatus
from nominations.models.consultations import Consultation, Department
from nominations.models.nominations import Nomination
from nominations.models.screenings import Screening
from nominations.rules import Rules, Step
from nominations.services import consultations, departments, nominators, screenings, visits
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person
from tests.factories.nominations import campaign, channel, nomination, reviewer

C, N, S = CampaignStatus, NominationStatus, ConsultationStatus
MONDAY = date(2026, 3, 2)
BOTH = (Step.COUNTY, Step.CONSULTATION, Step.VISIT)


def shortlisted(
    *codes: str, steps: tuple[Step, ...] = (Step.COUNTY, Step.CONSULTATION), **facts: Any
) -> Nomination:
    rules = Rules(steps=steps, departments=codes or ("police",))
    return nomination(campaign(C.REVIEWING, rules=rules), N.CITY_SHORTLISTED, **facts)


def consultant(code: str = "police") -> Actor:
    """Appointed by the administrator."""
    who = person("民警")
    department_id = db.session.scalars(select(Department.id).where(Department.code == code)).one()
    departments.appoint(actor_of(person(), grant(Role.ADMIN)), department_id, person_id=who.id)
    held = frozenset(ROLE_PERMISSIONS[Role.CONSULTANT])
    return actor_of(who, Grant(Role.CONSULTANT, held, ScopeKind.CHANNEL, department_id))


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, {"police"}),
        ({"is_party_member": True}, {"police", "discipline", "organization"}),
        ({"is_public_staff": True}, {"police", "discipline", "organization"}),
        ({"is_in_business": True}, {"police", "market_regulation", "tax"}),
    ],
)
def test_who_is_asked_follows_from_the_rules_and_the_nominee(
    ctx: Flask, facts: dict[str, Any], codes: set[str]
) -> None:
    made = shortlisted("police", **facts)
    opened = consultations.open_all(reviewer(), made.id)
    assert {c.department.code for c in opened} == codes
    more = consultations.open_all(reviewer(), made.id, departments=["health"])
    assert {c.department.code for c in more} == codes | {"health"}
    assert {c.id for c in opened} <= {c.id for c in more}


def test_an_answer_is_due_in_ten_working_days_unless_another_day_is_set(ctx: Flask) -> None:
    monday = clock.start_of(MONDAY)
    with clock.frozen(monday):
        (usual,) = consultations.open_all(reviewer(), shortlisted().id)
        assert usual.due_on == MONDAY + timedelta(days=14)
        (set_,) = consultations.open_all(reviewer(), shortlisted().id, due_on=MONDAY)
        assert set_.due_on == MONDAY
        with pytest.raises(InvalidInput):
            consultations.open_all(reviewer(), shortlisted().id, due_on=MONDAY - timedelta(days=1))


def test_what_can_not_be_asked(ctx: Flask) -> None:
    judge = reviewer()
    with pytest.raises(InvalidInput):
        consultations.open_all(judge, shortlisted().id, departments=["moon"])
    with pytest.raises(StepNotUsed):
        consultations.open_all(judge, shortlisted(steps=(Step.COUNTY,)).id)
    early = nomination(campaign(C.REVIEWING, rules=Rules(steps=BOTH)))
    with pytest.raises(WrongState):
        consultations.open_all(judge, early.id)
    with pytest.raises(NotFound):
        consultations.open_all(reviewer("411024"), shortlisted().id)
    with pytest.raises(NotYourStep):
        consultations.open_all(reviewer("411002001"), shortlisted().id)
    rules = Rules(steps=(Step.CONSULTATION,))
    nobody = nomination(campaign(C.REVIEWING, rules=rules), N.CITY_SHORTLISTED)
    with pytest.raises(InvalidInput):
        consultations.open_all(judge, nobody.id)


def test_when_the_last_agrees_the_case_goes_on_by_itself(ctx: Flask) -> None:
    made = shortlisted("police", "tax")
    police, tax = consultant("police"), consultant("tax")
    steps = []
    asked = consultations.open_all(reviewer(), made.id)
    for who, one in zip((police, tax), asked, strict=True):
        consultations.answer(who, one.id, opinion="无异议", is_veto=False)
        steps.append(made.status)
    assert steps == [N.CITY_SHORTLISTED, N.CONSULTED]
    assert screenings.admit(reviewer(None), made.id).status is N.CANDIDATE


def test_a_visit_of_before_counts_once_the_answers_are_in(ctx: Flask) -> None:
    made = shortlisted(steps=BOTH)
    one, two = reviewer(), reviewer()
    visit = visits.record(
        one, made.id, visited_on=clock.today(), place="西大街社区", notes="邻里交口称赞"
    )
    visits.sign(two, visit.id)
    before = made.status
    (asked,) = consultations.open_all(one, made.id)
    consultations.answer(consultant(), asked.id, opinion="无异议", is_veto=False)
    assert (before, made.status) == (N.CITY_SHORTLISTED, N.VISITED)


def test_a_veto_ends_the_case_and_the_nominator_reads_a_plain_sentence(ctx: Flask) -> None:
    who = person()
    made = shortlisted("police", "tax", by=who)
    one, two = consultations.open_all(reviewer(), made.id)
    consultations.answer(consultant(), one.id, opinion="正在立案侦查", is_veto=True)
    assert (made.status, made.decision_note) == (N.REJECTED, consultations.VETOED_NOTE)
    (line,) = screenings.history(reviewer(), made.id)
    assert (line.step, line.opinion) == (Step.CONSULTATION, "公安部门：正在立案侦查")
    told = db.session.scalars(select(InboxMessage).where(InboxMessage.person_id == who.id))
    assert all("侦查" not in (message.text or "") for message in told)
    reasons = db.session.scalars(select(Entry.reason).where(Entry.thing_id == made.id))
    assert "veto:police" in list(reasons)
    with pytest.raises(WrongState):
        consultations.answer(consultant("tax"), two.id, opinion="无欠税", is_veto=False)


def test_an_answer_is_final_and_a_repeat_gives_the_first(ctx: Flask) -> None:
    made, police = shortlisted(), consultant()
    (asked,) = consultations.open_all(reviewer(), made.id)
    first = consultations.answer(police, asked.id, opinion="无异议", is_veto=False)
    at = first.answered_at
    again = consultations.answer(police, asked.id, opinion="无异议", is_veto=False)
    assert (again.id, again.answered_at) == (first.id, at)
    with pytest.raises(AnswerFinal):
        consultations.answer(police, asked.id, opinion="有异议", is_veto=True)


def test_only_those_who_were_asked_answer(ctx: Flask) -> None:
    named = person("街道民警")
    made = shortlisted()
    (asked,) = consultations.open_all(reviewer(), made.id, consultants={"police": named.id})
    for stranger in (consultant("tax"), actor_of(person()), reviewer()):
        with pytest.raises(NotFound):
            consultations.answer(stranger, asked.id, opinion="无异议", is_veto=False)
        with pytest.raises(NotFound):
            consultations.look(stranger, asked.id)
        assert consultations.list_mine(stranger, PageRequest()).items == []
    for insider in (actor_of(named), consultant("police")):
        assert consultations.list_mine(insider, PageRequest()).items == [asked]
    consultations.answer(actor_of(named), asked.id, opinion="无异议", is_veto=False)
    assert made.status is N.CONSULTED


def test_the_city_and_the_channel_ask_too(ctx: Flask) -> None:
    school = channel()
    of_school = shortlisted(channel_id=school.id)
    for judge in (reviewer(channel=school), reviewer("411000"), reviewer(None)):
        assert len(consultations.open_all(judge, of_school.id)) == 1
    with pytest.raises(NotYourStep):
        consultations.open_all(reviewer(), of_school.id)


def test_a_link_answers_for_a_department_without_an_account(ctx: Flask) -> None:
    made = shortlisted("unit")
    judge = reviewer()
    (asked,) = consultations.open_all(judge, made.id)
    old = consultations.link(judge, asked.id).token
    token = consultations.link(judge, asked.id).token
    with pytest.raises(NotFound):
        consultations.look_by_link(ANONYMOUS, old)
    assert consultations.look_by_link(ANONYMOUS, token).nomination is made
    stored_hash = db.session.scalar(select(Consultation.token_hash))
    assert token.encode() not in (stored_hash or b"")
    consultations.answer_by_link(ANONYMOUS, token, opinion="表现良好", is_veto=False)
    assert made.status is N.CONSULTED
    with pytest.raises(NotFound):
        consultations.look_by_link(ANONYMOUS, token)
    again = consultations.answer_by_link(ANONYMOUS, token, opinion="表现良好", is_veto=False)
    assert again.status is S.AGREED
    with pytest.raises(AnswerFinal):
        consultations.link(judge, asked.id)


def test_a_veto_by_link_has_no_author(ctx: Flask) -> None:
    made, judge = shortlisted("unit"), reviewer()
    (asked,) = consultations.open_all(judge, made.id)
    token = consultations.link(judge, asked.id).token
    consultations.answer_by_link(ANONYMOUS, token, opinion="有处分", is_veto=True)
    assert made.status is N.REJECTED
    assert db.session.scalars(select(Screening.decided_by)).all() == [None]


def test_every_look_is_written_down(ctx: Flask) -> None:
    made, police = shortlisted(nominee_name="王桂兰"), consultant()
    (asked,) = consultations.open_all(reviewer(), made.id)
    consultations.look(police, asked.id)
    looked = select(Entry.actor_id).where(Entry.thing_id == asked.id, Entry.verb == "view")
    assert db.session.scalars(looked).all() == [police.id]


def test_after_the_review_no_answer_is_taken(ctx: Flask) -> None:
    made, police = shortlisted(), consultant()
    (asked,) = consultations.open_all(reviewer(), made.id)
    late = campaign(C.ASSESSING, rules=Rules(steps=BOTH))
    made.campaign_id = late.id
    db.session.flush()
    with pytest.raises(StageClosed):
        consultations.answer(police, asked.id, opinion="无异议", is_veto=False)


def test_the_nominator_sees_no_opinion(ctx: Flask) -> None:
    judge = reviewer()
    made = shortlisted()
    nominators.add(made.id, judge.id)
    with pytest.raises(OwnNomination):
        consultations.list_of(judge, made.id)


def test_the_overdue_are_reminded_once_a_week(ctx: Flask) -> None:
    monday = clock.start_of(MONDAY)
    police, opener = consultant(), reviewer()
    with clock.frozen(monday):
        asked = consultations.open_all(opener, shortlisted("police", "unit").id, due_on=MONDAY)

    def told(day: int) -> dict[Any, int]:
        with clock.frozen(monday + timedelta(days=day)):
            for found in consultations.to_remind():
                consultations.remind(found)
        query = select(InboxMessage.person_id).where(
            InboxMessage.template == "consultation_overdue"
        )
        people = list(db.session.scalars(query))
        return {who: people.count(who) for who in people}

    assert len(asked) == 2
    assert told(0) == {}
    assert told(1) == told(4) == told(6) == {police.id: 1, opener.id: 1}
    assert told(7) == {police.id: 2, opener.id: 2}


# Over HTTP


def test_opening_looking_and_answering(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = shortlisted(nominee_name="王桂兰", nominee_unit="许昌供水公司")
        made.nominee_id_number = "411002199001010018"
        made.nominee_id_number_index = persons.index_of("411002199001010018")
        made_id, judge, police = made.id, reviewer(), consultant()
    path = f"/nominations/{made_id}/consultations"
    opened = http.as_(judge).post(path, json={"departments": ["unit"]})
    assert opened.status_code == 201
    assert opened.json is not None
    asked, unit = opened.json["items"]
    mine = http.as_(police).get("/me/consultations").json
    assert mine is not None
    assert [item["id"] for item in mine["items"]] == [asked["id"]]
    seen = http.as_(police).get(f"/consultations/{asked['id']}")
    assert seen.json is not None
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.json["nominee_id_number"] == "411002199001010018"
    assert "nominator" not in seen.get_data(as_text=True)
    answer = {"opinion": "无异议", "veto": False}
    given = http.as_(police).put(f"/consultations/{asked['id']}", json=answer)
    assert given.json is not None
    assert (given.status_code, given.json["status"]) == (200, "agreed")
    link = http.as_(judge).post(f"/consultations/{unit['id']}/link")
    assert link.json is not None
    at = link.json["path"].removeprefix("/api/v1")
    assert http.get(at).json["nominee_unit"] == "许昌供水公司"  # type: ignore[index]
    assert http.put(at, json=answer).status_code == 200
    assert http.put(at, json=answer | {"veto": True}).status_code == 409
    assert http.get(at).status_code == 404
    listed = http.as_(judge).get(path).json
    assert listed is not None
    assert [item["opinion"] for item in listed["items"]] == ["无异议", "无异议"]


def test_departments_are_public_and_consultants_appointed(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        admin, who = actor_of(person(), grant(Role.ADMIN)), person()
    listed = http.get("/departments").json
    assert listed is not None
    assert [d["code"] for d in listed["items"]][:2] == ["police", "discipline"]
    path = f"/departments/{listed['items'][0]['id']}/consultants"
    assert http.as_(admin).post(path, json={"person_id": str(who.id)}).status_code == 201
    again = http.as_(admin).post(path, json={"person_id": str(who.id)})
    assert again.json is not None
    assert (again.status_code, again.json["code"]) == (409, "role_already_granted")
    assert http.as_(who).post(path, json={"person_id": str(who.id)}).status_code == 403
