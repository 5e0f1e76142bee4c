"""Casting ballots: the hottest path of the house.

Statements are built once, on tables instead of mapped classes. A cast is one SELECT (the
campaign with the voter's present ballot) and the INSERTs, in one transaction that shares the
campaign's lock; the clock is read under the lock, and a ballot is accepted if and only if the
assessment is open and `opens <= now < closes` (design/tally, "Votes"). A ballot is its own
record, so no audit entry is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, and_, bindparam, exists, func, insert, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from accounts.errors import RealNameRequired
from accounts.services import persons, sessions
from core import clock
from core.actor import Actor
from core.db import Base, current_connection, db, lock_shared
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.prepared import Prepared
from nominations.errors import AssessmentNotOpen, BallotsCollided
from nominations.lifecycles import ONCE, CampaignStatus, NominationStatus, period_of
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.services import campaigns, signals

ATTEMPTS = 2
CANDIDATES_KEPT = timedelta(seconds=2)
CROWD = timedelta(hours=1)
"""Of the rule `real_name_from`."""

AnyRow = Any

_tables = Base.metadata.tables
_campaigns, _ballots = _tables[Campaign.__tablename__], _tables[Ballot.__tablename__]
_campaign, _ballot = _campaigns.c, _ballots.c
_nomination = _tables[Nomination.__tablename__].c

_FIND = Prepared(
    select(
        _campaign.status,
        _campaign.announced_at,
        _campaign.assessment_open_at,
        _campaign.assessment_close_at,
        _campaign.period.label("rule"),
        _campaign.max_choices,
        _campaign.max_per_category,
        _ballot.id,
        _ballot.period,
        _ballot.revision,
        _ballot.choices,
        _ballot.cast_at,
    )
    .select_from(
        _campaigns.outerjoin(
            _ballots,
            and_(
                _ballot.campaign_id == _campaign.id,
                _ballot.voter_id == bindparam("voter_id"),
                _ballot.period.in_((ONCE, bindparam("today"))),
            ),
        )
    )
    .where(_campaign.id == bindparam("campaign_id"))
    .order_by(_ballot.revision.desc())
    .limit(1)
)
"""The campaign, and the voter's ballot that stands in the present period: a campaign has either
ballots of the period "once" or ballots of days, never both."""

_unsealed = _tables[UnsealedBallot.__tablename__]
_VALUES = {
    name: bindparam(f"new_{name}", type_=_ballots.c[name].type)
    for name in ("id", "campaign_id", "voter_id", "period", "revision", "choices", "cast_at")
}
_KEY = ("campaign_id", "voter_id", "period", "revision")
_ORIGIN = bindparam("new_origin", type_=_unsealed.c.origin.type)

_INSERT = Prepared(sqlite.insert(_ballots).values(_VALUES).on_conflict_do_nothing())
_INSERT_UNSEALED = Prepared(
    insert(_unsealed).values(
        ballot_id=_VALUES["id"], origin=_ORIGIN, **{name: _VALUES[name] for name in _KEY}
    )
)
"""On SQLite, where a statement costs little: the ballot, then the row that waits."""

_stored = (
    postgresql.insert(_ballots)
    .values(_VALUES)
    .on_conflict_do_nothing()
    .returning(*(_ballots.c[name] for name in (*_KEY, "id")))
    .cte("stored")
)
_INSERT_BOTH = Prepared(
    insert(_unsealed).from_select(
        [*_KEY, "ballot_id", "origin"], select(_stored, sql_cast(_ORIGIN, _ORIGIN.type))
    )
)
"""On PostgreSQL, where each statement is a journey to the server: both in one."""

_FIND_CANDIDATES = select(_nomination.id, _nomination.category_code).where(
    _nomination.campaign_id == bindparam("campaign_id"),
    _nomination.status == NominationStatus.CANDIDATE,
    ~_nomination.is_withheld,
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter is given. It names no candidate, so it proves no vote to a buyer."""

    id: UUID
    campaign_id: UUID
    period: str
    revision: int
    choices_count: int
    cast_at: datetime


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Candidates of an open assessment, by their id in text, with their categories."""

    read_at: datetime
    categories: Mapping[str, str]
    key: bytes = field(repr=False)
    """By which signals of this campaign's ballots are hashed."""
    real_name_from: int | None


_kept_candidates: dict[UUID, _Candidates] = {}


