"""The ladder of review: a case climbs from the community to the city, by the steps that its
campaign uses, and passes a step at once where nobody could decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from core import audit, clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.ids import new_id
from nominations.lifecycles import DECISIONS, STAGES, NominationStatus, Verdict
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.screenings import Screening
from nominations.rules import Step
from nominations.services import campaigns, cases, places

PASSED: Mapping[Step, NominationStatus] = MappingProxyType(
    {
        Step.COMMUNITY: NominationStatus.COMMUNITY_CHECKED,
        Step.TOWNSHIP: NominationStatus.TOWNSHIP_RECOMMENDED,
        Step.COUNTY: NominationStatus.COUNTY_REVIEWED,
    }
)
"""The state that a passed step gives while others follow."""

NAMES: Mapping[Step, str] = MappingProxyType(
    {Step.COMMUNITY: "村社", Step.TOWNSHIP: "乡镇街道", Step.COUNTY: "区县", Step.CITY: "市级"}
)
BATCH = 500


def enter(actor: Actor, nomination: Nomination, campaign: Campaign) -> None:
    """Let a case that was just submitted wait at its first step; at the one that sent it back if
    it comes again from the same place, and there from the places that passed it before."""
    steps = places.steps_of(nomination, campaign.rules)
    last = db.session.scalars(
        select(Screening)
        .where(
            Screening.nomination_id == nomination.id,
            Screening.verdict.in_((Verdict.SEND_BACK, Verdict.TRANSFER)),
        )
        .order_by(Screening.at.desc(), Screening.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.verdict is Verdict.SEND_BACK and _is_still(last, nomination):
        ahead = (last.step, *places.steps_after(last.step, nomination, campaign.rules))
        if _are_passed(nomination, [step for step in steps if step not in ahead]):
            steps = ahead
    go_to(actor, nomination, steps)


def _is_still(sent_back: Screening, nomination: Nomination) -> bool:
    """Whether the case still belongs to the place that sent it back."""
    return (sent_back.site_id, sent_back.channel_id) == (
        places.site_of(sent_back.step, nomination),
        nomination.channel_id,
    )


def _are_passed(nomination: Nomination, steps: Iterable[Step]) -> bool:
    """Whether these steps were passed at the places to which the case belongs now: the nominator
    may have moved it to another village or county of the step that sent it back."""
    query = select(Screening.step, Screening.site_id).where(
        Screening.nomination_id == nomination.id,
        Screening.verdict.in_((Verdict.PASS, Verdict.PASSED_UP)),
    )
    passed = {(step, site_id) for step, site_id in db.session.execute(query)}
    return all((step, places.site_of(step, nomination)) in passed for step in steps)


def go_to(actor: Actor, nomination: Nomination, steps: Sequence[Step]) -> None:
    """Let the case wait at the first of `steps` where somebody may decide, in the end at the
    city. The steps without anybody are passed up, and the case says so."""
    skipped: list[str] = []
    nomination.step_since, nomination.reviews_count = clock.now(), 0
    for step in (*(s for s in steps if s is not Step.CITY), Step.CITY):
        site_id = places.site_of(step, nomination)
        nomination.step, nomination.step_site_id = step, site_id
        if step is Step.CITY or places.deciders(nomination, step, site_id):
            break
        write(actor, nomination, Verdict.PASSED_UP, by_nobody=True)
        skipped.append(NAMES[step])
    nomination.step_note = f"{'、'.join(skipped)}没有审核人员，已转交上一级" if skipped else None
    db.session.flush()


def write(
    actor: Actor,
    nomination: Nomination,
    verdict: Verdict,
    opinion: str | None = None,
    *,
    step: Step | None = None,
    by_nobody: bool = False,
) -> Screening:
    """Add a line to the history, of the step where the case waits, or of `step` above the
    ladder."""
    line = Screening(
        id=new_id(),
        nomination_id=nomination.id,
        step=step or nomination.step,
        site_id=nomination.step_site_id,
        channel_id=nomination.channel_id,
        verdict=verdict,
        opinion=opinion,
        decided_by=None if by_nobody else actor.person_id,
        at=clock.now(),
    )
    db.session.add(line)
    db.session.flush()
    return line


def to_pass_up() -> list[UUID]:
    """Cases below the city that wait where nobody may decide any more."""
    query = (
        select(Nomination.id)
        .join(Campaign, Campaign.id == Nomination.campaign_id)
        .where(
            Nomination.step.is_not(None),
            Nomination.step != Step.CITY,
            Campaign.status.in_(STAGES["pass"]),
            ~_has_decider(),
        )
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def _has_decider() -> ColumnElement[bool]:
    """`places.deciders` as a condition."""
    nominates = select(Nominator.person_id).where(Nominator.nomination_id == Nomination.id)
    decided = select(Screening.decided_by).where(
        Screening.nomination_id == Nomination.id,
        Screening.step != Nomination.step,
        Screening.verdict.in_(DECISIONS),
        Screening.decided_by.is_not(None),
    )
    return exists().where(
        RoleGrant.role == Role.REVIEWER,
        RoleGrant.revoked_at.is_(None),
        or_(
            and_(
                RoleGrant.scope_kind == ScopeKind.SITE,
                RoleGrant.scope_id == Nomination.step_site_id,
            ),
            and_(
                Nomination.step_site_id.is_(None),
                RoleGrant.scope_kind == ScopeKind.CHANNEL,
                RoleGrant.scope_id == Nomination.channel_id,
            ),
        ),
        RoleGrant.person_id.not_in(nominates.correlate(Nomination)),
        RoleGrant.person_id.not_in(decided.correlate(Nomination)),
    )


def pass_up(nomination_id: UUID) -> None:
    """Give a case that nobody may decide to the next step; done by a job. Twice is once."""
    nomination = cases.hold(nomination_id)
    campaign = campaigns.share(nomination.campaign_id)
    step = nomination.step
    if step is None or step is Step.CITY or campaign.status not in STAGES["pass"]:
        return
    if places.deciders(nomination, step, nomination.step_site_id):
        return
    audit.record(SYSTEM, nomination, "pass_up", reason=step.value)
    following = places.steps_after(step, nomination, campaign.rules)
    go_to(SYSTEM, nomination, (step, *following))
