"""What nominations move when two accounts of one person become one.

Ballots stay under the id that cast them; `ballots.cast` finds them there.
"""

from uuid import UUID

from accounts.services import merges
from nominations.models.nominations import Nomination

FOLLOWING: tuple[merges.Column, ...] = (Nomination.nominator_id,)


def follow(lost: UUID, kept: UUID) -> None:
    """Point the nominations of the person to the one who stays."""
    merges.repoint(FOLLOWING, lost, kept)
