"""The fields of which all schemas are made: what may be written, and how it is shown.

Every field subclasses the marshmallow field that apispec maps to the right OpenAPI type, and
tells its pattern, lengths and bounds there. Minutes become hours here and nowhere else. What
tells who somebody is stands in `schemas.personal`. Rules: design/reliability, Input.
"""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, TypeVar

import marshmallow as ma
from marshmallow import validate
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from core import clock
from core.http.parsing import MAX_UPLOAD_BYTES

EnumT = TypeVar("EnumT", bound=Enum)
Data = Mapping[str, Any] | None

LARGEST = 1 << 53
"""JavaScript, which the mini-program runs, tells integers apart up to here."""

LARGEST_COLUMN = (1 << 31) - 1
"""The largest value of an INTEGER column on PostgreSQL."""

_INVISIBLE = (
    r"\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    rf"\u3164\ufeff\uffa0\ufff9-\uffff{chr(0xE0000)}-{chr(0xE007F)}"
)
"""Delete and C1 controls, zero-width characters, bidi overrides and isolates, line separators,
fillers that look like nothing, tags, non-characters, and U+FFFD, the trace of a broken encoding.
U+200D, which joins emoji, is among them: it also hides words from a moderator."""

_SPACES = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BAD_IN_LINE = rf"\x00-\x1f{_INVISIBLE}"
_BAD_IN_LINES = rf"\x00-\x08\x0b\x0c\x0e-\x1f{_INVISIBLE}"

_UUID = r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_INSTANT = re.compile(
    r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}")
_MONTH = r"^20[0-9]{2}-(?:0[1-9]|1[0-2])$"


def described(options: dict[str, Any], **openapi: Any) -> dict[str, Any]:
    """Options of a field with OpenAPI properties added; those given by the schema win."""
    return {**options, "metadata": {**openapi, **(options.get("metadata") or {})}}


class Text(ma.fields.String):
    """Text in NFC, without surrounding space; its length counts characters after that.

    Refuses control and invisible characters and bidi overrides. With `multiline` new lines and
    tabs may pass, and every new line becomes "\\n". Blank text is refused unless `min_length`
    is 0.
    """

    default_error_messages = {"hidden": "含有不可见或无法识别的字符，请删除后重新填写"}

    def __init__(
        self, *, max_length: int, min_length: int = 1, multiline: bool = False, **options: Any
    ) -> None:
        bad = _BAD_IN_LINES if multiline else _BAD_IN_LINE
        allowed = f"^[^{bad}]*$"
        space = _SPACES + r"\t\n\r" if multiline else _SPACES
        not_blank = f"^[^{bad}]*[^{bad}{space}][^{bad}]*$"
        super().__init__(**described(options, pattern=not_blank if min_length else allowed))
        self._allowed = re.compile(rf"[^{bad}\ud800-\udfff]*")
        self.validators.insert(0, validate.Length(min=min_length, max=max_length))

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        # Judged before trimming, because Python's strip also takes control characters away.
        if self._allowed.fullmatch(value) is None:
            raise self.make_error("hidden")
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", text).strip()


class StrictInteger(ma.fields.Integer):
    """An integer of a JSON body: true, 1.5, 1.0 and "5" are none. Bounds are inclusive."""

    default_error_messages = {"invalid": "应为整数"}

    def __init__(self, *, minimum: int = -LARGEST, maximum: int = LARGEST, **options: Any) -> None:
        super().__init__(strict=True, **options)
        self.validators.insert(0, validate.Range(min=minimum, max=maximum))


class _Degrees(ma.fields.Float):
    """A coordinate of a JSON body; "33.8", true and NaN are none. Seven digits are a centimetre."""

    default_error_messages = {"invalid": "应为数字"}
    low: ClassVar[float]
    high: ClassVar[float]

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_nan=False, **options)
        self.validators.insert(0, validate.Range(min=self.low, max=self.high))

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        return round(float(value), 7)


class Latitude(_Degrees):
    """Degrees north (gcj02), within China."""

    low, high = 3.0, 54.0


class Longitude(_Degrees):
    """Degrees east (gcj02), within China."""

    low, high = 73.0, 136.0


class QueryPosition(ma.fields.String):
    """`latitude,longitude` of a query string, in degrees (gcj02), within China; loads to a pair."""

    default_error_messages = {"position": "位置无效，请按“纬度,经度”填写，如 34.03,113.85"}

    _shape: ClassVar[re.Pattern[str]] = re.compile(
        r"([0-9]{1,2}(?:\.[0-9]{1,9})?),([0-9]{2,3}(?:\.[0-9]{1,9})?)"
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**described(options, examples=["34.035,113.852"]))

    def _deserialize(  # type: ignore[override]
        self, value: Any, attr: str | None, data: Data, **kwargs: Any
    ) -> tuple[float, float]:
        found = self._shape.fullmatch(super()._deserialize(value, attr, data, **kwargs))
        if found is None:
            raise self.make_error("position")
        latitude, longitude = float(found[1]), float(found[2])
        if not (
            Latitude.low <= latitude <= Latitude.high
            and Longitude.low <= longitude <= Longitude.high
        ):
            raise self.make_error("position")
        return latitude, longitude


