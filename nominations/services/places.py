"""Where a case waits on each step of the ladder, and who decides there."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Role
from accounts.services import roles, sites
from core.actor import ScopeKind
from core.db import db
from nominations.lifecycles import DECISIONS
from nominations.models.nominations import Nomination
from nominations.models.screenings import Screening
from nominations.rules import LADDER, Rules, Step
from nominations.services import nominators

COUNTY_LEVELS = (SiteLevel.CENTER, SiteLevel.ZONE)

_LEVELS: Mapping[Step, tuple[SiteLevel, ...]] = MappingProxyType(
    {
        Step.COMMUNITY: (SiteLevel.STATION, SiteLevel.SPOT),
        Step.TOWNSHIP: (SiteLevel.INSTITUTE,),
        Step.COUNTY: COUNTY_LEVELS,
        Step.CITY: (SiteLevel.CITY,),
    }
)
"""Whose reviewers decide; of several levels the first that stands above the nominee."""


def steps_of(nomination: Nomination, rules: Rules) -> tuple[Step, ...]:
    """The steps that this case takes. A channel stands in the place of all below the city, as
    the step of a county."""
    if nomination.channel_id is None:
        return rules.ladder
    below = any(step is not Step.CITY for step in rules.ladder)
    return (*([Step.COUNTY] if below else ()), *([Step.CITY] if rules.uses(Step.CITY) else ()))


def steps_after(step: Step, nomination: Nomination, rules: Rules) -> tuple[Step, ...]:
    """The steps that are left once `step` is passed."""
    passed = LADDER.index(step)
    return tuple(s for s in steps_of(nomination, rules) if LADDER.index(s) > passed)


def site_of(step: Step, nomination: Nomination) -> UUID | None:
    """The site whose reviewers decide on a step; None for a channel, and where the nominee has
    no site of that level above."""
    if nomination.channel_id is not None and step is not Step.CITY:
        return None
    path = db.session.get_one(Site, nomination.site_id).path
    query = select(Site).where(
        Site.path.in_(sites.paths_down_to(path)), Site.level.in_(_LEVELS[step])
    )
    found = list(db.session.scalars(query))
    return min(found, key=lambda s: _LEVELS[step].index(s.level)).id if found else None


def deciders(nomination: Nomination, step: Step, site_id: UUID | None) -> list[UUID]:
    """Who may decide on a step: its reviewers, but nobody who recommends the nominee or has
    decided the case on another step."""
    held: set[UUID] = set()
    if site_id is not None:
        held |= roles.holders(Role.REVIEWER, ScopeKind.SITE, site_id).keys()
    elif nomination.channel_id is not None:
        held |= roles.holders(Role.REVIEWER, ScopeKind.CHANNEL, nomination.channel_id).keys()
    if step is Step.CITY:
        held |= roles.holders(Role.REVIEWER, ScopeKind.CITY, None).keys()
    return sorted(held - set(nominators.of(nomination.id)) - decided_elsewhere(nomination, step))


def decided_elsewhere(nomination: Nomination, step: Step) -> set[UUID]:
    """Who has decided this case on another step."""
    query = select(Screening.decided_by).where(
        Screening.nomination_id == nomination.id,
        Screening.step != step,
        Screening.verdict.in_(DECISIONS),
    )
    return {person_id for person_id in db.session.scalars(query) if person_id is not None}
