"""What the minutes of a panel say (评委会会议纪要). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody who accepted a seat. `judged` and `recused` count nominees."""

    name: str
    unit: str | None
    judged: int
    recused: int
    recused_for: Sequence[str]
    """Names of nominees, as they may be shown."""

    @property
    def is_present(self) -> bool:
        """Whether the member took part at all."""
        return self.judged > 0


@dataclass(frozen=True, slots=True)
class NomineeLine:
    """How a nominee fared; either a mean of marks (0 to 100) or a count of secret votes."""

    name: str
    category: str
    eligible: int
    judged: int
    mean: Decimal | None
    approvals: int | None


@dataclass(frozen=True, slots=True)
class Minutes:
    campaign_title: str
    is_secret: bool
    opened_at: datetime
    closed_at: datetime
    members: Sequence[MemberLine]
    nominees: Sequence[NomineeLine]

    @property
    def present(self) -> int:
        return sum(member.is_present for member in self.members)

    @property
    def absent(self) -> int:
        return len(self.members) - self.present
