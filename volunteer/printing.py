"""A certificate as a PDF. Pure: the same sheet gives the same bytes.

Loaded at its first use (`core.deferred`). The font is Noto Sans SC (SIL Open Font License),
embedded as the subset that the text needs.
"""

import io
from collections.abc import Sequence
from datetime import date
from itertools import groupby

import pylopdf_fonts_zh_cn
import segno
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from core import clock
from volunteer.papers import Line, Sheet, in_words

TITLE = "志愿服务记录证明"
FONT = "NotoSansSC"
MARGIN = 18.0
"""Millimetres, like every length here."""

QR_SIDE = 32.0
WIDTHS = (26, 40, 36, 40, 32)
HEADINGS = ("日期", "活动", "地点", "服务内容", "时长")


def render(sheet: Sheet) -> bytes:
    """The PDF: one page, or more when the table is long."""
    page = _Paper(sheet.number)
    page.set_creation_date(sheet.issued_at)
    page.set_title(f"{TITLE} {sheet.number}")
    page.set_lang("zh-CN")
    page.add_font(FONT, fname=pylopdf_fonts_zh_cn.sans_path())
    page.set_margins(MARGIN, MARGIN)
    page.set_auto_page_break(True, margin=MARGIN + 4)
    page.add_page()
    _head(page, sheet)
    _sums(page, sheet)
    for organization, lines in groupby(sheet.lines, key=lambda line: line.organization):
        _table(page, organization, list(lines))
    _foot(page, sheet)
    return bytes(page.output())


class _Paper(FPDF):
    """A4, with the certificate's number at the foot of every page."""

    def __init__(self, number: str) -> None:
        super().__init__(format="A4")
        self.number = number

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(FONT, size=8)
        self.cell(0, 5, f"编号 {self.number} · 第 {self.page_no()} 页", align=Align.C)


def _say(page: FPDF, text: str, *, size: float = 11, height: float = 7) -> None:
    page.set_font(FONT, size=size)
    page.multi_cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L)


def _head(page: FPDF, sheet: Sheet) -> None:
    page.set_font(FONT, size=20)
    page.cell(0, 14, TITLE, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _say(page, f"证明编号：{sheet.number}")
    _say(page, f"姓名：{sheet.name}　　身份证号：{sheet.id_number}")
    _say(page, f"服务期间：{_day(sheet.from_day)}至{_day(sheet.to_day)}（含首尾两日）")


def _sums(page: FPDF, sheet: Sheet) -> None:
    total = sheet.verified_minutes + sheet.honorary_minutes
    share = sheet.verified_minutes * 100 // total
    _say(
        page,
        f"签到时长：{in_words(sheet.verified_minutes)}（由签到、签退记录，占 {share}%）\n"
        f"补记时长：{in_words(sheet.honorary_minutes)}（事后补记，经他人审核，单独列出）",
    )
    page.ln(2)


def _table(page: FPDF, organization: str, lines: Sequence[Line]) -> None:
    verified = sum(line.verified_minutes for line in lines)
    honorary = sum(line.honorary_minutes for line in lines)
    synced = f"，{lines[0].synced}" if lines[0].synced else ""
    _say(page, f"记录单位：{organization}（{_both(verified, honorary)}{synced}）", size=10.5)
    page.set_font(FONT, size=9)
    with page.table(
        col_widths=WIDTHS,
        line_height=5,
        text_align=Align.L,
        padding=1,
        align=Align.L,
        headings_style=FontFace(fill_color=(238, 238, 238)),
    ) as table:
        heading = table.row()
        for text in HEADINGS:
            heading.cell(text)
        for line in lines:
            row = table.row()
            for text in (
                _days(line),
                line.activity,
                line.place,
                line.content or line.activity,
                _both(line.verified_minutes, line.honorary_minutes, "\n"),
            ):
                row.cell(text)
    page.ln(3)


def _foot(page: FPDF, sheet: Sheet) -> None:
    if page.will_page_break(QR_SIDE + 12):  # with the line above it
        page.add_page()
    issued_on = clock.day_of(sheet.issued_at)
    _say(page, f"出具单位：{sheet.issuer}　　经手：{sheet.handler}　　日期：{_day(issued_on)}")
    page.ln(2)
    top = page.get_y()
    page.image(_qr(sheet.url), x=MARGIN, y=top, w=QR_SIDE, h=QR_SIDE)
    page.set_left_margin(MARGIN + QR_SIDE + 5)
    page.set_y(top + 1)
    _say(page, "查验方法：扫描左侧二维码，或打开下列网址，查看这份证明是否真实有效。", size=9.5)
    page.set_font(FONT, size=8)
    page.multi_cell(
        0, 5, sheet.url, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L, wrapmode=WrapMode.CHAR
    )
    _say(page, f"查验码：{_grouped(sheet.check_code)}", size=9.5)
    _say(page, "依据《志愿服务记录与证明出具办法（试行）》出具，免费。", size=8)
    page.set_left_margin(MARGIN)
    page.set_y(max(page.get_y(), top + QR_SIDE))


def _qr(url: str) -> io.BytesIO:
    picture = io.BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", scale=8, border=4)
    picture.seek(0)
    return picture


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _days(line: Line) -> str:
    first, last = line.from_day.isoformat(), line.to_day.isoformat()
    return first if first == last else f"{first}\n至 {last}\n（{line.times} 次）"


def _both(verified: int, honorary: int, between: str = "，") -> str:
    parts = [f"签到 {in_words(verified)}"] if verified else []
    if honorary:
        parts.append(f"补记 {in_words(honorary)}")
    return between.join(parts)


def _grouped(code: str) -> str:
    """In fours, so that it can be read aloud."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
