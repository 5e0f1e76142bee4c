"""The life of a campaign, and the step that its dates call for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from core.lifecycle import Lifecycle, Transition


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
    JUDGING = "judging"
    """The counts stand; the panel judges and the result is made."""
    NOTICING = "noticing"
    """Who was proposed is on public notice; objections are handled."""
    CONCLUDED = "concluded"
    PAUSED = "paused"
    """Stopped for a while with a public reason; goes on where it was."""
    CANCELLED = "cancelled"


C = CampaignStatus

RUNNING = (
    C.ANNOUNCED,
    C.NOMINATING,
    C.REVIEWING,
    C.ASSESSING,
    C.COUNTING,
    C.JUDGING,
    C.NOTICING,
)
"""From the announcement to the end, in order."""

CAMPAIGN = Lifecycle(
    "campaign",
    initial=[C.DRAFT],
    transitions=[
        Transition("announce", (C.DRAFT,), C.ANNOUNCED),
        Transition("open_nominations", (C.ANNOUNCED,), C.NOMINATING),
        Transition("close_nominations", (C.NOMINATING,), C.REVIEWING),
        Transition("reopen_nominations", (C.REVIEWING,), C.NOMINATING),
        Transition("open_assessment", (C.REVIEWING,), C.ASSESSING),
        Transition("close_assessment", (C.ASSESSING,), C.COUNTING),
        Transition("finish_counting", (C.COUNTING,), C.JUDGING),
        Transition("skip_assessment", (C.REVIEWING,), C.JUDGING),
        Transition("open_notice", (C.JUDGING,), C.NOTICING),
        Transition("conclude", (C.NOTICING,), C.CONCLUDED),
        Transition("pause", RUNNING, C.PAUSED),
        Transition("resume", (C.PAUSED,), RUNNING[0], RUNNING[1:]),
        Transition("cancel", (C.DRAFT, *RUNNING, C.PAUSED), C.CANCELLED),
    ],
)

WITH_CANDIDATES = (C.ASSESSING, C.COUNTING, C.JUDGING, C.NOTICING, C.CONCLUDED)
"""The states in which candidates are public: not while the list still grows."""

WITH_FINAL_COUNTS = (C.JUDGING, C.NOTICING, C.CONCLUDED)
"""The states in which hidden counts are shown."""


class CampaignDate(StrEnum):
    """The published instants of a campaign, by the names of their columns, in order of time."""

    NOMINATIONS_OPEN_AT = "nominations_open_at"
    NOMINATIONS_CLOSE_AT = "nominations_close_at"
    REVIEW_CLOSE_AT = "review_close_at"
    """Only of a campaign without an assessment: when the panel begins."""
    ASSESSMENT_OPEN_AT = "assessment_open_at"
    ASSESSMENT_CLOSE_AT = "assessment_close_at"
    JUDGING_CLOSE_AT = "judging_close_at"


D = CampaignDate

STILL_AHEAD: Mapping[CampaignStatus, tuple[CampaignDate, ...]] = MappingProxyType(
    {
        C.ANNOUNCED: tuple(D),
        C.NOMINATING: tuple(D)[1:],
        C.REVIEWING: tuple(D)[2:],
        C.ASSESSING: tuple(D)[4:],
        C.COUNTING: tuple(D)[5:],
        C.JUDGING: tuple(D)[5:],
    }
)
"""The dates whose step was not taken yet, by the state of the campaign: those that may move."""


class Dated(Protocol):
    """What `next_step` needs to know of a campaign. Opening instants belong to their stage,
    closing instants do not. A campaign has either an assessment or the end of its review."""

    @property
    def status(self) -> CampaignStatus: ...
    @property
    def nominations_open_at(self) -> datetime: ...
    @property
    def nominations_close_at(self) -> datetime: ...
    @property
    def review_close_at(self) -> datetime | None: ...
    @property
    def assessment_open_at(self) -> datetime | None: ...
    @property
    def assessment_close_at(self) -> datetime | None: ...
    @property
    def judging_close_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class NextStep:
    """`date` is None for `finish_counting`: it is due as soon as counting begins, and waits for
    the last ballot to be sealed."""

    verb: str
    date: CampaignDate | None
    at: datetime | None
    """None: no date was set, so only an administrator takes the step."""

    def is_due(self, now: datetime) -> bool:
        return self.date is None or (self.at is not None and self.at <= now)


def next_step(campaign: Dated, status: CampaignStatus) -> NextStep | None:
    """The step that a campaign in `status` takes by its dates, or None."""
    match status:
        case C.ANNOUNCED:
            verb, date = "open_nominations", D.NOMINATIONS_OPEN_AT
        case C.NOMINATING:
            verb, date = "close_nominations", D.NOMINATIONS_CLOSE_AT
        case C.REVIEWING if campaign.review_close_at is not None:
            verb, date = "skip_assessment", D.REVIEW_CLOSE_AT
        case C.REVIEWING:
            verb, date = "open_assessment", D.ASSESSMENT_OPEN_AT
        case C.ASSESSING:
            verb, date = "close_assessment", D.ASSESSMENT_CLOSE_AT
        case C.COUNTING:
            return NextStep("finish_counting", None, None)
        case C.JUDGING:
            verb, date = "open_notice", D.JUDGING_CLOSE_AT
        case _:
            return None
    return NextStep(verb, date, getattr(campaign, date))


def due_verb(campaign: Dated, now: datetime) -> str | None:
    """The step that the dates of a campaign call for at `now`, or None."""
    step = next_step(campaign, campaign.status)
    return step.verb if step is not None and step.is_due(now) else None
