import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import marshmallow as ma
import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from core import clock
from schemas import fields, personal
from schemas.base import Schema


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


class Everything(Schema):
    text = fields.Text(max_length=20)
    short = fields.Text(min_length=2, max_length=4)
    note = fields.Text(min_length=0, max_length=20, multiline=True)
    story = fields.Text(max_length=20, multiline=True)
    name = personal.PersonName()
    integer = fields.StrictInteger(allow_none=True)
    small = fields.StrictInteger(minimum=1, maximum=9)
    query_integer = fields.QueryInteger(minimum=-5, maximum=100)
    boolean = fields.StrictBoolean()
    query_boolean = fields.QueryBoolean()
    identifier = fields.Identifier(allow_none=True)
    instant = fields.Instant()
    day = fields.Day()
    minutes = fields.Minutes()
    colour = fields.EnumValue(Colour, allow_none=True)
    id_number = personal.IdNumber()
    phone = personal.Phone()
    hours = fields.Hours(attribute="minutes")
    masked_id_number = personal.MaskedIdNumber(attribute="id_number")
    masked_phone = personal.MaskedPhone(attribute="phone")
    masked_name = personal.MaskedName(attribute="name")


SCHEMA = Everything()


def numbered(first_17: str) -> str:
    return first_17 + ric.calc_check_digit(first_17 + "0")


ID_NUMBER = numbered("41100219900101123")

