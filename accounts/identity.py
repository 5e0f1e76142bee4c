"""What an ID number says by itself. Pure: no clock, no database.

Rule: GB 11643-1999, the citizen identification number: six digits of the place where it was
issued, eight of the birthday, three of the order, one check character (0 to 9 or X).
"""

import re
from datetime import date

from stdnum.cn import ric

_SHAPE = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9])"
    r"[0-9]{4}(?:19|20)[0-9]{9}[0-9Xx]"
)
"""The first two digits are a province; 81 to 83 stand on residence permits of people from Hong
Kong, Macau and Taiwan, 9 begins a foreigner's permanent residence number."""


class InvalidIdNumber(ValueError):
    """The text is no ID number. Says nothing about the text, which may be personal."""


def canonical(text: str) -> str:
    """The one form of an ID number: 18 ASCII characters, upper case.

    Full-width digits, spaces, a trailing newline, the old 15 digits, an impossible birthday
    (29 February 1900, month 13) and a wrong check character raise InvalidIdNumber. What NFKC
    would change is thereby refused, so one person can't have two forms.

    Of the place only the province is checked: python-stdnum's full validation refuses everyone
    born before the code of their county was assigned, such as Xuchang's Weidu (411002) before
    1986, though codes were given to the people living there when numbers were introduced.
    """
    if _SHAPE.fullmatch(text) is None:
        raise InvalidIdNumber
    number = text.upper()
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidIdNumber
    birth_date(number)
    return number


def birth_date(id_number: str) -> date:
    """The birthday written in an ID number. Raises InvalidIdNumber if it is no date."""
    digits = id_number[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidIdNumber from None


def is_male(id_number: str) -> bool:
    """What the last of the three order digits says: odd for a man."""
    return int(id_number[16]) % 2 == 1


def age_on(birth: date, day: date) -> int:
    """Full years of age (周岁) on `day`.

    The simple civil rule: a person is N years old from the N-th birthday on; one born on 29
    February has the birthday on 1 March in common years. (Criminal law counts from the day after
    the birthday; no rule here hangs on that day.) Raises ValueError before the birth.
    """
    if day < birth:
        raise ValueError("nobody has an age before being born")
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
