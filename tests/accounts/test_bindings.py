"""Changing the phone at a counter: the person stays the same, the old account is told."""

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.errors import IdNumberMismatch, OwnAccount, WeChatTaken
from accounts.models.persons import Person, WeChatIdentity
from accounts.models.sessions import SignInSession
from accounts.services import bindings, messages, persons, sessions
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, NotSignedIn
from core.outbox import MessageStatus
from core.wechat import WeChatSession
from jobs import messages as outbox_job
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, helper, id_number, person

SEEN = "已核对身份证原件"


def wechat_session(openid: str) -> WeChatSession:
    return WeChatSession(openid=openid, unionid=None, session_key="k" * 24)


def bind(who: Person, openid: str, *, by: Actor | None = None, replace: bool = False) -> Person:
    return bindings.bind(
        by or helper(),
        who.id,
        wechat_session(openid),
        id_number=who.id_number or "",
        reason=SEEN,
        replace=replace,
    )


def openids_of(who: Person) -> set[str]:
    query = select(WeChatIdentity.openid).where(WeChatIdentity.person_id == who.id)
    return set(db.session.scalars(query))


def test_a_person_without_a_phone_signs_in_on_their_first_one(ctx: Flask) -> None:
    grandmother = person("刘奶奶")
    bind(grandmother, "o-first-phone")
    signed_in = sessions.sign_in_with_wechat(wechat_session("o-first-phone"))
    assert (signed_in.person.id, signed_in.is_new) == (grandmother.id, False)


def test_a_fresh_account_of_the_new_phone_becomes_the_person(ctx: Flask) -> None:
    me = person("张三", openid="o-old")
    fresh = sessions.sign_in_with_wechat(wechat_session("o-new"))
    assert fresh.is_new
    bind(me, "o-new")
    assert openids_of(me) == {"o-old", "o-new"}
    assert fresh.person.merged_into_id == me.id
    with pytest.raises(NotSignedIn):
        sessions.authenticate(fresh.token)
    with pytest.raises(NotFound):
        persons.get(fresh.person.id)
    actor = sessions.authenticate(sessions.sign_in_with_wechat(wechat_session("o-new")).token)
    assert actor.person_id == me.id
    assert persons.own_ids(actor) == [me.id, fresh.person.id]
    assert persons.ids_of(fresh.person.id) == [fresh.person.id, me.id]


def test_other_sign_ins_end_and_a_replaced_account_opens_no_new_one(ctx: Flask) -> None:
    me = person("张三", openid="o-old")
    stolen = sessions.sign_in_with_wechat(wechat_session("o-old"))
    bind(me, "o-new", replace=True)
    with pytest.raises(NotSignedIn):
        sessions.authenticate(stolen.token)
    assert openids_of(me) == {"o-new"}
    assert sessions.sign_in_with_wechat(wechat_session("o-old")).is_new


def test_the_same_binding_again_changes_nothing(ctx: Flask) -> None:
    me = person("张三")
    bind(me, "o-new")
    signed_in = sessions.sign_in_with_wechat(wechat_session("o-new"))
    bind(me, "o-new", replace=True)
    assert sessions.authenticate(signed_in.token).person_id == me.id
    assert db.session.scalars(select(SignInSession.ended_at)).all() == [None]


def test_an_openid_of_another_registered_person_is_not_taken(ctx: Flask) -> None:
    husband, wife = person("张三", openid="o-family"), person("李四")
    with pytest.raises(WeChatTaken):
        bind(wife, "o-family")
    assert openids_of(husband) == {"o-family"}


def test_the_card_must_be_the_persons_and_the_helper_another(ctx: Flask) -> None:
    me = person("张三")
    with pytest.raises(IdNumberMismatch):
        bindings.bind(
            helper(),
            me.id,
            wechat_session("o-new"),
            id_number=id_number(),
            reason=SEEN,
            replace=False,
        )
    with pytest.raises(OwnAccount):
        bind(me, "o-new", by=actor_of(me))
    with pytest.raises(NotFound):
        bind(person(registered=False), "o-new")


def test_the_old_account_is_told(http: Http, rolled_back: Flask, wechat: RecordingWeChat) -> None:
    with stored(rolled_back):
        me, counter, citizen = person("张三", openid="o-old"), helper(), make.volunteer()
        number = me.id_number
    body = {"code": "o-new", "id_number": number, "reason": SEEN, "replace": True}
    path = f"/persons/{me.id}/bindings"
    assert http.as_(citizen).post(path, json=body).status_code == 403
    bound = http.as_(counter).post(path, json=body)
    assert (bound.status_code, bound.json["name"]) == (200, "张*")  # type: ignore[index]
    bad = http.as_(counter).post(path, json=body | {"code": "bad"})
    assert (bad.status_code, bad.json["code"]) == (422, "new_phone_code_invalid")  # type: ignore[index]
    make.run(rolled_back, outbox_job.send_outbox)
    assert [(openid, template) for openid, template, _ in wechat.messages] == [
        ("o-old", "account_rebound")
    ]


def test_a_message_to_an_account_needs_no_person(
    rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    payload = {
        "openid": "o-gone",
        "template": "account_rebound",
        "data": {"at": clock.now().isoformat()},
    }
    with rolled_back.app_context():
        assert messages.send_subscribe_message(payload) is MessageStatus.SENT
