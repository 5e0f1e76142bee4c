"""A whole campaign that citizens assess and a panel judges, up to its public result."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from core import clock
from core.actor import Actor
from core.db import db
from nominations.lifecycles import CampaignStatus, NoticeKind
from nominations.models.campaigns import Campaign
from nominations.rules import Quota, Rules, Step
from nominations.services import (
    ballots,
    notices,
    panel_scores,
    panels,
    quarantine,
    results,
    stages,
    tally,
)
from tests.factories import panels as make
from tests.factories.accounts import actor_of, people
from tests.factories.nominations import campaign, candidates
from tests.nominations.ranking import SOURCE, admin

RULES = Rules(
    steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL),
    winners=Quota(total=4, by_category={"helping_others": 1}),
)
VOTERS = 12


@dataclass
class Selection:
    campaign: Campaign
    office: Actor
    voters: list[Actor]
    candidates: list[UUID]
    members: list[Actor]

    def seal(self) -> None:
        while tally.seal(self.campaign.id, limit=5):
            pass
        while quarantine.score(self.campaign.id):
            pass


def opened(at: datetime, **facts: object) -> Selection:
    """Under assessment, with its first ballots sealed; six of the voters vote twice."""
    with clock.frozen(at - timedelta(days=6)):
        made = campaign(
            CampaignStatus.REVIEWING,
            rules=RULES,
            has_hidden_counts=True,
            judging_close_at=at + timedelta(days=30),
            **facts,
        )
        ids = candidates(made, 7)
    assert made.assessment_open_at is not None
    with clock.frozen(made.assessment_open_at):
        stages.open_assessment(admin(), made.id)
        office = make.office()
        selection = Selection(
            made,
            office,
            [actor_of(p) for p in people(VOTERS)],
            ids,
            [make.member(made.id, office) for _ in range(3)],
        )
        dice = Random(7)
        for n, voter in enumerate(selection.voters):
            for _ in range(1 + n % 2):
                ballots.cast(voter, made.id, choices=dice.sample(ids, 3))
                selection.seal()
    return selection


def closed(selection: Selection) -> None:
    """The counts stand."""
    made = selection.campaign
    assert made.assessment_close_at is not None
    with clock.frozen(made.assessment_close_at):
        stages.close_assessment(selection.office, made.id)
        selection.seal()
        stages.finish_counting(selection.office, made.id)


def judged(selection: Selection) -> None:
    """By a panel that differs, with a result that was fixed."""
    made = selection.campaign
    assert made.assessment_close_at is not None
    with clock.frozen(made.assessment_close_at + timedelta(hours=1)):
        court = make.Court(made.id, selection.office, selection.members, selection.candidates)
        court.declare_all()
        court.open()
        dice = Random(11)
        for member in selection.members:
            for nominee in selection.candidates:
                points = make.marks(str(dice.randint(60, 99)))
                panel_scores.score(member, nominee, marks=points)
        panels.close_judging(selection.office, made.id)
        result = results.compute(selection.office, made.id, lot_source=SOURCE)
        results.fix(admin(), result.id)


def published(selection: Selection) -> None:
    """On public notice."""
    made = selection.campaign
    assert made.assessment_close_at is not None
    with clock.frozen(made.assessment_close_at + timedelta(hours=2)):
        notices.create(
            selection.office,
            made.id,
            kind=NoticeKind.WINNERS,
            title="许昌好人公示",
            text="现将拟表彰人选予以公示，欢迎监督。",
            contact="市文明办 0374-0000000",
            opens_on=clock.today() + timedelta(days=1),
        )
        stages.open_notice(selection.office, made.id)
    db.session.flush()
