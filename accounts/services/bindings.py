"""Binding a person's new phone at a counter, with the identity card in hand.

A person is not their WeChat account: a lost phone or a new account loses nothing.
"""

from uuid import UUID

from sqlalchemy import delete, select

from accounts.errors import NewPhoneCodeInvalid, OwnAccount, WeChatTaken
from accounts.models.persons import Person, WeChatIdentity
from accounts.services import merges, messages, persons, sessions
from core import audit, clock, wechat
from core.actor import Actor
from core.db import db, insert_if_absent
from core.ids import new_id


def exchange_code(_actor: Actor, *, person_id: UUID, body: dict[str, str]) -> wechat.WeChatSession:
    """Ask WeChat whose login code the new phone showed. Outside any transaction.

    Raises NewPhoneCodeInvalid, WeChatUserBlocked, WeChatUnavailable."""
    try:
        return wechat.client().code_to_session(body["code"])
    except wechat.LoginCodeInvalid as invalid:
        raise NewPhoneCodeInvalid from invalid


def bind(
    actor: Actor,
    person_id: UUID,
    session: wechat.WeChatSession,
    *,
    id_number: str,
    reason: str,
    replace: bool,
) -> Person:
    """Let the WeChat account of `session` sign in as the person; with `replace`, no other does
    any longer. Their other sign-ins end and their old accounts are told. An account that had
    no real name yet is merged into the person. The same again changes nothing.

    Raises NotFound, IdNumberMismatch, OwnAccount, WeChatTaken if the account belongs to another
    registered person."""
    person = persons.get_by_card(person_id, id_number)
    if actor.person_id == person.id:
        raise OwnAccount
    old = _openids(person, but=session.openid)
    is_new = _claim(actor, person, session.openid, reason=reason)
    if not is_new and not (replace and old):
        return person
    sessions.end_all(person.id)
    at = clock.now()
    for openid in old:
        messages.tell_account(openid, "account_rebound", new_id(), at=at.isoformat())
    if replace and old:
        db.session.execute(delete(WeChatIdentity).where(WeChatIdentity.openid.in_(old)))
    audit.record(actor, person, "bind", reason=reason)
    return person


def _openids(person: Person, *, but: str) -> list[str]:
    query = select(WeChatIdentity.openid).where(
        WeChatIdentity.person_id == person.id, WeChatIdentity.openid != but
    )
    return list(db.session.scalars(query))


def _claim(actor: Actor, person: Person, openid: str, *, reason: str) -> bool:
    """Make the account the person's; False if it is already. The key of the account decides
    between two counters. Raises WeChatTaken."""
    at = clock.now()
    if insert_if_absent(WeChatIdentity, openid=openid, person_id=person.id, last_seen_at=at):
        return True
    holder_id = db.session.scalars(
        select(WeChatIdentity.person_id).where(WeChatIdentity.openid == openid)
    ).one()
    if holder_id == person.id:
        return False
    holder = db.session.get_one(Person, holder_id)
    if holder.registered_at is not None:
        raise WeChatTaken
    merges.absorb(actor, holder, person, reason=reason)
    return True
