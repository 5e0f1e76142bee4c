"""What nominations move when two accounts of one person become one.

Ballots stay under the id that cast them; `ballots.cast` finds them there.
"""

from uuid import UUID

from accounts.services import merges
from nominations.models.clues import Clue
from nominations.models.comments import Comment
from nominations.models.consultations import Consultation
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.objections import Objection
from nominations.models.supports import Support
from nominations.services import ballots, supports

FOLLOWING: tuple[merges.Column, ...] = (
    Nomination.nominator_id,
    Nominator.person_id,
    Clue.giver_id,
    Support.person_id,
    Consultation.consultant_id,
    Comment.author_id,
    Nomination.nominator_id,
    Nominator.person_id,
    Objection.objector_id,
)


def follow(lost: UUID, kept: UUID) -> None:
    """Point the nominations of the person to the one who stays, and leave them one ballot."""
    supports.stand_down(lost, kept)
    merges.repoint(FOLLOWING, lost, kept)
    ballots.stand_down(lost, kept)
