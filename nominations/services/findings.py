"""Findings for those who rule on them: why, how many ballots, whom they help, at which hours. No
voter is named, and the hashes are shown to nobody."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select

from accounts.permissions import Permission
from core.actor import Actor
from core.clock import SHANGHAI
from core.db import db
from core.errors import NotFound
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.lifecycles import BallotFate
from nominations.models.ballots import Ballot
from nominations.models.nominations import Nomination
from nominations.models.quarantine import Finding, HeldBallot
from nominations.models.rulings import RuledBallot, Ruling
from nominations.services import campaigns
from nominations.suspicion import GroupKind, Sign

AnyRow = Row[*tuple[Any, ...]]
VIEW = Permission.NOMINATIONS_FINDING_VIEW


@dataclass(frozen=True, slots=True)
class Helped:
    """A candidate, and how many of the ballots chose them."""

    nomination_id: UUID
    nominee_name: str
    category: str
    ballots: int


@dataclass(frozen=True, slots=True)
class AtHour:
    """`hour` is one of the day in Shanghai, 0 to 23."""

    hour: int
    ballots: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """`signs` are the reason codes of any of its ballots. Of the ballots some wait, the others
    were ruled on."""

    id: UUID
    campaign_id: UUID
    kind: GroupKind
    found_at: datetime
    signs: Sequence[Sign]
    ballots: int
    waiting: int
    voided: int
    restored: int
    first_cast_at: datetime
    last_cast_at: datetime
    helped: Sequence[Helped]
    hours: Sequence[AtHour]
    rulings: Sequence[Ruling]


@dataclass(frozen=True, slots=True)
class HeldView:
    """One ballot, by the id of its receipt. Its choices are those of nobody in particular."""

    id: UUID
    fate: BallotFate
    points: int
    signs: Sequence[Sign]
    held_at: datetime


def find(finding_id: UUID) -> Finding:
    """Raises NotFound."""
    finding = db.session.get(Finding, finding_id)
    if finding is None:
        raise NotFound
    return finding


def list_of(
    actor: Actor, campaign_id: UUID, page: PageRequest, *, waiting: bool = False
) -> Page[FindingView]:
    """The findings of a campaign, or those with ballots that wait, the latest first. Raises
    NotFound."""
    policies.check_oversees(actor, VIEW, campaign_id)
    campaigns.get_public(campaign_id)
    query = select(Finding).where(Finding.campaign_id == campaign_id)
    if waiting:
        query = query.where(
            exists().where(
                HeldBallot.finding_id == Finding.id,
                ~exists().where(RuledBallot.ballot_id == HeldBallot.ballot_id),
            )
        )
    found = paginate(query, page, by=[Finding.id], descending=True)
    return Page(_views(found.items), found.next_cursor)


def get(actor: Actor, finding_id: UUID) -> FindingView:
    """Raises NotFound."""
    finding = find(finding_id)
    policies.check_oversees(actor, VIEW, finding.campaign_id)
    return _views([finding])[0]


def list_ballots(actor: Actor, finding_id: UUID, page: PageRequest) -> Page[HeldView]:
    """The ballots of a finding, each with its signs. Raises NotFound."""
    finding = find(finding_id)
    policies.check_oversees(actor, VIEW, finding.campaign_id)
    query = select(HeldBallot).where(HeldBallot.finding_id == finding_id)
    found = paginate(query, page, by=[HeldBallot.ballot_id])
    fates = _fates([held.ballot_id for held in found.items])
    return Page([_held_view(held, fates) for held in found.items], found.next_cursor)


def _held_view(held: HeldBallot, fates: Mapping[UUID, BallotFate]) -> HeldView:
    return HeldView(
        held.ballot_id,
        fates.get(held.ballot_id, BallotFate.QUARANTINED),
        held.points,
        [Sign(sign) for sign in held.signs],
        held.held_at,
    )


def _fates(ballot_ids: Sequence[UUID]) -> dict[UUID, BallotFate]:
    rows = db.session.execute(
        select(RuledBallot.ballot_id, RuledBallot.fate).where(RuledBallot.ballot_id.in_(ballot_ids))
    )
    return {row.ballot_id: row.fate for row in rows}


def _views(found: Sequence[Finding]) -> list[FindingView]:
    ids = [finding.id for finding in found]
    ballots: dict[UUID, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(
        select(
            HeldBallot.finding_id,
            HeldBallot.signs,
            Ballot.choices,
            Ballot.cast_at,
            RuledBallot.fate,
        )
        .join(Ballot, Ballot.id == HeldBallot.ballot_id)
        .outerjoin(RuledBallot, RuledBallot.ballot_id == HeldBallot.ballot_id)
        .where(HeldBallot.finding_id.in_(ids))
    ):
        ballots[row.finding_id].append(row)
    rulings: dict[UUID, list[Ruling]] = defaultdict(list)
    query = select(Ruling).where(Ruling.finding_id.in_(ids)).order_by(Ruling.id)
    for ruling in db.session.scalars(query):
        rulings[ruling.finding_id].append(ruling)
    names = _names(row for rows in ballots.values() for row in rows)
    return [_view(one, ballots[one.id], rulings[one.id], names) for one in found]


def _names(rows: Any) -> dict[str, Nomination]:
    ids = {UUID(choice) for row in rows for choice in row.choices}
    query = select(Nomination).where(Nomination.id.in_(ids))
    return {str(nomination.id): nomination for nomination in db.session.scalars(query)}


def _view(
    finding: Finding,
    ballots: Sequence[AnyRow],
    rulings: Sequence[Ruling],
    names: Mapping[str, Nomination],
) -> FindingView:
    signs = {sign for row in ballots for sign in row.signs}
    fates = Counter(row.fate for row in ballots)
    votes = Counter(choice for row in ballots for choice in row.choices)
    hours = Counter(row.cast_at.astimezone(SHANGHAI).hour for row in ballots)
    return FindingView(
        id=finding.id,
        campaign_id=finding.campaign_id,
        kind=finding.kind,
        found_at=finding.found_at,
        signs=[sign for sign in Sign if sign in signs],
        ballots=len(ballots),
        waiting=fates[None],
        voided=fates[BallotFate.VOIDED],
        restored=fates[BallotFate.RESTORED],
        first_cast_at=min(row.cast_at for row in ballots),
        last_cast_at=max(row.cast_at for row in ballots),
        helped=[
            Helped(names[n].id, names[n].shown_name, names[n].category_code, number)
            for n, number in sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        ],
        hours=[AtHour(hour, number) for hour, number in sorted(hours.items())],
        rulings=rulings,
    )
