"""The ladder over HTTP."""

from flask import Flask

from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.rules import Quota, Rules, Step
from tests.conftest import Http, stored
from tests.factories.accounts import person, site
from tests.factories.nominations import campaign, nomination, reviewer

C, N = CampaignStatus, NominationStatus


def test_opinions_decisions_and_history(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, judge, other = person(), reviewer(), reviewer("411024")
        made = nomination(campaign(C.REVIEWING), by=who).id
    path = f"/nominations/{made}/screenings"
    said = http.as_(judge).post(path, json={"opinion": "事迹感人"})
    assert said.json is not None
    assert (said.status_code, said.json["verdict"]) == (201, "opinion")
    queue = http.as_(judge).get("/screenings/queue").json
    assert queue is not None
    assert queue["items"][0]["reviews_count"] == 1
    assert http.as_(judge).get("/screenings/queue?overdue=true").json == {
        "items": [],
        "next_cursor": None,
    }
    decided = http.as_(judge).post(path, json={"opinion": "请补充", "verdict": "send_back"})
    assert decided.json is not None
    assert decided.json["verdict"] == "send_back"
    told = http.as_(judge).get(path).json
    assert told is not None
    assert [line["opinion"] for line in told["items"]] == ["事迹感人", "请补充"]
    assert http.as_(other).get(path).status_code == 404
    assert http.as_(who).get(path).status_code == 403
    assert (
        http.as_(judge).post(path, json={"opinion": "转", "verdict": "transfer"}).status_code == 422
    )


def test_passing_up_is_said_in_the_answer(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who = person()
        made = nomination(campaign(C.NOMINATING), N.DRAFT, by=who).id
    answer = http.as_(who).post(f"/nominations/{made}/submit").json
    assert answer is not None
    assert (answer["step"], answer["step_note"]) == ("city", "区县没有审核人员，已转交上一级")


def test_transfer_and_admit(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        judge, there, city = reviewer(), reviewer("411024"), reviewer(None)
        made = nomination(campaign(C.REVIEWING)).id
        shortlisted = nomination(campaign(C.REVIEWING), N.CITY_SHORTLISTED)
        lacking = nomination(campaign(C.REVIEWING), N.CITY_SHORTLISTED, consented_at=None)
        target, admitted, missing = str(site("411024101").id), shortlisted.id, lacking.id
    moved = http.as_(judge).post(
        f"/nominations/{made}/transfer", json={"site_id": target, "reason": "户籍在鄢陵"}
    )
    assert moved.json is not None
    assert (moved.json["step"], moved.json["site_id"]) == ("county", target)
    queue = http.as_(there).get("/screenings/queue").json
    assert queue is not None
    assert [item["id"] for item in queue["items"]] == [str(made)]
    done = http.as_(city).post(f"/nominations/{admitted}/admit")
    assert done.json is not None
    assert done.json["status"] == "candidate"
    refused = http.as_(city).post(f"/nominations/{missing}/admit")
    assert refused.json is not None
    assert (refused.status_code, refused.json["code"]) == (409, "not_ready")
    assert refused.json["missing"] == ["consent"]


def test_a_used_up_quota_is_told(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        rules = Rules(steps=(Step.COUNTY,), recommendations=Quota(by_place={"411002": 0}))
        judge, made = reviewer(), nomination(campaign(C.REVIEWING, rules=rules)).id
    refused = http.as_(judge).post(f"/nominations/{made}/pass", json={"opinion": "属实"})
    assert refused.json is not None
    assert (refused.status_code, refused.json["code"]) == (409, "recommendations_used_up")
