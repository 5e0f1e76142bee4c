"""Names of voters in the public log: stable within a campaign and period, and unlinkable across.

They come from a key of the campaign, which lives outside the database and is destroyed after the
objection period: from then on nobody can tell, from a person, which leaves are theirs.
"""

import hashlib
import hmac
from collections.abc import Callable
from uuid import UUID

from core.key_store import key_store
from nominations.services import public_log

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


def forget(campaign_id: UUID) -> bool:
    """Destroy the key; gives whether there was one."""
    return key_store().destroy(_name(campaign_id))


def _name(campaign_id: UUID) -> str:
    return str(campaign_id)
