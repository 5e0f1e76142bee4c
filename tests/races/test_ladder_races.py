"""Quotas of recommendations, the last answers of departments, two signatures at once."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import Actor
from core.db import atomically, db
from nominations.errors import RecommendationsUsedUp
from nominations.lifecycles import CampaignStatus, ConsultationStatus, NominationStatus
from nominations.models.consultations import Consultation
from nominations.models.nominations import Nomination
from nominations.models.recommendations import RecommendationCount
from nominations.models.visits import Visit, VisitSignature
from nominations.rules import Quota, Rules, Step
from nominations.services import consultations, screenings, visits
from tests.conftest import stored
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign, nomination, reviewer
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race

COUNTY = "411002"
ONE_LEFT = Rules(steps=(Step.COUNTY, Step.CITY), recommendations=Quota(by_place={COUNTY: 1}))
REVIEWING = CampaignStatus.REVIEWING
N = NominationStatus


def read(app: Flask, query: Any) -> Any:
    with app.app_context():
        return atomically(app, lambda: db.session.scalar(query), write=False)


def test_the_last_recommendation_goes_to_one_case(committed: Flask) -> None:
    with stored(committed):
        made = campaign(REVIEWING, rules=ONE_LEFT)
        cases = [nomination(made).id for _ in range(6)]
        judges = [reviewer() for _ in cases]
    outcomes = rush(
        committed, [partial(screenings.pass_, j, c) for j, c in zip(judges, cases, strict=True)]
    )
    refused = [o for o in outcomes if isinstance(o, RecommendationsUsedUp)]
    assert len(refused) == 5
    assert read(committed, select(RecommendationCount.taken)) == 1
    passed = select(func.count()).where(Nomination.status == N.COUNTY_REVIEWED)
    assert read(committed, passed) == 1


def test_counting_first_sends_up_too_many(committed: Flask) -> None:
    """Negative control: counting what was sent up, then sending up."""
    with stored(committed):
        made = campaign(REVIEWING, rules=ONE_LEFT)
        cases = iter([nomination(made).id for _ in range(6)])

    def is_free() -> bool:
        sent = select(func.count()).where(Nomination.recommended_from == COUNTY)
        return not db.session.scalar(sent)

    def send() -> None:
        case = db.session.get_one(Nomination, next(cases))
        case.status, case.recommended_from = N.COUNTY_REVIEWED, COUNTY

    assert naive_rush(committed, 6, is_free, send) > 1


def test_two_reviewers_decide_a_case_once(committed: Flask) -> None:
    with stored(committed):
        case = nomination(campaign(REVIEWING)).id
        judges = [reviewer() for _ in range(6)]
    outcomes = rush(
        committed,
        [
            partial(screenings.reject, j, case, reason="不实")
            if n % 2
            else partial(screenings.pass_, j, case)
            for n, j in enumerate(judges)
        ],
    )
    assert len([o for o in outcomes if isinstance(o, Nomination)]) == 1


def asked(app: Flask, *departments: str) -> tuple[UUID, list[tuple[Actor, UUID]]]:
    """A case and who answers which consultation about it."""
    rules = Rules(steps=(Step.COUNTY, Step.CONSULTATION), departments=departments)
    with stored(app):
        case = nomination(campaign(REVIEWING, rules=rules), N.CITY_SHORTLISTED).id
        named = {code: person(code) for code in departments}
        opened = consultations.open_all(
            reviewer(), case, consultants={code: who.id for code, who in named.items()}
        )
        return case, [(actor_of(named[c.department.code]), c.id) for c in opened]


def test_the_last_answers_at_once_carry_the_case_on(committed: Flask) -> None:
    case, answers = asked(committed, "police", "tax", "health", "unit")
    rush(
        committed,
        [
            partial(consultations.answer, who, one, opinion="无异议", is_veto=False)
            for who, one in answers
        ],
    )
    assert read(committed, select(Nomination.status).where(Nomination.id == case)) is N.CONSULTED


def test_without_holding_the_case_nobody_is_the_last(committed: Flask) -> None:
    """Negative control: looking whether the others have answered, then answering."""
    _, answers = asked(committed, "police", "tax", "health", "unit")
    mine = iter(answers)

    def is_last() -> bool:
        waiting = select(func.count()).where(Consultation.status == ConsultationStatus.ASKED)
        return db.session.scalar(waiting) == 1

    def answer_all_the_same() -> bool:
        return not is_last()

    def write() -> None:
        consultation = db.session.get_one(Consultation, next(mine)[1])
        consultation.status = ConsultationStatus.AGREED
        consultation.opinion, consultation.answered_at = "无异议", clock.now()

    assert naive_rush(committed, 4, answer_all_the_same, write) == 4


def test_one_answer_sent_by_several_is_the_first(committed: Flask) -> None:
    _, ((who, one),) = asked(committed, "police")
    outcomes = rush(
        committed,
        [
            partial(consultations.answer, who, one, opinion=f"意见 {n}", is_veto=bool(n % 2))
            for n in range(6)
        ],
    )
    assert len([o for o in outcomes if isinstance(o, Consultation)]) == 1


def visited(app: Flask) -> tuple[UUID, UUID]:
    rules = Rules(steps=(Step.COUNTY, Step.VISIT))
    with stored(app):
        case = nomination(campaign(REVIEWING, rules=rules), N.CITY_SHORTLISTED).id
        visit = Visit(
            nomination_id=case,
            visited_on=clock.today(),
            place="西大街社区",
            notes="属实",
            recorded_by=person().id,
            recorded_at=clock.now(),
        )
        db.session.add(visit)
        db.session.flush()
        return case, visit.id


def test_two_who_sign_at_once_make_a_visit(committed: Flask) -> None:
    case, visit = visited(committed)
    with stored(committed):
        pair = [reviewer(), reviewer()]
    outcomes = rush(committed, [partial(visits.sign, p, visit) for p in (*pair, *pair)])
    assert read(committed, select(Nomination.status).where(Nomination.id == case)) is N.VISITED
    assert read(committed, select(func.count()).select_from(VisitSignature)) == 2
    assert len([o for o in outcomes if isinstance(o, Visit)]) >= 2


def test_without_holding_the_case_no_signature_is_the_second(committed: Flask) -> None:
    """Negative control: looking whether the other has signed, then signing."""
    _, visit = visited(committed)
    with stored(committed):
        people = iter([person("甲").id, person("乙").id])

    def is_first() -> bool:
        return not db.session.scalar(select(func.count()).select_from(VisitSignature))

    def sign() -> None:
        db.session.add(
            VisitSignature(visit_id=visit, signed_by=next(people), signed_at=clock.now())
        )

    assert naive_rush(committed, 2, is_first, sign) == 2