class QueryInteger(StrictInteger):
    """An integer of a query string: ASCII digits, no sign but a minus, no leading zero."""

    _shape: ClassVar[re.Pattern[str]] = re.compile(r"0|-?[1-9][0-9]{0,15}")

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> int:
        if not isinstance(value, str) or self._shape.fullmatch(value) is None:
            raise self.make_error("invalid")
        return int(value)


class StrictBoolean(ma.fields.Boolean):
    """true or false of a JSON body; 1 and "yes" are neither."""

    default_error_messages = {"invalid": "应为 true 或 false"}

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryBoolean(StrictBoolean):
    """`true` or `false` in a query string."""

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise self.make_error("invalid")
        return bool(value == "true")


class Identifier(ma.fields.UUID):
    """The id of a row, in the usual form with hyphens; loads to uuid.UUID."""

    default_error_messages = {"invalid_uuid": "编号无效"}

    _shape: ClassVar[re.Pattern[str]] = re.compile(_UUID)

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> uuid.UUID:
        if not isinstance(value, str) or self._shape.fullmatch(value) is None:
            raise self.make_error("invalid_uuid")
        return uuid.UUID(value)


class Instant(ma.fields.DateTime):
    """RFC 3339 with an offset, in the years 2000 to 2099 of Shanghai; loads to an aware datetime.

    Dumps with +08:00, in seconds, or in milliseconds (cut, not rounded) if there is a fraction.
    Dumping a naive datetime is a ValueError: nobody can tell which instant it means.
    """

    default_error_messages = {
        "invalid": "时间无效，请按 2026-05-01T08:00:00+08:00 的格式填写",
        "range": "时间应在 2000 年至 2099 年之间",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> datetime:
        found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        # Before any arithmetic: the years 1 and 9999 overflow when moved to another zone.
        if not 1999 <= int(found["year"]) <= 2100:
            raise self.make_error("range")
        try:
            instant = datetime.fromisoformat(found[0])
        except ValueError as error:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error
        if not 2000 <= clock.day_of(instant).year <= 2099:
            raise self.make_error("range")
        return instant

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a naive datetime does not name an instant")
        shown = value.astimezone(clock.SHANGHAI)
        return shown.isoformat(timespec="milliseconds" if shown.microsecond else "seconds")


class Day(ma.fields.Date):
    """YYYY-MM-DD, in the years 1900 to 2100; loads to a date."""

    default_error_messages = {
        "invalid": "日期无效，请按 2026-05-01 的格式填写",
        "range": "日期应在 1900 年至 2100 年之间",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> date:
        found = _DAY.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("invalid")
        try:
            day = date.fromisoformat(found[0])
        except ValueError as error:
            raise self.make_error("invalid") from error
        if not 1900 <= day.year <= 2100:
            raise self.make_error("range")
        return day


class Month(ma.fields.String):
    """YYYY-MM, in the years 2000 to 2099; loads to the same text, which sorts by time."""

    default_error_messages = {"month": "月份无效，请按 2026-05 的格式填写"}

    _shape: ClassVar[re.Pattern[str]] = re.compile(_MONTH)

    def __init__(self, **options: Any) -> None:
        super().__init__(**described(options, pattern=_MONTH))

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if self._shape.fullmatch(text) is None:
            raise self.make_error("month")
        return text


class Minutes(StrictInteger):
    """A duration in whole minutes, not negative, small enough for its column."""

    def __init__(self, *, minimum: int = 0, maximum: int = LARGEST_COLUMN, **options: Any) -> None:
        super().__init__(minimum=minimum, maximum=maximum, **options)


class Hours(ma.fields.String):
    """Whole minutes shown as hours with one decimal, as text: 89 gives "1.4". Dump only.

    Rounds down (towards minus infinity), so that nobody is shown a star before it is earned.
    """

    def __init__(self, **options: Any) -> None:
        openapi = described(options, pattern=r"^-?[0-9]+\.[0-9]$", examples=["12.5"])
        super().__init__(**{**openapi, "dump_only": True})

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        tenths = int(value) // 6  # a sum is a Decimal on PostgreSQL
        whole, tenth = divmod(abs(tenths), 10)
        return f"{'-' if tenths < 0 else ''}{whole}.{tenth}"


class EnumValue(ma.fields.Enum[EnumT]):
    """A member of an enum, written as its value."""

    default_error_messages = {"unknown": "只能是以下之一：{choices}"}

    def __init__(self, enum: type[EnumT], **options: Any) -> None:
        super().__init__(
            enum, by_value=ma.fields.String(error_messages={"invalid": "应为文字"}), **options
        )


class UploadedFile(ma.fields.Raw):
    """A file of a multipart form; loads to its content. Its name and type are not believed.

    Raises Werkzeug's 413 above 10 MiB."""

    default_error_messages = {"file": "请选择要上传的文件", "empty": "文件是空的"}

    def __init__(self, **options: Any) -> None:
        super().__init__(**described(options, type="string", format="binary"))

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> bytes:
        if not isinstance(value, FileStorage):
            raise self.make_error("file")
        with value.stream as stream:
            content: bytes = stream.read(MAX_UPLOAD_BYTES + 1)
        if len(content) > MAX_UPLOAD_BYTES:
            raise RequestEntityTooLarge
        if not content:
            raise self.make_error("empty")
        return content
