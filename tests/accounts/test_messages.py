"""What people are told: the sentence, the fields that fit WeChat, the inbox, the quota."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.models.subscriptions import SubscriptionQuota
from accounts.services import inbox, messages, subscriptions
from accounts.templates import TEMPLATES, fill, sentence
from accounts.templates.accounts import ACCOUNTS
from accounts.templates.honors import HONORS
from accounts.templates.hours import HOURS
from accounts.templates.selection import SELECTION
from accounts.templates.service import SERVICE
from core import clock, outbox
from core.db import atomically, db
from core.ids import new_id
from core.wechat import SendOutcome, WeChatMessageRejected, WeChatUnavailable
from jobs import housekeeping
from jobs.messages import send_outbox
from jobs.runner import JobContext
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import actor_of, person
from tests.factories.volunteer import NINE
from tools.wechat_simulator.values import refusal_of

ROOT = Path(__file__).resolve().parents[2]
SEAT = {"activity": "周六清洁家园", "starts_at": NINE.isoformat(), "place": "文峰社区"}


@st.composite
def values_of(draw: st.DrawFn, template: str) -> Mapping[str, str]:
    """Any text in every field, but instants where a time stands; texts may be missing."""
    found: dict[str, str] = {}
    for name, key in TEMPLATES[template].fields.items():
        if key.startswith("time"):
            found[name] = (
                draw(
                    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001
                ).isoformat()
                + "+08:00"
            )
        elif key.startswith("number"):
            found[name] = str(draw(st.integers(-(10**9), 10**9)))
        elif draw(st.booleans()):
            found[name] = draw(st.text(max_size=60))
    return found


@pytest.mark.parametrize("template", TEMPLATES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_template_fits_wechat_whatever_it_is_filled_with(
    template: str, data: st.DataObject
) -> None:
    values = data.draw(values_of(template))
    filled = fill(template, values)
    assert refusal_of({key: {"value": value} for key, value in filled.items()}) is None
    for key, value in filled.items():
        if key.startswith("thing"):
            assert len(value.encode("utf-16-le")) <= 40, "an emoji counts twice to WeChat"
    assert sentence(template, values)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_says_its_fields_and_is_sent_by_somebody(name: str) -> None:
    """A template that nobody uses is a promise that nobody keeps."""
    template = TEMPLATES[name]
    named = {field for _, field, _, _ in Formatter().parse(template.sentence) if field}
    assert named <= set(template.fields)
    assert len(template.title) <= 20
    services = "".join(p.read_text("utf-8") for p in ROOT.glob("*/services/*.py"))
    assert f'"{name}"' in services


def test_no_subject_takes_the_template_of_another() -> None:
    subjects = (ACCOUNTS, SERVICE, HOURS, SELECTION, HONORS)
    assert sum(len(subject) for subject in subjects) == len(TEMPLATES)


def test_a_sentence_tells_instants_in_words_of_shanghai() -> None:
    told = sentence("seat_confirmed", SEAT | {"starts_at": "2027-05-01T01:00:00+00:00"})
    assert told == "您已报上“周六清洁家园”，2027年5月1日（周六）09:00开始，地点：文峰社区"


def test_what_is_not_declared_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        sentence("seat_confirmed", {**SEAT, "phone": "1"})
    with pytest.raises(ValueError, match="isoformat"):
        fill("seat_confirmed", {"activity": "x"})


def told(who: Person, **changes: str) -> None:
    messages.tell(who.id, "seat_confirmed", who.id, **{**SEAT, **changes})


def inbox_of(who: Person) -> list[InboxMessage]:
    query = select(InboxMessage).where(InboxMessage.person_id == who.id)
    return list(db.session.scalars(query))


def test_the_inbox_has_what_the_outbox_has_and_one_cause_is_told_once(ctx: Flask) -> None:
    someone = person()
    told(someone)
    told(someone, place="另一处")
    (message,) = inbox_of(someone)
    assert message.text is not None
    assert "文峰社区" in message.text
    assert message.title == "报名成功"
    assert db.session.scalar(select(func.count()).select_from(outbox.Message)) == 1


def test_the_text_is_not_stored_in_clear(ctx: Flask) -> None:
    someone = person()
    messages.tell(someone.id, "nomination_progress", new_id(), nominee="金丝雀", status="通过")
    row = db.session.execute(select(InboxMessage.__table__)).one()
    assert "金丝雀".encode() not in b"".join(c for c in row if isinstance(c, bytes))
    assert "金丝雀" not in repr(row)


def test_many_people_are_noted_in_their_inboxes_alone(ctx: Flask) -> None:
    people = [person() for _ in range(20)]
    for _ in range(2):
        messages.note_all([p.id for p in people], "seat_confirmed", people[0].id, **SEAT)
    assert db.session.scalar(select(func.count()).select_from(InboxMessage)) == 20
    assert db.session.scalar(select(func.count()).select_from(outbox.Message)) == 0
    messages.note_all([], "seat_confirmed", new_id(), **SEAT)


def test_reading_is_ones_own_and_counts_down(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        someone, other = person(), person()
        for _ in range(3):
            messages.tell(someone.id, "seat_confirmed", new_id(), **SEAT)
    mine = http.as_(someone)
    assert mine.get("/me").json["unread"] == 3  # type: ignore[index]
    items = mine.get("/me/inbox?unread=true&limit=2").json
    assert items is not None
    assert len(items["items"]) == 2
    assert items["next_cursor"]
    first = items["items"][0]["id"]
    assert http.as_(other).post(f"/me/inbox/{first}/read").status_code == 404
    once = mine.post(f"/me/inbox/{first}/read").json
    assert once is not None
    assert once["read_at"] is not None
    assert mine.post(f"/me/inbox/{first}/read").json == once
    assert mine.post("/me/inbox/read-all").json == {"read": 2}
    assert mine.get("/me").json["unread"] == 0  # type: ignore[index]
    assert len(mine.get("/me/inbox?unread=false").json["items"]) == 3  # type: ignore[index]


def test_an_inbox_is_kept_for_half_a_year(rolled_back: Flask) -> None:
    with stored(rolled_back), clock.frozen(NINE):
        someone = person()
        told(someone)
    for later, kept in ((timedelta(0), 1), (timedelta(seconds=1), 0)):
        with clock.frozen(NINE + inbox.KEPT + later), rolled_back.app_context():
            housekeeping.purge_expired(JobContext(rolled_back))
        assert state(rolled_back, someone)[2] == kept


@pytest.fixture
def subscriber(rolled_back: Flask) -> Person:
    with stored(rolled_back):
        return person(openid="o-subscriber")


def send(app: Flask) -> None:
    with app.app_context():
        send_outbox(JobContext(app))


def state(app: Flask, who: Person) -> tuple[list[str], int, int]:
    """Of the outbox, of the quota, and how many messages lie in the inbox."""

    def read() -> tuple[list[str], int, int]:
        statuses = [m.status.value for m in db.session.scalars(select(outbox.Message))]
        quota = db.session.get(SubscriptionQuota, (who.id, "seat_confirmed"))
        return statuses, quota.remaining if quota else 0, len(inbox_of(who))

    with app.app_context():
        return atomically(app, read, write=False)


def accept(http: Http, who: Person) -> None:
    answer = http.as_(who).post("/me/subscriptions", json={"accepted": ["seat_confirmed"]})
    assert answer.status_code == 200


def test_without_a_subscription_only_the_inbox_is_told(
    rolled_back: Flask, wechat: RecordingWeChat, subscriber: Person
) -> None:
    with stored(rolled_back):
        told(subscriber)
    send(rolled_back)
    assert wechat.messages == []
    assert state(rolled_back, subscriber) == (["refused"], 0, 1)


def test_one_acceptance_is_one_message(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, subscriber: Person
) -> None:
    accept(http, subscriber)
    with stored(rolled_back):
        told(subscriber)
        messages.tell(subscriber.id, "seat_confirmed", new_id(), **SEAT)
    send(rolled_back)
    assert len(wechat.messages) == 1
    statuses, remaining, _ = state(rolled_back, subscriber)
    assert (sorted(statuses), remaining) == (["refused", "sent"], 0)


def test_what_did_not_leave_takes_nothing(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, subscriber: Person
) -> None:
    accept(http, subscriber)
    with stored(rolled_back):
        told(subscriber)
    failures = ((WeChatUnavailable(), "waiting"), (WeChatMessageRejected(), "dead"))
    for hours, (failure, status) in enumerate(failures, start=1):
        wechat.failure = failure
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            send(rolled_back)
        assert state(rolled_back, subscriber) == ([status], 1, 1)


def test_wechats_refusal_empties_the_quota(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, subscriber: Person
) -> None:
    for _ in range(3):
        accept(http, subscriber)
    wechat.outcome = SendOutcome.REFUSED
    with stored(rolled_back):
        told(subscriber)
    send(rolled_back)
    assert state(rolled_back, subscriber) == (["refused"], 0, 1)


def event(kind: str, at: int = 1_800_000_000, **item: Any) -> dict[str, Any]:
    return {
        "FromUserName": "o-subscriber",
        "CreateTime": at,
        "Event": f"subscribe_msg_{kind}_event",
        "List": [{"TemplateId": "seat_confirmed", **item}],
    }


def test_wechats_pushes_count_beside_the_report_of_the_phone(
    http: Http, rolled_back: Flask, subscriber: Person
) -> None:
    """Both tell of the same tap, so the larger count holds; a repeated push is one."""
    accept(http, subscriber)
    popup = event("popup", SubscribeStatusString="accept")
    for pushed in (popup, popup, event("popup", SubscribeStatusString="reject")):
        with stored(rolled_back):
            subscriptions.take_note(pushed)
    assert state(rolled_back, subscriber)[1] == 1
    with stored(rolled_back):
        later = event("popup", 1_800_000_001, SubscribeStatusString="acceptWithAudio")
        subscriptions.take_note(later)
    assert state(rolled_back, subscriber)[1] == 2


@pytest.mark.parametrize(
    ("pushed", "remaining"),
    [
        (event("change", SubscribeStatusString="reject"), 0),
        (event("sent", ErrorCode="0", ErrorStatus="success"), 1),
        (event("sent", ErrorCode=1, ErrorStatus="user block"), 0),
        (event("popup", TemplateId="not-ours", SubscribeStatusString="accept"), 1),
        ({**event("change"), "FromUserName": "o-nobody"}, 1),
        ({**event("change"), "FromUserName": None}, 1),
        ({**event("change"), "List": ["nonsense"]}, 1),
        ({**event("change"), "CreateTime": 1 << 80}, 1),
        ({"Event": "user_enter_tempsession"}, 1),
    ],
)
def test_a_push_ends_the_quota_only_when_it_says_so(
    http: Http, rolled_back: Flask, subscriber: Person, pushed: dict[str, Any], remaining: int
) -> None:
    accept(http, subscriber)
    with stored(rolled_back):
        subscriptions.take_note(pushed)
    assert state(rolled_back, subscriber)[1] == remaining


def test_the_list_of_subscriptions_names_every_template(http: Http, subscriber: Person) -> None:
    accept(http, subscriber)
    answer = http.as_(subscriber).get("/me/subscriptions").json
    assert answer is not None
    by_name = {item["template"]: item for item in answer["items"]}
    assert set(by_name) == set(TEMPLATES)
    assert by_name["seat_confirmed"]["remaining"] == 1
    unknown = http.as_(subscriber).post("/me/subscriptions", json={"accepted": ["nobody"]})
    assert unknown.status_code == 422


def test_a_person_without_wechat_is_told_in_the_inbox(ctx: Flask) -> None:
    someone = person()
    told(someone)
    assert inbox.unread_count(actor_of(someone)) == 1
