"""Cases on the ladder."""

from typing import Any

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from nominations.lifecycles import CampaignStatus, NominationStatus, Verdict
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.screenings import Screening
from nominations.rules import Rules, Step
from nominations.services import nominations
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import UNCHECKED, campaign, nomination

C, N, V = CampaignStatus, NominationStatus, Verdict
COMMUNITY, TOWN, COUNTY = "411002001001", "411002001", "411002"
ALL = (Step.COMMUNITY, Step.TOWNSHIP, Step.COUNTY, Step.CITY)


def climbing(steps: tuple[Step, ...] = ALL, **facts: Any) -> Campaign:
    return campaign(C.NOMINATING, rules=Rules(steps=steps, **facts))


def submitted(of: Campaign, **facts: Any) -> tuple[Actor, Nomination]:
    who = person()
    made = nomination(of, N.DRAFT, by=who, consented_at=clock.now(), **facts)
    return actor_of(who), handed_in(actor_of(who), made)


def handed_in(who: Actor, made: Nomination) -> Nomination:
    """Submitted, with a text that a moderator has read."""
    nominations.submit(who, made.id, check=UNCHECKED)
    made.text_cleared_at = clock.now()
    db.session.flush()
    return made


def history(made: Nomination) -> list[tuple[Step, Verdict]]:
    query = select(Screening).where(Screening.nomination_id == made.id)
    lines = db.session.scalars(query.order_by(Screening.at, Screening.id))
    return [(line.step, line.verdict) for line in lines]
