"""Campaigns that are judged, and their results."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import update

from accounts.permissions import Role
from core.actor import Actor
from core.db import db
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.results import Result
from nominations.models.tally import TallyCount
from nominations.rules import Quota, Rules, Step
from nominations.scoring import Marks, PanelRecord
from nominations.services import results
from tests.factories.accounts import actor_of, grant, person
from tests.factories.nominations import campaign, candidate

C, N = CampaignStatus, NominationStatus
SOURCE = "2027年5月31日“排列三”开奖号码"
TWO = Quota(by_category={"helping_others": 2})
WITHHELD: dict[str, Any] = {
    "is_withheld": True,
    "withheld_reason": "防止报复",
    "category_code": "bravery",
}


def admin() -> Actor:
    return actor_of(person(), grant(Role.ADMIN))


def judged(quota: Quota = TWO, *, steps: tuple[Step, ...] = (), **facts: Any) -> Campaign:
    rules = Rules(steps=(Step.COUNTY, Step.ASSESSMENT, *steps), winners=quota)
    return campaign(C.JUDGING, rules=rules, **facts)


def with_votes(of: Campaign, *votes: int, **facts: Any) -> list[Nomination]:
    """Candidates with so many votes each."""
    by = person()
    made = [candidate(of, by=by, **facts) for _ in votes]
    for nominee, number in zip(made, votes, strict=True):
        db.session.add(TallyCount(campaign_id=of.id, nomination_id=nominee.id, votes=number))
    db.session.flush()
    return made


def computed(of: Campaign, **facts: Any) -> Result:
    return results.compute(admin(), of.id, lot_source=SOURCE, **facts)


def move(of: Campaign, status: CampaignStatus) -> None:
    db.session.execute(update(Campaign).where(Campaign.id == of.id).values(status=status))
    db.session.get_one(Campaign, of.id, populate_existing=True)


def marked(nominees: list[Nomination], *rows: str) -> Callable[[UUID], PanelRecord]:
    """A reader of a panel: a row of marks for each nominee, - for none."""
    codes = [c.code for c in Rules().rubric]
    marks = tuple(
        Marks(f"m{n}", str(nominee.id), dict.fromkeys(codes, Decimal(mark)))
        for nominee, row in zip(nominees, rows, strict=True)
        for n, mark in enumerate(row.split())
        if mark != "-"
    )
    members = tuple(f"m{n}" for n in range(max(len(row.split()) for row in rows)))
    return lambda _: PanelRecord(members, frozenset(), marks)
