"""A voter's own ballots, with what is needed to find each in the public log."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from core.actor import Actor
from core.db import db
from core.paging import Page, PageRequest
from nominations import leaves
from nominations.models.ballots import Ballot
from nominations.models.public_log import LogLeaf
from nominations.models.tally import SealedBallot
from nominations.services import ballots


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """`leaf` is the index of its leaf, and `voter` the pseudonym that stands there: None until it
    is sealed, and in a campaign without a log."""

    ballot: Ballot
    leaf: int | None
    voter: str | None


def list_mine(actor: Actor, page: PageRequest) -> Page[OwnBallot]:
    """The actor's ballots that stand, newest first, with their leaves."""
    found = ballots.list_mine(actor, page)
    places = _places([ballot.id for ballot in found.items])
    items = [OwnBallot(ballot, *places.get(ballot.id, (None, None))) for ballot in found.items]
    return Page(items=items, next_cursor=found.next_cursor)


def _places(ballot_ids: list[UUID]) -> dict[UUID, tuple[int, str]]:
    """Read from the leaves themselves, so that it needs no key and outlives it."""
    rows = db.session.execute(
        select(SealedBallot.ballot_id, LogLeaf.leaf_index, LogLeaf.body)
        .join(
            LogLeaf,
            and_(
                LogLeaf.campaign_id == SealedBallot.campaign_id,
                LogLeaf.leaf_index == SealedBallot.leaf_index,
            ),
        )
        .where(SealedBallot.ballot_id.in_(ballot_ids))
    )
    return {row.ballot_id: (row.leaf_index, leaves.voter_of(row.body)) for row in rows}
