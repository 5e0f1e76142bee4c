"""Taking ballots that look bought out of the counts, until two people have ruled on them.

A run looks at what was sealed since the last one, together with what shares a network, a device or
a choice with it, so a ballot that looked innocent when it came is held once its companions are
there. All of it happens under the lock of the campaign's log: of two schedulers the second finds
nothing left to do (design/tally, "Fraud").
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from core import clock
from core.db import Base, current_connection, db, insert_if_absent
from core.ids import new_id
from core.prepared import Prepared
from nominations import leaves, suspicion
from nominations.lifecycles import BallotFate, CampaignStatus
from nominations.models.campaigns import Campaign
from nominations.models.quarantine import Finding, HeldBallot
from nominations.models.rulings import RuledBallot
from nominations.models.signals import BallotSignals
from nominations.models.tally import SealedBallot
from nominations.services import campaigns, counts, public_log, signals
from nominations.suspicion import LOOKS_BACK, RULES, GroupKind, Risk, Score, Signals

BATCH = 200
"""Ballots looked at in one transaction, during which no ballot of the campaign is sealed."""
COMPANIONS = 300
"""Ballots of a group that are looked at beside the new ones, the latest first."""
SEALED_LATE = timedelta(minutes=10)
"""A ballot may be sealed after one that was cast later; so far ahead companions are looked for."""

SCORED_IN = (CampaignStatus.ASSESSING, CampaignStatus.COUNTING, CampaignStatus.PAUSED)
"""Afterwards the counts stand."""

_table = Base.metadata.tables[BallotSignals.__tablename__]
_s = _table.c
_SEEN = (
    _s.ballot_id,
    _s.voter_id,
    _s.period,
    _s.revision,
    _s.cast_at,
    _s.choices_hash,
    _s.network_hash,
    _s.device_hash,
    _s.account_age_days,
    _s.risk,
    _s.scored_at,
)
_KEY_OF = {
    GroupKind.NETWORK: _s.network_hash,
    GroupKind.DEVICE: _s.device_hash,
    GroupKind.CHOICES: _s.choices_hash,
}
_COMPANIONS = {
    kind: Prepared(
        select(*_SEEN)
        .where(
            _s.campaign_id == bindparam("campaign_id"),
            key == bindparam("key", type_=key.type),
            _s.cast_at >= bindparam("first"),
            _s.cast_at <= bindparam("last"),
        )
        .order_by(_s.cast_at.desc())
        .limit(COMPANIONS)
    )
    for kind, key in _KEY_OF.items()
}

AnyRow = Any


def waiting() -> list[UUID]:
    """Campaigns with sealed ballots that were not looked at yet."""
    unscored = select(BallotSignals.campaign_id).where(
        BallotSignals.scored_at.is_(None), BallotSignals.risk != Risk.PENDING
    )
    query = select(Campaign.id).where(Campaign.id.in_(unscored), Campaign.status.in_(SCORED_IN))
    return list(db.session.scalars(query.order_by(Campaign.id)))


def score(campaign_id: UUID, *, limit: int = BATCH) -> int:
    """Look at the next sealed ballots, at most `limit`, and hold what looks bought; gives how many
    were looked at. Raises NotFound."""
    campaign = campaigns.share(campaign_id)
    public_log.lock(campaign_id)
    if campaign.status not in SCORED_IN:
        return 0
    new = _next(campaign_id, limit)
    if not new:
        return 0
    seen = {row.ballot_id: row for row in (*_companions(campaign_id, new), *new)}
    scores = {UUID(b): s for b, s in suspicion.score_all(map(_as_seen, seen.values())).items()}
    hold(campaign_id, {b: score for b, score in scores.items() if suspicion.is_held(score)})
    _settle(new, seen, scores)
    return len(new)


def _next(campaign_id: UUID, limit: int) -> Sequence[AnyRow]:
    return db.session.execute(
        select(*_SEEN)
        .where(_s.campaign_id == campaign_id, _s.scored_at.is_(None), _s.risk != Risk.PENDING)
        .order_by(_s.cast_at, _s.ballot_id)
        .limit(limit)
    ).all()


def _companions(campaign_id: UUID, new: Sequence[AnyRow]) -> Iterable[AnyRow]:
    connection = current_connection()
    about = {
        "campaign_id": campaign_id,
        "first": new[0].cast_at - LOOKS_BACK,
        "last": new[-1].cast_at + SEALED_LATE,
    }
    for kind, column in _KEY_OF.items():
        for key in {getattr(row, column.name) for row in new} - {None}:
            yield from _COMPANIONS[kind].all(connection, about | {"key": key})


def _as_seen(row: AnyRow) -> Signals:
    return Signals(
        str(row.ballot_id),
        str(row.voter_id),
        row.period,
        row.revision,
        row.cast_at,
        row.choices_hash.hex(),
        row.network_hash and row.network_hash.hex(),
        row.device_hash and row.device_hash.hex(),
        row.account_age_days,
        row.risk,
    )


def _settle(
    new: Sequence[AnyRow], seen: Mapping[UUID, AnyRow], scores: Mapping[UUID, Score]
) -> None:
    """Mark what was looked at. Where a rank by WeChat could decide it is asked for, and the ballot
    is looked at again then; not where the account may have been away for too long."""
    now = clock.now()
    wanting = [
        ballot
        for ballot, score in scores.items()
        if seen[ballot].risk is Risk.UNASKED and suspicion.wants_rank(score)
    ]
    fresh = {b for b in wanting if now < seen[b].cast_at + signals.SEEN_WITHIN}
    stale = set(wanting) - fresh
    done = {row.ballot_id for row in new} - set(wanting)
    for ballots, values in (
        (fresh, {"risk": Risk.PENDING, "scored_at": None}),
        (stale, {"risk": Risk.UNKNOWN, "scored_at": None}),
        (done, {"scored_at": now}),
    ):
        if ballots:
            db.session.execute(update(_table).where(_s.ballot_id.in_(ballots)).values(values))


def hold(campaign_id: UUID, found: Mapping[UUID, Score]) -> int:
    """Put sealed ballots in quarantine that are not there yet, and take their votes out of the
    counts; gives how many. The caller holds the lock of the log."""
    known = db.session.scalars(
        select(HeldBallot.ballot_id).where(HeldBallot.ballot_id.in_(found.keys()))
    )
    new = sorted(found.keys() - set(known))
    if not new:
        return 0
    now = clock.now()
    findings = _findings(campaign_id, [found[ballot] for ballot in new], now)
    db.session.execute(
        insert(HeldBallot),
        [
            {
                "ballot_id": ballot,
                "campaign_id": campaign_id,
                "finding_id": findings[found[ballot].group],
                "points": found[ballot].points,
                "signs": [sign.value for sign in found[ballot].signs],
                "rules_version": RULES.version,
                "held_at": now,
            }
            for ballot in new
        ],
    )
    _move(campaign_id, new, -1)
    reasons = {ballot: "+".join(found[ballot].signs) for ballot in new}
    write_down(campaign_id, reasons, BallotFate.QUARANTINED, now, rules_version=RULES.version)
    return len(new)


def _findings(
    campaign_id: UUID, scores: Iterable[Score], now: datetime
) -> dict[suspicion.Group | None, UUID]:
    """The finding of each group, begun where there is none."""
    ids: dict[suspicion.Group | None, UUID] = {}
    for group in sorted({score.group for score in scores if score.group is not None}):
        kind, key = group[0], bytes.fromhex(group[1])
        insert_if_absent(
            Finding,
            id=new_id(),
            campaign_id=campaign_id,
            kind=kind,
            group_hash=key,
            found_at=now,
        )
        query = select(Finding.id).where(
            Finding.campaign_id == campaign_id, Finding.kind == kind, Finding.group_hash == key
        )
        ids[group] = db.session.scalars(query).one()
    return ids


def release(campaign_id: UUID, ballot_ids: Sequence[UUID]) -> None:
    """Let ballots count again where no later revision took their place. The caller holds the lock
    of the log, and has written that they are restored."""
    _move(campaign_id, ballot_ids, 1)


def _move(campaign_id: UUID, ballot_ids: Sequence[UUID], by: int) -> None:
    votes = Counter(n for choices in counts.choices_of_counted(ballot_ids) for n in choices)
    counts.move(campaign_id, {nomination: by * number for nomination, number in votes.items()})


def write_down(
    campaign_id: UUID, reasons: Mapping[UUID, str], fate: BallotFate, at: datetime, **facts: str
) -> None:
    """Append to the public log what became of ballots, in the order in which they were sealed."""
    query = select(SealedBallot.ballot_id, SealedBallot.leaf_index).where(
        SealedBallot.ballot_id.in_(reasons.keys())
    )
    rows = db.session.execute(query.order_by(SealedBallot.leaf_index)).all()
    public_log.append(
        campaign_id,
        [
            leaves.ruling(
                str(campaign_id),
                ballot=row.leaf_index,
                ruling=fate,
                reason=reasons[row.ballot_id],
                hour=leaves.hour_of(at),
                **facts,
            )
            for row in rows
        ],
    )


def unruled(campaign_id: UUID) -> int:
    """How many ballots wait in quarantine."""
    return _number(campaign_id, RuledBallot.ballot_id.is_(None))


def voided(campaign_id: UUID) -> int:
    """How many ballots were voided."""
    return _number(campaign_id, RuledBallot.fate == BallotFate.VOIDED)


def _number(campaign_id: UUID, condition: Any) -> int:
    query = (
        select(func.count())
        .select_from(HeldBallot)
        .outerjoin(RuledBallot, RuledBallot.ballot_id == HeldBallot.ballot_id)
        .where(HeldBallot.campaign_id == campaign_id, condition)
    )
    return db.session.scalar(query) or 0
