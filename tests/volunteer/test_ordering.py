"""By when a step of a service order is expected, and how it is told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.templates import LENGTHS
from core import clock
from core.clock import SHANGHAI
from core.workdays import Workdays
from volunteer import ordering
from volunteer.lifecycles import ENDED_SERVICE_REQUEST, SERVICE_REQUEST
from volunteer.lifecycles import ServiceRequestStatus as Status

CALENDAR = Workdays({date(2027, 5, 3): False})
"""One Monday off."""


@pytest.mark.parametrize(
    ("today", "last"),
    [
        ("2027-05-10", "2027-05-12"),  # from a Monday
        ("2027-05-13", "2027-05-17"),  # a Thursday: Friday, Monday
        ("2027-05-14", "2027-05-18"),  # a Friday
        ("2027-05-15", "2027-05-18"),  # a Saturday
        ("2027-04-30", "2027-05-05"),  # a Friday before the Monday off
    ],
)
def test_staff_have_two_working_days_to_the_midnight_of_shanghai(today: str, last: str) -> None:
    at = clock.start_of(date.fromisoformat(today)) + timedelta(hours=9)
    due = ordering.due_at(Status.SUBMITTED, at, at, CALENDAR)
    assert due == clock.start_of(date.fromisoformat(last) + timedelta(days=1))


MONDAY = datetime(2027, 5, 10, 23, 59, tzinfo=SHANGHAI)
WEEK_LATER = MONDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("status", "wanted_until", "due"),
    [
        (Status.SUBMITTED, WEEK_LATER, datetime(2027, 5, 13, tzinfo=SHANGHAI)),
        (Status.FOLLOW_UP, WEEK_LATER, datetime(2027, 5, 13, tzinfo=SHANGHAI)),
        (Status.DISPATCHED, WEEK_LATER, MONDAY + timedelta(days=2)),
        (Status.ACCEPTED, WEEK_LATER, WEEK_LATER),
        (Status.IN_SERVICE, MONDAY - timedelta(days=1), MONDAY + timedelta(days=2)),
        (Status.DONE, WEEK_LATER, MONDAY + timedelta(days=7)),
        (Status.REJECTED, WEEK_LATER, None),
    ],
)
def test_each_status_has_its_time(
    status: Status, wanted_until: datetime, due: datetime | None
) -> None:
    assert ordering.due_at(status, MONDAY.astimezone(UTC), wanted_until, CALENDAR) == due


def test_what_has_not_ended_is_due_and_what_has_is_not() -> None:
    for status in Status:
        due = ordering.due_at(status, MONDAY, WEEK_LATER, CALENDAR)
        assert (due is None) == (status in ENDED_SERVICE_REQUEST), status


def test_every_status_and_step_has_words() -> None:
    assert all(len(ordering.STATUS_WORDS[status]) <= LENGTHS["phrase"] for status in Status)
    for verb in ("submit", *SERVICE_REQUEST.verbs):
        assert ordering.sentence(verb, "暖阳队", None)
    assert ordering.sentence("decline", "暖阳队", "人手不够").endswith("。原因：人手不够")
    assert ordering.sentence("resolve", None, "已致歉") == "站点已回访处理。处理结果：已致歉"
