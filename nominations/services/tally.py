"""Sealing and counting ballots, showing the counts, and counting again from scratch.

One sequencer of a campaign at a time, by a lock that lasts for the transaction. A batch is
sealed and counted in one transaction: a crash before its commit leaves nothing half done, and
what is sealed is no longer there to be sealed again (design/tally, "Votes").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, case, delete, exists, func, insert, null, select

from core.db import Base, allow_long_statements, db
from nominations import leaves
from nominations.errors import CountsHidden
from nominations.lifecycles import (
    CANDIDATES,
    WITH_CANDIDATES,
    WITH_FINAL_COUNTS,
    CampaignStatus,
)
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.nominations import Nomination
from nominations.models.tally import CountedBallot, SealedBallot, TallyCount
from nominations.rules import Step
from nominations.services import campaigns, counts, pseudonyms, public_log, quarantine, signals
from nominations.tallying import Cast, Fold, Slot, count_all, fold

BATCH = 500
"""Ballots sealed in one transaction, which on SQLite holds up every other writer."""

_STREAMED = 2000

AnyRow = Row[*tuple[Any, ...]]


class SealedRow(Protocol):
    """What a leaf tells of a ballot."""

    @property
    def id(self) -> UUID: ...
    @property
    def voter_id(self) -> UUID: ...
    @property
    def period(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def choices(self) -> Sequence[str]: ...
    @property
    def cast_at(self) -> datetime: ...


_SLOT_COLUMNS = (Ballot.id, Ballot.voter_id, Ballot.period, Ballot.revision)
_CAST_COLUMNS = (*_SLOT_COLUMNS, Ballot.choices)
_HEARD_COLUMNS = (
    *_SLOT_COLUMNS,
    case((counts.IS_LEFT_OUT, null()), else_=Ballot.choices).label("choices"),
)
"""Where ballots may be in quarantine or voided: one of these counts as one without choices."""

_unsealed = Base.metadata.tables[UnsealedBallot.__tablename__]
_DELETE_UNSEALED = delete(_unsealed).where(
    _unsealed.c.campaign_id == bindparam("c"),
    _unsealed.c.voter_id == bindparam("v"),
    _unsealed.c.period == bindparam("p"),
    _unsealed.c.revision == bindparam("r"),
)


@dataclass(frozen=True, slots=True)
class CandidateCount:
    nomination_id: UUID
    nominee_name: str
    category: str
    votes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes of the candidates that remain. `unsealed` ballots are accepted and not yet in; those
    `quarantined` wait for a ruling, and like the `voided` ones count for nobody."""

    items: Sequence[CandidateCount]
    sealed: int
    unsealed: int
    quarantined: int
    voided: int


@dataclass(frozen=True, slots=True)
class Recount:
    """What a count from scratch found. `differences` map a nomination to (kept, recounted);
    `lost` are ballots neither sealed nor waiting. Right is: none of either."""

    campaign_id: UUID
    differences: Mapping[UUID, tuple[int, int]]
    lost: int

    @property
    def is_right(self) -> bool:
        return not self.differences and self.lost == 0


def waiting() -> list[UUID]:
    """Campaigns with unsealed ballots, whatever their status: what was accepted is counted."""
    query = select(Campaign.id).where(exists().where(UnsealedBallot.campaign_id == Campaign.id))
    return list(db.session.scalars(query))


def seal(campaign_id: UUID, *, limit: int = BATCH) -> int:
    """Seal and count the next unsealed ballots, at most `limit`; gives their number."""
    public_log.lock(campaign_id)
    rows = _next_unsealed(campaign_id, limit)
    if not rows:
        return 0
    append(campaign_id, cast("Sequence[SealedRow]", rows))
    signals.keep(campaign_id, [row.id for row in rows])
    casts = [_cast_of(row) for row in rows]
    folded = fold(casts, _counted_before(campaign_id, rows))
    _count(campaign_id, folded)
    db.session.execute(
        _DELETE_UNSEALED,
        [{"c": campaign_id, "v": row.voter_id, "p": row.period, "r": row.revision} for row in rows],
    )
    return len(rows)


