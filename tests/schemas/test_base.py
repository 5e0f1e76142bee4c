import inspect
from collections.abc import Iterator
from enum import StrEnum
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import marshmallow as ma
import pytest
from marshmallow import validate

from schemas.base import MESSAGES, Schema


class Inner(Schema):
    number = ma.fields.Integer(required=True, strict=True)


class Outer(Schema):
    inner = ma.fields.Nested(Inner, required=True)
    inners = ma.fields.List(ma.fields.Nested(Inner), validate=validate.Length(max=2))
    words = ma.fields.List(ma.fields.String(validate=validate.Length(min=2)))
    pair = ma.fields.Tuple((ma.fields.Integer(), ma.fields.Boolean()))
    by_name = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    ranged = ma.fields.Integer(validate=validate.Range(1, 5))
    chosen = ma.fields.String(validate=validate.OneOf(["a", "b"]))
    own = ma.fields.Integer(
        error_messages={"invalid": "请填数字"}, validate=validate.Range(min=3, error="至少三个")
    )


class Colour(StrEnum):
    RED = "red"


class Shown(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(data_key="called", attribute="title")
    colour = ma.fields.Enum(Colour, by_value=True)
    number = ma.fields.Integer()
    inner = ma.fields.Nested(Inner)
    deep = ma.fields.String(attribute="inner.number")
    pair = ma.fields.Tuple((ma.fields.Integer(), ma.fields.Boolean()))


def shipped() -> Iterator[str]:
    """Every message that marshmallow's fields and validators may give."""
    for cls in vars(ma.fields).values():
        if inspect.isclass(cls):
            yield from vars(cls).get("default_error_messages", {}).values()
    for cls in vars(validate).values():
        if inspect.isclass(cls) and issubclass(cls, validate.Validator):
            yield from (
                text
                for name, text in vars(cls).items()
                if name.endswith("message")
                or (name.startswith("message_") and cls is validate.Length)
            )
    for inclusive in ((True, True), (True, False), (False, True), (False, False)):
        made = validate.Range(1, 2, min_inclusive=inclusive[0], max_inclusive=inclusive[1])
        yield from (made.message_min, made.message_max, made.message_all)


def test_every_message_of_marshmallow_has_its_chinese() -> None:
    assert set(shipped()) == set(MESSAGES)


def test_translations_keep_their_placeholders() -> None:
    for english, chinese in MESSAGES.items():
        for name in ("{min}", "{max}", "{choices}", "{equal}", "{other}", "{values}"):
            assert (name in english) == (name in chinese), english


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {"inner": ["必须填写"]}),
        ({"inner": None}, {"inner": ["不能为空"]}),
        ({"inner": []}, {"inner": {"_schema": ["格式不对"]}}),
        ({"inner": {"number": 1, "more": 1}}, {"inner": {"more": ["不认识的字段"]}}),
        ({"inner": {"number": "x"}}, {"inner": {"number": ["应为整数"]}}),
        ({"inners": 1}, {"inners": ["应为列表"]}),
        ({"inners": [{"number": 1}] * 3}, {"inners": ["最多 2 项"]}),
        ({"inners": [{}]}, {"inners": {0: {"number": ["必须填写"]}}}),
        ({"words": ["ab", "a"]}, {"words": {1: ["至少 2 个字"]}}),
        ({"words": [1]}, {"words": {0: ["应为文字"]}}),
        ({"pair": [1]}, {"pair": ["应为 2 项"]}),
        ({"pair": ["x", "x"]}, {"pair": {0: ["应为整数"], 1: ["应为“是”或“否”"]}}),
        ({"by_name": 1}, {"by_name": ["格式不对"]}),
        ({"by_name": {"a": "x"}}, {"by_name": {"a": {"value": ["应为整数"]}}}),
        ({"ranged": 6}, {"ranged": ["应在 1 至 5 之间"]}),
        ({"chosen": "c"}, {"chosen": ["只能是以下之一：a, b"]}),
        ({"own": "x"}, {"own": ["请填数字"]}),
        ({"own": 1}, {"own": ["至少三个"]}),
        ({"more": 1}, {"more": ["不认识的字段"]}),
    ],
)
def test_refusals_are_told_in_chinese(data: dict[str, Any], errors: dict[str, Any]) -> None:
    if errors.keys() != {"inner"}:
        data = {"inner": {"number": 1}, **data}
    with pytest.raises(ma.ValidationError) as told:
        Outer().load(data)
    assert told.value.messages == errors


def test_unknown_fields_are_refused_under_an_own_meta() -> None:
    class Sub(Inner):
        class Meta:
            load_only = ("number",)

    with pytest.raises(ma.ValidationError):
        Sub().load({"number": 1, "more": 1})


def test_translation_leaves_marshmallow_itself_alone() -> None:
    Outer()
    assert ma.fields.Integer().error_messages["required"] == "Missing data for required field."
    assert validate.Length(min=1).message_min == "Shorter than minimum length {min}."


WHOLE: dict[str, Any] = {
    "id": UUID("01a20c52-f7e6-77f3-9a3a-9200b21053cd"),
    "title": "清洁家园",
    "colour": Colour.RED,
    "number": 3,
    "inner": SimpleNamespace(number=7),
    "pair": (1, True),
}


@pytest.mark.parametrize(
    "shown",
    [
        SimpleNamespace(**WHOLE),
        SimpleNamespace(**WHOLE | {"title": None, "colour": None, "id": None}),
        SimpleNamespace(**{k: v for k, v in WHOLE.items() if k != "number"}),
        WHOLE,
        {"title": "清洁家园"},
    ],
    ids=["whole", "with nulls", "with a gap", "a mapping", "a mapping with gaps"],
)
def test_a_dump_is_what_marshmallow_gives(shown: Any) -> None:
    schema = Shown()
    assert schema.dump(shown) == ma.Schema._serialize(schema, shown)
    assert schema.dump([shown, shown], many=True) == [schema.dump(shown)] * 2