def cast(
    actor: Actor,
    campaign_id: UUID,
    *,
    choices: Sequence[UUID],
    network: str | None = None,
    device: str | None = None,
) -> Receipt:
    """Cast a ballot, or replace the one of the present period: the last counts. The choices
    that already stand give the present receipt again. Whoever cast one under an account that
    was since merged into theirs replaces that one. Where it comes from, as far as that is known,
    is noted as keyed hashes and refuses nothing.

    Raises NotFound, AssessmentNotOpen, InvalidInput, BallotsCollided, and RealNameRequired where
    the rules of the campaign ask for it."""
    lock_shared(campaigns.lock_name(campaign_id))
    now = clock.now()
    chosen = sorted(map(str, choices))
    connection = current_connection()
    for _ in range(ATTEMPTS):
        voter_id, found = _standing(connection, actor, campaign_id, now)
        if found.choices == chosen:
            return Receipt(
                found.id, campaign_id, found.period, found.revision, len(chosen), found.cast_at
            )
        kept = _candidates(connection, campaign_id, now)
        _check_choices(chosen, found, kept.categories)
        origin = signals.origin_of(kept.key, network, device)
        if kept.real_name_from is not None and network is not None:
            _check_crowd(actor, campaign_id, kept, network, now)
        receipt = _store(connection, voter_id, campaign_id, found, chosen, now, origin)
        if receipt is not None:
            return receipt
    raise BallotsCollided


def _standing(
    connection: Connection, actor: Actor, campaign_id: UUID, now: datetime
) -> tuple[UUID, AnyRow]:
    """The campaign with the ballot that stands, and the id under which the actor votes in it:
    the one of that ballot, so that merged accounts have one ballot together (`stand_down` left
    choices in one of them only)."""
    voter_id, found = actor.id, _present(connection, actor.id, campaign_id, now)
    if persons.HAS_ABSORBED in actor.facts:
        for other_id in persons.ids_of(actor.id)[1:]:
            other = _present(connection, other_id, campaign_id, now)
            if other.choices and not found.choices:
                voter_id, found = other_id, other
    return voter_id, found


def _present(connection: Connection, voter_id: UUID, campaign_id: UUID, now: datetime) -> AnyRow:
    today = clock.day_of(now).isoformat()
    asked = {"campaign_id": campaign_id, "voter_id": voter_id, "today": today}
    found = _FIND.first(connection, asked)
    if found is None or found.announced_at is None:
        raise NotFound
    is_open = found.status is CampaignStatus.ASSESSING
    if not is_open or not found.assessment_open_at <= now < found.assessment_close_at:
        raise AssessmentNotOpen(state=found.status.value)
    return found


def _candidates(connection: Connection, campaign_id: UUID, now: datetime) -> _Candidates:
    """The candidates, read at most every two seconds. Only called while the assessment is open,
    when the list can only shrink (see STAGES): at worst a ballot is taken for somebody who
    withdrew a moment ago, which is then not shown, as if it had come a moment earlier."""
    kept = _kept_candidates.get(campaign_id)
    if kept is None or not kept.read_at <= now < kept.read_at + CANDIDATES_KEPT:
        rows = connection.execute(_FIND_CANDIDATES, {"campaign_id": campaign_id})
        categories = {str(row.id): row.category_code for row in rows}
        rules = db.session.get_one(Campaign, campaign_id).rules
        key = signals.key_of(campaign_id)
        kept = _Candidates(now, categories, key, rules.real_name_from)
        _kept_candidates[campaign_id] = kept
    return kept


def _check_choices(chosen: Sequence[str], rules: AnyRow, categories: Mapping[str, str]) -> None:
    if not chosen:
        raise InvalidInput.at("choices", "请至少选择一位候选人")
    if len(set(chosen)) != len(chosen):
        raise InvalidInput.at("choices", "同一位候选人只能选一次")
    if not categories.keys() >= set(chosen):
        raise InvalidInput.at("choices", "所选的人不是本次评议的候选人，请刷新后再选")
    if len(chosen) > rules.max_choices:
        raise InvalidInput.at("choices", f"最多选择 {rules.max_choices} 位候选人")
    per_category: dict[str, int] = {}
    for choice in chosen:
        category = categories[choice]
        per_category[category] = per_category.get(category, 0) + 1
    if max(per_category.values()) > rules.max_per_category:
        raise InvalidInput.at("choices", f"每个类别最多选择 {rules.max_per_category} 位候选人")


