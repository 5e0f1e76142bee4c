"""By when a step of a service order is expected, and how it is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.templates import LENGTHS
from core import clock
from core.clock import SHANGHAI
from volunteer import ordering
from volunteer.lifecycles import ENDED_SERVICE_REQUEST, SERVICE_REQUEST
from volunteer.lifecycles import ServiceRequestStatus as Status


@pytest.mark.parametrize(
    ("today", "count", "last"),
    [
        ("2027-05-10", 2, "2027-05-12"),  # from a Monday
        ("2027-05-13", 2, "2027-05-17"),  # a Thursday: Friday, Monday
        ("2027-05-14", 2, "2027-05-18"),  # a Friday
        ("2027-05-15", 2, "2027-05-18"),  # a Saturday
        ("2027-05-16", 1, "2027-05-17"),  # a Sunday
    ],
)
def test_working_days_end_with_the_day_in_shanghai(today: str, count: int, last: str) -> None:
    end = ordering.end_of_working_days(date.fromisoformat(today), count)
    assert end == clock.start_of(date.fromisoformat(last) + timedelta(days=1))


def test_working_days_ask_the_calendar_they_are_given() -> None:
    end = ordering.end_of_working_days(date(2027, 4, 30), 1, lambda day: day > date(2027, 5, 5))
    assert clock.day_of(end - timedelta(microseconds=1)) == date(2027, 5, 6)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_exactly_so_many_weekdays_lie_before_the_end(today: date, count: int) -> None:
    last = clock.day_of(ordering.end_of_working_days(today, count)) - timedelta(days=1)
    between = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    assert sum(ordering.is_weekday(day) for day in between) == count
    assert ordering.is_weekday(last)


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
    assert ordering.due_at(status, MONDAY.astimezone(UTC), wanted_until) == due


def test_what_has_not_ended_is_due_and_what_has_is_not() -> None:
    for status in Status:
        due = ordering.due_at(status, MONDAY, WEEK_LATER)
        assert (due is None) == (status in ENDED_SERVICE_REQUEST), status


def test_every_status_and_step_has_words() -> None:
    assert all(len(ordering.STATUS_WORDS[status]) <= LENGTHS["phrase"] for status in Status)
    for verb in ("submit", *SERVICE_REQUEST.verbs):
        assert ordering.sentence(verb, "暖阳队", None)
    assert ordering.sentence("decline", "暖阳队", "人手不够").endswith("。原因：人手不够")
