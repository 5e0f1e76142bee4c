"""A member's work: reading the file of a nominee, marking or voting, and letting it stand.

Every act shares the campaign's lock, which closing takes alone: a mark is either stored before
the panel closed and counts, or is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select

from core import audit, clock
from core.actor import Actor
from core.db import Base, db, insert_if_absent, lock_exclusively
from core.errors import InvalidInput, NotFound
from nominations.errors import (
    AnotherMethod,
    JudgingNotOpen,
    MarksMissing,
    MarksSubmitted,
    NotDeclared,
    Recused,
)
from nominations.lifecycles import PanelStatus
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.panel_scores import PanelScore, PanelVote, PanelVoteRoll
from nominations.models.panels import Panel, Panelist
from nominations.rules import CommitteeMethod, Criterion
from nominations.services import attachments, campaigns, declarations, panelists

_votes = Base.metadata.tables[PanelVote.__tablename__]


@dataclass(frozen=True, slots=True)
class Mark:
    """Points by one criterion; None is "not applicable"."""

    criterion: str
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A member's own marks for a nominee, in the order of the rubric; empty before the first."""

    nomination_id: UUID
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What a member judges by. Of a nominee who is withheld, name, unit and files are not shown;
    of the others those files that a moderator has cleared, but not the signed consent."""

    nomination: Nomination
    unit: str | None
    summary: str
    short_deeds: str | None
    deeds: str
    method: CommitteeMethod
    rubric: Sequence[Criterion]
    marks: Sequence[Mark]
    has_voted: bool
    attachments: Sequence[Attachment]


@dataclass(frozen=True, slots=True)
class VoteReceipt:
    """Says that a vote stands, not which: nobody can find it again."""

    nomination_id: UUID
    is_first: bool
    """False when the member had voted before; that vote stands."""


@dataclass(frozen=True, slots=True)
class _Case:
    campaign: Campaign
    panel: Panel
    seat: Panelist
    nomination: Nomination


def view_file(actor: Actor, nomination_id: UUID) -> CaseFile:
    """The file of a nominee for whom the member is not recused. Raises as `score`."""
    case = _to_judge(actor, nomination_id)
    nomination = case.nomination
    short = nomination.short_deeds
    return CaseFile(
        nomination=nomination,
        unit=None if nomination.is_withheld else nomination.nominee_unit,
        summary=nomination.shown_text(nomination.summary),
        short_deeds=None if short is None else nomination.shown_text(short),
        deeds=nomination.shown_text(nomination.deeds),
        method=case.campaign.rules.committee_method,
        rubric=case.campaign.rules.rubric,
        marks=_marks_of(case),
        has_voted=db.session.get(PanelVoteRoll, (case.seat.id, nomination.id)) is not None,
        attachments=_attachments(nomination),
    )


def view_attachment(
    actor: Actor, nomination_id: UUID, attachment_id: UUID
) -> tuple[Attachment, bytes]:
    """One file of those in the file of a nominee. Raises as `score`, and StorageUnavailable."""
    case = _to_judge(actor, nomination_id)
    for attachment in _attachments(case.nomination):
        if attachment.id == attachment_id:
            return attachment, attachments.content_of(attachment)
    raise NotFound


def _attachments(nomination: Nomination) -> list[Attachment]:
    if nomination.is_withheld:
        return []
    cleared = attachments.cleared_of(AttachmentAbout.NOMINATION, nomination.id)
    return [one for one in cleared if one.kind is not AttachmentKind.CONSENT_PAPER]


def view_sheet(actor: Actor, nomination_id: UUID) -> Sheet:
    """The member's own marks. Raises as `score`."""
    case = _to_judge(actor, nomination_id)
    return Sheet(nomination_id, _marks_of(case))


def score(
    actor: Actor, nomination_id: UUID, *, marks: Sequence[Mapping[str, Decimal | None]]
) -> Sheet:
    """Mark a nominee by every criterion of the rubric (`criterion`, and `points` or None), anew
    as often as wanted until the member submits or judging closes.

    Raises NotFound, StageClosed, JudgingNotOpen, NotDeclared, Recused, AnotherMethod,
    MarksSubmitted, InvalidInput."""
    case = _to_judge(actor, nomination_id, holds=True)
    _check_method(case.campaign, CommitteeMethod.SCORES)
    seat = case.seat
    if seat.submitted_at is not None:
        raise MarksSubmitted
    given = _by_criterion(marks, case.campaign.rules.rubric)
    for criterion, points in given.items():
        db.session.merge(
            PanelScore(
                panelist_id=seat.id, nomination_id=nomination_id, criterion=criterion, points=points
            )
        )
    db.session.flush()
    audit.record(actor, case.nomination, "score")
    return Sheet(nomination_id, _marks_of(case))


