"""Panel, result, notice and objection."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.lifecycle import Lifecycle, Transition


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


class BallotFate(StrEnum):
    """What becomes of a ballot that looks bought."""

    VOIDED = "voided"
    RESTORED = "restored"
    """It counts like any other."""
    QUARANTINED = "quarantined"
    """Sealed and not counted, until it is ruled on."""


class RulingStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class RulingReason(StrEnum):
    """Codes, since they stand in the public log, where no free text may."""

    BOUGHT = "bought"
    """刷票、买票."""
    MACHINE_CAST = "machine_cast"
    """程序自动投票."""
    BORROWED_ACCOUNTS = "borrowed_accounts"
    """收集或冒用他人账号."""
    SHARED_NETWORK = "shared_network"
    """学校、单位、运营商的共用出口."""
    JOINT_EVENT = "joint_event"
    """线下活动中集中投票."""
    HELPED_VOTERS = "helped_voters"
    """家人或帮办员协助操作, 本人自愿."""
    NOT_PROVEN = "not_proven"
    """查无实据."""


RULING_REASONS: Mapping[BallotFate, tuple[RulingReason, ...]] = MappingProxyType(
    {
        BallotFate.VOIDED: (
            RulingReason.BOUGHT,
            RulingReason.MACHINE_CAST,
            RulingReason.BORROWED_ACCOUNTS,
        ),
        BallotFate.RESTORED: (
            RulingReason.SHARED_NETWORK,
            RulingReason.JOINT_EVENT,
            RulingReason.HELPED_VOTERS,
            RulingReason.NOT_PROVEN,
        ),
    }
)

RULING = Lifecycle(
    "ruling",
    initial=[RulingStatus.PROPOSED],
    transitions=[
        Transition("approve", (RulingStatus.PROPOSED,), RulingStatus.APPROVED),
        Transition("decline", (RulingStatus.PROPOSED,), RulingStatus.DECLINED),
    ],
)

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
