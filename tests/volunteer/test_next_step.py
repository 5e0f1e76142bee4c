"""The one thing to do next."""

from datetime import datetime, timedelta

import pytest

from core.clock import SHANGHAI
from core.ids import new_id
from volunteer.next_step import Matter, Matters, StepCode, next_step

NINE = datetime(2027, 5, 1, 9, 0, tzinfo=SHANGHAI)
HALF_PAST_EIGHT = NINE - timedelta(minutes=30)
ELEVEN, ONE = NINE + timedelta(hours=2), NINE + timedelta(hours=4)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


def seat(starts_at: datetime = NINE, title: str = "清洁家园") -> Matter:
    first, end = starts_at - timedelta(minutes=30), starts_at + timedelta(hours=2)
    return Matter(new_id(), title, "文峰社区", starts_at=starts_at, since=first, until=end)


OFFER = Matter(new_id(), "植树", until=ELEVEN)
PRESENT = Matter(new_id(), "清洁家园", until=ONE)
RECORD = Matter(new_id(), "敬老")
ORDER = Matter(new_id(), "陪老人去医院")
MISSED = Matter(new_id(), "护河")
UNDECIDED = seat(title="急救课")
EVERYTHING = Matters([OFFER], [PRESENT], [seat()], [RECORD], [ORDER], [MISSED], [UNDECIDED])


@pytest.mark.parametrize(
    ("matters", "at", "code", "words"),
    [
        (EVERYTHING, NINE, StepCode.TAKE_OFFER, "今天 11:00 前确认"),
        (EVERYTHING, ELEVEN - INSTANT, StepCode.TAKE_OFFER, "植树"),
        (EVERYTHING, ELEVEN, StepCode.CHECK_OUT, "最晚今天 13:00"),
        (Matters(presences=[PRESENT]), ONE - INSTANT, StepCode.CHECK_OUT, "请签退"),
        (Matters(presences=[PRESENT]), ONE, StepCode.WAIT_FOR_LEADER, "负责人确认"),
        (Matters(presences=[PRESENT], seats=[seat()]), NINE, StepCode.CHECK_OUT, "签退"),
        (Matters(seats=[seat()]), NINE - 2 * DAY, StepCode.COME, "5月1日 09:00 到文峰社区"),
        (Matters(seats=[seat()]), NINE - DAY, StepCode.COME, "明天 09:00 到文峰社区"),
        (Matters(seats=[seat()]), HALF_PAST_EIGHT - INSTANT, StepCode.COME, "今天 09:00 到"),
        (Matters(seats=[seat()]), HALF_PAST_EIGHT, StepCode.CHECK_IN, "请到文峰社区"),
        (Matters(seats=[seat()]), ELEVEN - INSTANT, StepCode.CHECK_IN, "签到"),
        (Matters(seats=[seat()]), ELEVEN, StepCode.NONE, "没有"),
        (Matters(seats=[seat(), seat(ONE)]), ELEVEN, StepCode.COME, "13:00"),
        (
            Matters(seats=[seat(NINE + DAY)], records=[RECORD]),
            NINE,
            StepCode.CONFIRM_RECORD,
            "敬老",
        ),
        (Matters(seats=[seat(NINE + DAY)], orders=[ORDER]), NINE, StepCode.COME, "明天"),
        (Matters(seats=[seat(NINE + 2 * DAY)], orders=[ORDER]), NINE, StepCode.RATE_ORDER, "评价"),
        (Matters(orders=[ORDER], unresolved=[MISSED]), NINE, StepCode.RATE_ORDER, "陪老人"),
        (
            Matters(unresolved=[MISSED], undecided=[UNDECIDED]),
            NINE,
            StepCode.WAIT_FOR_LEADER,
            "护河",
        ),
        (Matters(undecided=[UNDECIDED]), NINE - DAY, StepCode.WAIT_FOR_LEADER, "审核"),
        (Matters(), NINE, StepCode.NONE, "没有"),
    ],
)
def test_the_next_step(matters: Matters, at: datetime, code: StepCode, words: str) -> None:
    step = next_step(matters, at)
    assert step.code is code
    assert words in step.sentence
    assert (step.about_id is None) == (code is StepCode.NONE)
