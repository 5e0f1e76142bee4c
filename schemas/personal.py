"""The fields that tell who somebody is: how they may be written, how little is shown of them."""

import re
from typing import Any, ClassVar

import marshmallow as ma
import phonenumbers

from accounts.identity import InvalidIdNumber, birth_date, canonical
from core import clock
from core.crypto import mask_id_number, mask_name, mask_phone
from schemas.fields import Data, Text, described

_LETTER = (
    rf"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff{chr(0x20000)}-{chr(0x3FFFD)}"
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
)
"""Han characters with all extensions (rare names), and Latin with its marks (foreigners)."""

_MIDDLE_DOTS = r"\u00b7\u2022\u2027\u30fb"
_NAME = rf"^[{_LETTER}]+(?:[{_MIDDLE_DOTS} '\-][{_LETTER}]+)*$"
_PHONE = r"^(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}$"


class PersonName(Text):
    """A name as on an identity card: Han or Latin letters, with a middle dot, a space, an
    apostrophe or a hyphen between parts. Every kind of middle dot becomes U+00B7."""

    default_error_messages = {"name": "姓名只能包含汉字或字母，以及中间的“·”，请与证件一致"}

    _shape: ClassVar[re.Pattern[str]] = re.compile(_NAME)
    _any_dot: ClassVar[re.Pattern[str]] = re.compile(f"[{_MIDDLE_DOTS}]")

    def __init__(self, *, max_length: int = 40, min_length: int = 2, **options: Any) -> None:
        super().__init__(
            max_length=max_length, min_length=min_length, **described(options, pattern=_NAME)
        )

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name and self._shape.fullmatch(name) is None:
            raise self.make_error("name")
        return self._any_dot.sub("·", name)


class IdNumber(ma.fields.String):
    """A resident identity number (see `accounts.identity`), upper case; a birthday still to
    come is refused. Load only, so that it can't be shown by mistake."""

    default_error_messages = {"id_number": "身份证号码有误，请核对后重新填写"}

    def __init__(self, **options: Any) -> None:
        openapi = described(options, pattern="^[1-9][0-9]{16}[0-9Xx]$", format="cn-id-number")
        super().__init__(**{"load_only": True, **openapi})

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            number = canonical(text)
        except InvalidIdNumber:
            raise self.make_error("id_number") from None
        if birth_date(number) > clock.today():
            raise self.make_error("id_number")
        return number


class Phone(ma.fields.String):
    """A mobile number of mainland China, as people write it; loads to E.164 (+8613…)."""

    default_error_messages = {"phone": "手机号码有误，请填写 11 位手机号码"}

    _shape: ClassVar[re.Pattern[str]] = re.compile(_PHONE)

    def __init__(self, **options: Any) -> None:
        super().__init__(**described(options, pattern=_PHONE, format="cn-mobile"))

    def _deserialize(self, value: Any, attr: str | None, data: Data, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if self._shape.fullmatch(text) is None:
            raise self.make_error("phone")
        # The shape leaves the last eleven digits as the number, whatever stands before.
        national = re.sub(r"[ -]", "", text)[-11:]
        number = phonenumbers.parse(national, "CN")
        if (
            not phonenumbers.is_valid_number_for_region(number, "CN")
            or phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE
        ):
            raise self.make_error("phone")
        return f"+86{national}"


class _Masked(ma.fields.String):
    """Text of which only a part is shown. Dump only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "dump_only": True})

    @staticmethod
    def mask(value: str | None) -> str:
        raise NotImplementedError

    def _serialize(
        self, value: str | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return None if value is None else self.mask(value)


class MaskedIdNumber(_Masked):
    """4110************2X"""

    mask = staticmethod(mask_id_number)


class MaskedPhone(_Masked):
    """138****5678"""

    mask = staticmethod(mask_phone)


class MaskedName(_Masked):
    """张**"""

    mask = staticmethod(mask_name)
