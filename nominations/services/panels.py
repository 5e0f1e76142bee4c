"""A panel as a whole: opened, closed once enough members have judged, and what it left."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from nominations import policies, scoring
from nominations.deliberation import FEWEST_JUDGES, SMALLEST_PANEL, needed
from nominations.errors import (
    DeclarationsMissing,
    JudgingNotClosed,
    JudgingNotOpen,
    PanelTooSmall,
    QuorumLacking,
)
from nominations.lifecycles import CANDIDATES, CampaignStatus, PanelistStatus, PanelStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.panel_scores import PanelScore, PanelVote
from nominations.models.panels import Panel, Panelist
from nominations.rules import CommitteeMethod
from nominations.services import (
    campaign_log,
    campaigns,
    declarations,
    panel_scores,
    panelists,
)

LACKS_QUORUM = "评委评分人数未达到法定人数，结果暂缓"
REMINDED_BEFORE = timedelta(days=2)
"""How long before the end members hear what they have left to do."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many of the members who are not recused have judged a nominee."""

    nomination: Nomination
    eligible: int
    judged: int
    needed: int

    @property
    def has_quorum(self) -> bool:
        return self.judged >= self.needed


def open_judging(actor: Actor, campaign_id: UUID) -> Panel:
    """Let members read the files and judge: when the counts stand, enough have accepted, and
    everybody has declared about every candidate.

    Raises NotFound, StageClosed, WrongState, PanelTooSmall, DeclarationsMissing."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_PANEL_OPEN_JUDGING)
    campaigns.check_stage(_take(campaign_id), "judge")
    panel = panelists.panel_of(campaign_id)
    members = panelists.members(panel)
    if len(members) < SMALLEST_PANEL:
        raise PanelTooSmall(f"至少要有 {SMALLEST_PANEL} 位评委接受邀请", members=len(members))
    declarations.settle(panel)
    declared = declarations.last_of(panel).keys()
    found = declarations.candidates(campaign_id)
    silent = [str(m.id) for m in members if any((m.id, n.id) not in declared for n in found)]
    if silent:
        raise DeclarationsMissing(panelists=silent)
    out = declarations.recusals(panel)
    lonely = [
        str(n.id) for n in found if sum((m.id, n.id) not in out for m in members) < FEWEST_JUDGES
    ]
    if lonely:
        raise PanelTooSmall("有候选人的评委大多回避，请增补评委", nominations=lonely)
    audit.perform(actor, panel, "open_judging", opened_at=clock.now())
    return panel


def close_judging(actor: Actor, campaign_id: UUID) -> Panel:
    """Take no more marks, once every candidate was judged by a quorum; who has not judged is
    simply missing. Raises NotFound, StageClosed, JudgingNotOpen, QuorumLacking."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_PANEL_CLOSE_JUDGING)
    campaign = _take(campaign_id)
    campaigns.check_stage(campaign, "judge")
    panel = panelists.panel_of(campaign_id)
    if panel.status is not PanelStatus.SCORING:
        raise JudgingNotOpen(state=panel.status.value)
    lacking = _lacking(panel, campaign)
    if lacking:
        raise QuorumLacking(nominations=lacking)
    _close(actor, panel, campaign)
    return panel


def _lacking(panel: Panel, campaign: Campaign) -> list[str]:
    return [str(a.nomination.id) for a in attendance(panel, campaign) if not a.has_quorum]


def _close(actor: Actor, panel: Panel, campaign: Campaign) -> None:
    declarations.settle(panel)
    members = panelists.members(panel)
    secrets.SystemRandom().shuffle(members)
    for code, member in enumerate(members, start=1):
        member.code = code
    if campaign.holding_reason == LACKS_QUORUM:
        campaign.holding_reason = None
    audit.perform(actor, panel, "close_judging", closed_at=clock.now())
    nominees = declarations.candidates(campaign.id)
    campaign_log.note_committee(campaign, record_of(campaign.id), nominees)


def attendance(panel: Panel, campaign: Campaign) -> list[Attendance]:
    """Of every candidate that remains."""
    members = panelists.members(panel)
    out, done = declarations.recusals(panel), declarations.judged(members)
    found = []
    for nomination in declarations.candidates(campaign.id):
        eligible = [(m.id, nomination.id) for m in members if (m.id, nomination.id) not in out]
        found.append(
            Attendance(
                nomination=nomination,
                eligible=len(eligible),
                judged=sum(pair in done for pair in eligible),
                needed=needed(len(eligible), campaign.rules.quorum),
            )
        )
    return found


def is_closed(campaign_id: UUID) -> bool:
    """Whether the panel has judged; False where there is none."""
    status = db.session.scalar(select(Panel.status).where(Panel.campaign_id == campaign_id))
    return status is PanelStatus.CLOSED


def record_of(campaign_id: UUID) -> scoring.PanelRecord:
    """What the panel left, ids as text. Marks of who is recused or was removed are not in it,
    whatever the database holds. Raises JudgingNotClosed, also where there is no panel."""
    if not is_closed(campaign_id):
        raise JudgingNotClosed
    panel = panelists.panel_of(campaign_id)
    campaign = db.session.get_one(Campaign, campaign_id)
    members = panelists.members(panel)
    seats = {m.id for m in members}
    out = {pair for pair in declarations.recusals(panel) if pair[0] in seats}
    is_secret = campaign.rules.committee_method is CommitteeMethod.SECRET_BALLOT
    papers = _papers(campaign_id) if is_secret else []
    return scoring.PanelRecord(
        members=tuple(str(m.id) for m in members),
        recused=frozenset((str(seat), str(nomination)) for seat, nomination in out),
        marks=() if is_secret else _marks(members, out),
        approvals=_count(n for n, approves in papers if approves) if is_secret else None,
        voters=_count(n for n, _ in papers) if is_secret else None,
    )


