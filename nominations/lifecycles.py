"""States of the nominations package, and the tables of moves between them.

Pure.
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
    FAMILY = "family"
    """最美家庭, 文明家庭."""
    INTEGRITY_UNIT = "integrity_unit"
    """诚信示范街, 市场, 企业, 商户."""


class NomineeKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    """人(组): people honoured together under one name."""
    FAMILY = "family"
    UNIT = "unit"
    """A shop, an enterprise, a street, a market."""


class ListPeriod(StrEnum):
    """How a list counts its issues: the national one was monthly, quarterly, then in batches."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    BATCH = "batch"
    EDITION = "edition"
    """届."""


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
    JUDGING = "judging"
    """The counts stand; the panel judges and the result is made."""
    NOTICING = "noticing"
    """Who was proposed is on public notice; objections are handled."""
    CONCLUDED = "concluded"
    PAUSED = "paused"
    """Stopped for a while with a public reason; goes on where it was."""
    CANCELLED = "cancelled"


class NominationStatus(StrEnum):
    """A passed step of the ladder gives its state; a campaign uses some of the steps."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    COMMUNITY_CHECKED = "community_checked"
    TOWNSHIP_RECOMMENDED = "township_recommended"
    COUNTY_REVIEWED = "county_reviewed"
    CITY_SHORTLISTED = "city_shortlisted"
    CONSULTED = "consulted"
    """All departments have answered, none with a veto."""
    VISITED = "visited"
    CANDIDATE = "candidate"
    PROPOSED = "proposed"
    """In the result, to be put on notice."""
    ON_NOTICE = "on_notice"
    SUSPENDED = "suspended"
    """An objection was accepted; this nominee's notice stands still."""
    APPROVED = "approved"
    """After the notice the office has decided, with minutes and a document number."""
    HONORED = "honored"
    NOT_SELECTED = "not_selected"
    REJECTED = "rejected"
    MERGED = "merged"
    """Goes on as another nomination of the same nominee."""
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


C = CampaignStatus
N = NominationStatus

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

UNDER_REVIEW = (
    N.SUBMITTED,
    N.COMMUNITY_CHECKED,
    N.TOWNSHIP_RECOMMENDED,
    N.COUNTY_REVIEWED,
)
"""Waits for the next step of the ladder."""

SHORTLISTED = (N.CITY_SHORTLISTED, N.CONSULTED, N.VISITED)
"""Above the ladder, not yet a candidate."""

SELECTED = (N.PROPOSED, N.ON_NOTICE, N.SUSPENDED, N.APPROVED)
"""In the result, not yet honoured."""

LIVE = (*UNDER_REVIEW, N.SENT_BACK, *SHORTLISTED, N.CANDIDATE, *SELECTED)
"""Handed in and without an end."""

NOMINATION = Lifecycle(
    "nomination",
    initial=[N.DRAFT],
    transitions=[
        Transition("submit", (N.DRAFT, N.SENT_BACK), N.SUBMITTED),
        Transition(
            "pass",
            UNDER_REVIEW,
            N.COMMUNITY_CHECKED,
            (N.TOWNSHIP_RECOMMENDED, N.COUNTY_REVIEWED, N.CITY_SHORTLISTED, N.CANDIDATE),
        ),
        Transition("send_back", UNDER_REVIEW, N.SENT_BACK),
        Transition("reject", (*UNDER_REVIEW, *SHORTLISTED), N.REJECTED),
        Transition("merge", (*UNDER_REVIEW, N.SENT_BACK, *SHORTLISTED), N.MERGED),
        Transition("consult", (N.CITY_SHORTLISTED,), N.CONSULTED),
        Transition("visit", (N.CITY_SHORTLISTED, N.CONSULTED), N.VISITED),
        Transition("admit", SHORTLISTED, N.CANDIDATE),
        Transition("propose", (N.CANDIDATE,), N.PROPOSED),
        Transition("put_on_notice", (N.PROPOSED,), N.ON_NOTICE),
        Transition("suspend", (N.ON_NOTICE,), N.SUSPENDED),
        Transition("resume", (N.SUSPENDED,), N.ON_NOTICE),
        Transition("approve", (N.ON_NOTICE, N.PROPOSED), N.APPROVED),
        Transition("honor", (N.APPROVED,), N.HONORED),
        Transition("pass_over", (N.CANDIDATE, N.PROPOSED), N.NOT_SELECTED),
        Transition("withdraw", (N.DRAFT, *LIVE), N.WITHDRAWN),
        Transition("remove", LIVE, N.REMOVED),
    ],
)


