"""Two people go and see a nominee."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.errors import InvalidInput, NotFound, WrongState
from nominations.errors import OwnNomination, StepNotUsed
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.nominations import Nomination
from nominations.rules import Rules, Step
from nominations.services import nominators, screenings, visits
from tests.conftest import Http, stored
from tests.factories.nominations import campaign, nomination, reviewer

N = NominationStatus


def shortlisted(*steps: Step, status: NominationStatus = N.CITY_SHORTLISTED) -> Nomination:
    rules = Rules(steps=(Step.COUNTY, *(steps or (Step.VISIT,))))
    return nomination(campaign(CampaignStatus.REVIEWING, rules=rules), status)


def seen(**changes: Any) -> dict[str, Any]:
    return {
        "visited_on": clock.today(),
        "place": "西大街社区 3 号院",
        "notes": "邻里都说好",
        **changes,
    }


def test_only_what_two_people_signed_counts(ctx: Flask) -> None:
    made, one, two = shortlisted(), reviewer(), reviewer("411000")
    visit = visits.record(one, made.id, **seen())
    steps = []
    for signer in (one, two):
        visits.sign(signer, visit.id)
        steps.append(made.status)
    assert steps == [N.CITY_SHORTLISTED, N.VISITED]
    assert [s.signed_by for s in visit.signatures] == [one.id, two.id]
    assert screenings.admit(reviewer(None), made.id).status is N.CANDIDATE


def test_two_visits_of_one_person_each_are_no_visit_of_two(ctx: Flask) -> None:
    made, one, two = shortlisted(), reviewer(), reviewer()
    visits.record(one, made.id, **seen())
    visits.record(two, made.id, **seen())
    assert made.status is N.CITY_SHORTLISTED


def test_whom_it_does_not_concern_records_nothing(ctx: Flask) -> None:
    made, own = shortlisted(), reviewer()
    with pytest.raises(NotFound):
        visits.record(reviewer("411024"), made.id, **seen())
    nominators.add(made.id, own.id)
    with pytest.raises(OwnNomination):
        visits.record(own, made.id, **seen())
    judge = reviewer()
    with pytest.raises(InvalidInput):
        visits.record(judge, made.id, **seen(visited_on=clock.today() + timedelta(days=1)))
    with pytest.raises(StepNotUsed):
        visits.record(judge, shortlisted(Step.CONSULTATION).id, **seen())
    with pytest.raises(WrongState):
        visits.record(judge, shortlisted(status=N.CANDIDATE).id, **seen())


def test_visits_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, one, two = shortlisted().id, reviewer(), reviewer()
    body = seen(visited_on=clock.today().isoformat())
    recorded = http.as_(one).post(f"/nominations/{made}/visits", json=body)
    assert recorded.json is not None
    assert recorded.status_code == 201
    signed = http.as_(two).post(f"/visits/{recorded.json['id']}/sign")
    assert signed.json is not None
    assert len(signed.json["signatures"]) == 2
    listed = http.as_(one).get(f"/nominations/{made}/visits").json
    assert listed == {"items": [signed.json]}
    case = http.as_(one).get(f"/nominations/{made}").json
    assert case is not None
    assert case["status"] == "visited"
