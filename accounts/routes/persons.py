"""The signed-in person: profile, real name, phone, consents; and others, as staff see them."""

from typing import Any
from uuid import UUID

from accounts.errors import (
    ChildConsentRequired,
    ConsentOfAnother,
    ConsentOutdated,
    ConsentRequired,
    IdentityFixed,
    IdentityInUse,
    TooYoung,
)
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import consents, inbox, persons
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    not_idempotent,
    permission,
    prepare,
    replaces,
    returns,
)
from core.wechat import PhoneCodeInvalid, WeChatUnavailable
from schemas.persons import (
    ConsentIn,
    ConsentListOut,
    IdentityIn,
    MeOut,
    PersonOut,
    PhoneIn,
    UnmaskedPersonOut,
    UnmaskIn,
)

blueprint = Blueprint("persons", __name__, description="我的资料")


@blueprint.get("/me")
@permission(Permission.ACCOUNTS_PROFILE_VIEW)
@returns(MeOut)
def view_me(actor: Actor) -> dict[str, Any]:
    """我是谁、有哪些角色、有几条未读消息"""
    return {
        "person": persons.get_own(actor),
        "roles": actor.grants,
        "unread": inbox.unread_count(actor),
    }


def _current_identity(actor: Actor) -> Person:
    return persons.get_own(actor)


@blueprint.put("/me/identity")
@permission(Permission.ACCOUNTS_IDENTITY_REGISTER)
@body(IdentityIn)
@replaces(_current_identity)
@returns(PersonOut)
@errors(ConsentRequired, IdentityInUse, IdentityFixed, TooYoung, ChildConsentRequired)
def register_identity(actor: Actor, *, body: dict[str, Any]) -> Person:
    """实名登记"""
    return persons.register_identity(actor, name=body["name"], id_number=body["id_number"])


@blueprint.post("/me/phone")
@permission(Permission.ACCOUNTS_PHONE_BIND)
@body(PhoneIn)
@prepare(persons.exchange_phone_code)
@returns(PersonOut)
@errors(PhoneCodeInvalid, WeChatUnavailable)
def bind_phone(actor: Actor, *, body: dict[str, Any], prepared: str) -> Person:
    """用微信授权的 code 绑定手机号"""
    return persons.bind_phone(actor, prepared)


def _current_consents(actor: Actor) -> dict[str, list[consents.ConsentState]]:
    return {"items": consents.list_of(actor.id)}


@blueprint.get("/me/consents")
@permission(Permission.ACCOUNTS_CONSENT_VIEW)
@returns(ConsentListOut)
def list_consents(actor: Actor) -> dict[str, list[consents.ConsentState]]:
    """我同意过的授权"""
    return _current_consents(actor)


@blueprint.put("/me/consents")
@permission(Permission.ACCOUNTS_CONSENT_UPDATE)
@body(ConsentIn)
@replaces(_current_consents)
@returns(ConsentListOut)
@errors(ConsentOutdated, ConsentOfAnother)
def update_consent(actor: Actor, *, body: dict[str, Any]) -> dict[str, Any]:
    """同意或撤回一项授权"""
    return {
        "items": consents.update(
            actor, kind=body["kind"], version=body["version"], is_given=body["is_given"]
        )
    }


@blueprint.get("/persons/<uuid:person_id>")
@permission(Permission.ACCOUNTS_PERSON_VIEW)
@returns(PersonOut)
def view_person(actor: Actor, *, person_id: UUID) -> Person:
    """本阵地的一位居民，信息已遮盖"""
    return persons.view(actor, person_id)


@blueprint.post("/persons/<uuid:person_id>/unmask")
@permission(Permission.ACCOUNTS_PERSON_UNMASK)
@not_idempotent
@body(UnmaskIn)
@returns(UnmaskedPersonOut)
def unmask_person(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """查看未遮盖的信息；每次查看连同理由都会记录"""
    return persons.unmask(actor, person_id, fields=body["asked"], reason=body["reason"])
