"""Which step the dates of a campaign call for, and which period an instant lies in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from nominations.lifecycles import BallotPeriod, CampaignStatus, due_verb, period_of

DAY = timedelta(days=1)
START = datetime(2026, 5, 1, tzinfo=UTC)
C = CampaignStatus


@dataclass(frozen=True)
class Plan:
    status: CampaignStatus
    nominations_open_at: datetime = START
    nominations_close_at: datetime = START + DAY
    assessment_open_at: datetime = START + 2 * DAY
    assessment_close_at: datetime = START + 3 * DAY


@pytest.mark.parametrize(
    ("status", "at", "verb"),
    [
        (C.ANNOUNCED, START, "open_nominations"),
        (C.NOMINATING, START + DAY, "close_nominations"),
        (C.REVIEWING, START + 2 * DAY, "open_assessment"),
        (C.ASSESSING, START + 3 * DAY, "close_assessment"),
    ],
)
def test_a_step_is_due_from_its_instant_on(status: CampaignStatus, at: datetime, verb: str) -> None:
    assert due_verb(Plan(status), at - timedelta(microseconds=1)) is None
    assert due_verb(Plan(status), at) == verb
    assert due_verb(Plan(status), at + 365 * DAY) == verb


def test_counting_is_always_due_to_end() -> None:
    assert due_verb(Plan(C.COUNTING), START) == "finish_counting"


@pytest.mark.parametrize("status", [C.DRAFT, C.CONCLUDED, C.CANCELLED])
def test_nothing_is_due_before_the_announcement_or_after_the_end(status: CampaignStatus) -> None:
    assert due_verb(Plan(status), START + 365 * DAY) is None


@pytest.mark.parametrize(
    ("rule", "at", "period"),
    [
        (BallotPeriod.ONCE, datetime(2026, 5, 1, 12, tzinfo=UTC), "once"),
        (BallotPeriod.DAILY, datetime(2026, 5, 1, 15, 59, 59, 999999, tzinfo=UTC), "2026-05-01"),
        (BallotPeriod.DAILY, datetime(2026, 5, 1, 16, 0, 0, tzinfo=UTC), "2026-05-02"),
    ],
)
def test_a_day_is_a_day_in_shanghai(rule: BallotPeriod, at: datetime, period: str) -> None:
    assert period_of(rule, at) == period
