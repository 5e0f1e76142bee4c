"""Courtesies for honoured people: policies, cards, uses."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, returns, shared
from core.paging import Page, PageRequest
from nominations.errors import BenefitCodeTaken, BenefitNotHeld, BenefitUsedUp, HonorNotInForce
from nominations.models.benefits import Benefit, BenefitUse
from nominations.services import benefit_cards, benefits, own_honors
from schemas.benefits import (
    BenefitEndIn,
    BenefitIn,
    BenefitListOut,
    BenefitOut,
    BenefitUseIn,
    BenefitUseOut,
    CheckedCardOut,
    OwnCardListOut,
)

blueprint = Blueprint("benefits", __name__, description="礼遇")


@blueprint.get("/benefits")
@public
@shared(60)
@returns(BenefitListOut)
def list_benefits(_actor: Actor) -> dict[str, list[Benefit]]:
    """现行的礼遇"""
    return {"items": benefits.list_public()}


@blueprint.post("/benefits")
@permission(Permission.NOMINATIONS_BENEFIT_CREATE)
@body(BenefitIn)
@returns(BenefitOut, 201)
@errors(BenefitCodeTaken)
def create(actor: Actor, *, body: dict[str, Any]) -> Benefit:
    """新增一项礼遇"""
    return benefits.create(actor, **body)


@blueprint.post("/benefits/<uuid:benefit_id>/end")
@permission(Permission.NOMINATIONS_BENEFIT_END)
@body(BenefitEndIn)
@returns(BenefitOut)
def end(actor: Actor, *, benefit_id: UUID, body: dict[str, Any]) -> Benefit:
    """设定一项礼遇的最后一天"""
    return benefits.end(actor, benefit_id, **body)


@blueprint.get("/me/benefit-card")
@permission(Permission.NOMINATIONS_BENEFIT_CARD_VIEW)
@returns(OwnCardListOut)
def view_own_cards(actor: Actor) -> dict[str, Any]:
    """我的礼遇卡：每份有效的荣誉一张"""
    return {"items": own_honors.cards(actor)}


@blueprint.get("/me/benefit-uses")
@permission(Permission.NOMINATIONS_BENEFIT_CARD_VIEW)
@paged
@returns(BenefitUseOut)
def list_own_uses(actor: Actor, *, page: PageRequest) -> Page[BenefitUse]:
    """我的礼遇使用记录"""
    return own_honors.uses(actor, page)


@blueprint.get("/benefit-cards/<string:code>")
@permission(Permission.NOMINATIONS_BENEFIT_CARD_CHECK)
@returns(CheckedCardOut)
def check(actor: Actor, *, code: str) -> benefit_cards.CheckedCard:
    """合作单位查验礼遇卡"""
    return benefit_cards.check(actor, code)


@blueprint.post("/benefit-cards/<string:code>/uses")
@permission(Permission.NOMINATIONS_BENEFIT_CARD_USE)
@body(BenefitUseIn)
@returns(BenefitUseOut, 201)
@errors(BenefitNotHeld, BenefitUsedUp, HonorNotInForce)
def use(actor: Actor, *, code: str, body: dict[str, Any]) -> BenefitUse:
    """登记一次使用"""
    return benefit_cards.use(actor, code, **body)
