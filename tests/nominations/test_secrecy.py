"""A name that is withheld leaves what people were told before."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from core import clock, outbox
from core.actor import Actor
from core.crypto import vault
from core.db import db
from core.wechat import TextVerdict
from nominations.lifecycles import CampaignStatus, NomineeKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.models.supports import Support
from nominations.services import (
    clues,
    confirmations,
    merging,
    nominations,
    notices,
    overdue_reviews,
    screenings,
)
from nominations.services.nominations import TextCheck
from tests.conftest import stored
from tests.factories.accounts import actor_of, person, site
from tests.factories.nominations import DEEDS, campaign, nomination, reviewer
from tests.factories.notices import MONDAY, noon, opened, proposed

C = CampaignStatus
UNCHECKED = TextCheck(TextVerdict.UNCHECKED, b"")
REASON = "家属申请保密"
WORDS = "她每天给同楼的三位独居老人送饭，已经坚持了六年，邻居们都知道，大家想推荐高望山。"


def told() -> list[str]:
    """Everything in anybody's inbox, and everything kept for WeChat, by then."""
    kept = [
        vault().cipher.decrypt(m.payload, bound_to=b"outbox:" + m.id.bytes).decode()
        for m in db.session.scalars(select(outbox.Message))
    ]
    return kept + [m.text or "" for m in db.session.scalars(select(InboxMessage))]


def naming(name: str) -> list[str]:
    return [text for text in told() if name in text]


def of_clue(of: Campaign) -> tuple[Actor, Nomination]:
    """A case that began with a clue, in the hands of its nominator."""
    giver = actor_of(person(openid="o-giver"))
    facts: dict[str, Any] = {"nominee_name": "高山", "site_id": site().id, "text": WORDS}
    clue = clues.give(giver, of.id, verdict=TextVerdict.PASS, **facts)
    with clock.frozen(clock.now() + clues.ANSWERED_WITHIN):
        clues.remind(giver, clue.id)
    done = clues.complete(
        reviewer(), clue.id, category_code="bravery", nominee_kind=NomineeKind.PERSON, deeds=DEEDS
    )
    assert done.nomination_id is not None
    made = nominations.update(giver, done.nomination_id, nominee_name="高望", summary="救人")
    return giver, nominations.submit(giver, made.id, check=UNCHECKED)


def withhold(nomination_id: UUID) -> None:
    confirmations.withhold(reviewer(None), nomination_id, reason=REASON)


def test_no_message_of_anybody_keeps_the_name(ctx: Flask) -> None:
    of, county = campaign(C.NOMINATING), reviewer()
    nominator, made = of_clue(of)
    screenings.send_back(county, made.id, missing="请补充高望的照片")
    nominations.update(nominator, made.id, nominee_name="高望山")
    assert naming("高望的照片") == []
    nominations.submit(nominator, made.id, check=UNCHECKED)
    other = nomination(of, nominee_name="高 望山")
    db.session.add(Support(nomination_id=other.id, person_id=person().id, since=clock.now()))
    db.session.flush()
    merging.merge(county, other.id, into=made.id, reason="同一人")
    with clock.frozen(clock.now() + timedelta(days=30)):
        overdue_reviews.remind(made.id)
    assert naming("高山")
    assert naming("高 望山")
    namesake = nomination(of, nominee_name="高望山")
    screenings.send_back(county, namesake.id, missing="请补充")
    of_namesake = 2
    before = len(told())
    assert len(naming("高望山")) > of_namesake
    withhold(made.id)
    assert [len(naming(name)) for name in ("高山", "高 望山", "高望山")] == [0, 0, of_namesake]
    assert len(told()) == before
    assert other.is_withheld
    assert any(WITHHELD_NAME in text for text in told())
    confirmations.disclose(reviewer(None), made.id, reason="家属同意公开")
    assert (made.is_withheld, other.is_withheld, other.withheld_reason) == (False, False, None)


def test_what_is_written_afterwards_says_no_name_to_the_inbox(ctx: Flask) -> None:
    made = nomination(campaign(C.REVIEWING), nominee_name="高望山")
    withhold(made.id)
    screenings.send_back(reviewer(), made.id, missing="请补充高望山的照片")
    assert naming("高望山") == []
    assert any(f"请补充{WITHHELD_NAME}的照片" in text for text in told())


def test_a_message_that_waits_leaves_without_the_name(rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = nomination(campaign(C.REVIEWING), nominee_name="高望山")
        screenings.send_back(reviewer(), made.id, missing="请补充")
        withhold(made.id)
        due = outbox.due(10)
    sent: list[Any] = []

    def send(payload: Any) -> outbox.MessageStatus:
        sent.append(payload)
        return outbox.MessageStatus.SENT

    with rolled_back.app_context():
        for message_id in due:
            outbox.deliver(rolled_back, message_id, {"subscribe_message": send})
    assert [payload["data"]["nominee"] for payload in sent] == [WITHHELD_NAME]


def test_a_long_list_of_messages_is_rewritten_to_its_end(ctx: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr("accounts.services.messages.REWRITTEN_AT_ONCE", 2)
    made = nomination(campaign(C.REVIEWING), nominee_name="高望山")
    for n in range(5):
        screenings.write(reviewer(), made.id, opinion=f"第{n}条")
    screenings.send_back(reviewer(), made.id, missing="请补充")
    withhold(made.id)
    assert naming("高望山") == []


def test_words_of_the_office_before_the_public_lose_the_name(ctx: Flask) -> None:
    of, (made, _) = proposed(nominee_name="高望山")
    notice = opened(of, text="现将高望山等同志予以公示。")
    with clock.frozen(noon(MONDAY)):
        assert "高望山" in notices.get_public(notice.id).text
        withhold(made.id)
        text = notices.get_public(notice.id).text
    assert text == f"现将{WITHHELD_NAME}等同志予以公示。"
