"""Signals of ballots: hashed when one is cast, kept when it is sealed, forgotten when its campaign
is over. None of them refuses a ballot."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, func, select, update

from accounts.models.persons import Person, WeChatIdentity
from core import clock, wechat
from core.crypto import vault
from core.db import apart, db
from core.wechat import WeChatRefusal
from nominations.lifecycles import CampaignStatus
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.quarantine import Finding
from nominations.models.signals import BallotSignals
from nominations.services import counts
from nominations.suspicion import Risk

HASH_BYTES = 16
UNKNOWN = bytes(HASH_BYTES)
FORGOTTEN_AT_ONCE = 2000
ASKED_AT_ONCE = 100
"""Ranks asked for in one run of the job, one request each."""
PATIENCE = timedelta(minutes=30)
"""How long WeChat is asked about a ballot before its rank is unknown: counting waits for it."""
SEEN_WITHIN = timedelta(hours=2)
"""WeChat knows an account that used the mini-program so recently; asked later, its error 61010
would be our own delay, and no sign (wechat/wire.md, 1.7)."""

OVER = (CampaignStatus.CONCLUDED, CampaignStatus.CANCELLED)
"""Where the days of objections have ended, or will never come."""

AnyRow = Row[*tuple[Any, ...]]


def key_of(campaign_id: UUID) -> bytes:
    """The key of `hashed` in a campaign."""
    return vault().index.digest(str(campaign_id), purpose="ballots/signals")


def hashed(key: bytes, value: str) -> bytes:
    """16 bytes by which values of one campaign can be compared, and with nothing else. BLAKE2b,
    since a cast waits for it."""
    return blake2b(value.encode(), key=key, digest_size=HASH_BYTES).digest()


def origin_of(key: bytes, network: str | None, device: str | None) -> bytes | None:
    """What an unsealed ballot keeps of where it came from: the two hashes, or zeros for what is
    not known; None if neither is."""
    if device is None:
        return None if network is None else hashed(key, network) + UNKNOWN
    return (UNKNOWN if network is None else hashed(key, network)) + hashed(key, device)


def _split(origin: bytes | None) -> tuple[bytes | None, bytes | None]:
    if origin is None:
        return None, None
    network, device = origin[:HASH_BYTES], origin[HASH_BYTES:]
    return None if network == UNKNOWN else network, None if device == UNKNOWN else device


def cast_since(campaign_id: UUID, network_hash: bytes, since: datetime) -> int:
    """How many sealed ballots of a network were cast since then."""
    query = select(func.count()).where(
        BallotSignals.campaign_id == campaign_id,
        BallotSignals.network_hash == network_hash,
        BallotSignals.cast_at >= since,
    )
    return db.session.scalar(query) or 0


def keep(campaign_id: UUID, ballot_ids: Sequence[UUID]) -> None:
    """Keep the signals of unsealed ballots that are being sealed, each in place of those of an
    earlier revision. One that takes a vote back has none."""
    rows = db.session.execute(
        select(
            Ballot.id,
            Ballot.voter_id,
            Ballot.period,
            Ballot.revision,
            Ballot.choices,
            Ballot.cast_at,
            Person.created_at,
            UnsealedBallot.origin,
        )
        .join(Person, Person.id == Ballot.voter_id)
        .join(
            UnsealedBallot,
            (UnsealedBallot.campaign_id == Ballot.campaign_id)
            & (UnsealedBallot.voter_id == Ballot.voter_id)
            & (UnsealedBallot.period == Ballot.period)
            & (UnsealedBallot.revision == Ballot.revision),
        )
        .where(Ballot.id.in_(ballot_ids))
        .order_by(Ballot.revision)
    ).all()
    kept = {(row.voter_id, row.period): _signals(campaign_id, row) for row in rows}
    if kept:
        put = counts.insert_into(BallotSignals)
        own = ("campaign_id", "voter_id", "period")
        changed = [c.name for c in BallotSignals.__table__.columns if c.name not in own]
        db.session.execute(
            put.on_conflict_do_update(
                index_elements=own, set_={name: put.excluded[name] for name in changed}
            ),
            list(kept.values()),
        )


def _signals(campaign_id: UUID, row: AnyRow) -> dict[str, Any]:
    is_empty = not row.choices
    network, device = _split(None if is_empty else row.origin)
    return {
        "campaign_id": campaign_id,
        "voter_id": row.voter_id,
        "period": row.period,
        "revision": row.revision,
        "ballot_id": row.id,
        "cast_at": row.cast_at,
        "choices_hash": sha256(" ".join(row.choices).encode()).digest()[:HASH_BYTES],
        "network_hash": network,
        "device_hash": device,
        "account_age_days": max(0, (row.cast_at - row.created_at).days),
        "risk": Risk.UNASKED,
        "scored_at": row.cast_at if is_empty else None,
    }


def are_unscored(campaign_id: UUID) -> bool:
    """Whether a sealed ballot was not looked at yet."""
    query = select(
        exists().where(BallotSignals.campaign_id == campaign_id, BallotSignals.scored_at.is_(None))
    )
    return bool(db.session.scalar(query))


def without_rank() -> list[UUID]:
    """Ballots of which WeChat is to be asked, those that wait longest first."""
    query = select(BallotSignals.ballot_id).where(
        BallotSignals.scored_at.is_(None), BallotSignals.risk == Risk.PENDING
    )
    return list(db.session.scalars(query.order_by(BallotSignals.cast_at).limit(ASKED_AT_ONCE)))


def ask_rank(ballot_id: UUID) -> bool:
    """Ask WeChat about the account that cast a ballot, outside any transaction, and note the
    answer. False where it gave none, and may still do so."""
    found = apart(lambda: _account_of(ballot_id), write=False)
    if found is None:
        return False
    openid, cast_at = found
    risk = Risk.UNKNOWN
    if openid is not None and clock.now() < cast_at + SEEN_WITHIN:
        try:
            risk = Risk(wechat.client().user_risk(openid).value)
        except WeChatRefusal:
            if clock.now() < cast_at + PATIENCE:
                return False
    apart(lambda: _note(ballot_id, risk), write=True)
    return True


def _account_of(ballot_id: UUID) -> Any:
    """(openid or None, cast_at), or None where nothing is to be asked any more."""
    return db.session.execute(
        select(WeChatIdentity.openid, BallotSignals.cast_at)
        .select_from(BallotSignals)
        .outerjoin(WeChatIdentity, WeChatIdentity.person_id == BallotSignals.voter_id)
        .where(BallotSignals.ballot_id == ballot_id, BallotSignals.risk == Risk.PENDING)
        .order_by(WeChatIdentity.last_seen_at.desc())
        .limit(1)
    ).one_or_none()


def _note(ballot_id: UUID, risk: Risk) -> None:
    db.session.execute(
        update(BallotSignals)
        .where(BallotSignals.ballot_id == ballot_id, BallotSignals.risk == Risk.PENDING)
        .values(risk=risk)
    )


def forget() -> int:
    """Delete signals of a campaign that is over, a bounded number at once, and what its findings
    had in common; gives how many were deleted."""
    over = select(Campaign.id).where(Campaign.status.in_(OVER))
    some = (
        select(BallotSignals.ballot_id)
        .where(BallotSignals.campaign_id.in_(over))
        .limit(FORGOTTEN_AT_ONCE)
    )
    gone = db.session.execute(delete(BallotSignals).where(BallotSignals.ballot_id.in_(some)))
    db.session.execute(
        update(Finding)
        .where(Finding.campaign_id.in_(over), Finding.group_hash.is_not(None))
        .values(group_hash=None)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