def _check_crowd(
    actor: Actor, campaign_id: UUID, kept: _Candidates, network: str, now: datetime
) -> None:
    """Instead of a wall: where a network has cast many ballots, who comes next says who they
    are. Raises RealNameRequired."""
    if kept.real_name_from is None or sessions.REAL_NAME in actor.facts:
        return
    network_hash = signals.hashed(kept.key, network)
    if signals.cast_since(campaign_id, network_hash, now - CROWD) >= kept.real_name_from:
        raise RealNameRequired("您所在的网络投票较为集中，请先完成实名登记再投票")


def _store(
    connection: Connection,
    voter_id: UUID,
    campaign_id: UUID,
    found: AnyRow,
    chosen: list[str],
    now: datetime,
    origin: bytes | None,
) -> Receipt | None:
    """The next revision; None if another device of the same person was first."""
    ballot_id, period, revision = new_id(), period_of(found.rule, now), (found.revision or 0) + 1
    new = {
        "new_id": ballot_id,
        "new_campaign_id": campaign_id,
        "new_voter_id": voter_id,
        "new_period": period,
        "new_revision": revision,
        "new_choices": chosen,
        "new_cast_at": now,
        "new_origin": origin,
    }
    if not _insert(connection, new):
        return None
    return Receipt(ballot_id, campaign_id, period, revision, len(chosen), now)


def _insert(connection: Connection, new: dict[str, Any]) -> bool:
    """Store the ballot with the row that waits for sealing; False if its key is taken."""
    if connection.dialect.name == "postgresql":
        return _INSERT_BOTH.run(connection, new) == 1
    if _INSERT.run(connection, new) != 1:
        return False
    _INSERT_UNSEALED.run(connection, new)
    return True


def stand_down(lost: UUID, kept: UUID) -> None:
    """Two accounts turned out to be one person: where both have a ballot in one period of an
    assessment that is open, the earlier one is taken back by a revision without choices. Once
    an assessment has closed no ballot changes; what to do then is for a ruling.

    Raises BallotsCollided if the person casts one at this very moment."""
    query = (
        select(Ballot.campaign_id)
        .where(Ballot.voter_id.in_((lost, kept)))
        .group_by(Ballot.campaign_id)
        .having(func.count(Ballot.voter_id.distinct()) > 1)
    )
    for campaign_id in sorted(db.session.scalars(query)):
        lock_shared(campaigns.lock_name(campaign_id))
        campaign = db.session.get_one(Campaign, campaign_id, populate_existing=True)
        now = clock.now()
        if campaign.takes_ballots(now):
            _stand_down_in(campaign_id, (lost, kept), now)


def _stand_down_in(campaign_id: UUID, voters: tuple[UUID, UUID], now: datetime) -> None:
    latest: dict[tuple[str, UUID], Ballot] = {}
    query = select(Ballot).where(Ballot.campaign_id == campaign_id, Ballot.voter_id.in_(voters))
    for ballot in db.session.scalars(query.order_by(Ballot.revision)):
        latest[ballot.period, ballot.voter_id] = ballot
    for period in sorted({period for period, _ in latest}):
        standing = [latest[period, v] for v in voters if (period, v) in latest]
        standing = [ballot for ballot in standing if ballot.choices]
        if len(standing) < len(voters):
            continue
        earlier = min(standing, key=lambda ballot: (ballot.cast_at, ballot.id))
        new = {
            "new_id": new_id(),
            "new_campaign_id": campaign_id,
            "new_voter_id": earlier.voter_id,
            "new_period": period,
            "new_revision": earlier.revision + 1,
            "new_choices": [],
            "new_cast_at": now,
            "new_origin": None,
        }
        if not _insert(current_connection(), new):
            raise BallotsCollided


def list_mine(actor: Actor, page: PageRequest) -> Page[Ballot]:
    """The actor's ballots that stand, one a campaign and period, newest first."""
    later = aliased(Ballot)
    replaced = exists().where(
        later.voter_id == Ballot.voter_id,
        later.campaign_id == Ballot.campaign_id,
        later.period == Ballot.period,
        later.revision > Ballot.revision,
    )
    has_choices = sql_cast(Ballot.choices, Text) != "[]"
    query = select(Ballot).where(
        Ballot.voter_id.in_(persons.own_ids(actor)), ~replaced, has_choices
    )
    return paginate(query, page, by=[Ballot.id], descending=True)
