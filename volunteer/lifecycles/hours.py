"""What is claimed, contested and certified about hours."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class BackfillStatus(StrEnum):
    CLAIMED = "claimed"
    ON_NOTICE = "on_notice"
    """Approved by a second person, and listed inside the organisation; not in the ledger yet."""
    CONTESTED = "contested"
    """Somebody objected within the notice; site staff look into it."""
    RECORDED = "recorded"
    """An entry in the honorary ledger."""
    REJECTED = "rejected"
    LAPSED = "lapsed"
    """By the end of the notice the same time had been counted from an attendance."""
    VOIDED = "voided"
    """Found false."""


BACKFILL = Lifecycle(
    "backfill",
    initial=[BackfillStatus.CLAIMED],
    transitions=[
        Transition("approve", (BackfillStatus.CLAIMED,), BackfillStatus.ON_NOTICE),
        Transition("reject", (BackfillStatus.CLAIMED,), BackfillStatus.REJECTED),
        Transition("contest", (BackfillStatus.ON_NOTICE,), BackfillStatus.CONTESTED),
        Transition("clear", (BackfillStatus.CONTESTED,), BackfillStatus.ON_NOTICE),
        Transition("record", (BackfillStatus.ON_NOTICE,), BackfillStatus.RECORDED),
        Transition("lapse", (BackfillStatus.ON_NOTICE,), BackfillStatus.LAPSED),
        Transition(
            "void",
            (BackfillStatus.ON_NOTICE, BackfillStatus.CONTESTED, BackfillStatus.RECORDED),
            BackfillStatus.VOIDED,
        ),
    ],
)


class DisputeStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


DISPUTE = Lifecycle(
    "dispute",
    initial=[DisputeStatus.OPEN],
    transitions=[
        Transition("uphold", (DisputeStatus.OPEN,), DisputeStatus.UPHELD),
        Transition("dismiss", (DisputeStatus.OPEN,), DisputeStatus.DISMISSED),
    ],
)


class FlagStatus(StrEnum):
    RAISED = "raised"
    CLOSED = "closed"


FLAG = Lifecycle(
    "flag",
    initial=[FlagStatus.RAISED],
    transitions=[Transition("close", (FlagStatus.RAISED,), FlagStatus.CLOSED)],
)


class CertificateStatus(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"
    """An entry on which it rests was corrected."""


CERTIFICATE = Lifecycle(
    "certificate",
    initial=[CertificateStatus.ISSUED],
    transitions=[
        Transition("revoke", (CertificateStatus.ISSUED,), CertificateStatus.REVOKED),
    ],
)
