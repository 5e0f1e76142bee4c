"""Check-in codes: right for their shift and their half minute, and for nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from volunteer.codes import (
    GRACE_SECONDS,
    PACKET_MARK,
    STEP_SECONDS,
    issue,
    packet,
    read,
    read_digits,
    read_late,
)
from volunteer.errors import CodeExpired, CodeInvalid

KEY = b"a key"
SHIFT = UUID("018f0000-0000-7000-8000-000000000001")
AT = datetime(2026, 10, 1, 1, 0, 3, tzinfo=UTC)


def refusal(code: str, at: datetime = AT, key: bytes = KEY) -> type[DomainError] | None:
    try:
        read(key, code, at)
    except (CodeExpired, CodeInvalid) as error:
        return type(error)
    return None


def test_a_code_names_its_shift() -> None:
    assert read(KEY, issue(KEY, SHIFT, AT).code, AT).shift_id == SHIFT


def test_a_code_is_the_same_for_ten_seconds_and_then_another() -> None:
    step = AT.replace(second=0)
    codes = {issue(KEY, SHIFT, step + timedelta(seconds=s)).code for s in range(STEP_SECONDS)}
    assert len(codes) == 1
    assert issue(KEY, SHIFT, step + timedelta(seconds=STEP_SECONDS)).code not in codes


@pytest.mark.parametrize(
    ("seconds_after_the_minute", "expected"),
    [
        (-11, CodeInvalid),  # not made yet, even for a clock that is a little behind
        (-10, None),
        (0, None),
        (9, None),
        (10, None),
        (29, None),
        (30, CodeExpired),
        (3600, CodeExpired),
    ],
)
def test_a_code_is_accepted_in_its_step_and_its_grace(
    seconds_after_the_minute: int, expected: type[DomainError] | None
) -> None:
    made = AT.replace(second=0)
    code = issue(KEY, SHIFT, made).code
    assert refusal(code, made + timedelta(seconds=seconds_after_the_minute)) is expected


def test_the_answer_says_when_to_refresh_and_when_it_expires() -> None:
    made = issue(KEY, SHIFT, AT)
    assert made.refresh_at == AT.replace(second=STEP_SECONDS)
    assert made.expires_at == AT.replace(second=STEP_SECONDS + GRACE_SECONDS)
    just_before = made.expires_at - timedelta(microseconds=1)
    assert refusal(made.code, just_before) is None
    assert refusal(made.code, made.expires_at) is CodeExpired


def test_a_code_of_another_key_is_invalid() -> None:
    assert refusal(issue(b"another key", SHIFT, AT).code) is CodeInvalid


@given(position=st.integers(0, 49), letter=st.characters(codec="utf-8"))
def test_a_changed_code_is_invalid(position: int, letter: str) -> None:
    code = issue(KEY, SHIFT, AT).code
    changed = code[:position] + letter + code[position + 1 :]
    assert changed == code or refusal(changed) is CodeInvalid


@given(st.text(max_size=80))
def test_anything_else_is_invalid(text: str) -> None:
    assert refusal(text) is CodeInvalid


def test_a_code_has_one_spelling() -> None:
    code = issue(KEY, SHIFT, AT).code
    for other in (code + "=", code + "\n", " " + code, code.replace("-", "+"), code[:-1]):
        assert other == code or refusal(other) is CodeInvalid


@given(st.uuids(), st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001
def test_every_code_reads_back_at_once(shift_id: UUID, at: datetime) -> None:
    instant = at.replace(tzinfo=UTC)
    assert read(KEY, issue(KEY, shift_id, instant).code, instant).shift_id == shift_id


OTHER_SHIFT = UUID("018f0000-0000-7000-8000-000000000002")


@pytest.mark.parametrize(
    ("seconds_after_the_minute", "is_right"),
    [(-1, False), (0, True), (59, True), (60, True), (79, True), (80, False)],
)
def test_digits_are_right_in_their_minute_and_its_grace(
    seconds_after_the_minute: int, is_right: bool
) -> None:
    made = AT.replace(second=0)
    digits = issue(KEY, SHIFT, made).digits
    assert len(digits) == 6
    at = made + timedelta(seconds=seconds_after_the_minute)
    if is_right:
        assert read_digits(KEY, [OTHER_SHIFT, SHIFT], digits, at) == made
        return
    with pytest.raises(CodeInvalid):
        read_digits(KEY, [OTHER_SHIFT, SHIFT], digits, at)


def test_digits_are_of_one_shift_and_one_key() -> None:
    digits = issue(KEY, SHIFT, AT).digits
    for key, shift_id in ((KEY, OTHER_SHIFT), (b"another key", SHIFT)):
        with pytest.raises(CodeInvalid):
            read_digits(key, [shift_id], digits, AT)


def test_a_packet_covers_its_time_minute_by_minute() -> None:
    since = AT.replace(second=0)
    codes = list(packet(KEY, SHIFT, since, since + timedelta(minutes=3)))
    assert [(c.since - since).seconds for c in codes] == [0, 60, 120]
    assert [(c.until - since).seconds for c in codes] == [60, 120, 180]
    for code in codes:
        found = read(KEY, code.code, code.since)
        assert (found.shift_id, found.shown_at, found.is_packet) == (SHIFT, code.since, True)


@pytest.mark.parametrize(
    ("seconds", "online", "late"),
    [
        (-121, CodeInvalid, CodeExpired),
        (-120, CodeInvalid, None),
        (-61, CodeInvalid, None),
        (-60, None, None),
        (79, None, None),
        (80, CodeExpired, None),
        (179, CodeExpired, None),
        (180, CodeExpired, CodeExpired),
    ],
)
def test_a_packet_code_is_accepted_at_its_minute(
    seconds: int, online: type[DomainError] | None, late: type[DomainError] | None
) -> None:
    """Online with the usual grace; later with the leeway of two phones' clocks."""
    made = AT.replace(second=0)
    code = next(iter(packet(KEY, SHIFT, made, made + timedelta(minutes=1)))).code
    at = made + timedelta(seconds=seconds)
    assert refusal(code, at) is online
    assert late_refusal(code, at) is late


def late_refusal(code: str, at: datetime) -> type[DomainError] | None:
    try:
        read_late(KEY, code, at)
    except (CodeExpired, CodeInvalid) as error:
        return type(error)
    return None


def test_kinds_of_code_are_not_mistaken_for_each_other() -> None:
    """A rotating code can't be used late as a packet's, nor a packet's mark be taken away."""
    rotating = issue(KEY, SHIFT, AT).code
    packed = next(iter(packet(KEY, SHIFT, AT, AT + timedelta(minutes=1)))).code
    assert late_refusal(rotating, AT) is CodeInvalid
    assert late_refusal(PACKET_MARK + rotating, AT) is CodeInvalid
    assert refusal(packed.removeprefix(PACKET_MARK)) is CodeInvalid


def test_a_leap_day_and_the_end_of_a_year_are_days_like_others() -> None:
    for at in (
        datetime(2028, 2, 29, 15, 59, 59, tzinfo=UTC),
        datetime(2027, 12, 31, 15, 59, 59, tzinfo=UTC),
    ):
        made = issue(KEY, SHIFT, at)
        assert refusal(made.code, at + timedelta(seconds=1)) is None
        assert read_digits(KEY, [SHIFT], made.digits, at + timedelta(seconds=1)) <= at
