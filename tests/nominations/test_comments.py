"""Comments: checked, shown or held, moderated, taken back."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.errors import ConsentRequired
from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from accounts.models.inbox import InboxMessage
from accounts.services import consents
from core import clock
from core.db import db
from core.errors import NotFound, WrongState
from core.paging import PageRequest
from core.wechat import TextVerdict, WeChatUnavailable
from nominations.errors import CommentsTooMany, ContentRefused, StageClosed
from nominations.lifecycles import CampaignStatus, CommentStatus, NominationStatus
from nominations.models.comments import Comment
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services import comments
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import actor_of, person, site
from tests.factories.attachments import moderator
from tests.factories.nominations import campaign, candidate, nomination

C, N, S, V = CampaignStatus, NominationStatus, CommentStatus, TextVerdict
TEXT = "向好人学习"


def to_comment(stage: CampaignStatus = C.ASSESSING, **facts: Any) -> Nomination:
    return candidate(campaign(stage), **facts)


def said(of: Nomination, verdict: TextVerdict = V.PASS, by: Any = None) -> Comment:
    who = actor_of(by or person("张三丰"))
    return comments.write(who, of.id, text=TEXT, verdict=verdict)


def shown(of: Nomination) -> list[Comment]:
    return list(comments.list_public(of.id, PageRequest()).items)


@pytest.mark.parametrize(
    ("verdict", "status"),
    [(V.PASS, S.SHOWN), (V.REVIEW, S.PENDING), (V.UNCHECKED, S.PENDING)],
)
def test_what_is_not_surely_harmless_waits(
    ctx: Flask, verdict: TextVerdict, status: CommentStatus
) -> None:
    of = to_comment()
    made = said(of, verdict)
    assert made.status is status
    assert shown(of) == ([made] if status is S.SHOWN else [])


def test_what_is_risky_is_refused(ctx: Flask) -> None:
    with pytest.raises(ContentRefused):
        said(to_comment(), V.RISKY)


@pytest.mark.parametrize("stage", [C.COUNTING, C.JUDGING, C.NOTICING, C.CONCLUDED])
def test_comments_are_taken_until_the_notice_ends(ctx: Flask, stage: CampaignStatus) -> None:
    of = to_comment(stage)
    if stage is C.CONCLUDED:
        with pytest.raises(StageClosed):
            said(of)
        assert shown(of) == []
    else:
        made = said(of)
        assert shown(of) == [made]


@pytest.mark.parametrize("stage", [C.NOMINATING, C.REVIEWING, C.CANCELLED])
def test_before_the_assessment_there_is_nothing_to_comment_on(
    ctx: Flask, stage: CampaignStatus
) -> None:
    with pytest.raises(NotFound):
        said(to_comment(stage))


def test_a_campaign_may_go_without(ctx: Flask) -> None:
    of = candidate(campaign(rules=Rules(has_comments=False)))
    with pytest.raises(StageClosed, match="不开放留言"):
        said(of)


def test_who_is_withheld_or_no_candidate_has_none(ctx: Flask) -> None:
    hidden = to_comment(is_withheld=True, withheld_reason="人身安全")
    for of in (hidden, nomination(campaign(), N.WITHDRAWN)):
        with pytest.raises(NotFound):
            said(of)
        with pytest.raises(NotFound):
            shown(of)


def test_without_a_real_name_it_takes_the_privacy_notice(ctx: Flask) -> None:
    of, who = to_comment(), person("网友", registered=False)
    with pytest.raises(ConsentRequired):
        said(of, by=who)
    version = CURRENT_VERSIONS[ConsentKind.PRIVACY]
    consents.update(actor_of(who), kind=ConsentKind.PRIVACY, version=version, is_given=True)
    assert said(of, by=who).author_name == "网友"


def test_ten_an_hour_and_no_more(ctx: Flask) -> None:
    of, who, at = to_comment(), person(), clock.now()
    with clock.frozen(at):
        for _ in range(comments.MAX_OF_ONE_PERSON):
            said(of, by=who)
        comments.remove(actor_of(who), shown(of)[0].id)
        with pytest.raises(CommentsTooMany):
            said(of, by=who)
        said(of)
    with clock.frozen(at + timedelta(hours=1)):
        said(of, by=who)


# Moderating


def test_moderators_decide_at_their_places(ctx: Flask) -> None:
    of = to_comment()
    first, second = said(of, V.REVIEW), said(of, V.UNCHECKED)
    said(to_comment(site_id=site("411082").id), V.REVIEW)
    by = moderator()
    assert comments.queue(by, PageRequest()).items == [first, second]
    comments.show(by, first.id)
    comments.hide(by, second.id, reason="与候选人无关")
    assert comments.queue(by, PageRequest()).items == []
    assert shown(of) == [first]
    comments.show(by, second.id)
    assert (second.status, second.hidden_reason) == (S.SHOWN, None)
    for decide in (comments.show, lambda a, i: comments.hide(a, i, reason="无关")):
        with pytest.raises(NotFound):
            decide(moderator("411082"), first.id)


def test_nobody_decides_on_their_own(ctx: Flask) -> None:
    who = person()
    by, made = moderator(who=who), said(to_comment(), V.REVIEW, by=who)
    assert comments.queue(by, PageRequest()).items == []
    with pytest.raises(NotFound):
        comments.show(by, made.id)


def test_an_author_hears_why_each_time_it_is_hidden(ctx: Flask) -> None:
    who = person()
    made = said(to_comment(nominee_name="李四"), by=who)
    for reason in ("涉及他人隐私", "仍涉及他人隐私"):
        comments.hide(moderator(), made.id, reason=reason)
        comments.show(moderator(), made.id)
    mine = select(InboxMessage).where(InboxMessage.person_id == who.id).order_by(InboxMessage.id)
    assert [m.text for m in db.session.scalars(mine)] == [
        "您对“李四”的留言没有展示：涉及他人隐私",
        "您对“李四”的留言没有展示：仍涉及他人隐私",
    ]


def test_ones_own_is_taken_back_for_good(ctx: Flask) -> None:
    of, who = to_comment(), person()
    made = said(of, by=who)
    with pytest.raises(NotFound):
        comments.remove(actor_of(person()), made.id)
    comments.remove(actor_of(who), made.id)
    assert shown(of) == []
    assert comments.list_mine(actor_of(who), PageRequest()).items == []
    for again in (
        lambda: comments.remove(actor_of(who), made.id),
        lambda: comments.show(moderator(), made.id),
    ):
        with pytest.raises(WrongState):
            again()


# Over HTTP


def told(answer: TestResponse) -> Any:
    return answer.json


def test_a_comment_goes_through_all_its_doors(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    wechat.verdict = V.REVIEW
    with stored(rolled_back):
        of, who = to_comment().id, actor_of(person("欧阳春", openid="oAuthor"))
        by = moderator()
    path = f"/nominations/{of}/comments"
    answer: Any = http.as_(who).post(path, json={"text": f"{TEXT}\n好样的"})
    assert answer.status_code == 201
    made = answer.json
    assert (made["status"], made["author_name"]) == ("pending", "欧阳*")
    assert wechat.texts == [f"{TEXT}\n好样的"]
    assert told(http.get(path))["items"] == []
    assert told(http.as_(who).get("/me/comments"))["items"] == [made]
    waiting = told(http.as_(by).get("/comments/queue"))["items"]
    assert waiting == [made | {"text_verdict": "review"}]
    assert told(http.as_(by).post(f"/comments/{made['id']}/show"))["status"] == "shown"
    rolled_back.extensions["liancheng.cache"].clear()
    public: Any = http.get(path)
    assert public.headers["Cache-Control"] == "public, max-age=5"
    assert public.json["items"] == [
        {k: made[k] for k in ("id", "nomination_id", "author_name", "text", "created_at")}
    ]
    hidden: Any = http.as_(by).post(f"/comments/{made['id']}/hide", json={"reason": "与候选人无关"})
    assert hidden.json["hidden_reason"] == "与候选人无关"
    assert http.as_(who).delete(f"/comments/{made['id']}").status_code == 204


@pytest.mark.parametrize("trouble", ["down", "stranger", "risky"])
def test_wechat_decides_only_what_it_knows(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, trouble: str
) -> None:
    wechat.failure = WeChatUnavailable() if trouble == "down" else None
    wechat.verdict = V.RISKY if trouble == "risky" else V.PASS
    with stored(rolled_back):
        openid = None if trouble == "stranger" else "oAuthor"
        of, who = to_comment().id, actor_of(person(openid=openid))
    answer: Any = http.as_(who).post(f"/nominations/{of}/comments", json={"text": TEXT})
    if trouble == "risky":
        assert (answer.status_code, answer.json["code"]) == (422, "content_refused")
    else:
        assert (answer.status_code, answer.json["status"]) == (201, "pending")
