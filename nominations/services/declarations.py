"""Conflicts of interest (回避): what a member is shown in order to declare, what they declared,
and for whom they are recused.

A member is recused where their last declaration is a conflict, and where the records leave no
doubt: they recommended the nominee, or are the nominee. Other traces (the same unit, the same
surname and place, having reviewed the case) are hints to think of; the member decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from accounts.models.persons import Person
from accounts.models.sites import Site, SiteLevel
from core import audit, clock
from core.actor import Actor
from core.crypto import mask_name
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from nominations.errors import ConflictStands, JudgingNotOpen, Recused, VotedAlready
from nominations.lifecycles import CANDIDATES, NominationStatus, NomineeKind, PanelStatus
from nominations.models.declarations import Declaration, Ground
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.panel_scores import PanelScore, PanelVoteRoll
from nominations.models.panels import Panel, Panelist
from nominations.services import campaigns, panelists

Pair = tuple[UUID, UUID]
"""A seat and a nomination."""

REASONS: Mapping[Ground, str] = {
    Ground.DECLARED: "本人声明有利害关系",
    Ground.NOMINATOR: "评委是该候选人的推荐人",
    Ground.NOMINEE: "评委是候选人本人",
}

_REVIEWING = ("pass", "send_back", "reject", "transfer")
_NEAR = (SiteLevel.INSTITUTE, SiteLevel.STATION, SiteLevel.SPOT)
"""Sites small enough that people of one surname there may well be kin."""


class Hint(StrEnum):
    """What could be a conflict, from the records; the first two are one without doubt."""

    NOMINATOR = "nominator"
    NOMINEE = "nominee"
    SAME_UNIT = "same_unit"
    SAME_SURNAME_AND_PLACE = "same_surname_and_place"
    REVIEWER = "reviewer"
    """The member decided about the case on the ladder."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a member must know of a nominee in order to declare, and how far they are. The unit
    of a nominee who is withheld would name them."""

    nomination_id: UUID
    nominee_name: str
    nominee_kind: NomineeKind
    is_withheld: bool
    unit: str | None
    category: str
    hints: Sequence[Hint]
    has_conflict: bool | None
    """As the member last declared, or None."""
    recusal_reason: str | None
    """Why the member is recused, or None."""
    is_judged: bool


def candidates(campaign_id: UUID) -> list[Nomination]:
    """Whom the panel judges: the candidates that remain, or were there when it closed and have
    gone on. Before it closes nobody has gone on but who is proposed beside the ranking."""
    is_closed = exists().where(Panel.campaign_id == campaign_id, Panel.status == PanelStatus.CLOSED)
    has_gone_on = and_(is_closed, Nomination.status.in_(CANDIDATES))
    query = select(Nomination).where(
        Nomination.campaign_id == campaign_id,
        or_(Nomination.status == NominationStatus.CANDIDATE, has_gone_on),
    )
    return list(db.session.scalars(query.order_by(Nomination.category_code, Nomination.id)))


def list_assignments(actor: Actor, campaign_id: UUID) -> list[Assignment]:
    """All candidates as a member sees them before having declared; none while their list still
    grows. Raises NotFound, StageClosed."""
    seat = panelists.seat_of(actor, campaign_id)
    campaigns.check_stage(campaigns.get_public(campaign_id), "declare")
    found = candidates(campaign_id)
    hints = _Hints(seat, found)
    last, out = last_of(seat.panel), recusals(seat.panel)
    done = judged([seat])
    shown = []
    for nomination in found:
        pair = (seat.id, nomination.id)
        stands = last.get(pair)
        shown.append(
            Assignment(
                nomination_id=nomination.id,
                nominee_name=nomination.shown_name,
                nominee_kind=nomination.nominee_kind,
                is_withheld=nomination.is_withheld,
                unit=None if nomination.is_withheld else nomination.nominee_unit,
                category=nomination.category_code,
                hints=hints.about(nomination),
                has_conflict=None if stands is None else stands.has_conflict,
                recusal_reason=out.get(pair),
                is_judged=pair in done and pair not in out,
            )
        )
    return shown


class _Hints:
    """Looks a member up in the records of the candidates."""

    def __init__(self, seat: Panelist, nominations: Sequence[Nomination]) -> None:
        self._seat = seat
        self._certain = certain(seat.panel)
        places = {n.site_id for n in nominations} | {seat.person.site_id}
        self._sites = {s.id: s for s in db.session.scalars(select(Site).where(Site.id.in_(places)))}
        reviewed = select(audit.Entry.thing_id).where(
            audit.Entry.actor_id == seat.person_id,
            audit.Entry.thing == Nomination.__tablename__,
            audit.Entry.verb.in_(_REVIEWING),
            audit.Entry.thing_id.in_([n.id for n in nominations]),
        )
        self._reviewed = set(db.session.scalars(reviewed))

    def about(self, nomination: Nomination) -> list[Hint]:
        ground = self._certain.get((self._seat.id, nomination.id))
        found = {
            Hint.NOMINATOR: ground is Ground.NOMINATOR,
            Hint.NOMINEE: ground is Ground.NOMINEE,
            Hint.SAME_UNIT: _same_unit(self._seat.unit, nomination),
            Hint.SAME_SURNAME_AND_PLACE: self._may_be_kin(nomination),
            Hint.REVIEWER: nomination.id in self._reviewed,
        }
        return [hint for hint, holds in found.items() if holds]

    def _may_be_kin(self, nomination: Nomination) -> bool:
        person = self._seat.person
        if person.site_id is None or person.name is None:
            return False
        here, there = sorted(
            (self._sites[person.site_id], self._sites[nomination.site_id]),
            key=lambda site: len(site.path),
        )
        names = [nomination.representative_name]
        if nomination.nominee_kind in (NomineeKind.PERSON, NomineeKind.FAMILY):
            names.append(nomination.nominee_name)
        return (
            here.level in _NEAR
            and there.path.startswith(here.path)
            and any(_surname(name) == _surname(person.name) for name in names if name)
        )


def _surname(name: str) -> str:
    """What a mask leaves to be seen; compound surnames whole."""
    return mask_name(name).rstrip("*")


def _same_unit(unit: str | None, nomination: Nomination) -> bool:
    """Units are written freely: one name within the other is near enough for a hint."""
    units = [nomination.nominee_unit]
    if nomination.nominee_kind is NomineeKind.UNIT:
        units.append(nomination.nominee_name)
    return any(unit and theirs and (unit in theirs or theirs in unit) for theirs in units)


def declare(
    actor: Actor, nomination_id: UUID, *, conflict: bool, reason: str | None = None
) -> Declaration:
    """Say whether one has an interest in a candidate's case. The last word before judging opens
    counts; afterwards a conflict may still be declared, and none be taken back. What already
    stands is given again.

    Raises NotFound, StageClosed, JudgingNotOpen, InvalidInput, Recused where the records leave
    no doubt, ConflictStands, VotedAlready."""
    nomination = get_candidate(nomination_id)
    mine = panelists.seat_of(actor, nomination.campaign_id)
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "declare")
    panel = panelists.panel_of(nomination.campaign_id)
    if panel.status is PanelStatus.CLOSED:
        raise JudgingNotOpen(state=panel.status.value)
    seat = panelists.hold_accepted(mine.id)
    before = last_of(panel).get((seat.id, nomination.id))
    if conflict:
        _check_may_recuse(seat, nomination, reason)
    else:
        ground = certain(panel).get((seat.id, nomination.id))
        if ground is not None:
            raise Recused(f"{REASONS[ground]}，须回避")
        if before is not None and before.has_conflict and panel.status is PanelStatus.SCORING:
            raise ConflictStands
    if before is not None and (before.has_conflict, before.reason) == (conflict, reason):
        return before
    return _write(seat.id, nomination.id, before, conflict=conflict, reason=reason)


def _check_may_recuse(seat: Panelist, nomination: Nomination, reason: str | None) -> None:
    if reason is None:
        raise InvalidInput.at("reason", "请说明与候选人的关系")
    if db.session.get(PanelVoteRoll, (seat.id, nomination.id)) is not None:
        raise VotedAlready


def _write(
    seat_id: UUID,
    nomination_id: UUID,
    before: Declaration | None,
    *,
    conflict: bool,
    reason: str | None = None,
    ground: Ground = Ground.DECLARED,
) -> Declaration:
    made = Declaration(
        id=new_id(),
        panelist_id=seat_id,
        nomination_id=nomination_id,
        number=1 if before is None else before.number + 1,
        has_conflict=conflict,
        ground=ground,
        reason=reason,
        declared_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def settle(panel: Panel) -> None:
    """Write down what is certain from the records, so that it stays when they change."""
    last = last_of(panel)
    for (seat_id, nomination_id), ground in certain(panel).items():
        before = last.get((seat_id, nomination_id))
        if before is None or not before.has_conflict:
            _write(seat_id, nomination_id, before, conflict=True, ground=ground)


def get_candidate(nomination_id: UUID) -> Nomination:
    """A nomination that the panel judges. Raises NotFound."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None or nomination.status is not NominationStatus.CANDIDATE:
        raise NotFound
    return nomination


