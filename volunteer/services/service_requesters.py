"""For whom a service is ordered: the actor, or another for whom a helper of the site speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.errors import RealNameRequired
from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import persons
from core.actor import Actor
from core.crypto import vault
from core.errors import Forbidden, InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Requester:
    """For whom an order is. `ordered_for` is equal for all orders of one requester."""

    person_id: UUID | None
    phone: str
    beneficiary_name: str | None
    ordered_for: bytes


def oneself(actor: Actor, phone: str | None, beneficiary_name: str | None) -> Requester:
    """The actor, reached by `phone` or by their own. Raises RealNameRequired, InvalidInput
    without any phone."""
    person = persons.get(actor.id)
    if person.registered_at is None:
        raise RealNameRequired
    return Requester(
        person.id, _phone(phone or person.phone), beneficiary_name, _key_of(str(person.id))
    )


def another(
    actor: Actor,
    site: Site,
    whom: Mapping[str, Any],
    phone: str | None,
    beneficiary_name: str | None,
) -> Requester:
    """Who is named by `whom`: `{person_id}`, or `{name, phone}` of somebody without an account.

    Raises Forbidden for who is no helper of the site, InvalidInput."""
    if not actor.holds_over_site(Permission.VOLUNTEER_SERVICE_REQUEST_SUBMIT, site.path):
        raise Forbidden("只有本阵地的帮办员可以替他人点单")
    if "person_id" not in whom:
        key = _key_of(f"{whom['name']}/{whom['phone']}")
        return Requester(None, phone or whom["phone"], beneficiary_name or whom["name"], key)
    try:
        person = persons.get(whom["person_id"])
    except NotFound:
        raise InvalidInput.at("on_behalf_of", "没有这个人") from None
    if person.registered_at is None:
        raise InvalidInput.at("on_behalf_of", "此人尚未实名登记，请填写姓名和电话")
    return Requester(
        person.id, _phone(phone or person.phone), beneficiary_name, _key_of(str(person.id))
    )


def _phone(known: str | None) -> str:
    if known is None:
        raise InvalidInput.at("contact_phone", "请填写联系电话，接单的队伍会用它联系")
    return known


def _key_of(requester: str) -> bytes:
    return vault().index.digest(requester, purpose="service_requester")
