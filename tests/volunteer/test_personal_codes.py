"""Personal codes: right for their person and their half minute, and dumb for everybody else."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer.codes import issue as issue_shift_code
from volunteer.errors import PersonalCodeInvalid
from volunteer.personal_codes import issue, read

KEY = b"a key"
PERSON = UUID("018f0000-0000-7000-8000-000000000001")
AT = datetime(2026, 10, 1, 1, 0, 30, tzinfo=UTC)
TWO_MINUTES = timedelta(minutes=2)


def fits(code: str, at: datetime, *, key: bytes = KEY, leeway: timedelta | None = None) -> bool:
    try:
        read(key, code, at) if leeway is None else read(key, code, at, leeway=leeway)
    except PersonalCodeInvalid:
        return False
    return True


@pytest.mark.parametrize(
    ("seconds", "fresh", "fresh_offline"),
    [
        (-121, False, False),
        (-120, False, True),
        (-11, False, True),
        (-10, True, True),
        (0, True, True),
        (44, True, True),
        (45, False, True),
        (149, False, True),
        (150, False, False),
    ],
)
def test_a_code_is_accepted_in_its_step_and_its_grace(
    seconds: int, fresh: bool, fresh_offline: bool
) -> None:
    code, at = issue(KEY, PERSON, AT).code, AT + timedelta(seconds=seconds)
    assert fits(code, at) is fresh
    assert fits(code, at, leeway=TWO_MINUTES) is fresh_offline


def test_a_code_changes_every_thirty_seconds() -> None:
    first = issue(KEY, PERSON, AT)
    assert first.refresh_at == AT + timedelta(seconds=30)
    assert issue(KEY, PERSON, first.refresh_at - timedelta(microseconds=1)) == first
    assert issue(KEY, PERSON, first.refresh_at).code != first.code


def test_a_code_holds_no_id() -> None:
    """Neither the id itself nor anything that two codes of one person share but their time."""
    codes = [issue(KEY, PERSON, AT + timedelta(minutes=n)).code for n in range(2)]
    one, other = (base64.urlsafe_b64decode(code + "==") for code in codes)
    assert PERSON.bytes not in one
    assert one[5:] != other[5:]
    assert one[5:21] != other[5:21]


def test_a_code_of_another_kind_or_key_is_invalid() -> None:
    assert not fits(issue_shift_code(KEY, PERSON, AT).code, AT)
    assert not fits(issue(b"another key", PERSON, AT).code, AT)
    assert not fits("", AT)


@given(position=st.integers(0, 49), letter=st.characters(codec="utf-8"))
def test_a_changed_code_is_invalid(position: int, letter: str) -> None:
    code = issue(KEY, PERSON, AT).code
    changed = code[:position] + letter + code[position + 1 :]
    assert changed == code or not fits(changed, AT)


@given(st.uuids(), st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001
def test_every_code_reads_back_at_once(person_id: UUID, at: datetime) -> None:
    instant = at.replace(tzinfo=UTC)
    assert read(KEY, issue(KEY, person_id, instant).code, instant).person_id == person_id
