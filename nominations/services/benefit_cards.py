"""Cards for honoured people, and each use of a benefit at a partner.

A partner scans the code, sees a masked name and what is due, and records the use. The last use of
a year is decided by the key of its serial number, so two tills can't both give it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.deferred import Deferred
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations.errors import BenefitNotHeld, BenefitUsedUp, HonorNotInForce
from nominations.lifecycles import HonorStatus
from nominations.models.benefits import Benefit, BenefitCard, BenefitKind, BenefitUse
from nominations.models.honors import Honor, with_holder
from nominations.services import benefits

segno = Deferred("segno")

PREFIX = "LCHONOR1:"
"""Of the QR code, so that a scanner knows what it reads."""

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """What a partner learns: nothing while the honour is not in force but that. Help that is
    applied for is none of theirs."""

    card: BenefitCard
    is_valid: bool
    benefits: Sequence[Benefit]


def issue(honor: Honor) -> BenefitCard:
    """The card of a new honour; once."""
    insert_if_absent(
        BenefitCard,
        id=new_id(),
        honor_id=honor.id,
        code=secrets.token_hex(16),
        issued_at=clock.now(),
    )
    return db.session.scalars(_query().where(BenefitCard.honor_id == honor.id)).one()


def cards_of(honors: Sequence[Honor]) -> list[BenefitCard]:
    """Cards of these honours, in their order."""
    found = {
        card.honor_id: card
        for card in db.session.scalars(
            _query().where(BenefitCard.honor_id.in_([honor.id for honor in honors]))
        )
    }
    return [found[honor.id] for honor in honors if honor.id in found]


def qr_code(card: BenefitCard) -> str:
    """The card's code as an SVG image."""
    image = segno.make(PREFIX + card.code, error="m", micro=False)
    return cast(str, image.svg_inline(scale=6, border=4))


def check(_actor: Actor, code: str) -> CheckedCard:
    """A card as a partner sees it. Raises NotFound for a code that is none."""
    card = _get(code)
    if card.honor.status is not HonorStatus.GRANTED:
        return CheckedCard(card, is_valid=False, benefits=())
    shown = [b for b in benefits.on_card(card.honor) if b.kind is BenefitKind.AUTOMATIC]
    return CheckedCard(card, is_valid=True, benefits=shown)


def use(actor: Actor, code: str, *, benefit_id: UUID, place: str) -> BenefitUse:
    """Record one use, today in Shanghai.

    Raises NotFound, HonorNotInForce, BenefitNotHeld, BenefitUsedUp."""
    card = _get(code)
    held = db.session.scalar(
        select(Honor).where(Honor.id == card.honor_id).with_for_update(read=True, key_share=True)
    )
    if held is None or held.status is not HonorStatus.GRANTED:
        raise HonorNotInForce(state=card.honor.status.value)
    benefit = next((b for b in benefits.on_card(card.honor) if b.id == benefit_id), None)
    if benefit is None or benefit.kind is not BenefitKind.AUTOMATIC:
        raise BenefitNotHeld
    year = clock.today().year
    for _ in range(ATTEMPTS):
        serial = _used(card, benefit, year) + 1
        if benefit.uses_a_year is not None and serial > benefit.uses_a_year:
            raise BenefitUsedUp(limit=benefit.uses_a_year)
        use_id = new_id()
        if insert_if_absent(
            BenefitUse,
            id=use_id,
            card_id=card.id,
            benefit_id=benefit.id,
            year=year,
            serial=serial,
            used_at=clock.now(),
            recorded_by=actor.id,
            place=place,
        ):
            made = db.session.get_one(BenefitUse, use_id, options=[joinedload(BenefitUse.benefit)])
            audit.record(actor, made, "use")
            return made
    raise BenefitUsedUp("同时有多处登记，请再试一次")


def _used(card: BenefitCard, benefit: Benefit, year: int) -> int:
    query = select(func.max(BenefitUse.serial)).where(
        BenefitUse.card_id == card.id,
        BenefitUse.benefit_id == benefit.id,
        BenefitUse.year == year,
    )
    return db.session.scalar(query) or 0


def list_uses(cards: Sequence[BenefitCard], page: PageRequest) -> Page[BenefitUse]:
    """Uses of these cards, newest first."""
    query = (
        select(BenefitUse)
        .where(BenefitUse.card_id.in_([card.id for card in cards]))
        .options(joinedload(BenefitUse.benefit, innerjoin=True))
    )
    return paginate(query, page, by=[BenefitUse.id], descending=True)


def _get(code: str) -> BenefitCard:
    card = db.session.scalar(_query().where(BenefitCard.code == code.removeprefix(PREFIX)))
    if card is None:
        raise NotFound
    return card


def _query() -> Select[BenefitCard]:
    return select(BenefitCard).options(
        joinedload(BenefitCard.honor, innerjoin=True).options(*with_holder())
    )