class HonorStatus(StrEnum):
    GRANTED = "granted"
    SUSPENDED = "suspended"
    """Under examination: not shown on the roll, and its benefits rest."""
    REVOKED = "revoked"


HONOR = Lifecycle(
    "honor",
    initial=[HonorStatus.GRANTED],
    transitions=[
        Transition("suspend", (HonorStatus.GRANTED,), HonorStatus.SUSPENDED),
        Transition("restore", (HonorStatus.SUSPENDED,), HonorStatus.GRANTED),
        Transition("revoke", (HonorStatus.GRANTED, HonorStatus.SUSPENDED), HonorStatus.REVOKED),
    ],
)


class ReferralStatus(StrEnum):
    PREPARED = "prepared"
    SENT = "sent"
    LISTED = "listed"
    NOT_LISTED = "not_listed"
    WITHDRAWN = "withdrawn"


REFERRAL = Lifecycle(
    "referral",
    initial=[ReferralStatus.PREPARED],
    transitions=[
        Transition("send", (ReferralStatus.PREPARED,), ReferralStatus.SENT),
        Transition("list", (ReferralStatus.SENT,), ReferralStatus.LISTED),
        Transition("not_list", (ReferralStatus.SENT,), ReferralStatus.NOT_LISTED),
        Transition(
            "withdraw", (ReferralStatus.PREPARED, ReferralStatus.SENT), ReferralStatus.WITHDRAWN
        ),
    ],
)


class HardshipStatus(StrEnum):
    APPLIED = "applied"
    PROPOSED = "proposed"
    """The county has looked and proposes help."""
    APPROVED = "approved"
    """The city has checked and agrees."""
    HELPED = "helped"
    REJECTED = "rejected"
    ENDED = "ended"
    """The honour was revoked before help was given."""


HARDSHIP = Lifecycle(
    "hardship_case",
    initial=[HardshipStatus.APPLIED],
    transitions=[
        Transition("propose", (HardshipStatus.APPLIED,), HardshipStatus.PROPOSED),
        Transition("approve", (HardshipStatus.PROPOSED,), HardshipStatus.APPROVED),
        Transition("complete", (HardshipStatus.APPROVED,), HardshipStatus.HELPED),
        Transition(
            "reject", (HardshipStatus.APPLIED, HardshipStatus.PROPOSED), HardshipStatus.REJECTED
        ),
        Transition(
            "end",
            (HardshipStatus.APPLIED, HardshipStatus.PROPOSED, HardshipStatus.APPROVED),
            HardshipStatus.ENDED,
        ),
    ],
)


class CareStatus(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


CARE_VISIT = Lifecycle(
    "care_visit",
    initial=[CareStatus.PLANNED],
    transitions=[
        Transition("complete", (CareStatus.PLANNED,), CareStatus.DONE),
        Transition("cancel", (CareStatus.PLANNED,), CareStatus.CANCELLED),
    ],
)

LIFECYCLES = (CAMPAIGN, NOMINATION, HONOR, REFERRAL, HARDSHIP, CARE_VISIT)

EDITABLE = (N.DRAFT, N.SENT_BACK)
"""The states in which a nominator may change the text."""

CANDIDATES = (N.CANDIDATE, *SELECTED, N.HONORED, N.NOT_SELECTED)
"""The states of those whom citizens may assess, or could."""

WITH_CANDIDATES = (C.ASSESSING, C.COUNTING, C.JUDGING, C.NOTICING, C.CONCLUDED)
"""The states in which candidates are public: not while the list still grows."""

WITH_FINAL_COUNTS = (C.JUDGING, C.NOTICING, C.CONCLUDED)
"""The states in which hidden counts are shown."""

_LIVE = frozenset(RUNNING) | {C.PAUSED}
_REVIEWED = frozenset({C.NOMINATING, C.REVIEWING})

STAGES: Mapping[str, frozenset[CampaignStatus]] = MappingProxyType(
    {
        "create": frozenset({C.NOMINATING}),
        "update": _REVIEWED,
        "submit": frozenset({C.NOMINATING}),
        "resubmit": _REVIEWED,
        "pass": _REVIEWED,
        "send_back": _REVIEWED,
        "merge": _REVIEWED,
        "admit": _REVIEWED,
        "reject": _LIVE,
        "withdraw": _LIVE,
        "remove": _LIVE,
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
    """The step that the dates of a campaign call for at `now`, or None. `finish_counting` has no
    date: it is due as soon as counting begins, and waits for the last ballot to be sealed."""
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
            return "finish_counting"
        case _:
            return None
    return verb if at <= now else None
