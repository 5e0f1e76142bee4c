"""Campaigns: made and announced by the city's office, then moved on by their dates.

The lock of a campaign: whoever acts on the strength of its status shares it, whoever moves the
status takes it alone. So no ballot, submission or pass slips in behind a stage that has closed
(design/reliability, "Closing an assessment").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import SYSTEM, Actor
from core.db import db, lock_exclusively, lock_shared
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import DatesPassed, StageClosed
from nominations.lifecycles import (
    STAGES,
    BallotPeriod,
    CampaignStatus,
    NominationStatus,
    due_verb,
)
from nominations.models.ballots import UnsealedBallot
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services import reference

NO_CANDIDATE = "还没有候选人，评议暂缓开始"
WINDOW_MISSED = "评议时间已过，等待重新安排"

_DATES = (
    "nominations_open_at",
    "nominations_close_at",
    "assessment_open_at",
    "assessment_close_at",
)


def lock_name(campaign_id: UUID) -> str:
    """The name of a campaign's lock for `core.db.lock_shared` and `lock_exclusively`."""
    return f"campaign:{campaign_id}"


def create(
    actor: Actor,
    *,
    categories: Sequence[Mapping[str, str]] | None = None,
    rules: Rules | None = None,
    **facts: Any,
) -> Campaign:
    """A draft with its dates and rules (`facts` are the columns of Campaign). `categories` are
    pairs of `code` and `name`; left out, they and the rules are the usual ones.

    Raises InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_CREATE)
    _check_dates(facts)
    if facts["max_per_category"] > facts["max_choices"]:
        raise InvalidInput.at("max_per_category", "每个类别的人数不能超过总人数")
    listed = [(c["code"], c["name"]) for c in categories or ()] or [
        (c.code, c.name) for c in reference.list_all()
    ]
    if len({code for code, _ in listed}) != len(listed):
        raise InvalidInput.at("categories", "类别代码不能重复")
    campaign = Campaign(
        id=new_id(),
        status=CampaignStatus.DRAFT,
        created_by=actor.id,
        created_at=clock.now(),
        rules=rules or Rules(),
        categories=[
            CampaignCategory(code=code, name=name, position=position)
            for position, (code, name) in enumerate(listed, start=1)
        ],
        **facts,
    )
    db.session.add(campaign)
    db.session.flush()
    audit.record(actor, campaign, "create", to_status=campaign.status)
    return campaign


def _check_dates(facts: Mapping[str, Any]) -> None:
    opens, closes, assessment_opens, assessment_closes = (facts[name] for name in _DATES)
    if not opens < closes:
        raise InvalidInput.at("nominations_close_at", "推荐截止应晚于推荐开始")
    if not closes <= assessment_opens:
        raise InvalidInput.at("assessment_open_at", "评议开始不能早于推荐截止")
    if not assessment_opens < assessment_closes:
        raise InvalidInput.at("assessment_close_at", "评议截止应晚于评议开始")


def list_public(page: PageRequest) -> Page[Campaign]:
    """Campaigns that were announced, newest first."""
    query = select(Campaign).where(Campaign.announced_at.is_not(None))
    return paginate(query, page, by=[Campaign.id], descending=True)


def get_public(campaign_id: UUID) -> Campaign:
    """A campaign that was announced. Raises NotFound."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None or campaign.announced_at is None:
        raise NotFound
    return campaign


@dataclass(frozen=True, slots=True)
class PublicRules:
    """All rules of a campaign. Lengths are in characters."""

    campaign_id: UUID
    categories: Sequence[CampaignCategory]
    max_choices: int
    max_per_category: int
    period: BallotPeriod
    has_hidden_counts: bool
    summary_max_chars: int
    deeds_min_chars: int
    deeds_max_chars: int


def rules(campaign_id: UUID) -> PublicRules:
    """What nominators and voters go by. Raises NotFound unless the campaign was announced."""
    campaign = get_public(campaign_id)
    return PublicRules(
        campaign_id=campaign.id,
        categories=campaign.categories,
        max_choices=campaign.max_choices,
        max_per_category=campaign.max_per_category,
        period=campaign.period,
        has_hidden_counts=campaign.has_hidden_counts,
        summary_max_chars=campaign.rules.summary_max_chars,
        deeds_min_chars=campaign.rules.deeds_min_chars,
        deeds_max_chars=campaign.rules.deeds_max_chars,
    )


def share(campaign_id: UUID) -> Campaign:
    """The campaign, whose status stays as it is until the transaction ends. Read the clock
    afterwards. Raises NotFound unless it was announced."""
    lock_shared(lock_name(campaign_id))
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None or campaign.announced_at is None:
        raise NotFound
    return campaign


