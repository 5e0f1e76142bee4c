"""A whole selection in the database: nominations on their way, ballots by the million, a panel.

Written straight into the tables, in bulk, as a year of use would have left them. Three campaigns:
one that reviews, with cases at every step of the ladder; one under assessment, where voters cast
daily; and one that is judged, with a closed panel. Ballots, their seals and the counts agree, at
every size, so that a count from scratch finds no difference.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import bindparam, func, insert, select, update

from accounts.models.persons import Person
from accounts.models.roles import RoleGrant
from accounts.models.sessions import SessionKind
from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Role
from accounts.services import sites
from bench.data import in_transaction, sign_in
from core import clock
from core.actor import ScopeKind
from core.audit import Entry
from core.db import Base, db
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
    PanelStatus,
    Verdict,
)
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.declarations import Declaration, Ground
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.panel_scores import PanelScore
from nominations.models.panels import Panel, Panelist
from nominations.models.screenings import Screening
from nominations.models.tally import CountedBallot, SealedBallot, TallyCount
from nominations.rules import Quota, Rules, Step
from nominations.services.reference import CATEGORIES

NOMINATIONS = 20_000
BALLOTS = 2_000_000
CANDIDATES = 500
VOTERS = 100_000
MEMBERS = 15
MOST_CHOICES = 10
PER_CATEGORY = 2
REVISED_EVERY = 20
"""Of the voters of a day one in so many casts a second ballot."""
SLATES = 1_000
"""Different ways to fill in a ballot."""
CHUNK = 5_000
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
IN_THE_COUNTY = (SiteLevel.CENTER, SiteLevel.INSTITUTE)

Row = dict[str, Any]
Turn = tuple[UUID, str, int]
"""A voter, the period, and how many ballots they cast in it."""

_counts = Base.metadata.tables[TallyCount.__tablename__]
_ADD_VOTES = (
    update(_counts)
    .where(
        _counts.c.campaign_id == bindparam("of_campaign"),
        _counts.c.nomination_id == bindparam("of_nomination"),
    )
    .values(votes=_counts.c.votes + bindparam("more"))
)


@dataclass
class Poll:
    """A campaign and whoever is still to vote in it."""

    campaign: UUID
    slates: Sequence[list[str]]
    turns: Iterator[Turn]
    ballots: int = 0


class Selection:
    """The rows made so far. `size` is 1.0 for the whole selection."""

    def __init__(self, app: Flask, size: float = 1.0) -> None:
        self.nominations = max(200, round(NOMINATIONS * size))
        self.candidates = max(20, round(CANDIDATES * size))
        """Of each of the two campaigns that have any."""
        self.voters = max(200, round(VOTERS * size))
        ballots = max(2_000, round(BALLOTS * size))
        self.judged_ballots = min(ballots // 10, self.voters)
        """Ballots of the judged campaign."""
        self.full = ballots - self.judged_ballots
        """Ballots under assessment when the selection is complete."""
        self.tokens: list[str] = []
        """Sign-ins of voters, one each."""
        self.office: Sequence[str] = ()
        """Sign-ins of two administrators."""
        self.reviewers: Mapping[str, str] = {}
        """Sign-ins by what they review."""
        self.began_on = clock.today()
        """Nobody has voted on this day or later."""
        self._app = app
        self._random = random.Random(411000)
        self._staff: list[UUID] = []
        self._voters: list[UUID] = []
        self._polls: dict[CampaignStatus, Poll] = {}

    @property
    def open(self) -> UUID:
        """The campaign under assessment."""
        return self._polls[CampaignStatus.ASSESSING].campaign

    @property
    def judged(self) -> UUID:
        """The campaign whose panel has closed."""
        return self._polls[CampaignStatus.JUDGING].campaign

    @property
    def slates(self) -> Sequence[list[str]]:
        """Choices of candidates under assessment."""
        return self._polls[CampaignStatus.ASSESSING].slates

    @property
    def ballots(self) -> int:
        return sum(poll.ballots for poll in self._polls.values())

    def found(self) -> None:
        """People, campaigns, nominations and the panel; the ballots of the judged campaign."""
        for first in range(0, self.voters, CHUNK):
            count = min(CHUNK, self.voters - first)
            self.tokens += self._in_transaction(partial(sign_in, count))
        self._in_transaction(self._appoint)
        self._in_transaction(self._found_review)
        for status in (CampaignStatus.ASSESSING, CampaignStatus.JUDGING):
            self._polls[status] = self._in_transaction(partial(self._found_poll, status))
        self._in_transaction(self._found_panel)
        self._seal(self._polls[CampaignStatus.JUDGING], self.judged_ballots)

    def vote(self, ballots: int) -> None:
        """Sealed and counted ballots until there are that many under assessment."""
        poll = self._polls[CampaignStatus.ASSESSING]
        self._seal(poll, ballots - poll.ballots)

    def cast_unsealed(self, count: int) -> int:
        """So many ballots under assessment that are not sealed yet; their number."""
        poll = self._polls[CampaignStatus.ASSESSING]

        def work() -> int:
            cast = self._cast(poll, count)
            names = ("campaign_id", "voter_id", "period", "revision")
            waiting = [{**{n: row[n] for n in names}, "ballot_id": row["id"]} for row in cast]
            _store(UnsealedBallot, waiting)
            return len(cast)

        return in_transaction(self._app, work, write=True)

    def publish(self) -> None:
        """Let the judged campaign be on notice, so that its fixed result is public."""
        status = update(Campaign).where(Campaign.id == self.judged)
        work = partial(db.session.execute, status.values(status=CampaignStatus.NOTICING))
        in_transaction(self._app, work, write=True)

    def _in_transaction(self, work: Any) -> Any:
        return in_transaction(self._app, work, write=True)

    def _appoint(self) -> None:
        """Two administrators, the panel, and three reviewers: of a county, of the city, and of
        a county with all below it, who has decided some of the cases there."""
        self._voters = list(db.session.scalars(select(Person.id).order_by(Person.id)))
        tokens = sign_in(MEMBERS + 5, kind=SessionKind.STAFF)
        newest = select(Person.id).order_by(Person.id.desc()).limit(len(tokens))
        self._staff = list(reversed(db.session.scalars(newest).all()))
        county = db.session.scalars(_of_level(SiteLevel.CENTER).limit(1)).one()
        below = _of_level(*IN_THE_COUNTY).where(Site.path.startswith(county.path))
        several = [site.id for site in db.session.scalars(below)]
        self.office = tokens[:2]
        self.reviewers = {
            "of a county": tokens[2],
            "of the city": tokens[3],
            f"of {len(several)} sites": tokens[4],
        }
        held: list[tuple[int, Role, UUID | None]] = [(0, Role.ADMIN, None), (1, Role.ADMIN, None)]
        held += [(2, Role.REVIEWER, county.id), (3, Role.REVIEWER, None)]
        held += [(4, Role.REVIEWER, site_id) for site_id in several]
        for who, role, site_id in held:
            kind = ScopeKind.CITY if site_id is None else ScopeKind.SITE
            facts = {"scope_kind": kind, "scope_id": site_id, "granted_at": clock.now()}
            db.session.add(RoleGrant(person_id=self._staff[who], role=role, **facts))

    def _found_review(self) -> None:
        """Most cases wait on the ladder; the others are above it or refused."""
        campaign = self._campaign(CampaignStatus.REVIEWING)
        places = _Places()
        count = self.nominations - 2 * self.candidates
        rows = [self._case(campaign, places, n) for n in range(max(count, 100))]
        _store(Nomination, rows)
        self._recommend(rows)
        _store(Screening, [s for row in rows for s in self._passed(row)])

    def _found_poll(self, status: CampaignStatus) -> Poll:
        campaign = self._campaign(status)
        places = _Places()
        candidate = {"status": NominationStatus.CANDIDATE, "step": None, "step_site_id": None}
        rows = [self._case(campaign, places, n) for n in range(self.candidates)]
        rows = [{**row, **candidate, "decision_note": None} for row in rows]
        _store(Nomination, rows)
        self._recommend(rows)
        _store(Attachment, [self._photo(row, kind, slot) for row in rows for kind, slot in PHOTOS])
        zero = {"campaign_id": campaign.id, "votes": 0}
        _store(TallyCount, [{**zero, "nomination_id": row["id"]} for row in rows])
        turns = self._once() if campaign.period is BallotPeriod.ONCE else self._daily()
        return Poll(campaign.id, [self._slate(rows) for _ in range(SLATES)], turns)

    def _campaign(self, status: CampaignStatus) -> Campaign:
        """Whatever lies before its stage ended yesterday; votes under assessment are daily."""
        at, day = clock.now(), timedelta(days=1)
        is_open = status is CampaignStatus.ASSESSING
        opened = at + 9 * day if status is CampaignStatus.REVIEWING else at - 60 * day
        campaign = Campaign(
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
            created_by=self._staff[0],
            created_at=at - 91 * day,
            announced_at=at - 91 * day,
            rules=RULES,
            rules_frozen_at=at - 90 * day,
        )
        campaign.categories = [
            CampaignCategory(code=code, name=name, position=position)
            for position, (code, name) in enumerate(CATEGORIES, start=1)
        ]
        db.session.add(campaign)
        db.session.flush()
        return campaign

    def _case(self, campaign: Campaign, places: "_Places", n: int) -> Row:
        at = campaign.nominations_open_at + timedelta(minutes=n)
        township, step = self._random.choice(places.townships), STEPS[n % len(STEPS)]
        is_waiting = n % 10 < 8
        ended = NominationStatus.REJECTED if n % 10 == 8 else NominationStatus.CITY_SHORTLISTED
        return {
            "id": new_id(),
            "campaign_id": campaign.id,
            "category_code": CATEGORIES[n % len(CATEGORIES)][0],
            "nominator_id": self._random.choice(self._voters),
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
            "step_since": at + timedelta(days=self._random.randrange(1, 28)),
            "reviews_count": self._random.randrange(4),
            "consented_at": at,
            "created_at": at,
            "submitted_at": at,
        }

    def _recommend(self, rows: Sequence[Row]) -> None:
        """Each has its nominator, and was submitted."""
        _store(
            Nominator,
            [
                {
                    "nomination_id": row["id"],
                    "person_id": row["nominator_id"],
                    "since": row["created_at"],
                }
                for row in rows
            ],
        )
        submitted = {
            "verb": "submit",
            "thing": Nomination.__tablename__,
            "from_status": NominationStatus.DRAFT.value,
            "to_status": NominationStatus.SUBMITTED.value,
        }
        _store(
            Entry,
            [
                {
                    **submitted,
                    "id": new_id(),
                    "at": row["submitted_at"],
                    "actor_id": row["nominator_id"],
                    "thing_id": row["id"],
                }
                for row in rows
            ],
        )

    def _passed(self, row: Row) -> Iterator[Row]:
        """What was decided on the steps below the one where a case waits; half of it by the
        reviewer of several sites."""
        for step in STEPS:
            if row["step"] in (None, step):
                return
            yield {
                "id": new_id(),
                "nomination_id": row["id"],
                "step": step,
                "site_id": row["site_id"],
                "verdict": Verdict.PASS,
                "opinion": "情况属实",
                "decided_by": self._staff[self._random.choice((1, 4))],
                "at": row["step_since"],
            }

    def _photo(self, row: Row, kind: AttachmentKind, slot: int) -> Row:
        made = new_id()
        return {
            "id": made,
            "about_type": AttachmentAbout.NOMINATION,
            "about_id": row["id"],
            "nomination_id": row["id"],
            "kind": kind,
            "slot": slot,
            "status": AttachmentStatus.CLEARED,
            "sha256": made.bytes * 2,
            "storage_key": made.hex,
            "media_type": "image/jpeg",
            "size": 200_000,
            "width": 1200,
            "height": 1600,
            "uploaded_by": row["nominator_id"],
            "created_at": row["created_at"],
            "decided_by": self._staff[0],
            "decided_at": row["created_at"],
        }

    def _slate(self, rows: Sequence[Row]) -> list[str]:
        """Up to two of each category; the first candidates are the best known."""
        chosen = []
        for first in range(len(CATEGORIES)):
            of_category = rows[first :: len(CATEGORIES)]
            known = {
                int(self._random.expovariate(3 / len(of_category))) % len(of_category)
                for _ in range(PER_CATEGORY)
            }
            chosen += [str(of_category[n]["id"]) for n in known]
        return sorted(chosen)

    def _once(self) -> Iterator[Turn]:
        return ((voter, ONCE, 1) for voter in self._voters)

    def _daily(self) -> Iterator[Turn]:
        """Everybody on every day before the bench began, in another order each."""
        voters = list(self._voters)
        for back in range(1, 60):
            period = (self.began_on - timedelta(days=back)).isoformat()
            self._random.shuffle(voters)
            for n, voter in enumerate(voters):
                yield voter, period, 1 if n % REVISED_EVERY else 2

    def _cast(self, poll: Poll, count: int) -> list[Row]:
        """At least so many ballots: nobody is left between two revisions."""
        at, rows = clock.now() - timedelta(hours=1), []
        for voter, period, revisions in poll.turns:
            for revision in range(1, revisions + 1):
                rows.append(
                    {
                        "id": new_id(),
                        "campaign_id": poll.campaign,
                        "voter_id": voter,
                        "period": period,
                        "revision": revision,
                        "choices": self._random.choice(poll.slates),
                        "cast_at": at,
                    }
                )
            if len(rows) >= count:
                break
        _store(Ballot, rows)
        poll.ballots += len(rows)
        return rows

    def _seal(self, poll: Poll, ballots: int) -> None:
        until = poll.ballots + ballots
        while poll.ballots < until:
            count = min(CHUNK, until - poll.ballots)
            self._in_transaction(partial(self._seal_chunk, poll, count))

    def _seal_chunk(self, poll: Poll, count: int) -> None:
        of_it = {"campaign_id": poll.campaign}
        next_leaf = func.coalesce(func.max(SealedBallot.leaf_index) + 1, 0)
        query = select(next_leaf).where(SealedBallot.campaign_id == poll.campaign)
        first = db.session.scalars(query).one()
        cast = self._cast(poll, count)
        leaves = enumerate(cast, start=first)
        _store(SealedBallot, [{**of_it, "leaf_index": n, "ballot_id": r["id"]} for n, r in leaves])
        standing = {(row["voter_id"], row["period"]): row for row in cast}.values()
        names = ("voter_id", "period", "revision")
        _store(
            CountedBallot,
            [{**of_it, **{n: r[n] for n in names}, "ballot_id": r["id"]} for r in standing],
        )
        votes = Counter(choice for row in standing for choice in row["choices"])
        more = [
            {"of_campaign": poll.campaign, "of_nomination": UUID(id_), "more": number}
            for id_, number in votes.items()
        ]
        db.session.connection().execute(_ADD_VOTES, more)

    def _found_panel(self) -> None:
        """Everybody has declared, marked everything, and one in twenty is recused."""
        at = clock.now() - timedelta(hours=1)
        panel = Panel(
            id=new_id(),
            campaign_id=self.judged,
            status=PanelStatus.CLOSED,
            formed_at=at,
            opened_at=at,
            closed_at=at,
        )
        db.session.add(panel)
        db.session.flush()
        members: list[Row] = [
            {
                "id": new_id(),
                "panel_id": panel.id,
                "person_id": person_id,
                "unit": "许昌学院",
                "status": PanelistStatus.ACCEPTED,
                "code": code,
                "invited_by": self._staff[0],
                "invited_at": at,
                "decided_at": at,
                "submitted_at": at,
            }
            for code, person_id in enumerate(self._staff[-MEMBERS:], start=1)
        ]
        _store(Panelist, members)
        of_it = select(Nomination.id).where(Nomination.campaign_id == self.judged)
        pairs = [(m["id"], n) for n in db.session.scalars(of_it) for m in members]
        _store(
            Declaration,
            [
                {
                    "id": new_id(),
                    "panelist_id": member,
                    "nomination_id": nomination,
                    "number": 1,
                    "has_conflict": n % 20 == 0,
                    "ground": Ground.DECLARED,
                    "reason": "曾是同事" if n % 20 == 0 else None,
                    "declared_at": at,
                }
                for n, (member, nomination) in enumerate(pairs)
            ],
        )
        _store(
            PanelScore,
            [
                {
                    "panelist_id": member,
                    "nomination_id": nomination,
                    "criterion": criterion.code,
                    "points": Decimal(self._random.randrange(60_00, 100_00)).scaleb(-2),
                }
                for n, (member, nomination) in enumerate(pairs)
                if n % 20
                for criterion in RULES.rubric
            ],
        )


class _Places:
    """Whose reviewers decide on each step."""

    def __init__(self) -> None:
        self.townships = db.session.scalars(_of_level(SiteLevel.INSTITUTE)).all()
        found = db.session.scalars(_of_level(SiteLevel.CENTER, SiteLevel.ZONE))
        self._counties = {site.path: site.id for site in found}
        self._city = sites.root().id

    def of(self, step: Step, township: Site) -> UUID:
        if step is Step.TOWNSHIP:
            return township.id
        return self._city if step is Step.CITY else self._counties[sites.county_path(township.path)]


def _of_level(*levels: SiteLevel) -> Any:
    return select(Site).where(Site.level.in_(levels)).order_by(Site.path)


def _store(model: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        db.session.connection().execute(insert(model), rows)
