"""Ballots as a machine would cast them, and what is then found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from accounts.models.persons import Person
from core import clock
from core.actor import Actor
from core.db import db
from nominations.lifecycles import BallotFate, CampaignStatus, RulingReason
from nominations.models.campaigns import Campaign
from nominations.models.quarantine import Finding
from nominations.models.rulings import Ruling
from nominations.services import ballots, quarantine, rulings, tally
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign, candidates, reviewer

HALF_A_MINUTE = timedelta(seconds=30)


def cast_in_rhythm(
    of: Campaign,
    choices: Sequence[UUID],
    number: int = 20,
    *,
    network: str | None = "123.5.7",
    begins: datetime | None = None,
) -> list[Person]:
    """So many people of one network who choose the same, half a minute apart: held by any rules
    worth the name."""
    begins = begins or clock.now() - timedelta(hours=1) - number * HALF_A_MINUTE
    voters = [person(registered=False, openid=f"o-{of.id}-{n}-{network}") for n in range(number)]
    for n, voter in enumerate(voters):
        with clock.frozen(begins + n * HALF_A_MINUTE):
            ballots.cast(actor_of(voter), of.id, choices=choices, network=network)
    return voters


def count(of: Campaign) -> None:
    """Seal and score everything."""
    while tally.seal(of.id):
        pass
    while quarantine.score(of.id):
        pass


def bought(number: int = 20) -> tuple[Campaign, list[UUID], list[Person]]:
    """A campaign with two candidates and one honest ballot for each; the first has also so many
    bought ones, which are in quarantine."""
    made = campaign(CampaignStatus.ASSESSING)
    chosen = candidates(made, 2)
    for choice in chosen:
        ballots.cast(actor_of(person()), made.id, choices=[choice], network="36.99.1")
    voters = cast_in_rhythm(made, chosen[:1], number)
    count(made)
    return made, chosen, voters


def finding(of: Campaign) -> Finding:
    """The only one."""
    return db.session.scalars(select(Finding).where(Finding.campaign_id == of.id)).one()


def officials() -> tuple[Actor, Actor]:
    """Two reviewers of the whole city."""
    return reviewer(None), reviewer(None)


def propose(
    by: Actor,
    of: Campaign,
    fate: BallotFate = BallotFate.VOIDED,
    ballots: Sequence[UUID] | None = None,
) -> Ruling:
    reason = RulingReason.BOUGHT if fate is BallotFate.VOIDED else RulingReason.SHARED_NETWORK
    return rulings.propose(
        by, finding_id=finding(of).id, ruling=fate, reason_code=reason, ballots=ballots
    )
