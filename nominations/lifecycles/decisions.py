"""Panel, result, notice and objection."""

from enum import StrEnum

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
