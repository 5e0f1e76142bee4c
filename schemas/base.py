"""The base of every schema: unknown fields are refused, and refusals are told in Chinese."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import marshmallow as ma

MESSAGES = MappingProxyType(
    {
        "Missing data for required field.": "必须填写",
        "Field may not be null.": "不能为空",
        "Invalid value.": "填写的内容无效",
        "Invalid input.": "填写的内容无效",
        "Invalid type.": "格式不对",
        "Not a valid list.": "应为列表",
        "Not a valid tuple.": "应为列表",
        "Not a valid string.": "应为文字",
        "Not a valid utf-8 string.": "应为文字",
        "Not a valid UUID.": "编号无效",
        "Not a valid number.": "应为数字",
        "Number too large.": "数字太大",
        "Not a valid integer.": "应为整数",
        "Special numeric values (nan or infinity) are not permitted.": "应为普通数字",
        "Not a valid boolean.": "应为“是”或“否”",
        "Not a valid {obj_type}.": "时间无效",
        "Not a valid {awareness} {obj_type}.": "时间无效",
        '"{input}" cannot be formatted as a {obj_type}.': "时间无效",
        "Not a valid date.": "日期无效",
        '"{input}" cannot be formatted as a date.': "日期无效",
        "Not a valid period of time.": "时长无效",
        "{input!r} cannot be formatted as a timedelta.": "时长无效",
        "Not a valid mapping type.": "格式不对",
        "Not a valid URL.": "网址无效",
        "Not a valid email address.": "邮箱地址无效",
        "Not a valid IP address.": "IP 地址无效",
        "Not a valid IPv4 address.": "IP 地址无效",
        "Not a valid IPv6 address.": "IP 地址无效",
        "Not a valid IP interface.": "IP 地址无效",
        "Not a valid IPv4 interface.": "IP 地址无效",
        "Not a valid IPv6 interface.": "IP 地址无效",
        "Must be one of: {choices}.": "只能是以下之一：{choices}",
        "Must be equal to {other}.": "只能是 {other}",
        "Must be greater than or equal to {min}.": "不能小于 {min}",
        "Must be greater than {min}.": "必须大于 {min}",
        "Must be less than or equal to {max}.": "不能大于 {max}",
        "Must be less than {max}.": "必须小于 {max}",
        "Must be greater than or equal to {min} and less than or equal to {max}.": (
            "应在 {min} 至 {max} 之间"
        ),
        "Must be greater than {min} and less than {max}.": "应大于 {min}，小于 {max}",
        "Must be greater than or equal to {min} and less than {max}.": "应不小于 {min}，小于 {max}",
        "Must be greater than {min} and less than or equal to {max}.": "应大于 {min}，不大于 {max}",
        "Shorter than minimum length {min}.": "至少 {min} 个字",
        "Longer than maximum length {max}.": "最多 {max} 个字",
        "Length must be between {min} and {max}.": "应为 {min} 至 {max} 个字",
        "Length must be {equal}.": "应为 {equal} 个字",
        "String does not match expected pattern.": "格式不对",
        "One or more of the choices you made was not in: {choices}.": "只能从这些中选：{choices}",
        "One or more of the choices you made was in: {values}.": "不能包含：{values}",
    }
)
"""marshmallow's own messages, and what a citizen reads instead. A test keeps it complete."""

_COLLECTIONS = (ma.fields.List, ma.fields.Tuple, ma.fields.Mapping, ma.fields.Nested)
_VALIDATOR_TEXTS = ("message_min", "message_max", "message_all", "message_equal", "error")


_WRITERS: Mapping[Any, Callable[[Any], Any]] = {
    ma.fields.String._serialize: str,
    ma.fields.UUID._serialize: str,
}
"""What fields do to a value that is there, where that is simple."""


def _writer(field: ma.fields.Field[Any]) -> Callable[[Any], Any] | None:
    if type(field)._serialize is ma.fields.Enum._serialize:
        return attrgetter("value") if field.by_value else None  # type: ignore[attr-defined]
    return _WRITERS.get(type(field)._serialize)


REMEMBERED = 256
"""Objects a schema; an activity of a list takes 2 kB."""


class Schema(ma.Schema):
    """Explicit fields only. Unknown fields are refused by name, in nested schemas too."""

    error_messages = {"type": "格式不对", "unknown": "不认识的字段"}

    is_remembered = False
    """Whether what an object looks like is kept for those that equal it: for frozen rows of hot
    lists, most of which were shown a moment ago at another address."""

    class Meta:
        unknown = ma.RAISE

    def __deepcopy__(self, _memo: Any) -> "Schema":
        """Nobody changes one, and flask-smorest copies its notes with every decorator."""
        return self

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """An attribute of an object is looked up as such at once; marshmallow would try whether
        it is a mapping first, which is a third of the cost of a long list."""
        if "." in attr or isinstance(obj, Mapping):
            return super().get_attribute(obj, attr, default)
        return getattr(obj, attr, default)

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        """What marshmallow gives, at half its price: it asks anew of every value where it is
        and what its field would do, and a list of twenty rows has hundreds of values."""
        if many and obj is not None:
            return [self._serialize(one) for one in obj]
        return self._remembered(obj) if self.is_remembered else self._shown(obj)

    @cached_property
    def _remembered(self) -> Callable[[Any], Any]:
        return lru_cache(maxsize=REMEMBERED)(self._shown)

    def _shown(self, obj: Any) -> Any:
        fetch, steps = self._plan
        if fetch is None or obj is None or isinstance(obj, Mapping):
            return super()._serialize(obj)
        try:
            values = fetch(obj)
        except AttributeError:  # something is missing, which is marshmallow's to judge
            return super()._serialize(obj)
        shown = {}
        for (key, name, field, write), value in zip(steps, values, strict=True):
            if write is None:
                shown[key] = field._serialize(value, name, obj)
            else:
                shown[key] = None if value is None else write(value)
        return shown

    @cached_property
    def _plan(self) -> tuple[Callable[[Any], tuple[Any, ...]] | None, list[tuple[Any, ...]]]:
        """How to fetch all values of an object at once (None: not this schema), and what to do
        with each: its key, attribute, field, and the writer of a plain value."""
        fields = self.dump_fields
        steps = [(f.data_key or key, key, f, _writer(f)) for key, f in fields.items()]
        if len(fields) < 2 or not all(f._CHECK_ATTRIBUTE for f in fields.values()):
            return None, steps
        return attrgetter(*(f.attribute or key for key, f in fields.items())), steps

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        _translate(field_obj)


def _translate(field: ma.fields.Field[Any]) -> None:
    """Put Chinese in place of every message that marshmallow ships; others are left alone."""
    field.error_messages = {
        key: MESSAGES.get(text, text) if isinstance(text, str) else text
        for key, text in field.error_messages.items()
    }
    # Apart from the declared ones, a tuple has a validator of its length.
    for validator in (*field.validators, getattr(field, "validate_length", None)):
        for name in _VALIDATOR_TEXTS:
            text = MESSAGES.get(getattr(validator, name, None) or "")
            if text is not None:
                unit = "项" if isinstance(field, _COLLECTIONS) else "个字"
                setattr(validator, name, text.replace("个字", unit))
    for inner in _inner_fields(field):
        _translate(inner)


def _inner_fields(field: ma.fields.Field[Any]) -> Iterator[ma.fields.Field[Any]]:
    match field:
        case ma.fields.List():
            yield field.inner
        case ma.fields.Tuple():
            yield from field.tuple_fields
        case ma.fields.Mapping():
            yield from (f for f in (field.key_field, field.value_field) if f is not None)
