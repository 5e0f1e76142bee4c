"""Supports (附议): the card by which a case is shared, and the citizens who support it.

A nominator shares the id of the case. The card shows what the nominee agreed to show, and nothing
of a case that is withheld. Everybody who changes supports holds the row of the nomination, so
that its count is right at every instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, exists, func, insert, literal, select, update

from accounts.models.sites import Site
from accounts.services import messages, sites
from core import clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import NotFound
from nominations.errors import NominatorSupports
from nominations.lifecycles import STAGES, SUPPORTABLE, NomineeKind
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.supports import Support
from nominations.services import campaigns
from nominations.services.nominators import name_to_say


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown of a case to whoever has its link."""

    nomination_id: UUID
    campaign_id: UUID
    nominee_name: str
    nominee_kind: NomineeKind
    category_name: str
    place: str
    """The county only."""
    summary: str


def card(nomination_id: UUID) -> Card:
    """The card of a case while it may be supported; of a merged one that with which it goes on.

    Raises NotFound."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is not None and nomination.merged_into_id is not None:
        nomination = db.session.get(Nomination, nomination.merged_into_id)
    if nomination is None or not _may_be_shown(nomination):
        raise NotFound
    campaign = db.session.get_one(Campaign, nomination.campaign_id)
    if campaign.status not in STAGES["support"]:
        raise NotFound
    place = sites.county_of(db.session.get_one(Site, nomination.site_id)).division
    category = (campaign.id, nomination.category_code)
    return Card(
        nomination_id=nomination.id,
        campaign_id=campaign.id,
        nominee_name=nomination.shown_name,
        nominee_kind=nomination.nominee_kind,
        category_name=db.session.get_one(CampaignCategory, category).name,
        place=place,
        summary=nomination.summary,
    )


def _may_be_shown(nomination: Nomination) -> bool:
    """Agreed to, not withheld, and if the nominee has died then because the kin chose so."""
    return (
        nomination.status in SUPPORTABLE
        and nomination.consented_at is not None
        and not nomination.is_withheld
        and (nomination.deceased_on is None or nomination.is_posthumous)
    )


def give(actor: Actor, nomination_id: UUID) -> Support:
    """Support a case that may be shown, once, until the assessment opens; a repeat gives the
    first one. Raises NotFound, StageClosed, NominatorSupports."""
    nomination = _hold(nomination_id)
    if nomination is None or not _may_be_shown(nomination):
        raise NotFound
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "support")
    if _is_nominator(actor.id, nomination.id):
        raise NominatorSupports
    is_new = insert_if_absent(
        Support, nomination_id=nomination.id, person_id=actor.id, since=clock.now()
    )
    if is_new:
        _count(nomination.id, 1)
    return db.session.get_one(Support, (nomination.id, actor.id))


def withdraw(actor: Actor, nomination_id: UUID) -> None:
    """Take back one's support. Raises NotFound where there is none."""
    if _hold(nomination_id) is None or not _remove(nomination_id, actor.id):
        raise NotFound


def move(merged: Nomination, into: Nomination) -> list[UUID]:
    """Let the supports of a case count for the one with which it goes on, each person's once and
    no nominator's. The rows of both are held. Gives whose supports moved."""
    nominators = select(Nominator.person_id).where(Nominator.nomination_id == into.id)
    present = select(Support.person_id).where(Support.nomination_id == into.id)
    moving = select(literal(into.id), Support.person_id, Support.since).where(
        Support.nomination_id == merged.id,
        Support.person_id.not_in(present),
        Support.person_id.not_in(nominators),
    )
    people = list(db.session.scalars(moving.with_only_columns(Support.person_id)))
    db.session.execute(insert(Support).from_select(["nomination_id", "person_id", "since"], moving))
    of_merged = Support.nomination_id == merged.id
    by_nominators = (Support.nomination_id == into.id) & Support.person_id.in_(nominators)
    gone = delete(Support).where(of_merged | by_nominators)
    db.session.execute(gone.execution_options(synchronize_session=False))
    for of in (merged, into):
        number = select(func.count()).where(Support.nomination_id == of.id)
        of.supports_count = db.session.execute(number).scalar_one()
    db.session.flush()
    return people


def tell(
    people: Sequence[UUID], nomination: Nomination, cause: UUID, *, status: str, note: str
) -> None:
    """Tell supporters how a case fares, in their inboxes."""
    values = {"nominee": name_to_say(nomination), "status": status, "note": note}
    messages.note_all(people, "support_progress", cause, nomination.id, **values)


def stand_down(lost: UUID, kept: UUID) -> None:
    """Leave one support to the two accounts of one person, and none where either nominates."""
    both = select(Support.nomination_id).where(Support.person_id == kept)
    nominated = select(Nominator.nomination_id).where(Nominator.person_id.in_((lost, kept)))
    for person_id, among in ((lost, both.union(nominated)), (kept, nominated)):
        doubled = select(Support.nomination_id).where(
            Support.person_id == person_id, Support.nomination_id.in_(among)
        )
        for nomination_id in sorted(db.session.scalars(doubled)):
            _hold(nomination_id)
            _remove(nomination_id, person_id)


def _hold(nomination_id: UUID) -> Nomination | None:
    """The nomination, its row held until the transaction ends."""
    return db.session.get(
        Nomination, nomination_id, with_for_update={"key_share": True}, populate_existing=True
    )


def _is_nominator(person_id: UUID, nomination_id: UUID) -> bool:
    among = exists().where(
        Nominator.nomination_id == nomination_id, Nominator.person_id == person_id
    )
    return bool(db.session.scalar(select(among)))


def _remove(nomination_id: UUID, person_id: UUID) -> bool:
    removed = cast(
        "CursorResult[Any]",
        db.session.execute(
            delete(Support)
            .where(Support.nomination_id == nomination_id, Support.person_id == person_id)
            .execution_options(synchronize_session=False)
        ),
    )
    if removed.rowcount == 1:
        _count(nomination_id, -1)
    return removed.rowcount == 1


def _count(nomination_id: UUID, change: int) -> None:
    db.session.execute(
        update(Nomination)
        .where(Nomination.id == nomination_id)
        .values(supports_count=Nomination.supports_count + change)
        .execution_options(synchronize_session=False)
    )
