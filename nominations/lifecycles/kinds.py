"""What is selected, and how lists and ballots count their periods."""

from datetime import datetime
from enum import StrEnum

from core import clock


class HonorKind(StrEnum):
    GOOD_PERSON = "good_person"
    """身边好人, 许昌好人."""
    MORAL_MODEL = "moral_model"
    """道德模范."""
    FAMILY = "family"
    """最美家庭, 文明家庭."""
    INTEGRITY_UNIT = "integrity_unit"
    """诚信示范街, 市场, 企业, 商户."""


class NomineeKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    """人(组): people honoured together under one name."""
    FAMILY = "family"
    UNIT = "unit"
    """A shop, an enterprise, a street, a market."""


class ListPeriod(StrEnum):
    """How a list counts its issues: the national one was monthly, quarterly, then in batches."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    BATCH = "batch"
    EDITION = "edition"
    """届."""


class BallotPeriod(StrEnum):
    """How often a person may vote in a campaign."""

    ONCE = "once"
    DAILY = "daily"
    """Anew on every day in Shanghai."""


ONCE = "once"


def period_of(rule: BallotPeriod, at: datetime) -> str:
    """The period that holds `at`: "once", or the day in Shanghai as YYYY-MM-DD."""
    return ONCE if rule is BallotPeriod.ONCE else clock.day_of(at).isoformat()