GOOD: list[tuple[str, Any, Any]] = [
    ("text", " 许昌　", "许昌"),
    ("text", "e\u0301", "é"),
    ("text", "a" * 20, "a" * 20),
    ("text", " " * 30 + "a", "a"),
    ("text", "👍🏽 ❤️ 𠮷", "👍🏽 ❤️ 𠮷"),
    ("short", " ab ", "ab"),
    ("note", "  ", ""),
    ("note", "一\r\n二\r三\n\t四\n", "一\n二\n三\n\t四"),
    ("name", "张三", "张三"),
    ("name", " 㐀𠮷〇 ", "㐀𠮷〇"),
    ("name", "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
    ("name", "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
    ("name", "阿卜杜拉・买买提", "阿卜杜拉·买买提"),
    ("name", "Jean-Luc O'Brien", "Jean-Luc O'Brien"),
    ("name", "Jose\u0301", "José"),
    ("integer", 0, 0),
    ("integer", -fields.LARGEST, -fields.LARGEST),
    ("integer", fields.LARGEST, fields.LARGEST),
    ("integer", None, None),
    ("small", 9, 9),
    ("query_integer", "0", 0),
    ("query_integer", "-5", -5),
    ("query_integer", "100", 100),
    ("boolean", True, True),
    ("boolean", False, False),
    ("query_boolean", "true", True),
    ("query_boolean", "false", False),
    (
        "identifier",
        "0190a5b2-7C3d-7000-8000-000000000001",
        uuid.UUID("0190a5b2-7c3d-7000-8000-000000000001"),
    ),
    ("identifier", None, None),
    ("instant", "2026-05-01T08:00:00+08:00", datetime(2026, 5, 1, tzinfo=UTC)),
    ("instant", "2026-05-01T00:00:00Z", datetime(2026, 5, 1, tzinfo=UTC)),
    ("instant", "2026-04-30T17:00:00.5-07:00", datetime(2026, 5, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
    (
        "instant",
        "2026-05-01T00:00:00.123456789Z",
        datetime(2026, 5, 1, 0, 0, 0, 123456, tzinfo=UTC),
    ),
    ("instant", "2000-01-01T00:00:00+08:00", datetime(1999, 12, 31, 16, tzinfo=UTC)),
    ("instant", "2099-12-31T23:59:59+08:00", datetime(2099, 12, 31, 15, 59, 59, tzinfo=UTC)),
    ("day", "2024-02-29", date(2024, 2, 29)),
    ("day", "1900-01-01", date(1900, 1, 1)),
    ("minutes", 0, 0),
    ("minutes", 90, 90),
    ("colour", "dark_blue", Colour.DARK_BLUE),
    ("colour", None, None),
    ("id_number", ID_NUMBER, ID_NUMBER),
    ("phone", "13812345678", "+8613812345678"),
    ("phone", "+8613812345678", "+8613812345678"),
    ("phone", "86 13812345678", "+8613812345678"),
    ("phone", "138 1234 5678", "+8613812345678"),
    ("phone", "+86 138-1234-5678", "+8613812345678"),
    ("phone", "19912345678", "+8619912345678"),
]

REFUSED: dict[str, tuple[Any, ...]] = {
    "text": (
        "",
        "   ",
        "　",
        "a" * 21,
        "a\0",
        "a\n",
        "a\nb",
        "\ta",
        "a\x7f",
        "a\x85",
        "a\x1f",
        "a\u200b",
        "\u200ba",
        "a\u200d",
        "\ufeffa",
        "a\u202eb",
        "a\u2066b",
        "a\u2028",
        "a\u00ad",
        "a\u3164",
        "a\ufffd",
        "a\uffff",
        "a\U000e0041",
        "a\ud800",
        "a\udfff",
        None,
        1,
        True,
        ["a"],
        {"a": 1},
        b"a",
    ),
    "short": ("a", "a  ", "abcde", "e\u0301"),
    "note": ("a\0", "a\x0b", "a\x0c", "a\u200b", "a\u2029"),
    "story": ("", " \n\t\r\n "),
    "name": (
        "",
        "张",
        "张三1",
        "张三!",
        "张 ",
        "·张三",
        "张三·",
        "张··三",
        "张  三",
        "张\n三",
        "张三\u200b",
        "😀😀",
        "<b>张三</b>",
        "=张三",
        "张" * 41,
        "张三\uff0c",
    ),
    "integer": (
        True,
        False,
        1.5,
        1.0,
        "5",
        "",
        [],
        {},
        fields.LARGEST + 1,
        -fields.LARGEST - 1,
    ),
    "small": (0, 10, None),
    "query_integer": (
        *("", " 5", "5 ", "5\n", "+5", "05", "-0", "00", "5.0", "1e2", "1_0", "٥", "５", "0x5"),
        *("-6", "101", "9" * 5000, 5, None),
    ),
    "boolean": (1, 0, "true", "yes", "on", None, []),
    "query_boolean": ("True", "1", "", True, None, []),
    "identifier": (
        "0190a5b27c3d70008000000000000001",
        "{0190a5b2-7c3d-7000-8000-000000000001}",
        "urn:uuid:0190a5b2-7c3d-7000-8000-000000000001",
        "0190a5b2-7c3d-7000-8000-000000000001\n",
        "0190a5b2-7c3d-7000-8000-00000000000g",
        "",
        "\0",
        1,
        b"0123456789abcdef",
    ),
    "instant": (
        *("2026-05-01T08:00:00", "2026-05-01 08:00:00+08:00", "2026-05-01", "20260501T080000Z"),
        *("2026-05-01T08:00+08:00", "2026-05-01T08:00:00+0800", "2026-05-01T08:00:00 08:00"),
        *("2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-05-01T24:00:01Z"),
        *("2026-05-01T08:00:00+24:00", "2026-05-01T08:00:00Z\n", "２026-05-01T08:00:00Z"),
        *(
            "1999-12-31T23:59:59+08:00",
            "2100-01-01T00:00:00+08:00",
            "0001-01-01T00:00:00+14:00",
        ),
        *("9999-12-31T23:59:59-14:00", "2026-05-01T23:59:60Z", "2026-W18-5T00:00:00Z"),
        *("", 1714531200, None, True),
    ),
    "day": (
        *("2026-02-29", "1900-02-29", "2026-13-01", "2026-5-1", "20260501", "2026-W18-5"),
        *("2026-05-01\n", "2026-05-01T00:00:00Z", "1899-12-31", "2101-01-01", "0000-01-01"),
        *("２026-05-01", "", 20260501, None),
    ),
    "minutes": (-1, 1.5, "90", True, 1 << 31, None),
    "colour": ("green", "RED", "", 1, True, [], {}, ["red"]),
    "id_number": (
        ID_NUMBER + "\n",
        " " + ID_NUMBER,
        "".join(chr(ord(c) + 0xFEE0) for c in ID_NUMBER),
        numbered("41100219000229001"),
        numbered("41100219901301001"),
        numbered("41100220990101001"),
        ID_NUMBER[:-1],
        "",
        int(ID_NUMBER[:-1] + "0"),
        None,
    ),
    "phone": (
        *("", "1381234567", "138123456789", "12345678901", "+14155552671", "0374-2345678"),
        *(
            "+85251234567",
            "13812345678\n",
            "１３８12345678",
            "138--12345678",
            "tel:13812345678",
        ),
        *("86+13812345678", "(138)12345678", "13812345678;ext=1", 13812345678, None),
    ),
}
BAD = [(field, value) for field, values in REFUSED.items() for value in values]


@pytest.mark.parametrize(("field", "value", "loaded"), GOOD, ids=repr)
def test_good_value_is_loaded(field: str, value: Any, loaded: Any) -> None:
    assert SCHEMA.load({field: value}) == {field: loaded}
    assert type(SCHEMA.load({field: value})[field]) is type(loaded)


@pytest.mark.parametrize(("field", "value"), BAD, ids=repr)
def test_bad_value_is_refused_in_chinese(field: str, value: Any) -> None:
    with pytest.raises(ma.ValidationError) as told:
        SCHEMA.load({field: value})
    assert list(told.value.messages_dict) == [field]
    for message in told.value.messages_dict[field]:
        assert any("\u4e00" <= character <= "\u9fff" for character in message), message
        assert field not in ("id_number", "phone", "name") or not value or str(value) not in message


def test_instant_is_loaded_aware() -> None:
    loaded = SCHEMA.load({"instant": "2026-05-01T08:00:00+08:00"})["instant"]
    assert loaded.utcoffset() is not None


def test_id_number_is_loaded_upper_case() -> None:
    with_x = next(n for i in range(100) if (n := numbered(f"41100219900101{i:03}"))[-1] == "X")
    assert SCHEMA.load({"id_number": with_x.lower()}) == {"id_number": with_x}


def test_id_number_born_today_passes_and_tomorrow_not() -> None:
    today = numbered("41100220260501001")
    with clock.frozen(datetime(2026, 4, 30, 16, tzinfo=UTC)):
        assert SCHEMA.load({"id_number": today}) == {"id_number": today}
    with clock.frozen(datetime(2026, 4, 30, 15, 59, tzinfo=UTC)), pytest.raises(ma.ValidationError):
        SCHEMA.load({"id_number": today})


@given(st.text(st.characters() | st.sampled_from("\0\n\r\t\u200b\u202e\ud800 　")))
def test_any_text_is_loaded_clean_or_refused(value: str) -> None:
    for field in ("text", "note", "name"):
        try:
            once = SCHEMA.load({field: value})
        except ma.ValidationError:
            continue
        assert once[field].encode().decode() == once[field].strip()
        assert not set("\0\r\u200b\u202e") & set(once[field])
        assert SCHEMA.load(once) == once


@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.integers())
)
def test_no_json_value_breaks_a_field(value: Any) -> None:
    for field in SCHEMA.load_fields:
        try:
            SCHEMA.load({field: value})
        except ma.ValidationError:
            continue


def dumped(field: str, value: Any) -> Any:
    attribute = SCHEMA.fields[field].attribute or field
    return SCHEMA.dump(SimpleNamespace(**{attribute: value}))[field]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 5, 1, tzinfo=UTC), "2026-05-01T08:00:00+08:00"),
        (datetime(2026, 5, 1, 0, 0, 0, 500_999, tzinfo=UTC), "2026-05-01T08:00:00.500+08:00"),
        (
            datetime(2026, 4, 30, 23, tzinfo=timezone(timedelta(hours=-1))),
            "2026-05-01T08:00:00+08:00",
        ),
        (None, None),
    ],
)
def test_instant_is_shown_in_shanghai(value: datetime | None, shown: str | None) -> None:
    assert dumped("instant", value) == shown


