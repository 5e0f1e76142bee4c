"""What belongs to a person and to the office, beside their service."""

from collections.abc import Sequence

from sqlalchemy import select

from accounts.models.feedback import FeedbackKind
from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from accounts.services import feedback, guardians, roles, sessions
from core import clock
from core.actor import SYSTEM, ScopeKind
from core.db import db
from core.wechat import WeChatSession
from tests.contract.world.people import AT, OPENID, OTHER, OWNER, PHONE, Making, Owners
from tests.factories.accounts import actor_of
from volunteer.services import (
    calendars,
)


def _account(of: Owners) -> dict[str, object]:
    """What belongs to a person and to the office, beside their service."""
    owner = of.actor
    with clock.frozen(AT):
        invitation = guardians.invite(actor_of(of.ward))
        guardianship = guardians.give(owner, code=invitation.code, companion=OTHER)
        sessions.sign_in_with_wechat(WeChatSession(OPENID, None, ""))
        feed = calendars.create_feed(owner)
        said = feedback.send(owner, kind=FeedbackKind.COMPLAINT, text=f"{OWNER}的电话 {PHONE}")
        grant_id = roles.bestow(
            SYSTEM,
            of.scene.staff.id,
            role=Role.SITE_STAFF,
            scope_kind=ScopeKind.SITE,
            scope_id=of.scene.site_id,
        ).id
        (opened,) = sessions.list_mine(owner)
    message = select(InboxMessage).where(InboxMessage.person_id == of.owner.id).limit(1)
    return {
        "guardianship_id": guardianship.id,
        "session_id": opened.session.id,
        "token": feed.token,
        "feedback_id": said.id,
        "grant_id": grant_id,
        "message_id": db.session.scalars(message).one().id,
    }


STEPS: Sequence[Making] = (_account,)
