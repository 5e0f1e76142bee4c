"""The reviewer's side: the queue, opinions, and what is decided on a step of the ladder.

Only reviewers of exactly the place where the case waits decide, nobody on two steps, and never
who recommends the nominee. Every decision is a line of the history and is told to all
nominators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import sites
from core import audit
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import InvalidInput, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import DecidedBefore, OwnNomination
from nominations.lifecycles import (
    DECISIONS,
    SHORTLISTED,
    NominationStatus,
    StepDecision,
    Verdict,
)
from nominations.models.campaigns import Campaign
from nominations.models.channels import Channel
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.screenings import Screening
from nominations.rules import Step
from nominations.services import (
    admissions,
    campaigns,
    cases,
    ladder,
    nominators,
    overdue_reviews,
    places,
    recommendations,
)

N = NominationStatus

OUTCOMES: Mapping[NominationStatus, str] = MappingProxyType(
    {
        N.COMMUNITY_CHECKED: "村社通过",
        N.TOWNSHIP_RECOMMENDED: "乡镇推荐",
        N.COUNTY_REVIEWED: "区县通过",
        N.CITY_SHORTLISTED: "市级入围",
        N.CANDIDATE: "已通过",
    }
)
"""What nominators are told."""

OFF_THE_LADDER: Mapping[str, None] = MappingProxyType(
    {"step": None, "step_site_id": None, "step_note": None}
)


def queue(actor: Actor, page: PageRequest, *, overdue: bool = False) -> Page[Nomination]:
    """The cases that wait for the actor, the least reviewed first, then the oldest; if
    `overdue`, those that wait too long.

    One place is read in the order of its index, several are sorted; only then are the cases of
    the page read, which are wide."""
    nominates = exists().where(
        Nominator.nomination_id == Nomination.id, Nominator.person_id == actor.id
    )
    decided = exists().where(
        Screening.nomination_id == Nomination.id,
        Screening.decided_by == actor.id,
        Screening.step != Nomination.step,
        Screening.verdict.in_(DECISIONS),
    )
    order = [Nomination.reviews_count, Nomination.step_since, Nomination.id]
    query = select(*order).where(
        _at_places_of(actor), Nomination.step.is_not(None), ~nominates, ~decided
    )
    if overdue:
        query = query.where(Nomination.step_since < overdue_reviews.cutoff())
    rows = paginate(query, page, by=order)
    ids = [row.id for row in rows.items]
    cases = {n.id: n for n in db.session.scalars(select(Nomination).where(Nomination.id.in_(ids)))}
    return Page([cases[i] for i in ids], rows.next_cursor)


def _at_places_of(actor: Actor) -> ColumnElement[bool]:
    """Where the actor decides: sites, channels, and the city."""
    permission = Permission.NOMINATIONS_NOMINATION_REVIEW
    site_ids = set(actor.scope_ids(permission, ScopeKind.SITE))
    if policies.holds_city(actor, permission):
        site_ids.add(sites.root().id)
    places: list[ColumnElement[bool]] = []
    if site_ids:
        places.append(Nomination.step_site_id.in_(sorted(site_ids)))
    if channels := actor.scope_ids(permission, ScopeKind.CHANNEL):
        by_channel = Nomination.channel_id.in_(sorted(channels))
        places.append(and_(by_channel, Nomination.step_site_id.is_(None)))
    return or_(false(), *places)


def pass_(actor: Actor, nomination_id: UUID, *, opinion: str | None = None) -> Nomination:
    """Let a case go on: to the next step, or above the ladder; there it becomes a candidate at
    once if nothing else is asked for.

    Raises NotFound, OwnNomination, NotYourStep, DecidedBefore, WrongState, StageClosed,
    RecommendationsUsedUp."""
    case = _to_decide(actor, nomination_id, Permission.NOMINATIONS_NOMINATION_PASS, "pass")
    nomination, step = case.nomination, case.step
    ahead = places.steps_after(step, nomination, case.campaign.rules)
    if step is not Step.CITY and all(s is Step.CITY for s in ahead):
        recommendations.take(nomination, case.campaign)
    ladder.write(actor, nomination, Verdict.PASS, opinion)
    to = ladder.PASSED[step] if ahead else admissions.above_the_ladder(nomination, case.campaign)
    audit.perform(actor, nomination, "pass", to=to, decision_note=None, **OFF_THE_LADDER)
    if ahead:
        ladder.go_to(actor, nomination, ahead)
    _tell(nomination, OUTCOMES[to], nomination.step_note)
    return nomination


def send_back(actor: Actor, nomination_id: UUID, *, missing: str) -> Nomination:
    """Ask the nominator for what is `missing`; it comes back to this step. Raises as `pass_`."""
    case = _to_decide(
        actor, nomination_id, Permission.NOMINATIONS_NOMINATION_SEND_BACK, "send_back"
    )
    return _refuse(actor, case, Verdict.SEND_BACK, missing, "待补充")


def reject(actor: Actor, nomination_id: UUID, *, reason: str) -> Nomination:
    """Refuse a nomination for good: on its step, or above the ladder by the city. Raises as
    `pass_`."""
    case = _to_decide(actor, nomination_id, Permission.NOMINATIONS_NOMINATION_REJECT, "reject")
    return _refuse(actor, case, Verdict.REJECT, reason, "未通过")


def transfer(
    actor: Actor,
    nomination_id: UUID,
    *,
    reason: str,
    site_id: UUID | None = None,
    channel_id: UUID | None = None,
) -> Nomination:
    """Give a case that came to the wrong place to another site or channel, where it begins anew.

    Raises as `pass_`, and InvalidInput unless exactly one other place is named."""
    case = _to_decide(actor, nomination_id, Permission.NOMINATIONS_NOMINATION_TRANSFER, "transfer")
    nomination = case.nomination
    if (site_id is None) == (channel_id is None):
        raise InvalidInput.at("site_id", "请选择一个阵地或一个渠道")
    if site_id is not None:
        sites.get(site_id)
        if site_id == nomination.site_id and nomination.channel_id is None:
            raise InvalidInput.at("site_id", "推荐已在这个阵地")
    elif channel_id == nomination.channel_id or not _is_open(channel_id):
        raise InvalidInput.at("channel_id", "请选择另一个可用的渠道")
    ladder.write(actor, nomination, Verdict.TRANSFER, reason)
    recommendations.give_back(nomination)
    audit.perform(
        actor,
        nomination,
        "transfer",
        reason=reason,
        site_id=site_id or nomination.site_id,
        channel_id=channel_id,
        **OFF_THE_LADDER,
    )
    ladder.go_to(actor, nomination, places.steps_of(nomination, case.campaign.rules))
    _tell(nomination, "已转交", reason)
    return nomination


def _is_open(channel_id: UUID | None) -> bool:
    channel = db.session.get(Channel, channel_id)
    return channel is not None and channel.is_active


def admit(actor: Actor, nomination_id: UUID) -> Nomination:
    """Make a shortlisted nominee a candidate; done by the city.

    Raises as `pass_`, and NotReady with what is missing."""
    case = _to_decide(actor, nomination_id, Permission.NOMINATIONS_NOMINATION_ADMIT, "admit")
    admissions.check_ready(case.nomination, case.campaign)
    ladder.write(actor, case.nomination, Verdict.ADMIT, step=Step.CITY)
    audit.perform(actor, case.nomination, "admit", decision_note=None)
    _tell(case.nomination, OUTCOMES[N.CANDIDATE], None)
    return case.nomination


def write(
    actor: Actor, nomination_id: UUID, *, opinion: str, verdict: StepDecision | None = None
) -> Screening:
    """Say something about a case on its step, and decide on it if there is a `verdict`. Raises
    as `pass_`."""
    match verdict:
        case StepDecision.PASS:
            pass_(actor, nomination_id, opinion=opinion)
        case StepDecision.SEND_BACK:
            send_back(actor, nomination_id, missing=opinion)
        case StepDecision.REJECT:
            reject(actor, nomination_id, reason=opinion)
        case None:
            return _say(actor, nomination_id, opinion)
    own = Screening.nomination_id == nomination_id, Screening.decided_by == actor.id
    query = select(Screening).where(*own).order_by(Screening.at.desc(), Screening.id.desc())
    return db.session.scalars(query.limit(1)).one()


def _say(actor: Actor, nomination_id: UUID, opinion: str) -> Screening:
    """An opinion; the first of a reviewer on this step makes the case one review richer."""
    permission = Permission.NOMINATIONS_SCREENING_WRITE
    nomination = _to_decide(actor, nomination_id, permission, "screen").nomination
    said = exists().where(
        Screening.nomination_id == nomination.id,
        Screening.decided_by == actor.id,
        Screening.verdict == Verdict.OPINION,
        Screening.step == nomination.step,
        Screening.at >= nomination.step_since,
    )
    if not db.session.scalar(select(said)):
        nomination.reviews_count += 1
    return ladder.write(actor, nomination, Verdict.OPINION, opinion)


def history(actor: Actor, nomination_id: UUID) -> list[Screening]:
    """What was said and decided so far, in order; never for who recommends the nominee.

    Raises NotFound, OwnNomination."""
    reviewable(actor, nomination_id, Permission.NOMINATIONS_SCREENING_VIEW)
    query = select(Screening).where(Screening.nomination_id == nomination_id)
    return list(db.session.scalars(query.order_by(Screening.at, Screening.id)))


def reviewable(
    actor: Actor, nomination_id: UUID, permission: Permission, *, hold: bool = False
) -> Nomination:
    """A case as an insider of it sees it, if `hold` with its row held. Raises NotFound,
    OwnNomination."""
    nomination = cases.hold(nomination_id) if hold else cases.find(nomination_id)
    site_path = db.session.scalars(select(Site.path).where(Site.id == nomination.site_id)).one()
    policies.check_may_review(actor, permission, nomination, site_path)
    if actor.id in nominators.of(nomination.id):
        raise OwnNomination
    return nomination


def for_the_city(
    actor: Actor, nomination_id: UUID, permission: Permission
) -> tuple[Nomination, Campaign]:
    """A case, held, as a reviewer of the city sees it, with its campaign. Raises NotFound,
    OwnNomination, NotYourStep."""
    nomination = reviewable(actor, nomination_id, permission, hold=True)
    policies.check_decides_for_city(actor, permission, sites.root().id)
    return nomination, campaigns.share(nomination.campaign_id)


@dataclass(frozen=True, slots=True)
class _Case:
    nomination: Nomination
    campaign: Campaign
    step: Step
    """Where it waits; above the ladder the city."""


def _to_decide(actor: Actor, nomination_id: UUID, permission: Permission, verb: str) -> _Case:
    """A case that the actor may decide on now, held, so that what is judged is the present
    text."""
    nomination = reviewable(actor, nomination_id, permission, hold=True)
    campaign = campaigns.share(nomination.campaign_id)
    campaigns.check_stage(campaign, verb)
    step = nomination.step
    if verb == "admit" or (verb == "reject" and nomination.status in SHORTLISTED):
        step = Step.CITY
        policies.check_decides_for_city(actor, permission, sites.root().id)
    elif step is None:
        raise WrongState(state=nomination.status.value, verb=verb)
    else:
        policies.check_decides_step(actor, permission, nomination)
    if actor.id in places.decided_elsewhere(nomination, step):
        raise DecidedBefore
    return _Case(nomination, campaign, step)


def _refuse(actor: Actor, case: _Case, verdict: Verdict, why: str, outcome: str) -> Nomination:
    ladder.write(actor, case.nomination, verdict, why, step=case.step)
    verb = verdict.value
    facts: dict[str, Any] = {"decision_note": why, **OFF_THE_LADDER}
    audit.perform(actor, case.nomination, verb, reason=why, **facts)
    _tell(case.nomination, outcome, why)
    return case.nomination


def _tell(nomination: Nomination, status: str, note: str | None) -> None:
    nominators.tell(nomination, "nomination_progress", new_id(), status=status, note=note or "")
