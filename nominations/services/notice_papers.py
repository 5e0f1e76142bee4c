"""The text of a notice (公示) in official form, with what everybody may read and nothing else."""

from collections.abc import Iterable
from itertools import groupby
from typing import cast
from uuid import UUID

from core.actor import Actor
from core.db import apart
from core.deferred import Deferred
from nominations.lifecycles import NoticeStatus
from nominations.papers import Paper, in_words
from nominations.services import checkpoints, notices
from nominations.services.checkpoints import SignedCheckpoint
from nominations.services.notices import ShownNominee, ShownNotice

printing = Deferred("nominations.printing")


def print_notice(_actor: Actor, *, notice_id: UUID) -> bytes:
    """A notice that has been opened, as DOCX. Raises NotFound."""
    return cast(bytes, printing.draw(apart(lambda: _read(notice_id), write=False)))


def _read(notice_id: UUID) -> Paper:
    shown = notices.get_public(notice_id)
    notice = shown.notice
    return _paper(shown, checkpoints.find(notice.campaign_id, until=notice.opened_at))


def _paper(shown: ShownNotice, checkpoint: SignedCheckpoint | None) -> Paper:
    notice = shown.notice
    parts = [shown.text]
    if notice.status is NoticeStatus.WITHDRAWN:
        parts.append(f"本公示已撤回：{notice.withdrawal_reason}")
    else:
        until = in_words(notice.closes_on)
        parts.append(f"公示时间：{in_words(notice.opens_on)}至{until}（含当日）。")
        if notice.extension_reason is not None:
            parts.append(f"公示时间已延长：{notice.extension_reason}")
    parts.append(f"受理异议：{notice.contact}")
    for category, of_it in groupby(shown.nominees, key=lambda nominee: nominee.category):
        nominees = list(of_it)
        names = "\n".join(f"{nominee.name}（{nominee.county}）" for nominee in nominees)
        parts.append(f"{category}（{len(nominees)}名）\n{names}")
    parts.extend(_own_days(shown))
    if checkpoint is not None:
        parts.append(
            f"本次评选的公开日志到公示时共{checkpoint.size}条，根哈希值（SHA-256）："
            f"{checkpoint.printed_root}。任何人都可以据此核验投票记录没有被改动。"
        )
    return Paper(title=notice.title, parts=parts, closing=[in_words(notice.opens_on)])


def _own_days(shown: ShownNotice) -> Iterable[str]:
    """Of whoever's days stand still or end on another day than the notice's."""
    for nominee in shown.nominees:
        if nominee.closes_on != shown.notice.closes_on:
            yield f"{nominee.name}：{_own(nominee)}"


def _own(nominee: ShownNominee) -> str:
    if nominee.closes_on is None:
        return "公示中止，正在核实异议"
    return f"公示至{in_words(nominee.closes_on)}"
