"""One-time subscriptions: counted when a person accepts, taken when a message is sent.

What WeChat itself counts can't be asked, so ours is an estimate that never promises too much for
long: error 43101 and a revocation set it to nothing. Wire facts: 1.5 of WeChat's protocol.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import current_app
from sqlalchemy import CursorResult, or_, select, update

from accounts.models.persons import WeChatIdentity
from accounts.models.subscriptions import SubscriptionQuota
from accounts.templates import TEMPLATES
from core import clock
from core.actor import Actor
from core.config import Settings
from core.db import db, insert_if_absent

ACCEPTED = "accept"
"""How every status of an acceptance begins: accept, acceptWithAudio, acceptWithAlert …"""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the mini-program asks WeChat with, and how many messages are still allowed."""

    template: str
    template_id: str
    title: str
    remaining: int


def list_mine(actor: Actor) -> list[Subscription]:
    """Every template, with what the actor still allows."""
    query = select(SubscriptionQuota).where(SubscriptionQuota.person_id == actor.id)
    quotas = {quota.template: quota.remaining for quota in db.session.scalars(query)}
    settings = _settings()
    return [
        Subscription(name, settings.template_id(name), template.title, quotas.get(name, 0))
        for name, template in TEMPLATES.items()
    ]


def accept(actor: Actor, *, accepted: Iterable[str]) -> list[Subscription]:
    """Count what the actor has just accepted in the dialogue of wx.requestSubscribeMessage."""
    for template in sorted(set(accepted)):
        _ensure(actor.id, template)
        _change(actor.id, template, reported=SubscriptionQuota.reported + 1)
    return list_mine(actor)


def take(person_id: UUID, template: str) -> bool:
    """Take one message of the quota, by one conditional update; False if there is none."""
    has_some = or_(
        SubscriptionQuota.used < SubscriptionQuota.reported,
        SubscriptionQuota.used < SubscriptionQuota.pushed,
    )
    return _change(person_id, template, has_some, used=SubscriptionQuota.used + 1)


def give_back(person_id: UUID, template: str) -> None:
    """Undo a `take`: the message did not leave."""
    _change(person_id, template, SubscriptionQuota.used > 0, used=SubscriptionQuota.used - 1)


def exhaust(person_id: UUID, template: str) -> None:
    """WeChat says that nothing is left."""
    _change(person_id, template, reported=0, pushed=0, used=0)


def take_note(event: Mapping[str, Any]) -> None:
    """Follow what WeChat tells about subscriptions; any other event, and any person or template
    that is not ours, is let pass."""
    person_id = _person_of(event.get("FromUserName"))
    at = event.get("CreateTime")
    if person_id is None or not isinstance(at, int) or not 0 <= at < 1 << 62:
        return
    names = {_settings().template_id(name): name for name in TEMPLATES}
    for item in event.get("List") or []:
        template = names.get(str(item.get("TemplateId"))) if isinstance(item, Mapping) else None
        if template is not None:
            _follow(str(event.get("Event")), person_id, template, item, at)


def _follow(kind: str, person_id: UUID, template: str, item: Mapping[str, Any], at: int) -> None:
    status = str(item.get("SubscribeStatusString", ""))
    match kind:
        case "subscribe_msg_popup_event" if status.startswith(ACCEPTED):
            _ensure(person_id, template)
            is_new = SubscriptionQuota.last_push < at
            pushed = SubscriptionQuota.pushed + 1
            _change(person_id, template, is_new, pushed=pushed, last_push=at)
        case "subscribe_msg_change_event" if not status.startswith(ACCEPTED):
            exhaust(person_id, template)
        case "subscribe_msg_sent_event" if str(item.get("ErrorCode", "0")) != "0":
            exhaust(person_id, template)


def _person_of(openid: object) -> UUID | None:
    if not isinstance(openid, str):
        return None
    query = select(WeChatIdentity.person_id).where(WeChatIdentity.openid == openid)
    return db.session.scalar(query)


def _ensure(person_id: UUID, template: str) -> None:
    insert_if_absent(
        SubscriptionQuota,
        person_id=person_id,
        template=template,
        reported=0,
        pushed=0,
        used=0,
        last_push=0,
        updated_at=clock.now(),
    )


def _change(person_id: UUID, template: str, *conditions: Any, **values: Any) -> bool:
    changed = db.session.execute(
        update(SubscriptionQuota)
        .where(
            SubscriptionQuota.person_id == person_id,
            SubscriptionQuota.template == template,
            *conditions,
        )
        .values(updated_at=clock.now(), **values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", changed).rowcount == 1


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["liancheng.settings"])
