"""Moving a campaign from stage to stage: by its dates, and by the city's office.

Each step has its preconditions in one table. Where the date of a step has come and one of them
is not met, the campaign holds and says why; an administrator who takes the step by hand is
refused with the same reason. Published dates bind the office too: no step is taken before its own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import WrongState
from core.ids import new_id
from nominations import policies
from nominations.errors import PausedPastDates, StageNotReady
from nominations.lifecycles import (
    CAMPAIGN,
    SELECTED,
    SHORTLISTED,
    UNDER_REVIEW,
    CampaignStatus,
    NominationStatus,
    due_verb,
    next_step,
)
from nominations.models.ballots import UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.rules import Step
from nominations.services import (
    campaign_log,
    campaigns,
    nominators,
    notices,
    panels,
    quarantine,
    results,
    signals,
)

P = Permission

UNDECIDED = (*UNDER_REVIEW, NominationStatus.SENT_BACK, *SHORTLISTED)
"""Handed in, and neither a candidate nor ended."""

TOO_EARLY = "公布的时间还没有到"
ASSESSMENT_LEFT_OUT = "本次活动不设群众评议"
ASSESSMENT_PLANNED = "本次活动设有群众评议"
WINDOW_MISSED = "评议时间已过，等待重新安排"
NO_CANDIDATE = "还没有候选人，等待审核结果"
REVIEW_UNFINISHED = "还有推荐没有审核完"
BALLOTS_UNSEALED = "选票还在封存"
BALLOTS_UNSCORED = "选票还在检查是否有刷票迹象"
BALLOTS_QUARANTINED = "还有 {} 张可疑选票等待两人核查处理"
PANEL_OPEN = "评委会还没有结束评审"
RESULT_OPEN = "评选结果还没有审定"
NOTICE_UNPLANNED = "公示还没有安排"
NOTICES_OPEN = "公示还没有结束"
NOBODY_PROPOSED = "还没有确定拟表彰的人选"
CASES_OPEN = "还有拟表彰的人选没有办结"

NOT_DECIDED_IN_TIME = "本次评选已经结束，推荐没有走完审核流程"
NOT_SELECTED_NOTE = "感谢您的推荐，本次评选已经结束"

Check = Callable[[Campaign, datetime], str | None]
"""Gives the reason (at most 60 characters, public) why a step has to wait at this instant."""


def _date_has_come(campaign: Campaign, now: datetime) -> str | None:
    step = next_step(campaign, campaign.status)
    return TOO_EARLY if step is not None and step.at is not None and now < step.at else None


def _is_assessed(campaign: Campaign, _now: datetime) -> str | None:
    return None if campaign.rules.uses(Step.ASSESSMENT) else ASSESSMENT_LEFT_OUT


def _is_not_assessed(campaign: Campaign, _now: datetime) -> str | None:
    return ASSESSMENT_PLANNED if campaign.rules.uses(Step.ASSESSMENT) else None


def _window_is_ahead(campaign: Campaign, now: datetime) -> str | None:
    """An assessment that nobody could take part in is none."""
    closes = campaign.assessment_close_at
    return WINDOW_MISSED if closes is None or closes <= now else None


def _has_candidate(campaign: Campaign, _now: datetime) -> str | None:
    return None if _has(campaign, NominationStatus.CANDIDATE) else NO_CANDIDATE


def _review_is_finished(campaign: Campaign, _now: datetime) -> str | None:
    return REVIEW_UNFINISHED if _has(campaign, *UNDECIDED) else None


def _ballots_are_sealed(campaign: Campaign, _now: datetime) -> str | None:
    waiting = _exists(UnsealedBallot.campaign_id == campaign.id)
    return BALLOTS_UNSEALED if waiting else None


def _ballots_are_scored(campaign: Campaign, _now: datetime) -> str | None:
    return BALLOTS_UNSCORED if signals.are_unscored(campaign.id) else None


def _ballots_are_ruled_on(campaign: Campaign, _now: datetime) -> str | None:
    waiting = quarantine.unruled(campaign.id)
    return BALLOTS_QUARANTINED.format(waiting) if waiting else None


def _somebody_is_proposed(campaign: Campaign, _now: datetime) -> str | None:
    return None if _has(campaign, *SELECTED) else NOBODY_PROPOSED


def _cases_are_closed(campaign: Campaign, _now: datetime) -> str | None:
    return CASES_OPEN if _has(campaign, *SELECTED) else None


def _panel_has_closed(campaign: Campaign, _now: datetime) -> str | None:
    judges = campaign.rules.uses(Step.PANEL)
    return PANEL_OPEN if judges and not panels.is_closed(campaign.id) else None


def _result_is_fixed(campaign: Campaign, _now: datetime) -> str | None:
    return None if results.is_fixed(campaign.id) else RESULT_OPEN


def _notice_is_scheduled(campaign: Campaign, _now: datetime) -> str | None:
    return None if notices.is_scheduled(campaign.id) else NOTICE_UNPLANNED


def _notices_are_closed(campaign: Campaign, _now: datetime) -> str | None:
    return None if notices.are_closed(campaign.id) else NOTICES_OPEN


PRECONDITIONS: Mapping[str, tuple[Check, ...]] = MappingProxyType(
    {
        "open_nominations": (_date_has_come,),
        "close_nominations": (_date_has_come,),
        "open_assessment": (_is_assessed, _date_has_come, _window_is_ahead, _has_candidate),
        "close_assessment": (_date_has_come,),
        "finish_counting": (_ballots_are_sealed, _ballots_are_scored, _ballots_are_ruled_on),
        "skip_assessment": (
            _is_not_assessed,
            _date_has_come,
            _review_is_finished,
            _has_candidate,
        ),
        "open_notice": (
            _panel_has_closed,
            _result_is_fixed,
            _somebody_is_proposed,
            _notice_is_scheduled,
        ),
        "conclude": (_cases_are_closed, _notices_are_closed),
    }
)
"""What a step waits for, in the order in which it is told."""


def open_nominations(actor: Actor, campaign_id: UUID) -> Campaign:
    """Begin to take nominations; from now on the rules stay. Like the steps below: raises
    NotFound, WrongState, StageNotReady."""
    return _by_hand(actor, campaign_id, "open_nominations", P.NOMINATIONS_CAMPAIGN_OPEN_NOMINATIONS)


def close_nominations(actor: Actor, campaign_id: UUID) -> Campaign:
    """Take no new nominations; those sent back may still be completed."""
    return _by_hand(
        actor, campaign_id, "close_nominations", P.NOMINATIONS_CAMPAIGN_CLOSE_NOMINATIONS
    )


def open_assessment(actor: Actor, campaign_id: UUID) -> Campaign:
    """Begin to take ballots."""
    return _by_hand(actor, campaign_id, "open_assessment", P.NOMINATIONS_CAMPAIGN_OPEN_ASSESSMENT)


def close_assessment(actor: Actor, campaign_id: UUID) -> Campaign:
    """Take no more ballots. Those accepted are all committed, since their transactions shared
    the lock that is now held alone."""
    return _by_hand(actor, campaign_id, "close_assessment", P.NOMINATIONS_CAMPAIGN_CLOSE_ASSESSMENT)


def finish_counting(actor: Actor, campaign_id: UUID) -> Campaign:
    """Let the counts stand once every ballot is sealed, and ruled on where it looks bought."""
    return _by_hand(actor, campaign_id, "finish_counting", P.NOMINATIONS_CAMPAIGN_FINISH_COUNTING)


def skip_assessment(actor: Actor, campaign_id: UUID) -> Campaign:
    """From review to the panel, in a campaign whose rules have no assessment."""
    return _by_hand(actor, campaign_id, "skip_assessment", P.NOMINATIONS_CAMPAIGN_SKIP_ASSESSMENT)


def open_notice(actor: Actor, campaign_id: UUID) -> Campaign:
    """Begin the public notice of those proposed. Its date is a plan, so it may come earlier."""
    return _by_hand(actor, campaign_id, "open_notice", P.NOMINATIONS_CAMPAIGN_OPEN_NOTICE)


def conclude(actor: Actor, campaign_id: UUID) -> Campaign:
    """End a campaign when everybody proposed is honoured or out. The other candidates are not
    selected, what was never decided is rejected, and their nominators are told."""
    return _by_hand(actor, campaign_id, "conclude", P.NOMINATIONS_CAMPAIGN_CONCLUDE)


def pause(actor: Actor, campaign_id: UUID, *, reason: str) -> Campaign:
    """Stop a campaign for a while, with a public `reason`; what was due by now is done first, so
    that no stage that has closed can go on later. Raises NotFound, WrongState."""
    policies.check_runs_campaigns(actor, P.NOMINATIONS_CAMPAIGN_PAUSE)
    campaign = campaigns.take(campaign_id)
    catch_up(campaign, clock.now())
    audit.perform(
        actor,
        campaign,
        "pause",
        reason=reason,
        paused_from=campaign.status,
        pause_reason=reason,
        holding_reason=None,
    )
    campaign_log.note_transition(campaign, "pause")
    nominators.tell_campaign(campaign, change="暂停", note=reason)
    return campaign


def resume(actor: Actor, campaign_id: UUID, *, accepts_passed_dates: bool = False) -> Campaign:
    """Go on where the campaign was paused. A date that passed meanwhile would end or begin a
    stage at once, so it is postponed first, or accepted in so many words.

    Raises NotFound, WrongState, PausedPastDates."""
    policies.check_runs_campaigns(actor, P.NOMINATIONS_CAMPAIGN_RESUME)
    campaign = campaigns.take(campaign_id)
    if campaign.paused_from is None:
        raise WrongState(state=campaign.status.value, verb="resume")
    step = next_step(campaign, campaign.paused_from)
    has_passed = step is not None and step.date is not None and step.is_due(clock.now())
    if step is not None and has_passed and not accepts_passed_dates:
        raise PausedPastDates(date=step.date)
    audit.perform(
        actor,
        campaign,
        "resume",
        to=campaign.paused_from,
        paused_from=None,
        pause_reason=None,
    )
    campaign_log.note_transition(campaign, "resume")
    nominators.tell_campaign(campaign, change="恢复", note="评选继续进行")
    return campaign


def cancel(actor: Actor, campaign_id: UUID, *, reason: str) -> Campaign:
    """End a campaign before it is concluded, with a public `reason`. Raises NotFound,
    WrongState."""
    policies.check_runs_campaigns(actor, P.NOMINATIONS_CAMPAIGN_CANCEL)
    campaign = campaigns.take(campaign_id)
    audit.perform(
        actor,
        campaign,
        "cancel",
        reason=reason,
        cancel_reason=reason,
        holding_reason=None,
        paused_from=None,
        pause_reason=None,
    )
    campaign_log.note_transition(campaign, "cancel")
    nominators.tell_campaign(campaign, change="取消", note=reason)
    return campaign


def due() -> list[UUID]:
    """Campaigns with a step to take by their dates."""
    now = clock.now()
    dated = (
        (CampaignStatus.ANNOUNCED, Campaign.nominations_open_at),
        (CampaignStatus.NOMINATING, Campaign.nominations_close_at),
        (CampaignStatus.REVIEWING, Campaign.review_close_at),
        (CampaignStatus.REVIEWING, Campaign.assessment_open_at),
        (CampaignStatus.ASSESSING, Campaign.assessment_close_at),
        (CampaignStatus.JUDGING, Campaign.judging_close_at),
    )
    return list(
        db.session.scalars(
            select(Campaign.id).where(
                or_(
                    Campaign.status == CampaignStatus.COUNTING,
                    *(and_(Campaign.status == status, date <= now) for status, date in dated),
                )
            )
        )
    )


def advance(campaign_id: UUID) -> CampaignStatus:
    """Take every step that is due, so that a campaign catches up after downtime; gives the
    status reached. Twice is the same as once."""
    campaign = campaigns.take(campaign_id)
    catch_up(campaign, clock.now())
    return campaign.status


def catch_up(campaign: Campaign, now: datetime) -> None:
    """Take the steps that are due at `now`, or hold and say why. The caller holds the campaign's
    lock alone (`campaigns.take`)."""
    while (verb := due_verb(campaign, now)) is not None:
        campaign.holding_reason = _obstacle(campaign, verb, now)
        if campaign.holding_reason is not None:
            return
        _move(SYSTEM, campaign, verb, now)


def _by_hand(actor: Actor, campaign_id: UUID, verb: str, permission: Permission) -> Campaign:
    policies.check_runs_campaigns(actor, permission)
    campaign = campaigns.take(campaign_id)
    now = clock.now()
    if not CAMPAIGN.allows(verb, campaign.status):
        raise WrongState(state=campaign.status.value, verb=verb)
    if reason := _obstacle(campaign, verb, now):
        raise StageNotReady(reason, state=campaign.status.value)
    _move(actor, campaign, verb, now)
    return campaign


def _obstacle(campaign: Campaign, verb: str, now: datetime) -> str | None:
    """Why the step has to wait, or None."""
    return next(filter(None, (check(campaign, now) for check in PRECONDITIONS[verb])), None)


def _move(actor: Actor, campaign: Campaign, verb: str, now: datetime) -> None:
    facts: dict[str, Any] = {"holding_reason": None}
    if verb == "open_nominations":
        facts["rules_frozen_at"] = now
    if verb == "conclude":
        _end_open_cases(actor, campaign)
    audit.perform(actor, campaign, verb, **facts)
    campaign_log.note_transition(campaign, verb)


def _end_open_cases(actor: Actor, campaign: Campaign) -> None:
    still = (NominationStatus.CANDIDATE, *UNDECIDED)
    query = select(Nomination).where(
        Nomination.campaign_id == campaign.id, Nomination.status.in_(still)
    )
    for nomination in db.session.scalars(query.order_by(Nomination.id)):
        if nomination.status is NominationStatus.CANDIDATE:
            audit.perform(actor, nomination, "pass_over")
            status, note = "未入选", NOT_SELECTED_NOTE
        else:
            note = NOT_DECIDED_IN_TIME
            audit.perform(actor, nomination, "reject", step=None, decision_note=note)
            status = "未通过"
        nominators.tell(nomination, "nomination_progress", new_id(), status=status, note=note)


def _has(campaign: Campaign, *statuses: NominationStatus) -> bool:
    return _exists(Nomination.campaign_id == campaign.id, Nomination.status.in_(statuses))


def _exists(*conditions: Any) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))
