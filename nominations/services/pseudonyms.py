"""Names of voters in the public log: stable within a campaign and period, and unlinkable across.

They come from a key of the campaign, which lives outside the database and is destroyed after the
objection period: from then on nobody can tell, from a person, which leaves are theirs.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, exists, select, update

from core import clock
from core.db import db
from core.key_store import key_store
from nominations import leaves
from nominations.lifecycles import UNDECIDED, CampaignStatus
from nominations.models.ballots import UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.notices import Notice
from nominations.models.objections import Objection
from nominations.models.public_log import PublicLog
from nominations.services import checkpoints, public_log

HEX_DIGITS = 32
"""128 bits: millions of voters of a campaign never meet."""


def keep(campaign_id: UUID) -> None:
    """Make the key of a campaign, once."""
    key_store().make(_name(campaign_id))


def of_campaign(campaign_id: UUID) -> Callable[[UUID, str], str]:
    """From a voter and a period to the pseudonym. Once a ballot stands in the log, no other key
    is made: the same voter would count as two.

    Raises KeyMissing."""
    name = _name(campaign_id)
    has_begun = public_log.has_ballots(campaign_id)
    key = key_store().read(name) if has_begun else key_store().make(name)

    def pseudonym(voter_id: UUID, period: str) -> str:
        message = f"voter:{voter_id}:{period}".encode()
        return hmac.digest(key, message, hashlib.sha256).hex()[:HEX_DIGITS]

    return pseudonym


def salt(campaign_id: UUID, purpose: str) -> str:
    """Hex that nobody can guess before it is told, for a commitment. Raises KeyMissing."""
    key = key_store().make(_name(campaign_id))
    return hmac.digest(key, f"salt:{purpose}".encode(), hashlib.sha256).hex()


def to_forget() -> list[UUID]:
    """Campaigns that are over, with nothing left that anybody objected to, and a key still."""
    pending = exists().where(
        Objection.notice_id == Notice.id,
        Notice.campaign_id == Campaign.id,
        Objection.status.in_(UNDECIDED),
    )
    waiting = exists().where(UnsealedBallot.campaign_id == Campaign.id)
    query = (
        select(Campaign.id)
        .join(PublicLog, PublicLog.campaign_id == Campaign.id)
        .where(
            Campaign.status.in_((CampaignStatus.CONCLUDED, CampaignStatus.CANCELLED)),
            PublicLog.peaks.is_not(None),
            PublicLog.key_destroyed_at.is_(None),
            ~pending,
            ~waiting,
        )
    )
    return list(db.session.scalars(query))


def decide_to_forget(campaign_id: UUID) -> None:
    """Say in the log, once, that the key is destroyed, with a checkpoint after it."""
    now = clock.now()
    public_log.lock(campaign_id)
    decided = db.session.execute(
        update(PublicLog)
        .where(PublicLog.campaign_id == campaign_id, PublicLog.key_destroyed_at.is_(None))
        .values(key_destroyed_at=now)
        .execution_options(synchronize_session=False, preserve_rowcount=True)
    )
    if cast("CursorResult[Any]", decided).rowcount != 1:
        return
    campaign = db.session.get_one(Campaign, campaign_id)
    leaf = leaves.transition(
        str(campaign_id), verb="destroy_key", to=campaign.status, hour=leaves.hour_of(now)
    )
    public_log.append(campaign_id, [leaf])
    checkpoints.write(campaign_id)


def decided() -> list[UUID]:
    """Campaigns whose key shall go, and is still there."""
    query = select(PublicLog.campaign_id).where(PublicLog.key_destroyed_at.is_not(None))
    return [id_ for id_ in db.session.scalars(query) if not key_store().is_destroyed(_name(id_))]


def forget(campaign_id: UUID) -> bool:
    """Destroy the key's file; gives whether there was one."""
    return key_store().destroy(_name(campaign_id))


def missing() -> list[UUID]:
    """Campaigns with ballots in the log whose key should be here and is not: theirs can't be sealed
    any more."""
    query = select(PublicLog.campaign_id).where(
        PublicLog.peaks.is_not(None), PublicLog.ballots > 0, PublicLog.key_destroyed_at.is_(None)
    )
    return [id_ for id_ in db.session.scalars(query) if not key_store().has(_name(id_))]


def _name(campaign_id: UUID) -> str:
    return str(campaign_id)
