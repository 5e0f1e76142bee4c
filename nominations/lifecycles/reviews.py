"""What belongs to a case: clues, consents, opinions, files, comments."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


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


class ClueStatus(StrEnum):
    """线索: who might deserve it, told in a few words."""

    RECEIVED = "received"
    COMPLETED = "completed"
    """A nomination was made of it."""
    ANSWERED = "answered"
    """Closed with an answer instead."""


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

SCREENING = ("pass", "send_back", "reject", "consult", "visit", "admit")
"""Verbs by which staff judge a case on its way: whoever did one handles no objection to it."""