def _marks(members: Sequence[Panelist], out: set[declarations.Pair]) -> tuple[scoring.Marks, ...]:
    given = PanelScore.panelist_id, PanelScore.nomination_id, PanelScore.criterion
    rows = db.session.execute(
        select(*given, PanelScore.points)
        .where(PanelScore.panelist_id.in_([m.id for m in members]))
        .order_by(PanelScore.nomination_id, PanelScore.panelist_id, PanelScore.criterion)
    )
    sheets: dict[declarations.Pair, dict[str, Decimal | None]] = {}
    for seat, nomination, criterion, points in rows:
        sheets.setdefault((seat, nomination), {})[criterion] = points
    return tuple(
        scoring.Marks(str(seat), str(nomination), sheet)
        for (seat, nomination), sheet in sheets.items()
        if (seat, nomination) not in out
    )


def _papers(campaign_id: UUID) -> list[tuple[str, bool]]:
    """Without those about nominees who have left: they needed no quorum, so one could be alone."""
    rows = db.session.execute(
        select(PanelVote.nomination_id, PanelVote.approves)
        .join(Nomination, Nomination.id == PanelVote.nomination_id)
        .where(Nomination.campaign_id == campaign_id, Nomination.status.in_(CANDIDATES))
    )
    return [(str(nomination), approves) for nomination, approves in rows]


def _count(nominations: Iterable[str]) -> dict[str, int]:
    return dict(Counter(nominations))


def to_close() -> list[UUID]:
    """Campaigns whose panel should have judged by now."""
    return list(
        db.session.scalars(
            select(Campaign.id)
            .join(Panel, Panel.campaign_id == Campaign.id)
            .where(
                Panel.status == PanelStatus.SCORING,
                Campaign.status == CampaignStatus.JUDGING,
                Campaign.judging_close_at <= clock.now(),
            )
        )
    )


def close_due(actor: Actor, campaign_id: UUID) -> bool:
    """Close a panel at its date if there is a quorum for every candidate; otherwise the campaign
    holds and says why, and it is tried again. Gives whether it closed."""
    campaign = _take(campaign_id)
    panel = panelists.panel_of(campaign_id)
    closes = campaign.judging_close_at
    if not _is_judging(panel, campaign) or closes is None or clock.now() < closes:
        return False
    if _lacking(panel, campaign):
        campaign.holding_reason = LACKS_QUORUM
        return False
    _close(actor, panel, campaign)
    return True


def to_remind() -> list[UUID]:
    """Members of panels that close soon, who have not submitted and were not told since the
    date came near."""
    now = clock.now()
    query = select(Panelist.id, Panelist.reminded_at, Campaign.judging_close_at)
    rows = db.session.execute(
        query.join(Panelist.panel)
        .join(Campaign, Campaign.id == Panel.campaign_id)
        .where(
            Panelist.status == PanelistStatus.ACCEPTED,
            Panelist.submitted_at.is_(None),
            Panel.status == PanelStatus.SCORING,
            Campaign.status == CampaignStatus.JUDGING,
            Campaign.judging_close_at > now,
            Campaign.judging_close_at <= now + REMINDED_BEFORE,
        )
    )
    return [seat for seat, reminded_at, closes in rows if closes and _is_new(closes, reminded_at)]


def _is_new(closes: datetime, reminded_at: datetime | None) -> bool:
    """Whether a member reminded at that time has not heard of this date; a date that was
    postponed since is another."""
    return reminded_at is None or reminded_at < closes - REMINDED_BEFORE


def remind(_actor: Actor, panelist_id: UUID) -> None:
    """Tell a member what is left to judge, if anything is; looked at once before a date."""
    of = db.session.get_one(Panel, db.session.get_one(Panelist, panelist_id).panel_id)
    campaign = campaigns.share(of.campaign_id)
    panel = panelists.panel_of(campaign.id)
    seat = panelists.hold(panelist_id)
    closes = campaign.judging_close_at
    if not _is_judging(panel, campaign) or closes is None:
        return
    if not _is_new(closes, seat.reminded_at):
        return
    left = panel_scores.to_judge(panel, seat)
    if left:
        messages.tell(
            seat.person_id,
            "panel_reminder",
            new_id(),
            campaign=campaign.title,
            until=closes.isoformat(),
            number=str(len(left)),
        )
    seat.reminded_at = clock.now()


def _is_judging(panel: Panel, campaign: Campaign) -> bool:
    return campaign.status is CampaignStatus.JUDGING and panel.status is PanelStatus.SCORING


def _take(campaign_id: UUID) -> Campaign:
    """The campaign with its lock held alone, so that no mark comes in beside. Raises NotFound."""
    lock_exclusively(campaigns.lock_name(campaign_id))
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None or campaign.announced_at is None:
        raise NotFound
    return campaign