def _next_unsealed(campaign_id: UUID, limit: int) -> Sequence[AnyRow]:
    """In the order of the key, so that a voter's revisions are sealed in their order: whoever
    reads the log knows that the last one counts."""
    return db.session.execute(
        select(*_CAST_COLUMNS, Ballot.cast_at)
        .join(UnsealedBallot, UnsealedBallot.ballot_id == Ballot.id)
        .where(UnsealedBallot.campaign_id == campaign_id)
        .order_by(UnsealedBallot.voter_id, UnsealedBallot.period, UnsealedBallot.revision)
        .limit(limit)
    ).all()


def append(campaign_id: UUID, rows: Sequence[SealedRow]) -> None:
    """Put a leaf for each ballot at the end of the campaign's log. Sorted by pseudonym: in any
    other order the place in a batch would say something about the voter, on every day again."""
    pseudonym, campaign = pseudonyms.of_campaign(campaign_id), str(campaign_id)
    named = sorted(
        ((pseudonym(row.voter_id, row.period), row.revision, row) for row in rows),
        key=lambda entry: entry[:2],
    )
    bodies = [
        leaves.ballot(
            campaign,
            period=row.period,
            voter=voter,
            choices=row.choices,
            hour=leaves.hour_of(row.cast_at),
        )
        for voter, _, row in named
    ]
    first = public_log.append(campaign_id, bodies)
    db.session.execute(
        insert(SealedBallot),
        [
            {"campaign_id": campaign_id, "leaf_index": index, "ballot_id": row.id}
            for index, (_, _, row) in enumerate(named, start=first)
        ],
    )


def _counted_before(campaign_id: UUID, new: Sequence[AnyRow]) -> dict[Slot, Cast]:
    """The counted ballots in the slots of new ones. Not of all days: where people vote daily,
    everybody has more of them every day."""
    rows = db.session.execute(
        select(*_HEARD_COLUMNS)
        .join(CountedBallot, CountedBallot.ballot_id == Ballot.id)
        .where(
            CountedBallot.campaign_id == campaign_id,
            CountedBallot.voter_id.in_({row.voter_id for row in new}),
            CountedBallot.period.in_({row.period for row in new}),
        )
    )
    return {(c.voter, c.period): c for c in map(_cast_of, rows)}


def _count(campaign_id: UUID, folded: Fold) -> None:
    """Point each slot to the ballot that now counts, and move the votes."""
    if folded.counted:
        point = counts.insert_into(CountedBallot)
        db.session.execute(
            point.on_conflict_do_update(
                index_elements=["campaign_id", "voter_id", "period"],
                set_={"ballot_id": point.excluded.ballot_id, "revision": point.excluded.revision},
            ),
            [
                {
                    "campaign_id": campaign_id,
                    "voter_id": UUID(cast.voter),
                    "period": cast.period,
                    "ballot_id": UUID(cast.id),
                    "revision": cast.revision,
                }
                for cast in folded.counted.values()
            ],
        )
    counts.move(campaign_id, folded.changes)


def _cast_of(row: AnyRow) -> Cast:
    heard = tuple(row.choices or ())
    return Cast(str(row.id), str(row.voter_id), row.period, row.revision, heard)


def view(campaign_id: UUID) -> Tally:
    """The counts, unless the campaign hides them until they are final. By category, then by
    name: this is no ranking. Raises NotFound, CountsHidden."""
    campaign = campaigns.get_public(campaign_id)
    if campaign.has_hidden_counts and not are_final(campaign):
        raise CountsHidden
    is_shown = campaign.status in WITH_CANDIDATES
    unsealed = select(func.count()).select_from(UnsealedBallot)
    return Tally(
        items=_counts(campaign_id) if is_shown else [],
        sealed=public_log.ballots(campaign_id),
        unsealed=db.session.scalar(unsealed.where(UnsealedBallot.campaign_id == campaign_id)) or 0,
        quarantined=quarantine.unruled(campaign_id),
        voided=quarantine.voided(campaign_id),
    )


