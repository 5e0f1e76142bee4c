"""States of the nominations package, and the tables of moves between them.

Reduced for the first path; later issues insert judging and noticing between counting and
concluded, and the ladder of reviews between submitted and candidate. Pure.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from core import clock
from core.lifecycle import Lifecycle, Transition


class HonorKind(StrEnum):
    GOOD_PERSON = "good_person"
    """身边好人, 许昌好人."""
    MORAL_MODEL = "moral_model"
    """道德模范."""


class NomineeKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    """人(组): people honoured together under one name."""


class BallotPeriod(StrEnum):
    """How often a person may vote in a campaign."""

    ONCE = "once"
    DAILY = "daily"
    """Anew on every day in Shanghai."""


ONCE = "once"


def period_of(rule: BallotPeriod, at: datetime) -> str:
    """The period that holds `at`: "once", or the day in Shanghai as YYYY-MM-DD."""
    return ONCE if rule is BallotPeriod.ONCE else clock.day_of(at).isoformat()


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    NOMINATING = "nominating"
    REVIEWING = "reviewing"
    """Nominations have closed; what was submitted is reviewed."""
    ASSESSING = "assessing"
    """Citizens cast ballots."""
    COUNTING = "counting"
    """No ballot is accepted any more; the last ones are sealed."""
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class NominationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    CANDIDATE = "candidate"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


C = CampaignStatus
N = NominationStatus

CAMPAIGN = Lifecycle(
    "campaign",
    initial=[C.DRAFT],
    transitions=[
        Transition("announce", (C.DRAFT,), C.ANNOUNCED),
        Transition("open_nominations", (C.ANNOUNCED,), C.NOMINATING),
        Transition("close_nominations", (C.NOMINATING,), C.REVIEWING),
        Transition("open_assessment", (C.REVIEWING,), C.ASSESSING),
        Transition("close_assessment", (C.ASSESSING,), C.COUNTING),
        Transition("conclude", (C.COUNTING,), C.CONCLUDED),
        Transition(
            "cancel",
            (C.DRAFT, C.ANNOUNCED, C.NOMINATING, C.REVIEWING, C.ASSESSING, C.COUNTING),
            C.CANCELLED,
        ),
    ],
)

NOMINATION = Lifecycle(
    "nomination",
    initial=[N.DRAFT],
    transitions=[
        Transition("submit", (N.DRAFT, N.SENT_BACK), N.SUBMITTED),
        Transition("pass", (N.SUBMITTED,), N.CANDIDATE),
        Transition("send_back", (N.SUBMITTED,), N.SENT_BACK),
        Transition("reject", (N.SUBMITTED,), N.REJECTED),
        Transition("withdraw", (N.DRAFT, N.SUBMITTED, N.SENT_BACK, N.CANDIDATE), N.WITHDRAWN),
    ],
)

LIFECYCLES = (CAMPAIGN, NOMINATION)

EDITABLE = (N.DRAFT, N.SENT_BACK)
"""The states in which a nominator may change the text."""

WITH_CANDIDATES = (C.ASSESSING, C.COUNTING, C.CONCLUDED)
"""The states in which candidates are public: not while the list still grows."""

_LIVE = frozenset(CampaignStatus) - {C.DRAFT, C.CONCLUDED, C.CANCELLED}

STAGES: Mapping[str, frozenset[CampaignStatus]] = MappingProxyType(
    {
        "create": frozenset({C.NOMINATING}),
        "update": frozenset({C.NOMINATING, C.REVIEWING}),
        "submit": frozenset({C.NOMINATING}),
        "resubmit": frozenset({C.NOMINATING, C.REVIEWING}),
        "pass": frozenset({C.NOMINATING, C.REVIEWING}),
        "send_back": frozenset({C.NOMINATING, C.REVIEWING}),
        "reject": _LIVE,
        "withdraw": _LIVE,
    }
)
"""What may be done with a nomination, by the state of its campaign. Nobody becomes a candidate
once the assessment is open, so from then on the list of candidates can only shrink."""


class Dated(Protocol):
    """What `due_verb` needs to know of a campaign. Opening instants belong to their stage,
    closing instants do not."""

    @property
    def status(self) -> CampaignStatus: ...
    @property
    def nominations_open_at(self) -> datetime: ...
    @property
    def nominations_close_at(self) -> datetime: ...
    @property
    def assessment_open_at(self) -> datetime: ...
    @property
    def assessment_close_at(self) -> datetime: ...


def due_verb(campaign: Dated, now: datetime) -> str | None:
    """The step that the dates of a campaign call for at `now`, or None. `conclude` has no date:
    it is due as soon as counting begins, and waits for the last ballot to be sealed."""
    match campaign.status:
        case C.ANNOUNCED:
            verb, at = "open_nominations", campaign.nominations_open_at
        case C.NOMINATING:
            verb, at = "close_nominations", campaign.nominations_close_at
        case C.REVIEWING:
            verb, at = "open_assessment", campaign.assessment_open_at
        case C.ASSESSING:
            verb, at = "close_assessment", campaign.assessment_close_at
        case C.COUNTING:
            return "conclude"
        case _:
            return None
    return verb if at <= now else None
