"""States of the nominations package, and the tables of moves between them.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


class Verdict(StrEnum):
    """What a line in the history of a case says."""

    OPINION = "opinion"
    """Somebody's view, which decides nothing."""
    PASS = "pass"  # noqa: S105 - a verdict
    SEND_BACK = "send_back"
    REJECT = "reject"
    TRANSFER = "transfer"
    PASSED_UP = "passed_up"
    """The step had nobody to decide."""
    ADMIT = "admit"


class StepDecision(StrEnum):
    """What a reviewer may decide together with an opinion."""

    PASS = "pass"  # noqa: S105 - a verdict
    SEND_BACK = "send_back"
    REJECT = "reject"


DECISIONS = (Verdict.PASS, Verdict.SEND_BACK, Verdict.REJECT, Verdict.ADMIT)
"""Verdicts after which a person may not decide the same case on another step."""

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


class ClueStatus(StrEnum):
    """线索: who might deserve it, told in a few words."""

    RECEIVED = "received"
    COMPLETED = "completed"
    """A nomination was made of it."""
    ANSWERED = "answered"
    """Closed with an answer instead."""


class ResultStatus(StrEnum):
    DRAFT = "draft"
    FIXED = "fixed"
    """Decided by another person; the selected are proposed."""
    SUPERSEDED = "superseded"
    """Computed anew before it was fixed."""


class NoticeKind(StrEnum):
    CANDIDATES = "candidates"
    """Of those who will be assessed; it moves nobody's state."""
    WINNERS = "winners"
    REPLACEMENT = "replacement"
    """Of whoever moved up for a nominee who was removed."""


class NoticeStatus(StrEnum):
    SCHEDULED = "scheduled"
    """Not public before its first day."""
    OPEN = "open"
    EXTENDED = "extended"
    """Open, with a later last day than was said first, for a public reason."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ObjectionChannel(StrEnum):
    APP = "app"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"


class ObjectionStatus(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    """It is looked into; a nominee on notice stands still meanwhile."""
    NOT_ACCEPTED = "not_accepted"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


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

BEFORE_CANDIDACY = (*UNDER_REVIEW, *SHORTLISTED)
"""Handed in, not shown to the public yet: the text is still looked at."""

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
        Transition("transfer", UNDER_REVIEW, N.SUBMITTED),
        Transition("refuse_text", BEFORE_CANDIDACY, N.SENT_BACK),
        Transition("reject", (*UNDER_REVIEW, N.SENT_BACK, *SHORTLISTED), N.REJECTED),
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


class ConsentStatus(StrEnum):
    """What became of asking a nominee, or who speaks for them."""

    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Not answered in time, asked anew, or given for somebody else than the case now names."""
    WITHDRAWN = "withdrawn"


CONSENT = Lifecycle(
    "nominee_consent",
    initial=[ConsentStatus.ASKED, ConsentStatus.GIVEN],
    transitions=[
        Transition("give", (ConsentStatus.ASKED,), ConsentStatus.GIVEN),
        Transition("decline", (ConsentStatus.ASKED,), ConsentStatus.DECLINED),
        Transition("withdraw_consent", (ConsentStatus.GIVEN,), ConsentStatus.WITHDRAWN),
        Transition("lapse", (ConsentStatus.ASKED, ConsentStatus.GIVEN), ConsentStatus.LAPSED),
    ],
)


class ConsultationStatus(StrEnum):
    """A department's opinion; an answer is final."""

    ASKED = "asked"
    AGREED = "agreed"
    VETOED = "vetoed"


