"""Services that citizens order."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class ServiceRequestStatus(StrEnum):
    SUBMITTED = "submitted"
    """The staff of the site decide who serves."""
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    """A team was asked and answers."""
    OPENED = "opened"
    """On the board, for teams to take."""
    DECLINED = "declined"
    """The team can't, even after it accepted, or never answered: the staff look for another way."""
    ACCEPTED = "accepted"
    IN_SERVICE = "in_service"
    DONE = "done"
    """Served and reported; the requester may rate."""
    RATED = "rated"
    FOLLOW_UP = "follow_up"
    """Rated low: not closed before the staff wrote down what was done about it."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


ENDED_SERVICE_REQUEST = (
    ServiceRequestStatus.REJECTED,
    ServiceRequestStatus.CLOSED,
    ServiceRequestStatus.WITHDRAWN,
)


SERVICE_REQUEST = Lifecycle(
    "service_request",
    initial=[ServiceRequestStatus.SUBMITTED],
    transitions=[
        Transition(
            "reject",
            (
                ServiceRequestStatus.SUBMITTED,
                ServiceRequestStatus.OPENED,
                ServiceRequestStatus.DECLINED,
            ),
            ServiceRequestStatus.REJECTED,
        ),
        Transition("dispatch", (ServiceRequestStatus.SUBMITTED,), ServiceRequestStatus.DISPATCHED),
        Transition(
            "redispatch",
            (
                ServiceRequestStatus.DISPATCHED,
                ServiceRequestStatus.OPENED,
                ServiceRequestStatus.DECLINED,
                ServiceRequestStatus.ACCEPTED,
                ServiceRequestStatus.IN_SERVICE,
            ),
            ServiceRequestStatus.DISPATCHED,
        ),
        Transition(
            "open",
            (ServiceRequestStatus.SUBMITTED, ServiceRequestStatus.DECLINED),
            ServiceRequestStatus.OPENED,
        ),
        Transition("claim", (ServiceRequestStatus.OPENED,), ServiceRequestStatus.ACCEPTED),
        Transition("accept", (ServiceRequestStatus.DISPATCHED,), ServiceRequestStatus.ACCEPTED),
        Transition(
            "decline",
            (
                ServiceRequestStatus.DISPATCHED,
                ServiceRequestStatus.ACCEPTED,
                ServiceRequestStatus.IN_SERVICE,
            ),
            ServiceRequestStatus.DECLINED,
        ),
        Transition("lapse", (ServiceRequestStatus.DISPATCHED,), ServiceRequestStatus.DECLINED),
        Transition("start", (ServiceRequestStatus.ACCEPTED,), ServiceRequestStatus.IN_SERVICE),
        Transition("link", (ServiceRequestStatus.ACCEPTED,), ServiceRequestStatus.IN_SERVICE),
        Transition("unlink", (ServiceRequestStatus.IN_SERVICE,), ServiceRequestStatus.ACCEPTED),
        Transition("complete", (ServiceRequestStatus.IN_SERVICE,), ServiceRequestStatus.DONE),
        Transition("rate", (ServiceRequestStatus.DONE,), ServiceRequestStatus.RATED),
        Transition("escalate", (ServiceRequestStatus.RATED,), ServiceRequestStatus.FOLLOW_UP),
        Transition("resolve", (ServiceRequestStatus.FOLLOW_UP,), ServiceRequestStatus.CLOSED),
        Transition(
            "close",
            (ServiceRequestStatus.DONE, ServiceRequestStatus.RATED),
            ServiceRequestStatus.CLOSED,
        ),
        Transition(
            "withdraw",
            (
                ServiceRequestStatus.SUBMITTED,
                ServiceRequestStatus.DISPATCHED,
                ServiceRequestStatus.OPENED,
                ServiceRequestStatus.DECLINED,
            ),
            ServiceRequestStatus.WITHDRAWN,
        ),
    ],
)