def test_naive_instant_is_not_shown() -> None:
    with pytest.raises(ValueError, match="naive"):
        dumped("instant", datetime(2026, 5, 1))  # noqa: DTZ001 - refused


@given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_instant_shown_and_loaded_again_is_the_same_millisecond(value: datetime) -> None:
    again = SCHEMA.load({"instant": dumped("instant", value)})["instant"]
    assert timedelta(0) <= value - again < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0.0"),
        (5, "0.0"),
        (6, "0.1"),
        (59, "0.9"),
        (60, "1.0"),
        (89, "1.4"),
        (90, "1.5"),
        (5999, "99.9"),
        (6000, "100.0"),
        (-1, "-0.1"),
        (-6, "-0.1"),
        (-90, "-1.5"),
        (Decimal(6000), "100.0"),
        (None, None),
    ],
)
def test_hours_are_shown_rounded_down(minutes: Any, shown: str | None) -> None:
    assert dumped("hours", minutes) == shown


@given(st.integers(-(10**9), 10**9))
def test_hours_never_overstate_and_miss_less_than_a_tenth(minutes: int) -> None:
    gap = Decimal(minutes) / 60 - Decimal(dumped("hours", minutes))
    assert Decimal(0) <= gap < Decimal("0.1")


def test_personal_data_is_shown_masked_only() -> None:
    person = SimpleNamespace(name="张三丰", id_number=ID_NUMBER, phone="+8613812345678")
    shown = Everything(only=("id_number", "masked_name", "masked_id_number", "masked_phone")).dump(
        person
    )
    assert shown == {
        "masked_name": "张**",
        "masked_id_number": f"4110************{ID_NUMBER[-2:]}",
        "masked_phone": "138****5678",
    }
    assert dumped("masked_phone", None) is None


