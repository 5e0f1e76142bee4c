"""Honours and what follows."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


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
