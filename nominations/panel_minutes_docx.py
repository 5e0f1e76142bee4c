"""Minutes of a panel as a DOCX, to be completed, printed and signed. Pure.

Loaded at its first use (`core.deferred`). The font is named, not embedded: offices have it.
"""

import io
from collections.abc import Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from core import clock
from nominations.panel_minutes import MemberLine, Minutes, NomineeLine

FONT = "宋体"
SIGNATURE = "＿＿＿＿＿＿＿＿"
MEMBER_HEADINGS = ("评委", "单位", "出席", "评定人数", "回避")
SCORE_HEADINGS = ("候选人", "类别", "应评", "实评", "平均分")
VOTE_HEADINGS = ("候选人", "类别", "应投", "实投", "同意票")


def render(minutes: Minutes) -> bytes:
    """The document's bytes."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    paper.core_properties.title = f"{minutes.campaign_title}评委会会议纪要"
    paper.core_properties.author = ""
    paper.core_properties.created = minutes.closed_at
    _title(paper, paper.core_properties.title)
    method = "无记名票决" if minutes.is_secret else "逐项评分"
    paper.add_paragraph(f"评定方式：{method}")
    paper.add_paragraph(f"评定时间：{_said(minutes.opened_at)}至{_said(minutes.closed_at)}")
    paper.add_paragraph(
        f"评委 {len(minutes.members)} 人，出席 {minutes.present} 人，缺席 {minutes.absent} 人。"
    )
    _table(paper, MEMBER_HEADINGS, [_member(line) for line in minutes.members])
    paper.add_paragraph("评定结果（按类别排列，不代表名次）：")
    headings = VOTE_HEADINGS if minutes.is_secret else SCORE_HEADINGS
    _table(paper, headings, [_nominee(line) for line in minutes.nominees])
    _signatures(paper, minutes.members)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _title(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = True, Pt(18)


def _said(at: datetime) -> str:
    here = at.astimezone(clock.SHANGHAI)
    return f"{here.year}年{here.month}月{here.day}日{here:%H:%M}"


def _member(line: MemberLine) -> tuple[str, ...]:
    recused = "、".join(line.recused_for) or "无"
    attended = "出席" if line.is_present else "缺席"
    return line.name, line.unit or "", attended, str(line.judged), recused


def _nominee(line: NomineeLine) -> tuple[str, ...]:
    result = line.approvals if line.mean is None else line.mean
    decided = "" if result is None else str(result)
    return line.name, line.category, str(line.eligible), str(line.judged), decided


def _table(paper: Paper, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(headings))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, headings, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    paper.add_paragraph()


def _signatures(paper: Paper, members: Sequence[MemberLine]) -> None:
    paper.add_paragraph("评委签名：")
    for member in members:
        if member.is_present:
            paper.add_paragraph(f"{member.name}：{SIGNATURE}")
    paper.add_paragraph(f"监督人签名：{SIGNATURE}    记录人签名：{SIGNATURE}")
