"""The people behind a nomination, and telling them how it fares."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from accounts.services import messages
from core import clock
from core.db import db, insert_if_absent
from core.ids import new_id
from nominations.lifecycles import LIVE
from nominations.models.campaigns import Campaign
from nominations.models.honors import Honor
from nominations.models.nominations import Nomination, shown_name
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
    """`tell_people` for every nominator."""
    tell_people(of(nomination.id), nomination, template, cause, **values)


def tell_people(
    people: Iterable[UUID], nomination: Nomination, template: str, cause: UUID, /, **values: str
) -> None:
    """Tell people about a case; `nominee` is added, and stands for the name in what somebody
    wrote. `cause` as for `messages.tell`."""
    name = name_to_say(nomination)
    said = {key: value.replace(nomination.nominee_name, name) for key, value in values.items()}
    for person_id in people:
        messages.tell(person_id, template, cause, nomination.id, nominee=name, **said)


def tell_of_honor(
    people: Iterable[UUID], honor: Honor, template: str, cause: UUID, /, **values: str
) -> None:
    """Tell people about an honour: of its case, where it has one."""
    if honor.nomination is not None:
        tell_people(people, honor.nomination, template, cause, **values)
    else:
        for person_id in people:
            messages.tell(person_id, template, cause, nominee=honor.holder.shown_name, **values)


def name_to_say(nomination: Nomination) -> str:
    """The name in what is told about a case, which nobody can withhold until the transaction has
    ended: what is told while it is withheld is either rewritten or says nothing."""
    present = select(Nomination.is_withheld).where(Nomination.id == nomination.id)
    is_withheld = db.session.execute(present.with_for_update(read=True)).scalar_one()
    return shown_name(nomination.nominee_name, is_withheld=is_withheld)


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
