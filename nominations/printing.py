"""Drawing papers as DOCX with python-docx. Loaded when the first paper is asked for."""

import io

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from nominations.papers import Form, Paper, Table

FONT = "仿宋_GB2312"
TITLE_FONT = "方正小标宋简体"
"""Of official documents (GB/T 9704-2012); a computer without them takes its own."""

COLUMNS = 2
"""Pairs of label and value in a row of a form."""


def draw(paper: Paper) -> bytes:
    """The paper on A4 with the margins of official documents."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    _use(document.styles["Normal"], FONT, 14)
    _line(document, paper.title, font=TITLE_FONT, size=22, align=WD_ALIGN_PARAGRAPH.CENTER)
    if paper.number is not None:
        _line(document, paper.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    for text in paper.paragraphs:
        for part in text.split("\n"):
            written = document.add_paragraph(part)
            written.paragraph_format.first_line_indent = Pt(28)
    if paper.form is not None:
        _form(document, paper.form)
    if paper.table is not None:
        _table(document, paper.table)
    for text in paper.closing:
        _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
    written_to = io.BytesIO()
    document.save(written_to)
    return written_to.getvalue()


def _use(style, font: str, size: int) -> None:  # type: ignore[no-untyped-def]
    style.font.name, style.font.size = font, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _line(
    document: DocumentObject,
    text: str,
    *,
    font: str = FONT,
    size: int = 14,
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
            cells[2 * n].text, cells[2 * n + 1].text = label, value
    for label, value in form.wide:
        cells = grid.add_row().cells
        cells[0].text = label
        cells[1].merge(cells[-1]).text = value


def _table(document: DocumentObject, table: Table) -> None:
    grid = document.add_table(rows=1, cols=len(table.header))
    grid.style = "Table Grid"
    for cell, text in zip(grid.rows[0].cells, table.header, strict=True):
        cell.text = text
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
