"""The people behind a nomination, and telling them how it fares."""

from uuid import UUID

from sqlalchemy import select

from accounts.services import messages
from core import clock
from core.db import db, insert_if_absent
from core.ids import new_id
from nominations.lifecycles import LIVE
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator


def add(nomination_id: UUID, person_id: UUID, *, merged_from_id: UUID | None = None) -> None:
    """Let the person be a nominator of the case; once."""
    insert_if_absent(
        Nominator,
        nomination_id=nomination_id,
        person_id=person_id,
        since=clock.now(),
        merged_from_id=merged_from_id,
    )


def of(nomination_id: UUID) -> list[UUID]:
    """All nominators of a case."""
    query = select(Nominator.person_id).where(Nominator.nomination_id == nomination_id)
    return list(db.session.scalars(query.order_by(Nominator.since, Nominator.person_id)))


def includes(nomination_id: UUID, person_id: UUID) -> bool:
    """Whether the person recommends this nominee."""
    return db.session.get(Nominator, (nomination_id, person_id)) is not None


def tell(nomination: Nomination, template: str, cause: UUID, /, **values: str) -> None:
    """Tell every nominator; `nominee` is added. `cause` as for `messages.tell`."""
    for person_id in of(nomination.id):
        messages.tell(person_id, template, cause, nominee=nomination.shown_name, **values)


def tell_campaign(campaign: Campaign, *, change: str, note: str) -> None:
    """Tell the nominators of every live case in a campaign, each once, that the campaign itself
    changes. In the inbox alone, for they may be thousands."""
    query = (
        select(Nominator.person_id)
        .join(Nomination, Nomination.id == Nominator.nomination_id)
        .where(Nomination.campaign_id == campaign.id, Nomination.status.in_(LIVE))
        .distinct()
    )
    people = list(db.session.scalars(query))
    messages.note_all(
        people, "campaign_changed", new_id(), campaign=campaign.title, change=change, note=note
    )
