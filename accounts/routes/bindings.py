"""Binding a person's new phone at a counter."""

from typing import Any
from uuid import UUID

from accounts.errors import IdNumberMismatch, NewPhoneCodeInvalid, OwnAccount, WeChatTaken
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import bindings
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, prepare, returns
from core.wechat import WeChatSession, WeChatUnavailable, WeChatUserBlocked
from schemas.persons import BindingIn, PersonOut

blueprint = Blueprint("bindings", __name__, description="柜台换绑")


@blueprint.post("/persons/<uuid:person_id>/bindings")
@permission(Permission.ACCOUNTS_PERSON_BIND)
@body(BindingIn)
@prepare(bindings.exchange_code)
@returns(PersonOut)
@errors(
    IdNumberMismatch,
    OwnAccount,
    WeChatTaken,
    NewPhoneCodeInvalid,
    WeChatUserBlocked,
    WeChatUnavailable,
)
def bind(actor: Actor, *, person_id: UUID, body: dict[str, Any], prepared: WeChatSession) -> Person:
    """核对身份证后，把居民的新微信绑定到本人账号"""
    return bindings.bind(
        actor,
        person_id,
        prepared,
        id_number=body["id_number"],
        reason=body["reason"],
        replace=body["replace"],
    )
