"""Spreadsheets, written and read in bounded memory: XLSX, and CSV as Excel takes it.

Written cells are numbers of our own, which a clerk can add up, or text, and never a formula. Read
files are strangers': an XLSX is measured before it is opened, because a few kilobytes can unpack to
gigabytes and two far-off cells can span a billion.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from core.deferred import Deferred

python_calamine = Deferred("python_calamine")
xlsxwriter = Deferred("xlsxwriter")

Cell = str | int | None


class SheetFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        if self is SheetFormat.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


ROWS_PER_SHEET = 1_000_000
"""Excel takes 1,048,576; further rows go to a further sheet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: Cell) -> str:
    """The text of a cell that no program takes for a formula. Integers are our own, so a negative
    one stays as it is."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return str(cell)


_PIECE_BYTES = 1 << 16

RowWriter = Callable[[Sequence[Cell]], None]


@contextmanager
def writing(path: Path, how: SheetFormat, headings: Sequence[str]) -> Iterator[RowWriter]:
    """Open a new spreadsheet and give a function that adds a row. XLSX puts temporary files
    beside `path`."""
    if how is SheetFormat.CSV:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(headings)
            yield lambda row: rows.writerow([plain(cell) for cell in row])
        return
    options = {"constant_memory": True, "strings_to_formulas": False, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        yield _Sheets(book, headings).add


def xlsx_of(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """An XLSX piece by piece: written at once, into a file that is gone from its folder when it
    is read."""
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "sheet"
        with writing(path, SheetFormat.XLSX, headings) as add:
            for row in rows:
                add(row)
        return _pieces(path.open("rb"))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A small CSV as a whole."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


class _Sheets:
    """Rows in as many sheets as they need."""

    def __init__(self, book: Any, headings: Sequence[str]) -> None:
        self._book = book
        self._headings = headings
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._number = 0
        self._write(self._headings)

    def add(self, row: Sequence[Cell]) -> None:
        if self._number > ROWS_PER_SHEET:
            self._begin()
        self._write(row)

    def _write(self, row: Sequence[Cell]) -> None:
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                self._sheet.write_number(self._number, column, cell)
            else:
                self._sheet.write_string(self._number, column, plain(cell))
        self._number += 1


class SheetUnreadable(Exception):
    """A file that is no spreadsheet we are willing to open; the text says why, in Chinese."""


MAX_UNPACKED_BYTES = 128 << 20
MAX_PARTS = 1000
MAX_COLUMNS = 50
MAX_CELL_CHARACTERS = 2000
CSV_ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order, strictly; what Excel writes in China is the second."""

_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
_LONGEST_REFERENCE = 64


def format_of(content: bytes) -> SheetFormat:
    """What the file is, by its first bytes; its name is not believed."""
    return SheetFormat.XLSX if content[:4] == b"PK\x03\x04" else SheetFormat.CSV


def measure(content: bytes, *, max_rows: int) -> SheetFormat:
    """Look at a file without opening it. Raises SheetUnreadable for what is too big unpacked, spans
    too much, or is neither XLSX nor text in a known encoding."""
    how = format_of(content)
    if how is SheetFormat.XLSX:
        _measure_xlsx(content, max_rows)
    else:
        _decode(content)
    return how


def _measure_xlsx(content: bytes, max_rows: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise SheetUnreadable("文件解压后太大，请分成几个文件上传")
            for part in parts:
                with archive.open(part) as unpacked:
                    is_sheet = part.filename.lower().startswith("xl/worksheets/")
                    _measure_part(unpacked, is_sheet=is_sheet, max_rows=max_rows)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise SheetUnreadable("无法打开这个文件，请另存为 .xlsx 后再试") from None


def _measure_part(unpacked: Any, *, is_sheet: bool, max_rows: int) -> None:
    """Unpack to the end, which proves that the part is as large as it says (its checksum), and in
    a sheet look how far the cells reach."""
    tail = b""
    while piece := unpacked.read(1 << 18):
        if not is_sheet:
            continue
        for letters, digits in _REFERENCE.findall(tail + piece):
            if int(digits) > max_rows + 1 or _column(letters) > MAX_COLUMNS:
                raise SheetUnreadable(f"表格最多 {max_rows} 行、{MAX_COLUMNS} 列")
        tail = piece[-_LONGEST_REFERENCE:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _decode(content: bytes) -> str:
    for encoding in CSV_ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise SheetUnreadable("文件既不是 .xlsx，也不是 UTF-8 或 GB18030 编码的 .csv")


def read(content: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet, cells as trimmed text, the first row with them. A measured
    file only. Raises SheetUnreadable, at once or on the way."""
    if format_of(content) is SheetFormat.XLSX:
        return _read_xlsx(content)
    return _read_csv(content)


def _read_csv(content: bytes) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(_decode(content), newline=""), strict=True):
            yield [_short(cell.strip()) for cell in row]
    except csv.Error:
        raise SheetUnreadable("CSV 文件的引号或换行有误，请重新导出") from None


def _read_xlsx(content: bytes) -> Iterator[list[str]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows: Iterable[list[Any]] = book.get_sheet_by_index(0).iter_rows()
        for row in rows:
            yield [_short(_text(cell)) for cell in row]
    except (python_calamine.CalamineError, IndexError, OSError, ValueError):
        raise SheetUnreadable("无法打开这个文件，请另存为 .xlsx 后再试") from None


def _text(cell: Any) -> str:
    """A cell as people see it. A number beyond 15 digits (an ID number that was not entered as
    text) has lost its last ones: it is left in its scientific form, which no field takes."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _short(text: str) -> str:
    if len(text) > MAX_CELL_CHARACTERS:
        raise SheetUnreadable(f"单元格内容超过 {MAX_CELL_CHARACTERS} 个字")
    return text
