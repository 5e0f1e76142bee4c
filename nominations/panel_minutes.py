"""What the minutes of a panel say (评委会会议纪要), and the paper that is signed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core import clock
from nominations.papers import SIGNATURE, Paper, Table, in_words

MEMBER_HEADINGS = ("评委", "单位", "出席", "评定人数", "回避")
SCORE_HEADINGS = ("候选人", "类别", "应评", "实评", "平均分")
VOTE_HEADINGS = ("候选人", "类别", "应投", "实投", "同意票")


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody who accepted a seat. `judged` and `recused` count nominees."""

    name: str
    unit: str | None
    judged: int
    recused: int
    recused_for: Sequence[str]
    """Names of nominees, as they may be shown."""

    @property
    def is_present(self) -> bool:
        """Whether the member took part at all."""
        return self.judged > 0


@dataclass(frozen=True, slots=True)
class NomineeLine:
    """How a nominee fared; either a mean of marks (0 to 100) or a count of secret votes."""

    name: str
    category: str
    eligible: int
    judged: int
    mean: Decimal | None
    approvals: int | None


@dataclass(frozen=True, slots=True)
class Minutes:
    campaign_title: str
    is_secret: bool
    opened_at: datetime
    closed_at: datetime
    members: Sequence[MemberLine]
    nominees: Sequence[NomineeLine]

    @property
    def present(self) -> int:
        return sum(member.is_present for member in self.members)

    @property
    def absent(self) -> int:
        return len(self.members) - self.present


def paper_of(minutes: Minutes) -> Paper:
    """The minutes with full names and lines for signatures."""
    method = "无记名票决" if minutes.is_secret else "逐项评分"
    attended = f"出席 {minutes.present} 人，缺席 {minutes.absent} 人"
    headings = VOTE_HEADINGS if minutes.is_secret else SCORE_HEADINGS
    return Paper(
        title=f"{minutes.campaign_title}评委会会议纪要",
        parts=[
            f"评定方式：{method}",
            f"评定时间：{_said(minutes.opened_at)}至{_said(minutes.closed_at)}",
            f"评委 {len(minutes.members)} 人，{attended}。",
            Table(MEMBER_HEADINGS, [_member(line) for line in minutes.members]),
            "评定结果（按类别排列，不代表名次）：",
            Table(headings, [_nominee(line) for line in minutes.nominees]),
            "评委签名：",
            *(f"{member.name}：{SIGNATURE}" for member in minutes.members if member.is_present),
            f"监督人签名：{SIGNATURE}    记录人签名：{SIGNATURE}",
        ],
    )


def _said(at: datetime) -> str:
    return f"{in_words(clock.day_of(at))}{at.astimezone(clock.SHANGHAI):%H:%M}"


def _member(line: MemberLine) -> tuple[str, ...]:
    recused = "、".join(line.recused_for) or "无"
    attended = "出席" if line.is_present else "缺席"
    return line.name, line.unit or "", attended, str(line.judged), recused


def _nominee(line: NomineeLine) -> tuple[str, ...]:
    result = line.approvals if line.mean is None else line.mean
    decided = "" if result is None else str(result)
    return line.name, line.category, str(line.eligible), str(line.judged), decided
