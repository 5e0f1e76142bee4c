from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from accounts.identity import InvalidIdNumber, age_on, birth_date, canonical, is_male


def numbered(first_17: str) -> str:
    """The number with its right check character."""
    return first_17 + ric.calc_check_digit(first_17 + "0")


GOOD = numbered("41100219900101123")


@pytest.mark.parametrize(
    "first_17",
    [
        "41100219500101001",  # Weidu, born before its code of 1986 was assigned
        "41100319900101001",  # Jian'an, whose code is of 2016
        "41102319000228001",
        "41102320000229001",
        "81000019900101001",  # residence permit, Hong Kong
        "83000019900101001",  # residence permit, Taiwan
        "93115619800101001",  # foreigner's permanent residence
    ],
)
def test_canonical_takes_every_number_that_is_given_out(first_17: str) -> None:
    assert canonical(numbered(first_17)) == numbered(first_17)


def test_canonical_writes_the_check_character_upper_case() -> None:
    with_x = next(n for i in range(100) if (n := numbered(f"41100219900101{i:03}"))[-1] == "X")
    assert canonical(with_x.lower()) == with_x


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD + "\n",
        " " + GOOD,
        GOOD[:6] + " " + GOOD[6:],
        GOOD[:-1],
        GOOD + "0",
        "".join(chr(ord(c) + 0xFEE0) for c in GOOD),  # full-width
        GOOD[:-1] + chr(ord(GOOD[-1]) + 0xFEE0),
        "".join(chr(ord(c) - 48 + 0x660) for c in GOOD[:-1]) + GOOD[-1],  # Arabic-Indic
        GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"),
        numbered("41100219000229001"),
        numbered("41100219901301001"),
        numbered("41100219900001001"),
        numbered("41100219900431001"),
        numbered("41100218991231001"),
        numbered("41100221000101001"),
        numbered("00100219900101001"),
        numbered("20100219900101001"),
        "411002900101123",
        "X" * 18,
    ],
)
def test_canonical_refuses(text: str) -> None:
    with pytest.raises(InvalidIdNumber) as told:
        canonical(text)
    assert str(told.value) == ""


@given(place=st.integers(0, 16), other=st.integers(1, 9))
def test_canonical_notices_any_single_wrong_digit(place: int, other: int) -> None:
    digit = str((int(GOOD[place]) + other) % 10)
    with pytest.raises(InvalidIdNumber):
        canonical(GOOD[:place] + digit + GOOD[place + 1 :])


def test_birth_date() -> None:
    assert birth_date(numbered("41100220000229001")) == date(2000, 2, 29)


@pytest.mark.parametrize("text", ["", "41100219000229001X", "411002199013010010", "x" * 18])
def test_birth_date_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(InvalidIdNumber):
        birth_date(text)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 5, 1), date(2026, 4, 30), 17),
        (date(2008, 5, 1), date(2026, 5, 1), 18),
        (date(2008, 5, 1), date(2008, 5, 1), 0),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2000, 12, 31), date(2026, 1, 1), 25),
    ],
)
def test_age_on(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_age_on_before_the_birth_is_refused() -> None:
    with pytest.raises(ValueError, match="born"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@given(birth=st.dates(date(1900, 1, 1), date(2026, 1, 1)), days=st.integers(0, 40_000))
def test_age_never_falls_and_rises_by_one(birth: date, days: int) -> None:
    day = birth + timedelta(days=days)
    before, after = age_on(birth, day), age_on(birth, day + timedelta(days=1))
    assert after - before in (0, 1)


def test_the_order_is_odd_for_men() -> None:
    assert is_male(GOOD)
    assert not is_male(numbered("41100219900101122"))
