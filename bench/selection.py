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
from functools import partial
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import bindparam, select, update

from accounts.models.persons import Person
from accounts.models.roles import RoleGrant
from accounts.models.sessions import SessionKind
from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Role
from bench import selection_rows as rows
from bench.bulk import CHUNK, Row, chunks, store
from bench.data import in_transaction, sign_in
from core import clock
from core.actor import ScopeKind
from core.audit import Entry
from core.db import Base, db
from core.ids import new_id
from nominations.lifecycles import (
    BallotPeriod,
    CampaignStatus,
    PanelStatus,
)
from nominations.models.attachments import Attachment
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.declarations import Declaration
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.panel_scores import PanelScore
from nominations.models.panels import Panel, Panelist
from nominations.models.screenings import Screening
from nominations.models.tally import CountedBallot, TallyCount
from nominations.services import tally

NOMINATIONS = 20_000
BALLOTS = 2_000_000
CANDIDATES = 500
VOTERS = 100_000
MEMBERS = 15
SLATES = 1_000
"""Different ways to fill in a ballot."""
IN_THE_COUNTY = (SiteLevel.CENTER, SiteLevel.INSTITUTE)

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
    turns: Iterator[rows.Turn]
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
        for count in chunks(self.voters):
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
            store(UnsealedBallot, waiting)
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
        county = db.session.scalars(rows.of_level(SiteLevel.CENTER).limit(1)).one()
        below = rows.of_level(*IN_THE_COUNTY).where(Site.path.startswith(county.path))
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
        """Most cases wait on the ladder; the others are above it or refused. Half of the decisions
        are those of the reviewer of several sites."""
        cases = self._cases(
            self._announce(CampaignStatus.REVIEWING),
            max(self.nominations - 2 * self.candidates, 100),
        )
        store(Nomination, cases)
        self._recommend(cases)
        by = (self._staff[1], self._staff[4])
        passed = [s for one in cases for s in rows.screenings(self._random, one, by)]
        store(Screening, passed)

    def _found_poll(self, status: CampaignStatus) -> Poll:
        campaign, chance = self._announce(status), self._random
        cases = [rows.candidate(one) for one in self._cases(campaign, self.candidates)]
        store(Nomination, cases)
        self._recommend(cases)
        by = self._staff[0]
        photos = [rows.photo(one, kind, slot, by) for one in cases for kind, slot in rows.PHOTOS]
        store(Attachment, photos)
        zero = {"campaign_id": campaign.id, "votes": 0}
        store(TallyCount, [{**zero, "nomination_id": one["id"]} for one in cases])
        is_once = campaign.period is BallotPeriod.ONCE
        voters = self._voters
        turns = rows.once(voters) if is_once else rows.daily(chance, voters, self.began_on)
        return Poll(campaign.id, [rows.slate(chance, cases) for _ in range(SLATES)], turns)

    def _announce(self, status: CampaignStatus) -> Campaign:
        campaign = rows.campaign(status, self._staff[0])
        db.session.add(campaign)
        db.session.flush()
        return campaign

    def _cases(self, campaign: Campaign, count: int) -> list[Row]:
        places = rows.Places()
        return [rows.case(self._random, campaign, places, self._voters, n) for n in range(count)]

    def _recommend(self, cases: Sequence[Row]) -> None:
        """Each has its nominator, and was submitted."""
        store(Nominator, [rows.nominator(one) for one in cases])
        store(Entry, [rows.submission(one) for one in cases])

    def _cast(self, poll: Poll, count: int) -> list[Row]:
        """At least so many ballots: nobody is left between two revisions."""
        at = rows.an_hour_ago()
        cast: list[Row] = []
        for voter, period, revisions in poll.turns:
            for revision in range(1, revisions + 1):
                cast.append(
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
            if len(cast) >= count:
                break
        store(Ballot, cast)
        poll.ballots += len(cast)
        return cast

    def _seal(self, poll: Poll, ballots: int) -> None:
        until = poll.ballots + ballots
        while poll.ballots < until:
            count = min(CHUNK, until - poll.ballots)
            self._in_transaction(partial(self._seal_chunk, poll, count))

    def _seal_chunk(self, poll: Poll, count: int) -> None:
        of_it = {"campaign_id": poll.campaign}
        cast = self._cast(poll, count)
        tally.append(poll.campaign, [Ballot(**row) for row in cast])
        standing = {(row["voter_id"], row["period"]): row for row in cast}.values()
        names = ("voter_id", "period", "revision")
        store(
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
        at = rows.an_hour_ago()
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
        members = [
            rows.panelist(panel.id, person_id, code, self._staff[0])
            for code, person_id in enumerate(self._staff[-MEMBERS:], start=1)
        ]
        store(Panelist, members)
        of_it = select(Nomination.id).where(Nomination.campaign_id == self.judged)
        pairs = [(m["id"], n) for n in db.session.scalars(of_it) for m in members]
        store(
            Declaration,
            [rows.declaration(*pair, has_conflict=n % 20 == 0) for n, pair in enumerate(pairs)],
        )
        judged = [pair for n, pair in enumerate(pairs) if n % 20]
        store(PanelScore, [mark for pair in judged for mark in rows.marks(self._random, *pair)])