def are_final(campaign: Campaign) -> bool:
    """Whether hidden counts may be shown: once they stand, and where the panel shall not be led
    by them, once it has judged."""
    if campaign.rules.uses(Step.PANEL) and campaign.rules.hides_votes_from_panel:
        return campaign.status in (CampaignStatus.NOTICING, CampaignStatus.CONCLUDED)
    return campaign.status in WITH_FINAL_COUNTS


def _counts(campaign_id: UUID) -> list[CandidateCount]:
    rows = db.session.execute(
        select(
            Nomination.id,
            Nomination.nominee_name,
            Nomination.category_code,
            func.coalesce(TallyCount.votes, 0),
        )
        .join(
            CampaignCategory,
            and_(
                CampaignCategory.campaign_id == Nomination.campaign_id,
                CampaignCategory.code == Nomination.category_code,
            ),
        )
        .outerjoin(
            TallyCount,
            and_(
                TallyCount.campaign_id == Nomination.campaign_id,
                TallyCount.nomination_id == Nomination.id,
            ),
        )
        .where(
            Nomination.campaign_id == campaign_id,
            Nomination.status.in_(CANDIDATES),
            ~Nomination.is_withheld,
        )
        .order_by(CampaignCategory.position, Nomination.nominee_name, Nomination.id)
    )
    return [CandidateCount(*row) for row in rows]


def counted_campaigns() -> list[UUID]:
    """Campaigns in which any ballot was sealed."""
    query = select(Campaign.id).where(exists().where(SealedBallot.campaign_id == Campaign.id))
    return list(db.session.scalars(query))


def recount(campaign_id: UUID) -> Recount:
    """Count all sealed ballots from scratch, without holding them in memory, and compare with
    the counts that are kept. Reads only; sealing waits meanwhile, so that both sides are of one
    moment."""
    allow_long_statements()
    public_log.lock(campaign_id)
    recounted = {UUID(n): votes for n, votes in count_all(_in_slots(campaign_id)).items()}
    kept_rows = db.session.execute(
        select(TallyCount.nomination_id, TallyCount.votes).where(
            TallyCount.campaign_id == campaign_id, TallyCount.votes != 0
        )
    )
    kept = {row.nomination_id: row.votes for row in kept_rows}
    differences = {
        n: (kept.get(n, 0), recounted.get(n, 0))
        for n in kept.keys() | recounted.keys()
        if kept.get(n, 0) != recounted.get(n, 0)
    }
    return Recount(campaign_id, differences, _lost(campaign_id))


def _in_slots(campaign_id: UUID) -> Iterator[Cast]:
    """All sealed ballots in the order of their key: those of a voter and period together."""
    query = (
        select(*_HEARD_COLUMNS)
        .where(
            Ballot.campaign_id == campaign_id, exists().where(SealedBallot.ballot_id == Ballot.id)
        )
        .order_by(Ballot.voter_id, Ballot.period, Ballot.revision)
        .execution_options(yield_per=_STREAMED)
    )
    return map(_cast_of, db.session.execute(query))


def _lost(campaign_id: UUID) -> int:
    """Ballots that are neither sealed nor waiting; one statement, so one moment."""
    is_sealed = exists().where(SealedBallot.ballot_id == Ballot.id)
    is_waiting = exists().where(
        UnsealedBallot.campaign_id == Ballot.campaign_id,
        UnsealedBallot.voter_id == Ballot.voter_id,
        UnsealedBallot.period == Ballot.period,
        UnsealedBallot.revision == Ballot.revision,
    )
    query = select(func.count()).select_from(Ballot)
    lost = db.session.scalar(
        query.where(Ballot.campaign_id == campaign_id, ~is_sealed, ~is_waiting)
    )
    return lost or 0
