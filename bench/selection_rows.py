"""What the rows of a selection look like, one at a time; nothing here writes any.

A row that leaves something to chance takes the `random.Random` that decides it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from accounts.services import sites
from bench.bulk import Row
from core import clock
from core.db import db
from core.ids import new_id
from core.wechat import TextVerdict
from nominations.lifecycles import (
    ONCE,
    AttachmentStatus,
    BallotPeriod,
    CampaignStatus,
    HonorKind,
    NominationStatus,
    NomineeKind,
    PanelistStatus,
    Verdict,
)
from nominations.models.attachments import AttachmentAbout, AttachmentKind
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.declarations import Ground
from nominations.models.nominations import Nomination
from nominations.rules import Quota, Rules, Step
from nominations.services.reference import CATEGORIES

MOST_CHOICES = 10
PER_CATEGORY = 2
REVISED_EVERY = 20
"""Of the voters of a day one in so many casts a second ballot."""
DEEDS = "他十年如一日照顾村里的老人，" * 70
PHOTOS = ((AttachmentKind.ID_PHOTO, 1), (AttachmentKind.LIFE_PHOTO, 1))
RULES = Rules(
    steps=(Step.TOWNSHIP, Step.COUNTY, Step.CITY, Step.ASSESSMENT, Step.PANEL),
    winners=Quota(total=50, by_category={code: 12 for code, _ in CATEGORIES}),
)
WAITING: Mapping[Step, NominationStatus] = {
    Step.TOWNSHIP: NominationStatus.SUBMITTED,
    Step.COUNTY: NominationStatus.TOWNSHIP_RECOMMENDED,
    Step.CITY: NominationStatus.COUNTY_REVIEWED,
}
STEPS = (Step.TOWNSHIP, Step.COUNTY, Step.COUNTY, Step.CITY)
"""Where cases wait, as often as they are named."""

Turn = tuple[UUID, str, int]
"""A voter, the period, and how many ballots they cast in it."""


def campaign(status: CampaignStatus, created_by: UUID) -> Campaign:
    """Whatever lies before its stage ended yesterday; votes under assessment are daily."""
    at, day = clock.now(), timedelta(days=1)
    is_open = status is CampaignStatus.ASSESSING
    opened = at + 9 * day if status is CampaignStatus.REVIEWING else at - 60 * day
    made = Campaign(
        id=new_id(),
        title="第二十一届许昌好人评选",
        kind=HonorKind.GOOD_PERSON,
        status=status,
        nominations_open_at=at - 90 * day,
        nominations_close_at=at - 61 * day,
        assessment_open_at=opened,
        assessment_close_at=at + 10 * day if opened > at or is_open else at - day,
        judging_close_at=at + 20 * day,
        max_choices=MOST_CHOICES,
        max_per_category=PER_CATEGORY,
        period=BallotPeriod.DAILY if is_open else BallotPeriod.ONCE,
        has_hidden_counts=True,
        created_by=created_by,
        created_at=at - 91 * day,
        announced_at=at - 91 * day,
        rules=RULES,
        rules_frozen_at=at - 90 * day,
    )
    made.categories = [
        CampaignCategory(code=code, name=name, position=position)
        for position, (code, name) in enumerate(CATEGORIES, start=1)
    ]
    return made


class Places:
    """Whose reviewers decide on each step."""

    def __init__(self) -> None:
        self.townships = db.session.scalars(of_level(SiteLevel.INSTITUTE)).all()
        found = db.session.scalars(of_level(SiteLevel.CENTER, SiteLevel.ZONE))
        self._counties = {site.path: site.id for site in found}
        self._city = sites.root().id

    def of(self, step: Step, township: Site) -> UUID:
        if step is Step.TOWNSHIP:
            return township.id
        return self._city if step is Step.CITY else self._counties[sites.county_path(township.path)]


def of_level(*levels: SiteLevel) -> Any:
    return select(Site).where(Site.level.in_(levels)).order_by(Site.path)


def case(
    chance: Random, campaign: Campaign, places: Places, nominators: Sequence[UUID], n: int
) -> Row:
    at = campaign.nominations_open_at + timedelta(minutes=n)
    township, step = chance.choice(places.townships), STEPS[n % len(STEPS)]
    is_waiting = n % 10 < 8
    ended = NominationStatus.REJECTED if n % 10 == 8 else NominationStatus.CITY_SHORTLISTED
    return {
        "id": new_id(),
        "campaign_id": campaign.id,
        "category_code": CATEGORIES[n % len(CATEGORIES)][0],
        "nominator_id": chance.choice(nominators),
        "nominee_name": f"好人{n}",
        "nominee_kind": NomineeKind.PERSON,
        "site_id": township.id,
        "summary": "十年如一日照顾村里的孤寡老人，邻里有口皆碑",
        "deeds": DEEDS,
        "status": WAITING[step] if is_waiting else ended,
        "decision_note": "事迹不够突出" if ended is NominationStatus.REJECTED else None,
        "text_verdict": TextVerdict.PASS,
        "step": step if is_waiting else None,
        "step_site_id": places.of(step, township) if is_waiting else None,
        "step_since": at + timedelta(days=chance.randrange(1, 28)),
        "reviews_count": chance.randrange(4),
        "consented_at": at,
        "created_at": at,
        "submitted_at": at,
    }


def candidate(case_: Row) -> Row:
    """The same case, past all steps."""
    past = {"status": NominationStatus.CANDIDATE, "step": None, "step_site_id": None}
    return {**case_, **past, "decision_note": None}


def nominator(case_: Row) -> Row:
    return {
        "nomination_id": case_["id"],
        "person_id": case_["nominator_id"],
        "since": case_["created_at"],
    }


def submission(case_: Row) -> Row:
    """Its entry in the audit log."""
    return {
        "id": new_id(),
        "at": case_["submitted_at"],
        "actor_id": case_["nominator_id"],
        "verb": "submit",
        "thing": Nomination.__tablename__,
        "thing_id": case_["id"],
        "from_status": NominationStatus.DRAFT.value,
        "to_status": NominationStatus.SUBMITTED.value,
    }


def screenings(chance: Random, case_: Row, reviewers: Sequence[UUID]) -> Iterator[Row]:
    """What was decided on the steps below the one where a case waits, by any of
    `reviewers`."""
    for step in STEPS:
        if case_["step"] in (None, step):
            return
        yield {
            "id": new_id(),
            "nomination_id": case_["id"],
            "step": step,
            "site_id": case_["site_id"],
            "verdict": Verdict.PASS,
            "opinion": "情况属实",
            "decided_by": chance.choice(reviewers),
            "at": case_["step_since"],
        }


def photo(case_: Row, kind: AttachmentKind, slot: int, decided_by: UUID) -> Row:
    made = new_id()
    return {
        "id": made,
        "about_type": AttachmentAbout.NOMINATION,
        "about_id": case_["id"],
        "nomination_id": case_["id"],
        "kind": kind,
        "slot": slot,
        "status": AttachmentStatus.CLEARED,
        "sha256": made.bytes * 2,
        "storage_key": made.hex,
        "media_type": "image/jpeg",
        "size": 200_000,
        "width": 1200,
        "height": 1600,
        "uploaded_by": case_["nominator_id"],
        "created_at": case_["created_at"],
        "decided_by": decided_by,
        "decided_at": case_["created_at"],
    }


def slate(chance: Random, candidates: Sequence[Row]) -> list[str]:
    """Up to two of each category; the first candidates are the best known."""
    chosen = []
    for first in range(len(CATEGORIES)):
        of_category = candidates[first :: len(CATEGORIES)]
        known = {
            int(chance.expovariate(3 / len(of_category))) % len(of_category)
            for _ in range(PER_CATEGORY)
        }
        chosen += [str(of_category[n]["id"]) for n in known]
    return sorted(chosen)


def daily(chance: Random, voters: Sequence[UUID], before: date) -> Iterator[Turn]:
    """Everybody on every day of two months before that day, in another order each."""
    order = list(voters)
    for back in range(1, 60):
        period = (before - timedelta(days=back)).isoformat()
        chance.shuffle(order)
        for n, voter in enumerate(order):
            yield voter, period, 1 if n % REVISED_EVERY else 2


def once(voters: Sequence[UUID]) -> Iterator[Turn]:
    return ((voter, ONCE, 1) for voter in voters)


def panelist(panel_id: UUID, person_id: UUID, code: int, invited_by: UUID) -> Row:
    """Who has handed in their marks."""
    at = an_hour_ago()
    return {
        "id": new_id(),
        "panel_id": panel_id,
        "person_id": person_id,
        "unit": "许昌学院",
        "status": PanelistStatus.ACCEPTED,
        "code": code,
        "invited_by": invited_by,
        "invited_at": at,
        "decided_at": at,
        "submitted_at": at,
    }


def declaration(panelist_id: UUID, nomination_id: UUID, *, has_conflict: bool) -> Row:
    return {
        "id": new_id(),
        "panelist_id": panelist_id,
        "nomination_id": nomination_id,
        "number": 1,
        "has_conflict": has_conflict,
        "ground": Ground.DECLARED,
        "reason": "曾是同事" if has_conflict else None,
        "declared_at": an_hour_ago(),
    }


def marks(chance: Random, panelist_id: UUID, nomination_id: UUID) -> Iterator[Row]:
    """One for each criterion."""
    for criterion in RULES.rubric:
        yield {
            "panelist_id": panelist_id,
            "nomination_id": nomination_id,
            "criterion": criterion.code,
            "points": Decimal(chance.randrange(60_00, 100_00)).scaleb(-2),
        }


def an_hour_ago() -> datetime:
    return clock.now() - timedelta(hours=1)
