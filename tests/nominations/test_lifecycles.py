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
    review_close_at: datetime | None = None
    assessment_open_at: datetime | None = START + 2 * DAY
    assessment_close_at: datetime | None = START + 3 * DAY
    judging_close_at: datetime | None = START + 4 * DAY


@pytest.mark.parametrize(
    ("status", "at", "verb"),
    [
        (C.ANNOUNCED, START, "open_nominations"),
        (C.NOMINATING, START + DAY, "close_nominations"),
        (C.REVIEWING, START + 2 * DAY, "open_assessment"),
        (C.ASSESSING, START + 3 * DAY, "close_assessment"),
        (C.JUDGING, START + 4 * DAY, "open_notice"),
    ],
)
def test_a_step_is_due_from_its_instant_on(status: CampaignStatus, at: datetime, verb: str) -> None:
    assert due_verb(Plan(status), at - timedelta(microseconds=1)) is None
    assert due_verb(Plan(status), at) == verb
    assert due_verb(Plan(status), at + 365 * DAY) == verb


def test_counting_is_always_due_to_end() -> None:
    assert due_verb(Plan(C.COUNTING), START) == "finish_counting"


def test_without_an_assessment_the_end_of_review_leads_to_judging() -> None:
    plan = Plan(C.REVIEWING, review_close_at=START + 2 * DAY, assessment_open_at=None)
    assert due_verb(plan, START + 2 * DAY - timedelta(microseconds=1)) is None
    assert due_verb(plan, START + 2 * DAY) == "skip_assessment"


def test_without_a_date_only_an_administrator_opens_the_notice() -> None:
    assert due_verb(Plan(C.JUDGING, judging_close_at=None), START + 365 * DAY) is None


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
