"""Where a case stands, and the texts that wait for a moderator."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.ids import new_id
from core.paging import PageRequest
from core.wechat import TextVerdict
from nominations.errors import OwnNomination, StageClosed
from nominations.lifecycles import BEFORE_CANDIDACY, CampaignStatus, NominationStatus, NomineeKind
from nominations.models.channels import Channel
from nominations.models.nominations import Nomination
from nominations.services import departures, nominations, progress, screenings, texts
from nominations.standing import STANDING
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import UNCHECKED, campaign, nomination

C = CampaignStatus
N = NominationStatus
V = TextVerdict
SECOND = timedelta(seconds=1)


def seen(made: Nomination) -> progress.Progress:
    return progress.view(Actor(person_id=made.nominator_id), made.id)


def moderator(over: str = "411002") -> Actor:
    return actor_of(person("审核文字"), grant(Role.MODERATOR, over=site(over)))


def reviewer() -> Actor:
    return actor_of(person("审核员"), grant(Role.REVIEWER, over=site("411002")))


def unclear(status: NominationStatus = N.SUBMITTED, **facts: Any) -> Nomination:
    return nomination(
        campaign(C.REVIEWING), status, **{"text_verdict": V.REVIEW, "consented_at": None, **facts}
    )


# Progress


def test_every_state_is_said_in_words() -> None:
    assert STANDING.keys() == set(NominationStatus)


def test_a_draft_is_with_its_nominator_who_reads_what_is_missing(ctx: Flask) -> None:
    made = nomination(campaign(C.NOMINATING), N.DRAFT, deeds="短", nominee_kind=NomineeKind.GROUP)
    found = seen(made)
    assert (found.level, found.place, found.since) == ("推荐人", None, made.created_at)
    assert [m.field for m in found.missing] == [
        "deeds",
        "representative_name",
        "members_count",
        "consent",
    ]


def test_a_case_on_the_ladder_names_a_level_and_a_place(ctx: Flask) -> None:
    made = unclear(nominee_id_number=None)
    found = seen(made)
    assert (found.level, found.place) == ("县（市、区）", site("411002").division)
    assert found.since == made.step_since
    assert [m.field for m in found.missing] == ["text", "nominee_id_number", "consent"]
    assert "被推荐人本人" in found.missing[-1].message


def test_a_case_of_a_channel_names_the_channel(ctx: Flask) -> None:
    of = Channel(id=new_id(), code="health", name="市卫健系统", is_active=True)
    db.session.add(of)
    db.session.flush()
    made = nomination(campaign(C.REVIEWING), channel_id=of.id, step_site_id=None)
    assert seen(made).place == "市卫健系统"


def test_a_case_says_since_when_and_ends_with_nobody(ctx: Flask) -> None:
    made = nomination(campaign(C.REVIEWING))
    at = clock.now() + timedelta(hours=1)
    with clock.frozen(at):
        screenings.send_back(reviewer(), made.id, missing="请补充时间")
    found = seen(made)
    assert (found.level, found.note, found.since) == ("推荐人", "请补充时间", at)
    with clock.frozen(at + SECOND):
        departures.remove(reviewer(), made, reason="重复")
    found = seen(made)
    assert (found.level, found.note, found.missing) == (None, "重复", [])
    assert found.since == at + SECOND


def test_a_nominator_of_the_city_step_sees_the_city(ctx: Flask) -> None:
    found = seen(nomination(campaign(C.NOTICING), N.ON_NOTICE))
    assert (found.level, found.standing) == ("市", "正在公示")


def test_progress_is_for_those_concerned(ctx: Flask) -> None:
    made = nomination(campaign(C.REVIEWING))
    assert progress.view(reviewer(), made.id).status is N.SUBMITTED
    with pytest.raises(NotFound):
        progress.view(actor_of(person()), made.id)


# Texts


@pytest.mark.parametrize("status", BEFORE_CANDIDACY)
@pytest.mark.parametrize("verdict", [V.REVIEW, V.UNCHECKED])
def test_unclear_texts_wait_for_a_moderator(
    ctx: Flask, status: NominationStatus, verdict: TextVerdict
) -> None:
    made = unclear(status, text_verdict=verdict)
    assert not texts.is_cleared(made)
    assert texts.queue(moderator(), PageRequest()).items == [made]
    assert texts.queue(moderator("411024"), PageRequest()).items == []
    texts.clear_text(moderator(), made.id)
    at = made.text_cleared_at
    texts.clear_text(moderator(), made.id)
    assert (texts.is_cleared(made), made.text_cleared_at) == (True, at)
    assert texts.queue(moderator(), PageRequest()).items == []


def test_the_queue_is_in_the_order_of_time_without_what_is_clear_or_over(ctx: Flask) -> None:
    at = clock.now()
    late, early = unclear(submitted_at=at), unclear(submitted_at=at - SECOND)
    unclear(text_verdict=V.PASS)
    for status in (N.SENT_BACK, N.REJECTED, N.CANDIDATE):
        unclear(status)
    assert texts.queue(moderator(), PageRequest()).items == [early, late]


@pytest.mark.parametrize("status", BEFORE_CANDIDACY)
def test_a_refused_text_goes_back_and_is_read_anew(ctx: Flask, status: NominationStatus) -> None:
    made = unclear(status)
    texts.refuse_text(moderator(), made.id, reason="请删去他人电话")
    assert (made.status, made.decision_note) == (N.SENT_BACK, "请删去他人电话")
    owner = Actor(person_id=made.nominator_id)
    nominations.submit(owner, made.id, check=UNCHECKED)
    texts.clear_text(moderator(), made.id)
    texts.refuse_text(moderator(), made.id, reason="再看")
    nominations.submit(owner, made.id, check=UNCHECKED)
    assert not texts.is_cleared(made)


def test_nobody_clears_what_they_wrote_or_what_is_over(ctx: Flask) -> None:
    who = person()
    insider = actor_of(who, grant(Role.MODERATOR, over=site("411002")))
    mine = unclear(by=who)
    assert texts.queue(insider, PageRequest()).items == []
    with pytest.raises(OwnNomination):
        texts.clear_text(insider, mine.id)
    with pytest.raises(NotFound):
        texts.clear_text(moderator("411024"), mine.id)
    with pytest.raises(WrongState):
        texts.clear_text(moderator(), unclear(N.REJECTED).id)
    late = nomination(campaign(C.ASSESSING), text_verdict=V.REVIEW)
    with pytest.raises(StageClosed):
        texts.refuse_text(moderator(), late.id, reason="不妥")


def test_a_withheld_case_is_none_of_the_moderators_business(ctx: Flask) -> None:
    made = unclear(is_withheld=True, withheld_reason="安全")
    assert texts.queue(moderator(), PageRequest()).items == []
    assert texts.is_cleared(made)
    with pytest.raises(NotFound):
        texts.clear_text(moderator(), made.id)


def test_texts_and_progress_over_http(http: Http, rolled_back: Flask) -> None:
    api: Any = http
    with stored(rolled_back):
        who, staff = person(), moderator()
        first, second = (unclear(by=who).id for _ in range(2))
    queue = api.as_(staff).get("/nominations/text-queue").json["items"]
    assert {item["id"] for item in queue} == {str(first), str(second)}
    cleared = api.as_(staff).post(f"/nominations/{first}/clear_text")
    assert cleared.json["text_cleared_at"] is not None
    refused = api.as_(staff).post(f"/nominations/{second}/refuse_text", json={"reason": "不妥"})
    assert refused.status_code == 200
    shown = api.as_(who).get(f"/nominations/{second}/progress")
    assert (shown.status_code, shown.json["level"]) == (200, "推荐人")
    assert shown.json["standing"] == "已退回，请补充后重新提交"
    assert shown.json["note"] == "不妥"