def _by_criterion(
    marks: Sequence[Mapping[str, Decimal | None]], rubric: Sequence[Criterion]
) -> dict[str, Decimal | None]:
    """Raises InvalidInput."""
    given: dict[str, Decimal | None] = {str(m["criterion"]): m["points"] for m in marks}
    if len(given) != len(marks) or given.keys() != {c.code for c in rubric}:
        raise InvalidInput.at("marks", "请对每一项评分标准各评一次")
    for criterion in rubric:
        points = given[criterion.code]
        if points is not None and points > criterion.max_points:
            raise InvalidInput.at("marks", f"{criterion.name}最高 {criterion.max_points} 分")
    if all(points is None for points in given.values()):
        raise InvalidInput.at("marks", "至少要对一项评分，不能全部为不适用")
    return given


def submit(actor: Actor, campaign_id: UUID) -> Panelist:
    """Let all one's marks stand; none may be changed afterwards. A repeat changes nothing.

    Raises NotFound, StageClosed, JudgingNotOpen, AnotherMethod, MarksMissing."""
    mine = panelists.seat_of(actor, campaign_id)
    campaign = campaigns.share(campaign_id)
    panel = _check_open(campaign)
    _check_method(campaign, CommitteeMethod.SCORES)
    seat = panelists.hold_accepted(mine.id)
    if seat.submitted_at is None:
        missing = to_judge(panel, seat)
        if missing:
            raise MarksMissing(nominations=[str(n) for n in missing])
        seat.submitted_at = clock.now()
        audit.record(actor, seat, "submit")
    return seat


def to_judge(panel: Panel, seat: Panelist) -> list[UUID]:
    """The candidates whom the member still has to judge."""
    settled = declarations.recusals(panel).keys() | declarations.judged([seat])
    remaining = declarations.candidates(panel.campaign_id)
    return [n.id for n in remaining if (seat.id, n.id) not in settled]


def vote(actor: Actor, nomination_id: UUID, *, approves: bool) -> VoteReceipt:
    """Vote in secret for or against a nominee, once. No audit entry tells when: the roll is the
    record. Raises NotFound, StageClosed, JudgingNotOpen, NotDeclared, Recused, AnotherMethod."""
    case = _to_judge(actor, nomination_id, holds=True)
    _check_method(case.campaign, CommitteeMethod.SECRET_BALLOT)
    is_first = insert_if_absent(
        PanelVoteRoll, panelist_id=case.seat.id, nomination_id=nomination_id
    )
    if is_first:
        _put_in_box(nomination_id, approves)
    return VoteReceipt(nomination_id, is_first)


def _put_in_box(nomination_id: UUID, approves: bool) -> None:
    """Take out all papers of the nominee and put them back with the new one, under new random
    keys and in their order, so that nothing about their rows tells which came last."""
    lock_exclusively(f"panel-box:{nomination_id}")
    in_box = _votes.c.nomination_id == nomination_id
    papers = db.session.scalars(delete(_votes).where(in_box).returning(_votes.c.approves)).all()
    keys = sorted(zip((uuid4() for _ in range(len(papers) + 1)), (*papers, approves), strict=True))
    db.session.execute(
        insert(_votes),
        [{"id": key, "nomination_id": nomination_id, "approves": paper} for key, paper in keys],
    )


def _to_judge(actor: Actor, nomination_id: UUID, *, holds: bool = False) -> _Case:
    """What a member judges, the seat held for a writing act, so that no recusal slips in between.

    Raises NotFound for who is no member, StageClosed, JudgingNotOpen, Recused, NotDeclared."""
    nomination = declarations.get_candidate(nomination_id)
    seat = panelists.seat_of(actor, nomination.campaign_id)
    campaign = campaigns.share(nomination.campaign_id)
    panel = _check_open(campaign)
    if holds:
        seat = panelists.hold_accepted(seat.id)
    pair = (seat.id, nomination.id)
    reason = declarations.recusals(panel).get(pair)
    if reason is not None:
        raise Recused(f"您对这位候选人已回避：{reason}")
    if pair not in declarations.last_of(panel):
        raise NotDeclared
    return _Case(campaign, panel, seat, nomination)


def _check_open(campaign: Campaign) -> Panel:
    campaigns.check_stage(campaign, "judge")
    panel = panelists.panel_of(campaign.id)
    if panel.status is not PanelStatus.SCORING:
        raise JudgingNotOpen(state=panel.status.value)
    return panel


def _check_method(campaign: Campaign, method: CommitteeMethod) -> None:
    if campaign.rules.committee_method is not method:
        raise AnotherMethod


def _marks_of(case: _Case) -> list[Mark]:
    rows = db.session.execute(
        select(PanelScore.criterion, PanelScore.points).where(
            PanelScore.panelist_id == case.seat.id,
            PanelScore.nomination_id == case.nomination.id,
        )
    )
    given = {row.criterion: row.points for row in rows}
    return [Mark(c.code, given[c.code]) for c in case.campaign.rules.rubric if c.code in given]
