"""What the office and supervisors see of a panel: who is done while it judges, and when it has
closed what was given, by members' numbers, and the minutes. A secret vote is a count, always."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast
from uuid import UUID

from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.db import apart, db
from core.deferred import Deferred
from nominations import policies
from nominations.deliberation import Spread, shown, spread
from nominations.errors import JudgingNotClosed
from nominations.lifecycles import PanelStatus
from nominations.models.campaigns import Campaign
from nominations.models.panels import Panel, Panelist
from nominations.panel_minutes import MemberLine, Minutes, NomineeLine, paper_of
from nominations.rules import CommitteeMethod
from nominations.scoring import Marks, PanelRecord, member_score
from nominations.services import campaigns, declarations, panelists, panels
from nominations.services.panel_scores import Mark
from nominations.services.panels import Attendance

printing = Deferred("nominations.printing")


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """`assigned` are the candidates for whom the member is not recused."""

    panelist: Panelist
    declared: int
    recused: int
    assigned: int
    judged: int


@dataclass(frozen=True, slots=True)
class Progress:
    panel: Panel
    members: Sequence[MemberProgress]
    nominees: Sequence[Attendance]


@dataclass(frozen=True, slots=True)
class MemberMarks:
    """`member` is the number drawn when judging closed; `total` is from 0 to 100."""

    member: int
    total: Decimal | None
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class NomineeRecord:
    """Where the panel voted in secret there are counts, otherwise marks."""

    nomination_id: UUID
    nominee_name: str
    category: str
    eligible: int
    judged: int
    marks: Sequence[MemberMarks]
    spread: Spread | None
    approvals: int | None


@dataclass(frozen=True, slots=True)
class Record:
    panel: Panel
    method: CommitteeMethod
    nominees: Sequence[NomineeRecord]


def progress(actor: Actor, campaign_id: UUID) -> Progress:
    """Who has declared and judged how much, never what. Raises NotFound."""
    policies.check_oversees(actor, Permission.NOMINATIONS_PANEL_VIEW_PROGRESS, campaign_id)
    campaign = campaigns.get_public(campaign_id)
    panel = panelists.panel_of(campaign_id)
    members = panelists.members(panel)
    ids = [n.id for n in declarations.candidates(campaign_id)]
    out, done = declarations.recusals(panel), declarations.judged(members)
    declared = declarations.last_of(panel).keys()
    found = []
    for member in members:
        pairs = [(member.id, n) for n in ids]
        assigned = [pair for pair in pairs if pair not in out]
        found.append(
            MemberProgress(
                panelist=member,
                declared=sum(pair in declared or pair in out for pair in pairs),
                recused=len(pairs) - len(assigned),
                assigned=len(assigned),
                judged=sum(pair in done for pair in assigned),
            )
        )
    return Progress(panel, found, panels.attendance(panel, campaign))


def record(actor: Actor, campaign_id: UUID) -> Record:
    """Every nominee's marks by members' numbers, and how far members differ; or the counts of
    the secret votes. Raises NotFound, JudgingNotClosed."""
    policies.check_oversees(actor, Permission.NOMINATIONS_PANEL_VIEW_RECORD, campaign_id)
    campaign, panel = _closed(campaign_id)
    kept = panels.record_of(campaign_id)
    codes = {str(m.id): m.code or 0 for m in panelists.members(panel)}
    return Record(
        panel=panel,
        method=campaign.rules.committee_method,
        nominees=[
            _nominee(attended, kept, codes, campaign)
            for attended in panels.attendance(panel, campaign)
        ],
    )


def _nominee(
    attended: Attendance, kept: PanelRecord, codes: Mapping[str, int], campaign: Campaign
) -> NomineeRecord:
    nomination = attended.nomination
    sheets = [marks for marks in kept.marks if marks.nominee == str(nomination.id)]
    totals = [(sheet, member_score(sheet.points, campaign.rules.rubric)) for sheet in sheets]
    approvals = None
    if kept.approvals is not None:
        approvals = kept.approvals.get(str(nomination.id), 0)
    return NomineeRecord(
        nomination_id=nomination.id,
        nominee_name=nomination.shown_name,
        category=nomination.category_code,
        eligible=attended.eligible,
        judged=attended.judged,
        marks=sorted(
            (_member_marks(sheet, exact, codes, campaign) for sheet, exact in totals),
            key=lambda marks: marks.member,
        ),
        spread=spread([exact for _, exact in totals if exact is not None]),
        approvals=approvals,
    )


def _member_marks(
    sheet: Marks, exact: Fraction | None, codes: Mapping[str, int], campaign: Campaign
) -> MemberMarks:
    return MemberMarks(
        member=codes[sheet.member],
        total=None if exact is None else shown(exact),
        marks=[Mark(c.code, sheet.points.get(c.code)) for c in campaign.rules.rubric],
    )


def minutes(actor: Actor, campaign_id: UUID) -> Minutes:
    """Who took part, who was recused for whom, and what came of it; no single mark.

    Raises NotFound, JudgingNotClosed."""
    found = record(actor, campaign_id)
    campaign, panel = _closed(campaign_id)
    members = panelists.members(panel)
    out, done = declarations.recusals(panel), declarations.judged(members)
    names = {n.nomination_id: n.nominee_name for n in found.nominees}
    categories = {c.code: c.name for c in campaign.categories}
    lines = []
    for member in members:
        recused = [names[n] for seat, n in out if seat == member.id and n in names]
        lines.append(
            MemberLine(
                name=member.person.name or "",
                unit=member.unit,
                judged=sum((member.id, n) in done and (member.id, n) not in out for n in names),
                recused=len(recused),
                recused_for=sorted(recused),
            )
        )
    return Minutes(
        campaign_title=campaign.title,
        is_secret=found.method is CommitteeMethod.SECRET_BALLOT,
        opened_at=panel.opened_at or panel.formed_at,
        closed_at=panel.closed_at or panel.formed_at,
        members=lines,
        nominees=[
            NomineeLine(
                name=n.nominee_name,
                category=categories[n.category],
                eligible=n.eligible,
                judged=n.judged,
                mean=None if n.spread is None else n.spread.mean,
                approvals=n.approvals,
            )
            for n in found.nominees
        ],
    )


def print_minutes(actor: Actor, *, campaign_id: UUID) -> bytes:
    """The minutes with members' full names, to be signed; the look is logged. Draws outside any
    transaction. Raises as `minutes`."""

    def read() -> Minutes:
        told = minutes(actor, campaign_id)
        audit.record(actor, panelists.panel_of(campaign_id), "print")
        return told

    return cast(bytes, printing.draw(paper_of(apart(read, write=True))))


def _closed(campaign_id: UUID) -> tuple[Campaign, Panel]:
    campaigns.get_public(campaign_id)
    panel = panelists.panel_of(campaign_id)
    if panel.status is not PanelStatus.CLOSED:
        raise JudgingNotClosed
    return db.session.get_one(Campaign, campaign_id), panel