def test_other_dumps() -> None:
    row = uuid.uuid4()
    assert dumped("identifier", row) == str(row)
    assert dumped("day", date(2026, 5, 1)) == "2026-05-01"
    assert dumped("colour", Colour.DARK_BLUE) == "dark_blue"
    assert dumped("minutes", 90) == 90
    assert dumped("boolean", False) is False


@pytest.mark.parametrize("field", ["hours", "masked_name", "masked_phone", "masked_id_number"])
def test_shown_only_field_is_not_loaded(field: str) -> None:
    with pytest.raises(ma.ValidationError):
        SCHEMA.load({field: "1"})


@pytest.fixture(scope="module")
def properties() -> dict[str, Any]:
    spec = APISpec("t", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema("Everything", schema=Everything)
    found: dict[str, Any] = spec.to_dict()["components"]["schemas"]["Everything"]["properties"]
    return found


@pytest.mark.parametrize(
    ("field", "described"),
    [
        ("text", {"type": "string", "minLength": 1, "maxLength": 20}),
        ("note", {"type": "string", "minLength": 0, "maxLength": 20}),
        ("name", {"type": "string", "minLength": 2, "maxLength": 40}),
        ("integer", {"type": ["integer", "null"], "maximum": fields.LARGEST}),
        ("small", {"type": "integer", "minimum": 1, "maximum": 9}),
        ("query_integer", {"type": "integer", "minimum": -5, "maximum": 100}),
        ("boolean", {"type": "boolean"}),
        ("identifier", {"type": ["string", "null"], "format": "uuid"}),
        ("instant", {"type": "string", "format": "date-time"}),
        ("day", {"type": "string", "format": "date"}),
        ("minutes", {"type": "integer", "minimum": 0, "maximum": 2147483647}),
        ("colour", {"type": ["string", "null"], "enum": ["red", "dark_blue", None]}),
        ("id_number", {"type": "string", "format": "cn-id-number", "writeOnly": True}),
        ("phone", {"type": "string", "format": "cn-mobile"}),
        ("hours", {"type": "string", "readOnly": True}),
        ("masked_name", {"type": "string", "readOnly": True}),
    ],
)
def test_openapi_tells_type_and_bounds(
    properties: dict[str, Any], field: str, described: dict[str, Any]
) -> None:
    assert described.items() <= properties[field].items()


TRIMMED_OR_COMPOSED = (" " * 30 + "a", "a  ", "e\u0301", " 㐀𠮷〇 ", "Jose\u0301")
"""JSON Schema sees the raw text; the contract is exact for text that is clean already."""

TEXT_FIELDS = ("text", "short", "note", "story", "name", "phone")


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_openapi_pattern_agrees_with_the_field(properties: dict[str, Any], field: str) -> None:
    contract = jsonschema_rs.validator_for(properties[field])
    for name, value, _ in GOOD:
        if name == field and value not in TRIMMED_OR_COMPOSED:
            assert contract.is_valid(value), value
    for name, value in BAD:
        if name != field or value in TRIMMED_OR_COMPOSED or isinstance(value, bytes):
            continue
        if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            continue
        assert not contract.is_valid(value), value


def test_metadata_of_the_schema_wins() -> None:
    field = fields.Text(max_length=5, metadata={"description": "d", "pattern": "^x$"})
    assert field.metadata == {"description": "d", "pattern": "^x$"}