CONSULTATION = Lifecycle(
    "consultation",
    initial=[ConsultationStatus.ASKED],
    transitions=[
        Transition(
            "answer",
            (ConsultationStatus.ASKED,),
            ConsultationStatus.AGREED,
            (ConsultationStatus.VETOED,),
        )
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


CLUE = Lifecycle(
    "clue",
    initial=[ClueStatus.RECEIVED],
    transitions=[
        Transition("transfer", (ClueStatus.RECEIVED,), ClueStatus.RECEIVED),
        Transition("complete", (ClueStatus.RECEIVED,), ClueStatus.COMPLETED),
        Transition("answer", (ClueStatus.RECEIVED,), ClueStatus.ANSWERED),
    ],
)


class ConfirmationStatus(StrEnum):
    """What the committee of the police says of an act of bravery (见义勇为确认)."""

    APPLIED = "applied"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


CONFIRMATION = Lifecycle(
    "confirmation",
    initial=[ConfirmationStatus.APPLIED],
    transitions=[
        Transition("confirm", (ConfirmationStatus.APPLIED,), ConfirmationStatus.CONFIRMED),
        Transition("refuse", (ConfirmationStatus.APPLIED,), ConfirmationStatus.REFUSED),
    ],
)


class AttachmentStatus(StrEnum):
    HIDDEN = "hidden"
    """Seen by the nominator and reviewers only, until a moderator has looked."""
    CLEARED = "cleared"
    REFUSED = "refused"
    REMOVED = "removed"


KEPT_ATTACHMENTS = (AttachmentStatus.HIDDEN, AttachmentStatus.CLEARED)
"""Belongs to its case and takes one of the places there."""

ATTACHMENT = Lifecycle(
    "attachment",
    initial=[AttachmentStatus.HIDDEN],
    transitions=[
        Transition("clear", (AttachmentStatus.HIDDEN,), AttachmentStatus.CLEARED),
        Transition("refuse", KEPT_ATTACHMENTS, AttachmentStatus.REFUSED),
        Transition("remove", KEPT_ATTACHMENTS, AttachmentStatus.REMOVED),
    ],
)


class CommentStatus(StrEnum):
    PENDING = "pending"
    """WeChat's check was not sure, or gave no opinion: a moderator looks first."""
    SHOWN = "shown"
    HIDDEN = "hidden"
    REMOVED = "removed"
    """Taken back by its author."""


COMMENT = Lifecycle(
    "comment",
    initial=[CommentStatus.PENDING, CommentStatus.SHOWN],
    transitions=[
        Transition("show", (CommentStatus.PENDING, CommentStatus.HIDDEN), CommentStatus.SHOWN),
        Transition("hide", (CommentStatus.PENDING, CommentStatus.SHOWN), CommentStatus.HIDDEN),
        Transition(
            "remove",
            (CommentStatus.PENDING, CommentStatus.SHOWN, CommentStatus.HIDDEN),
            CommentStatus.REMOVED,
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


class PanelStatus(StrEnum):
    FORMED = "formed"
    """Members are invited and declare their conflicts."""
    SCORING = "scoring"
    CLOSED = "closed"


class PanelistStatus(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


PANEL = Lifecycle(
    "panel",
    initial=[PanelStatus.FORMED],
    transitions=[
        Transition("open_judging", (PanelStatus.FORMED,), PanelStatus.SCORING),
        Transition("close_judging", (PanelStatus.SCORING,), PanelStatus.CLOSED),
    ],
)

PANELIST = Lifecycle(
    "panelist",
    initial=[PanelistStatus.INVITED],
    transitions=[
        Transition("accept", (PanelistStatus.INVITED,), PanelistStatus.ACCEPTED),
        Transition("decline", (PanelistStatus.INVITED,), PanelistStatus.DECLINED),
        Transition(
            "remove", (PanelistStatus.INVITED, PanelistStatus.ACCEPTED), PanelistStatus.REMOVED
        ),
    ],
)


RESULT = Lifecycle(
    "result",
    initial=[ResultStatus.DRAFT],
    transitions=[
        Transition("fix", (ResultStatus.DRAFT,), ResultStatus.FIXED),
        Transition("supersede", (ResultStatus.DRAFT,), ResultStatus.SUPERSEDED),
    ],
)


NOTICE = Lifecycle(
    "notice",
    initial=[NoticeStatus.SCHEDULED],
    transitions=[
        Transition("open", (NoticeStatus.SCHEDULED,), NoticeStatus.OPEN),
        Transition(
            "extend",
            (NoticeStatus.OPEN, NoticeStatus.EXTENDED, NoticeStatus.CLOSED),
            NoticeStatus.EXTENDED,
        ),
        Transition("close", (NoticeStatus.OPEN, NoticeStatus.EXTENDED), NoticeStatus.CLOSED),
        Transition(
            "withdraw",
            (NoticeStatus.SCHEDULED, NoticeStatus.OPEN, NoticeStatus.EXTENDED),
            NoticeStatus.WITHDRAWN,
        ),
    ],
)
"""A closed one is extended only for a nominee whose days stood still meanwhile."""

OBJECTION = Lifecycle(
    "objection",
    initial=[ObjectionStatus.FILED],
    transitions=[
        Transition("accept", (ObjectionStatus.FILED,), ObjectionStatus.ACCEPTED),
        Transition("not_accept", (ObjectionStatus.FILED,), ObjectionStatus.NOT_ACCEPTED),
        Transition("uphold", (ObjectionStatus.ACCEPTED,), ObjectionStatus.UPHELD),
        Transition("dismiss", (ObjectionStatus.ACCEPTED,), ObjectionStatus.DISMISSED),
    ],
)


SHOWN = (NoticeStatus.OPEN, NoticeStatus.EXTENDED)
"""The states of a notice whose days run."""

UNDECIDED = (ObjectionStatus.FILED, ObjectionStatus.ACCEPTED)
"""The states of an objection that somebody still has to decide."""

SCREENING = ("pass", "send_back", "reject", "consult", "visit", "admit")
"""Verbs by which staff judge a case on its way: whoever did one handles no objection to it."""


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

LIFECYCLES = (
    CAMPAIGN,
    NOMINATION,
    CONSENT,
    CLUE,
    CONSULTATION,
    CONFIRMATION,
    ATTACHMENT,
    COMMENT,
    PANEL,
    PANELIST,
    RESULT,
    NOTICE,
    OBJECTION,
    HONOR,
    REFERRAL,
    HARDSHIP,
    CARE_VISIT,
)

EDITABLE = (N.DRAFT, N.SENT_BACK)
"""The states in which a nominator may change the text."""

SUPPORTABLE = (*UNDER_REVIEW, N.SENT_BACK, *SHORTLISTED, N.CANDIDATE)
"""The states in which citizens may support a case (附议), while its campaign still reviews."""

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
        "refuse_text": _REVIEWED,
        "merge": _REVIEWED,
        "support": _REVIEWED,
        "give_clue": frozenset({C.ANNOUNCED, C.NOMINATING}),
        "admit": _REVIEWED,
        "identify": _REVIEWED,
        "screen": _REVIEWED,
        "transfer": _REVIEWED,
        "consult": _REVIEWED,
        "visit": _REVIEWED,
        "confirm": _LIVE,
        "withhold": _LIVE,
        "reject": _LIVE,
        "withdraw": _LIVE,
        "remove": _LIVE,
        "comment": frozenset({C.ASSESSING, C.COUNTING, C.JUDGING, C.NOTICING}),
        "invite": _LIVE - {C.NOTICING, C.PAUSED},
        "declare": frozenset({C.ASSESSING, C.COUNTING, C.JUDGING}),
        "judge": frozenset({C.JUDGING}),
        "propose_withheld": frozenset({C.JUDGING, C.NOTICING}),
        "notice_candidates": frozenset({C.REVIEWING, C.ASSESSING}),
        "notice_winners": frozenset({C.JUDGING, C.NOTICING}),
        "waive_notice": frozenset({C.JUDGING, C.NOTICING}),
        "approve": frozenset({C.NOTICING}),
    }
)
"""What may be done with a nomination, and by its panel, in each state of the campaign. Nobody
becomes a candidate once the assessment is open, so from then on their list can only shrink."""


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
