"""Moving the published dates of a campaign: only later, with a public reason, kept for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, WrongState
from core.ids import new_id
from nominations import policies
from nominations.lifecycles import STILL_AHEAD, CampaignDate, CampaignStatus
from nominations.models.campaign_postponements import CampaignPostponement
from nominations.models.campaigns import Campaign
from nominations.services import campaign_log, campaigns, nominators, stages

Dates = Mapping[str, datetime]
"""New instants by the names of CampaignDate."""


def postpone(actor: Actor, campaign_id: UUID, *, dates: Dates, reason: str) -> Campaign:
    """Move dates that are still ahead to a later one, in a pause too. What was due by now is done
    first, so that an assessment that has closed is never prolonged.

    Raises NotFound, WrongState, InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_POSTPONE)
    campaign = campaigns.take(campaign_id)
    stages.catch_up(campaign, clock.now())
    movable = STILL_AHEAD.get(campaign.paused_from or campaign.status)
    if movable is None:
        raise WrongState(state=campaign.status.value, verb="postpone")
    _move(actor, campaign, dates, movable, reason)
    audit.record(actor, campaign, "postpone", reason=reason)
    nominators.tell_campaign(campaign, change="延期", note=reason)
    return campaign


def reopen_nominations(actor: Actor, campaign_id: UUID, *, dates: Dates, reason: str) -> Campaign:
    """Take nominations again until a new closing date, before the assessment. Dates that no
    longer fit behind it are named as well.

    Raises NotFound, WrongState, InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_REOPEN_NOMINATIONS)
    campaign = campaigns.take(campaign_id)
    stages.catch_up(campaign, clock.now())
    if campaign.status is not CampaignStatus.REVIEWING:
        raise WrongState(state=campaign.status.value, verb="reopen_nominations")
    if CampaignDate.NOMINATIONS_CLOSE_AT not in dates:
        raise _at(CampaignDate.NOMINATIONS_CLOSE_AT, "请填写新的推荐截止时间")
    movable = STILL_AHEAD[CampaignStatus.NOMINATING]
    _move(actor, campaign, dates, movable, reason)
    audit.perform(actor, campaign, "reopen_nominations", reason=reason, holding_reason=None)
    campaign_log.note_transition(campaign, "reopen_nominations")
    nominators.tell_campaign(campaign, change="重开推荐", note=reason)
    return campaign


def list_public(campaign_id: UUID) -> list[CampaignPostponement]:
    """Every date that was moved, the first move first. Raises NotFound."""
    campaign = campaigns.get_public(campaign_id)
    query = select(CampaignPostponement).where(CampaignPostponement.campaign_id == campaign.id)
    return list(db.session.scalars(query.order_by(CampaignPostponement.id)))


def _move(
    actor: Actor,
    campaign: Campaign,
    dates: Dates,
    movable: tuple[CampaignDate, ...],
    reason: str,
) -> None:
    now, present = clock.now(), campaigns.dates_of(campaign)
    moved = {CampaignDate(name): at for name, at in dates.items()}
    for date, after in moved.items():
        _check(date, present[date], after, now, may_move=date in movable)
    try:
        campaigns.check_dates(present | moved, campaign.rules)
    except InvalidInput as refused:
        raise InvalidInput(errors={"dates": refused.errors}) from refused
    for date, after in moved.items():
        setattr(campaign, date, after)
        db.session.add(
            CampaignPostponement(
                id=new_id(),
                campaign_id=campaign.id,
                date=date,
                before_at=present[date],
                after_at=after,
                reason=reason,
                postponed_by=actor.id,
                postponed_at=now,
            )
        )
    campaign.holding_reason = None
    db.session.flush()


def _check(
    date: CampaignDate, before: datetime | None, after: datetime, now: datetime, *, may_move: bool
) -> None:
    if not may_move:
        raise _at(date, "这一阶段已经过去，不能再改时间")
    if after <= now:
        raise _at(date, "新的时间应在现在之后")
    if before is not None and after <= before:
        raise _at(date, "公布的时间只能推迟，不能提前")


def _at(date: CampaignDate, message: str) -> InvalidInput:
    errors: dict[str, Any] = {"dates": {date.value: [message]}}
    return InvalidInput(errors=errors)
