"""What a kind of import is: how a row is read, what is wrong with it, and how it is written.

The rest of an import (the sealed file, the report, the second person, the batches) is the same
for all kinds. Each half of the system describes its own kinds; the job is given all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.crypto import vault
from core.sheets import xlsx_of
from volunteer.models.imports import Import

Values = Mapping[str, Any]
"""What a row says, by our names; days in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Problem:
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class GoodRow:
    number: int
    values: Values


Problems = Mapping[int, Problem]
"""By row number."""


class FirstSeen:
    """Tells that a row says what an earlier one of the file has said; keeps no value."""

    def __init__(self) -> None:
        self._first: dict[bytes, int] = {}

    def problem(self, column: str, number: int, what: str) -> Problem | None:
        first = self._first.setdefault(short(what), number)
        return None if first == number else Problem(column, f"与第 {first} 行重复")


def short(text: str) -> bytes:
    """Stands for a text that is only to be compared: 16 bytes, keyed."""
    return vault().index.digest(text, purpose="import_row")[:16]


def without(rows: Sequence[GoodRow], problems: Problems) -> list[GoodRow]:
    """The rows that have none of the problems."""
    return [row for row in rows if row.number not in problems]


class RowRules(Protocol):
    """Asked of a batch of rows, once when the file is checked and again when it is written, since
    the world may have changed between."""

    most_at_once: int
    """Rows of a batch, where their rules are long."""

    def repeats(self) -> Callable[[GoodRow], Problem | None]:
        """For one file: asked of its rows in their order, tells what they say together."""

    def problems_of(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        """What the database has against rows that are well-formed."""

    def write(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        """Write the rows that have no problem now, once, by the keys of what is written; gives what
        is against the others."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import; made where the shapes of input are, above the services."""

    headings: tuple[str, ...]
    example: tuple[str, ...]
    """A row under the headings. It is never imported by mistake: its ID number is nobody's."""
    required: frozenset[str]
    """Headings without which a file is the wrong one."""
    read: Callable[[Mapping[str, str]], tuple[Values, list[Problem]]]
    """Of the cells that are not empty, by heading."""
    rules: RowRules


Kinds = Mapping[str, Kind]


def template(kind: Kind) -> Iterator[bytes]:
    """An XLSX to fill in: the headings and one example."""
    return xlsx_of(kind.headings, [kind.example])
