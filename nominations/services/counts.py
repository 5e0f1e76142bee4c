"""Moving votes, and which ballots are left out of them: what sealing, quarantine, rulings and
recounts share. The caller holds the lock of the campaign's log."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.db import Base, db
from nominations.lifecycles import BallotFate
from nominations.models.ballots import Ballot
from nominations.models.quarantine import HeldBallot
from nominations.models.rulings import RuledBallot
from nominations.models.tally import CountedBallot, TallyCount

_tally_counts = Base.metadata.tables[TallyCount.__tablename__]
_MOVE_VOTES = (
    update(_tally_counts)
    .where(
        _tally_counts.c.campaign_id == bindparam("c"),
        _tally_counts.c.nomination_id == bindparam("n"),
    )
    .values(votes=_tally_counts.c.votes + bindparam("by"))
)

IS_LEFT_OUT = and_(
    exists().where(HeldBallot.ballot_id == Ballot.id),
    ~exists().where(RuledBallot.ballot_id == Ballot.id, RuledBallot.fate == BallotFate.RESTORED),
)
"""Filter on `Ballot`: in quarantine, or voided. It still is the ballot of its slot, so no earlier
revision comes back."""


def insert_into(model: Any) -> Any:
    """An INSERT of the dialect at hand, which may say what to do on a conflict."""
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    return dialect.insert(model.__table__)


def move(campaign_id: UUID, changes: Mapping[str, int]) -> None:
    """Add votes to nominations (ids as text), or take them away."""
    moved = [
        {"c": campaign_id, "n": UUID(nomination), "by": by}
        for nomination, by in sorted(changes.items())
    ]
    if moved:
        db.session.execute(
            insert_into(TallyCount).on_conflict_do_nothing(),
            [{"campaign_id": m["c"], "nomination_id": m["n"], "votes": 0} for m in moved],
        )
        db.session.execute(_MOVE_VOTES, moved)


def choices_of_counted(ballot_ids: Iterable[UUID]) -> list[list[str]]:
    """What those of the ballots chose to which the slots point: the others were replaced."""
    return list(
        db.session.scalars(
            select(Ballot.choices)
            .join(
                CountedBallot,
                and_(
                    CountedBallot.campaign_id == Ballot.campaign_id,
                    CountedBallot.voter_id == Ballot.voter_id,
                    CountedBallot.period == Ballot.period,
                    CountedBallot.ballot_id == Ballot.id,
                ),
            )
            .where(Ballot.id.in_(list(ballot_ids)))
        )
    )