def last_of(panel: Panel) -> dict[Pair, Declaration]:
    """The declarations of a panel that stand."""
    query = (
        select(Declaration)
        .join(Panelist, Panelist.id == Declaration.panelist_id)
        .where(Panelist.panel_id == panel.id)
        .order_by(Declaration.number)
    )
    return {(d.panelist_id, d.nomination_id): d for d in db.session.scalars(query)}


def certain(panel: Panel) -> dict[Pair, Ground]:
    """Conflicts that need no declaration."""
    pairs = select(Panelist.id, Nomination.id).where(
        Panelist.panel_id == panel.id,
        Nomination.campaign_id == panel.campaign_id,
        Nomination.status.in_(CANDIDATES),
    )
    nominating = pairs.join(Nominator, Nominator.person_id == Panelist.person_id).where(
        Nominator.nomination_id == Nomination.id
    )
    nominated = pairs.join(Person, Person.id == Panelist.person_id).where(
        and_(
            Nomination.nominee_id_number_index.is_not(None),
            Nomination.nominee_id_number_index == Person.id_number_index,
        )
    )
    rows = [(row, Ground.NOMINATOR) for row in db.session.execute(nominating)]
    rows += [(row, Ground.NOMINEE) for row in db.session.execute(nominated)]
    return {(seat, nomination): ground for (seat, nomination), ground in rows}


