"""Nominations: written, checked, handed in, reviewed, withdrawn."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.wechat import TextVerdict, WeChatUnavailable
from nominations.errors import (
    ContentRefused,
    NominationIncomplete,
    StageClosed,
)
from nominations.lifecycles import (
    WITH_CANDIDATES,
    CampaignStatus,
    NominationStatus,
    NomineeKind,
)
from nominations.models.nominations import Nomination
from nominations.services import candidates, departures, nominations
from nominations.services.nominations import TextCheck
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import actor_of, person, site
from tests.factories.nominations import (
    DEEDS,
    UNCHECKED,
    campaign,
    candidate,
    nomination,
    own,
    reviewer,
)

C = CampaignStatus
N = NominationStatus


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "category_code": "helping_others",
        "nominee_name": "李四",
        "nominee_kind": NomineeKind.PERSON,
        "site_id": site().id,
        "summary": "十年照顾孤寡老人",
        "deeds": DEEDS,
        **changes,
    }


# Writing


def test_nominations_are_taken_until_the_closing_instant(ctx: Flask) -> None:
    open_one, citizen = campaign(C.NOMINATING), actor_of(person())
    with clock.frozen(open_one.nominations_close_at - timedelta(microseconds=1)):
        made = nominations.create(citizen, open_one.id, **facts())
        assert made.status is N.DRAFT
    with clock.frozen(open_one.nominations_close_at), pytest.raises(StageClosed):
        nominations.create(citizen, open_one.id, **facts())


@pytest.mark.parametrize("status", [C.ANNOUNCED, C.REVIEWING, C.ASSESSING, C.CANCELLED])
def test_nominations_are_taken_in_their_stage_only(ctx: Flask, status: CampaignStatus) -> None:
    with pytest.raises(StageClosed) as refused:
        nominations.create(actor_of(person()), campaign(status).id, **facts())
    assert refused.value.details == {"state": status.value}


def test_a_nomination_names_a_category_and_a_site_that_exist(ctx: Flask) -> None:
    open_one, citizen = campaign(C.NOMINATING), actor_of(person())
    with pytest.raises(InvalidInput):
        nominations.create(citizen, open_one.id, **facts(category_code="beauty"))
    with pytest.raises(NotFound):
        nominations.create(citizen, open_one.id, **facts(site_id=uuid4()))
    with pytest.raises(NotFound):
        nominations.create(citizen, campaign(C.DRAFT).id, **facts())


@pytest.mark.parametrize("status", [N.SUBMITTED, N.CANDIDATE, N.REJECTED, N.WITHDRAWN])
def test_what_was_handed_in_is_not_edited(ctx: Flask, status: NominationStatus) -> None:
    nominator, made = own(campaign(C.NOMINATING), status)
    with pytest.raises(WrongState):
        nominations.update(nominator, made.id, summary="别的")


def test_a_draft_is_edited_by_its_nominator_alone(ctx: Flask) -> None:
    nominator, made = own(campaign(C.NOMINATING), N.DRAFT)
    nominations.update(nominator, made.id, summary="别的")
    assert made.summary == "别的"
    for stranger in (actor_of(person()), reviewer()):
        with pytest.raises(NotFound):
            nominations.update(stranger, made.id, summary="改")


# Handing in


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"summary": ""}, ["summary"]),
        ({"deeds": "好" * 799}, ["deeds"]),
        ({"deeds": "", "summary": ""}, ["summary", "deeds"]),
    ],
)
def test_an_incomplete_nomination_says_what_is_missing(
    ctx: Flask, changes: Mapping[str, Any], fields: list[str]
) -> None:
    nominator, made = own(campaign(C.NOMINATING), N.DRAFT, **changes)
    with pytest.raises(NominationIncomplete) as refused:
        nominations.submit(nominator, made.id, check=UNCHECKED)
    assert list(refused.value.errors or ()) == fields


@pytest.mark.parametrize("length", [800, 1500])
def test_deeds_of_the_bounds_are_long_enough(ctx: Flask, length: int) -> None:
    nominator, made = own(campaign(C.NOMINATING), N.DRAFT, deeds="好" * length)
    assert nominations.submit(nominator, made.id, check=UNCHECKED).status is N.SUBMITTED


def test_a_draft_is_too_late_at_the_closing_instant(ctx: Flask) -> None:
    open_one = campaign(C.NOMINATING)
    nominator, made = own(open_one, N.DRAFT)
    with clock.frozen(open_one.nominations_close_at), pytest.raises(StageClosed):
        nominations.submit(nominator, made.id, check=UNCHECKED)


def test_what_was_sent_back_may_come_again_while_it_is_reviewed(ctx: Flask) -> None:
    reviewing = campaign(C.REVIEWING)
    nominator, made = own(reviewing, N.SENT_BACK)
    nominations.update(nominator, made.id, summary="补充后的介绍")
    assert nominations.submit(nominator, made.id, check=UNCHECKED).status is N.SUBMITTED
    nominator, draft = own(reviewing, N.DRAFT)
    with pytest.raises(StageClosed):
        nominations.submit(nominator, draft.id, check=UNCHECKED)
    nominator, late = own(campaign(C.ASSESSING), N.SENT_BACK)
    with pytest.raises(StageClosed):
        nominations.submit(nominator, late.id, check=UNCHECKED)


def checked(
    wechat: RecordingWeChat, rolled_back: Flask, http: Http, openid: str | None = "oAuthor"
) -> Any:
    """The answer to a submission by a nominator with an openid."""
    with stored(rolled_back):
        who = person(openid=openid)
        made = nomination(campaign(C.NOMINATING), N.DRAFT, by=who).id
    answer = http.as_(who).post(f"/nominations/{made}/submit")
    with rolled_back.app_context():
        verdict = db.session.get_one(Nomination, made).text_verdict
    return answer, verdict


@pytest.mark.parametrize("verdict", [TextVerdict.PASS, TextVerdict.REVIEW, TextVerdict.UNCHECKED])
def test_the_text_check_flags_for_the_reviewer(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, verdict: TextVerdict
) -> None:
    wechat.verdict = verdict
    answer, kept = checked(wechat, rolled_back, http)
    assert (answer.status_code, answer.json["status"]) == (200, "submitted")
    assert kept is verdict
    assert DEEDS in wechat.texts[0]


def test_a_risky_text_is_refused(http: Http, rolled_back: Flask, wechat: RecordingWeChat) -> None:
    wechat.verdict = TextVerdict.RISKY
    answer, kept = checked(wechat, rolled_back, http)
    assert (answer.status_code, answer.json["code"]) == (422, "content_refused")
    assert kept is None


def test_no_work_is_lost_while_wechat_is_down(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    wechat.failure = WeChatUnavailable()
    answer, kept = checked(wechat, rolled_back, http)
    assert (answer.status_code, kept) == (200, TextVerdict.UNCHECKED)


def test_somebody_without_wechat_is_not_checked(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    answer, kept = checked(wechat, rolled_back, http, openid=None)
    assert (answer.status_code, kept, wechat.texts) == (200, TextVerdict.UNCHECKED, [])


def test_the_verdict_on_another_text_does_not_count(ctx: Flask) -> None:
    nominator, made = own(campaign(C.NOMINATING), N.DRAFT)
    passed = TextCheck(TextVerdict.PASS, b"the digest of an earlier text")
    assert nominations.submit(nominator, made.id, check=passed).text_verdict is (
        TextVerdict.UNCHECKED
    )


def test_a_risky_check_of_the_present_text_refuses(ctx: Flask) -> None:
    nominator, made = own(campaign(C.NOMINATING), N.DRAFT)
    risky = TextCheck(TextVerdict.RISKY, nominations._digest(nominations._text_of(made)))
    with pytest.raises(ContentRefused):
        nominations.submit(nominator, made.id, check=risky)


# Withdrawing


@pytest.mark.parametrize("status", [N.DRAFT, N.SUBMITTED, N.SENT_BACK, N.CANDIDATE])
def test_a_nominator_withdraws_until_the_campaign_is_over(
    ctx: Flask, status: NominationStatus
) -> None:
    nominator, made = own(campaign(C.ASSESSING), status)
    assert departures.withdraw(nominator, made.id).status is N.WITHDRAWN
    nominator, made = own(campaign(C.CONCLUDED), status)
    with pytest.raises(StageClosed):
        departures.withdraw(nominator, made.id)


# Candidates


def test_candidates_are_public_from_the_assessment_on(ctx: Flask) -> None:
    for status in C:
        made = campaign(status)
        shown = candidate(made)
        nomination(made, N.SUBMITTED)
        nomination(made, N.WITHDRAWN)
        if status is C.DRAFT:
            with pytest.raises(NotFound):
                candidates.list_public(made.id)
            continue
        is_public = status in WITH_CANDIDATES
        found = [c.id for c in candidates.list_public(made.id)]
        assert found == ([shown.id] if is_public else [])


def test_candidates_are_shuffled_anew_each_day(ctx: Flask) -> None:
    made = campaign(C.ASSESSING)
    for _ in range(12):
        candidate(made)
    today = clock.now()
    with clock.frozen(today):
        orders = [[c.id for c in candidates.list_public(made.id)] for _ in range(2)]
    with clock.frozen(today + timedelta(days=1)):
        orders.append([c.id for c in candidates.list_public(made.id)])
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


# Over HTTP


def draft_body(**changes: Any) -> dict[str, Any]:
    return {
        "category": "bravery",
        "nominee_name": "李四",
        "nominee_kind": "person",
        "site_id": str(uuid4()),
        **changes,
    }


def test_a_citizen_writes_a_draft_and_finds_it_again(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, made, place = person(), campaign(C.NOMINATING).id, str(site().id)
    answer = http.as_(who).post(f"/campaigns/{made}/nominations", json=draft_body(site_id=place))
    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["status"], answer.json["summary"]) == ("draft", "")
    mine = http.as_(who).get("/me/nominations")
    assert mine.json is not None
    assert mine.json["items"] == [answer.json]


def test_a_stale_edit_is_refused(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who = person()
        path = f"/nominations/{nomination(campaign(C.NOMINATING), N.DRAFT, by=who).id}"
    tag = http.as_(who).get(path).headers["ETag"]
    match = {"If-Match": tag}
    first = http.as_(who).patch(path, json={"summary": "一"}, headers=match)
    assert first.status_code == 200
    second = http.as_(who).patch(path, json={"summary": "二"}, headers=match)
    assert second.status_code == 412
    shown = http.as_(who).get(path)
    assert shown.json is not None
    assert shown.json["summary"] == "一"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nominee_name": "李"}, "nominee_name"),
        ({"nominee_kind": "shop"}, "nominee_kind"),
        ({"summary": "长" * 141}, "summary"),
        ({"deeds": "长" * 1501}, "deeds"),
        ({"site_id": "x"}, "site_id"),
        ({"status": "candidate"}, "status"),
        ({"nominator_id": str(uuid4())}, "nominator_id"),
    ],
)
def test_a_bad_draft_names_the_field(
    http: Http, rolled_back: Flask, change: dict[str, Any], field: str
) -> None:
    with stored(rolled_back):
        who, made = person(), campaign(C.NOMINATING).id
    refused = http.as_(who).post(f"/campaigns/{made}/nominations", json=draft_body(**change))
    assert refused.status_code == 422
    assert refused.json is not None
    assert field in refused.json["errors"]


def test_outsiders_find_no_nomination(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = nomination(campaign(C.NOMINATING)).id
        stranger, insider = person(), reviewer()
    assert http.get(f"/nominations/{made}").status_code == 401
    assert http.as_(stranger).get(f"/nominations/{made}").status_code == 404
    assert http.as_(stranger).post(f"/nominations/{made}/withdraw").status_code == 404
    assert http.as_(stranger).post(f"/nominations/{made}/pass").status_code == 403
    assert http.as_(insider).get(f"/nominations/{made}").status_code == 200


def test_withdrawing_needs_no_reason(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who = person()
        made = nomination(campaign(C.NOMINATING), by=who).id
    answer = http.as_(who).post(f"/nominations/{made}/withdraw")
    assert answer.json is not None
    assert (answer.status_code, answer.json["status"]) == (200, "withdrawn")
    again = http.as_(who).post(f"/nominations/{made}/withdraw", json={"reason": "重复"})
    assert again.status_code == 409


def test_candidates_are_a_plain_list(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(C.ASSESSING)
        shown, made_id = candidate(made, nominee_name="李四").id, made.id
    answer = http.get(f"/campaigns/{made_id}/candidates")
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert answer.json == {
        "items": [
            {
                "id": str(shown),
                "campaign_id": str(made_id),
                "nominee_name": "李四",
                "nominee_kind": "person",
                "members_count": None,
                "is_posthumous": False,
                "category": "helping_others",
                "county": "魏都区",
                "summary": "十年照顾孤寡老人",
                "photos": [],
            }
        ]
    }
