"""Official papers as DOCX, from plain values. Drawing them is `nominations.printing`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; widths are parts of the page."""

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
    """A paper: its title, then paragraphs, a form, a table, and lines for signatures."""

    title: str
    number: str | None = None
    paragraphs: Sequence[str] = ()
    form: Form | None = None
    table: Table | None = None
    closing: Sequence[str] = ()
    """Set to the right: the office, the day."""