def recusals(panel: Panel) -> dict[Pair, str]:
    """Who is recused for whom, and why, in words. When the panel has closed, what was written
    down by then."""
    later = aliased(Declaration)
    is_last = ~exists().where(
        later.panelist_id == Declaration.panelist_id,
        later.nomination_id == Declaration.nomination_id,
        later.number > Declaration.number,
    )
    pair = Declaration.panelist_id, Declaration.nomination_id
    conflicts = db.session.execute(
        select(*pair, Declaration.reason, Declaration.ground)
        .join(Panelist, Panelist.id == Declaration.panelist_id)
        .where(Panelist.panel_id == panel.id, Declaration.has_conflict, is_last)
    )
    found = {
        (seat, nomination): reason or REASONS[ground]
        for seat, nomination, reason, ground in conflicts
    }
    if panel.status is not PanelStatus.CLOSED:
        found = {pair: REASONS[ground] for pair, ground in certain(panel).items()} | found
    return found


def judged(seats: Iterable[Panelist]) -> set[Pair]:
    """The nominees whom these members have marked or voted about, recused or not."""
    ids = [seat.id for seat in seats]
    marked = select(PanelScore.panelist_id, PanelScore.nomination_id).where(
        PanelScore.panelist_id.in_(ids)
    )
    voted = select(PanelVoteRoll.panelist_id, PanelVoteRoll.nomination_id).where(
        PanelVoteRoll.panelist_id.in_(ids)
    )
    return {(seat, nomination) for seat, nomination in db.session.execute(marked.union(voted))}
