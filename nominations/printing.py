"""Drawing papers as DOCX with python-docx. Loaded when the first paper is asked for.

Fonts are named, not embedded: offices have them.
"""

import io

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell

from nominations.papers import Form, Paper, Table

FONT = "仿宋_GB2312"
TITLE_FONT = "方正小标宋简体"
"""Of official documents (GB/T 9704-2012); a computer without them takes its own."""

TEXT_POINTS = 14
CELL_POINTS = 10.5

COLUMNS = 2
"""Pairs of label and value in a row of a form."""


def draw(paper: Paper) -> bytes:
    """The paper on A4 with the margins of official documents."""
    document = Document()
    document.core_properties.title, document.core_properties.author = paper.title, ""
    _use_a4(document, is_landscape=paper.is_landscape)
    _use(document.styles["Normal"], FONT, TEXT_POINTS)
    _line(document, paper.title, font=TITLE_FONT, size=22, align=WD_ALIGN_PARAGRAPH.CENTER)
    if paper.number is not None:
        _line(document, paper.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    for part in paper.parts:
        match part:
            case Form():
                _form(document, part)
            case Table():
                _table(document, part)
            case _:
                _text(document, part)
    for text in paper.closing:
        _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
    written_to = io.BytesIO()
    document.save(written_to)
    return written_to.getvalue()


def _use_a4(document: DocumentObject, *, is_landscape: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    if is_landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
        section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.6)


def _use(style, font: str, size: int) -> None:  # type: ignore[no-untyped-def]
    style.font.name, style.font.size = font, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _text(document: DocumentObject, text: str) -> None:
    for line in text.split("\n"):
        document.add_paragraph(line).paragraph_format.first_line_indent = Pt(2 * TEXT_POINTS)


def _line(
    document: DocumentObject,
    text: str,
    *,
    font: str = FONT,
    size: int = TEXT_POINTS,
    align: WD_ALIGN_PARAGRAPH,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _form(document: DocumentObject, form: Form) -> None:
    rows = [form.fields[n : n + COLUMNS] for n in range(0, len(form.fields), COLUMNS)]
    grid = document.add_table(rows=0, cols=2 * COLUMNS)
    grid.style = "Table Grid"
    for row in rows:
        cells = grid.add_row().cells
        for n, (label, value) in enumerate(row):
            _fill(cells[2 * n], label)
            _fill(cells[2 * n + 1], value)
    for label, value in form.wide:
        cells = grid.add_row().cells
        _fill(cells[0], label)
        _fill(cells[1].merge(cells[-1]), value)


def _table(document: DocumentObject, table: Table) -> None:
    grid = document.add_table(rows=1, cols=len(table.header))
    grid.style = "Table Grid"
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in (table.header, *table.rows):
        cells = grid.rows[0].cells if row is table.header else grid.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            _fill(cell, text)
    document.add_paragraph()


def _fill(cell: _Cell, text: str) -> None:
    cell.text = text
    for paragraph in cell.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(CELL_POINTS)