def check_stage(campaign: Campaign, act: str) -> None:
    """Whether `act` on a nomination (a key of STAGES) fits the campaign's status; call after
    `share`. Raises StageClosed."""
    if campaign.status not in STAGES[act]:
        raise StageClosed(state=campaign.status.value)


def announce(actor: Actor, campaign_id: UUID) -> Campaign:
    """Make a draft public. Raises NotFound, WrongState, DatesPassed."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_ANNOUNCE)
    campaign = _take(campaign_id)
    at = clock.now()
    if campaign.status is CampaignStatus.DRAFT and campaign.nominations_close_at <= at:
        raise DatesPassed
    audit.perform(actor, campaign, "announce", announced_at=at)
    return campaign


def cancel(actor: Actor, campaign_id: UUID, *, reason: str) -> Campaign:
    """End a campaign before it is concluded. Raises NotFound, WrongState."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_CANCEL)
    campaign = _take(campaign_id)
    audit.perform(actor, campaign, "cancel", reason=reason, holding_reason=None)
    return campaign


def open_nominations(actor: Actor, campaign: Campaign, now: datetime) -> bool:
    """Begin to take nominations; from now on the rules stay. Like the steps below: the caller
    holds the campaign's lock alone (`advance`); gives False if the step has to wait.

    Raises WrongState."""
    audit.perform(actor, campaign, "open_nominations", rules_frozen_at=now)
    return True


def close_nominations(actor: Actor, campaign: Campaign, _now: datetime) -> bool:
    """Take no new nominations; those sent back may still be completed."""
    audit.perform(actor, campaign, "close_nominations")
    return True


def open_assessment(actor: Actor, campaign: Campaign, now: datetime) -> bool:
    """Begin to take ballots. Holds, and says why, while there is nobody to vote for, or if the
    window has passed meanwhile: an assessment that nobody could take part in is none."""
    reason = None
    if campaign.assessment_close_at <= now:
        reason = WINDOW_MISSED
    elif not _exists(
        Nomination.campaign_id == campaign.id, Nomination.status == NominationStatus.CANDIDATE
    ):
        reason = NO_CANDIDATE
    if reason is not None:
        campaign.holding_reason = reason
        return False
    audit.perform(actor, campaign, "open_assessment", holding_reason=None)
    return True


def close_assessment(actor: Actor, campaign: Campaign, _now: datetime) -> bool:
    """Take no more ballots. Those accepted are all committed, since their transactions shared
    the lock that is now held alone."""
    audit.perform(actor, campaign, "close_assessment")
    return True


def finish_counting(actor: Actor, campaign: Campaign, _now: datetime) -> bool:
    """Let the counts stand once every ballot is sealed."""
    if _exists(UnsealedBallot.campaign_id == campaign.id):
        return False
    audit.perform(actor, campaign, "finish_counting")
    return True


_STEPS: Mapping[str, Callable[[Actor, Campaign, datetime], bool]] = {
    "open_nominations": open_nominations,
    "close_nominations": close_nominations,
    "open_assessment": open_assessment,
    "close_assessment": close_assessment,
    "finish_counting": finish_counting,
}


def due() -> list[UUID]:
    """Campaigns with a step to take by their dates."""
    now, status = clock.now(), Campaign.status
    return list(
        db.session.scalars(
            select(Campaign.id).where(
                or_(
                    and_(status == CampaignStatus.ANNOUNCED, Campaign.nominations_open_at <= now),
                    and_(status == CampaignStatus.NOMINATING, Campaign.nominations_close_at <= now),
                    and_(status == CampaignStatus.REVIEWING, Campaign.assessment_open_at <= now),
                    and_(status == CampaignStatus.ASSESSING, Campaign.assessment_close_at <= now),
                    status == CampaignStatus.COUNTING,
                )
            )
        )
    )


def advance(campaign_id: UUID) -> CampaignStatus:
    """Take every step that is due, so that a campaign catches up after downtime; gives the
    status reached. Twice is the same as once."""
    campaign = _take(campaign_id)
    now = clock.now()
    while (verb := due_verb(campaign, now)) is not None:
        if not _STEPS[verb](SYSTEM, campaign, now):
            break
    return campaign.status


def _take(campaign_id: UUID) -> Campaign:
    """The campaign with its lock held alone, to move its status. Raises NotFound."""
    lock_exclusively(lock_name(campaign_id))
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None:
        raise NotFound
    return campaign


def _exists(*conditions: Any) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))
