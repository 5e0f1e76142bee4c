"""The life of a nomination."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


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


N = NominationStatus

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

EDITABLE = (N.DRAFT, N.SENT_BACK)
"""The states in which a nominator may change the text."""

SUPPORTABLE = (*UNDER_REVIEW, N.SENT_BACK, *SHORTLISTED, N.CANDIDATE)
"""The states in which citizens may support a case (附议), while its campaign still reviews."""

CANDIDATES = (N.CANDIDATE, *SELECTED, N.HONORED, N.NOT_SELECTED)
"""The states of those whom citizens may assess, or could."""
