"""Organisations, who belongs to them, and the projects that they propose."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class OrganizationStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    """Keeps what it has published, and begins nothing new."""
    DISSOLVED = "dissolved"


ORGANIZATION = Lifecycle(
    "organization",
    initial=[OrganizationStatus.APPLIED],
    transitions=[
        Transition("approve", (OrganizationStatus.APPLIED,), OrganizationStatus.APPROVED),
        Transition("reject", (OrganizationStatus.APPLIED,), OrganizationStatus.REJECTED),
        Transition("suspend", (OrganizationStatus.APPROVED,), OrganizationStatus.SUSPENDED),
        Transition("restore", (OrganizationStatus.SUSPENDED,), OrganizationStatus.APPROVED),
        Transition(
            "dissolve",
            (OrganizationStatus.APPROVED, OrganizationStatus.SUSPENDED),
            OrganizationStatus.DISSOLVED,
        ),
    ],
)


class MembershipStatus(StrEnum):
    APPLIED = "applied"
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"
    """The person went, or took the application back."""
    REMOVED = "removed"


MEMBERSHIP = Lifecycle(
    "membership",
    initial=[MembershipStatus.APPLIED, MembershipStatus.ACTIVE],
    transitions=[
        Transition("accept", (MembershipStatus.APPLIED,), MembershipStatus.ACTIVE),
        Transition("decline", (MembershipStatus.APPLIED,), MembershipStatus.DECLINED),
        Transition(
            "leave", (MembershipStatus.APPLIED, MembershipStatus.ACTIVE), MembershipStatus.LEFT
        ),
        Transition("remove", (MembershipStatus.ACTIVE,), MembershipStatus.REMOVED),
    ],
)


class ProjectStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    CLOSED = "closed"
    """Over: no new activities."""


EDITABLE_PROJECT = (ProjectStatus.DRAFT, ProjectStatus.SENT_BACK)
"""In these states the organisation may still change the text."""


PROJECT = Lifecycle(
    "project",
    initial=[ProjectStatus.DRAFT],
    transitions=[
        Transition("submit", EDITABLE_PROJECT, ProjectStatus.SUBMITTED),
        Transition("approve", (ProjectStatus.SUBMITTED,), ProjectStatus.APPROVED),
        Transition("send_back", (ProjectStatus.SUBMITTED,), ProjectStatus.SENT_BACK),
        Transition("reject", (ProjectStatus.SUBMITTED,), ProjectStatus.REJECTED),
        Transition("close", (ProjectStatus.APPROVED,), ProjectStatus.CLOSED),
    ],
)
