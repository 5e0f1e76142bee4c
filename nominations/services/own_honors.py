"""What honoured people see and ask of their own honours.

An honour is somebody's own by the ID number that the nomination gave; groups, families and units
are served by staff of their place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.errors import NotFound
from core.paging import Page, PageRequest
from nominations.models.benefits import Benefit, BenefitUse
from nominations.models.hardship_cases import HardshipCase
from nominations.models.honors import Honor
from nominations.services import benefit_cards, benefits, hardship_cases, honors


@dataclass(frozen=True, slots=True)
class OwnCard:
    honor: Honor
    code: str
    qr_code: str
    benefits: Sequence[Benefit]


def cards(actor: Actor) -> list[OwnCard]:
    """A card for each honour in force."""
    return [
        OwnCard(
            card.honor,
            benefit_cards.PREFIX + card.code,
            benefit_cards.qr_code(card),
            benefits.on_card(card.honor),
        )
        for card in benefit_cards.cards_of(honors.list_own(actor))
    ]


def uses(actor: Actor, page: PageRequest) -> Page[BenefitUse]:
    """Uses of the actor's cards, newest first."""
    return benefit_cards.list_uses(benefit_cards.cards_of(honors.list_own(actor)), page)


def apply_for_help(actor: Actor, honor_id: UUID, *, need: str) -> HardshipCase:
    """Ask for help in hardship: the honoured themselves, or staff over their place for them.

    Raises NotFound, HonorNotInForce, HardshipCaseOpen."""
    own = next((honor for honor in honors.list_own(actor) if honor.id == honor_id), None)
    if own is not None:
        return hardship_cases.apply(actor, own, need=need)
    honor = honors.held(actor, Permission.NOMINATIONS_HARDSHIP_CASE_PROPOSE, honor_id)
    return hardship_cases.apply(actor, honor, need=need)


def list_help(actor: Actor) -> list[HardshipCase]:
    """The actor's own cases, newest first."""
    if not (own := honors.list_own(actor)):
        raise NotFound
    return hardship_cases.list_of(own)
