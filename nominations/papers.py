"""Official papers as DOCX, from plain values. Drawing them is `nominations.printing`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIGNATURE = "＿＿＿＿＿＿＿＿"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header, which is repeated on every page."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of labels and values, as the office fills them by hand: wide ones take a row of
    their own."""

    fields: Sequence[tuple[str, str]]
    wide: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its title, then paragraphs, forms and tables in their order."""

    title: str
    parts: Sequence[str | Form | Table]
    number: str | None = None
    closing: Sequence[str] = ()
    """Set to the right: the office, the day."""
    is_landscape: bool = False


def in_words(day: date) -> str:
    """As official documents write a day (GB/T 9704-2012): 2027年6月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
