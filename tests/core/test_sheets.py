"""Spreadsheets: inert when written, measured before they are opened."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from core import sheets
from core.sheets import SheetFormat, SheetUnreadable, measure, plain, read, writing


def xlsx(cells: dict[str, object]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, value in cells.items():
            sheet.write(place, value)
    return content.getvalue()


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not plain(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(text).endswith(text)


@pytest.mark.parametrize("how", SheetFormat)
def test_what_is_written_is_read_again(tmp_path: Path, how: SheetFormat) -> None:
    with writing(tmp_path / "s", how, ("姓名", "分钟")) as add:
        add(("=1+1", 120))
        add(("王新，\n二", None))
        add(("", -30))
    content = (tmp_path / "s").read_bytes()
    assert measure(content, max_rows=10) is how
    assert list(read(content)) == [
        ["姓名", "分钟"],
        ["'=1+1", "120"],
        ["王新，\n二", ""],
        ["", "-30"],
    ]


def test_further_rows_go_to_a_further_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS_PER_SHEET", 2)
    with writing(tmp_path / "s.xlsx", SheetFormat.XLSX, ("a",)) as add:
        for n in range(5):
            add((n,))
    with zipfile.ZipFile(tmp_path / "s.xlsx") as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(names) == 3


def test_rows_keep_their_numbers_when_the_first_are_empty() -> None:
    rows = list(read(xlsx({"B3": "a", "C6": "b"})))
    assert [n for n, row in enumerate(rows, start=1) if any(row)] == [3, 6]


@pytest.mark.parametrize("place", ["A12", "AY1"])
def test_a_sheet_that_reaches_too_far_is_not_opened(place: str) -> None:
    with pytest.raises(SheetUnreadable, match="表格最多"):
        measure(xlsx({"A1": "a", place: "b"}), max_rows=10)


def test_the_last_row_and_column_are_still_taken() -> None:
    assert measure(xlsx({"A11": "a", "AX1": "b"}), max_rows=10) is SheetFormat.XLSX


def test_a_lie_about_the_size_is_found_by_the_checksum() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000)
    real, false = (100_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    with pytest.raises(SheetUnreadable):
        measure(content.getvalue().replace(real, false), max_rows=10)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_china(encoding: str) -> None:
    assert list(read("姓名,備註\r\n王㐱, a ".encode(encoding))) == [["姓名", "備註"], ["王㐱", "a"]]


@pytest.mark.parametrize("content", [b"\x00\x01", b"a,b\x00c", b"\xff\xff\xff"])
def test_what_is_no_text_is_no_csv(content: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        measure(content, max_rows=10)


def test_a_giant_cell_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="单元格"):
        list(read(("x" * 2001).encode()))
