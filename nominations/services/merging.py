"""One nominee nominated twice: finding the nominations that look alike, and merging them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import false, or_, select, update

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import sites
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from nominations import policies, similarity
from nominations.errors import NominatorDecided, OwnNomination, WithheldNotMergeable
from nominations.lifecycles import DECISIONS, LIVE, NominationStatus
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.screenings import Screening
from nominations.models.visits import Visit, VisitSignature
from nominations.services import campaigns, nominators, supports
from nominations.similarity import Case, Likeness

MOST_COMPARED = 200
"""Texts that one look compares; a twentieth of a second."""

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Similar:
    nomination: Nomination
    score: int
    is_certain: bool
    reasons: tuple[str, ...]


def similar(actor: Actor, nomination_id: UUID) -> list[Similar]:
    """What else in the campaign looks like the same nominee, the likeliest first, among what the
    reviewer may see. Raises NotFound, OwnNomination."""
    nomination, path = _find(nomination_id)
    policies.check_may_review(actor, Permission.NOMINATIONS_NOMINATION_REVIEW, nomination, path)
    one = _case(nomination, path)
    found = [
        (other, similarity.compare(one, _case(other, other_path)))
        for other, other_path in _comparable(actor, nomination, path)
    ]
    alike = [_similar(other, likeness) for other, likeness in found if likeness is not None]
    return sorted(alike, key=lambda s: (-s.score, s.nomination.id))[:MOST_SHOWN]


def _comparable(actor: Actor, one: Nomination, path: str) -> list[tuple[Nomination, str]]:
    """Handed in and not merged away: with the same ID number first, then the same beginning of
    the name, then in the same county, and of these the latest."""
    number = one.nominee_id_number_index
    same_number = false() if number is None else Nomination.nominee_id_number_index == number
    begins = similarity.normalized(one.nominee_name)[:2] or one.nominee_name
    same_name = or_(
        Nomination.nominee_name == one.nominee_name,
        Nomination.nominee_name.startswith(begins, autoescape=True),
    )
    county = Site.path.startswith(sites.county_path(path), autoescape=True)
    query = (
        select(Nomination, Site.path)
        .join(Site, Site.id == Nomination.site_id)
        .where(
            Nomination.campaign_id == one.campaign_id,
            Nomination.id != one.id,
            Nomination.submitted_at.is_not(None),
            Nomination.status != NominationStatus.MERGED,
            policies.reviewable(actor),
            or_(same_number, same_name, county),
        )
        .order_by(sql_case((same_number, 0), (same_name, 1), else_=2), Nomination.id.desc())
        .limit(MOST_COMPARED)
    )
    return [(nomination, site_path) for nomination, site_path in db.session.execute(query)]


def _case(nomination: Nomination, site_path: str) -> Case:
    return Case(
        name=nomination.nominee_name,
        kind=nomination.nominee_kind,
        county=sites.county_path(site_path),
        id_number_index=nomination.nominee_id_number_index,
        summary=nomination.summary,
        deeds=nomination.deeds,
    )


def _similar(nomination: Nomination, likeness: Likeness) -> Similar:
    return Similar(nomination, likeness.score, likeness.is_certain, likeness.reasons)


def merge(actor: Actor, nomination_id: UUID, *, into: UUID, reason: str) -> Nomination:
    """Let a nomination go on as another live one of the same campaign: its nominators and its
    supports stand behind that from now on, and all of them are told. A repeat changes nothing.

    Raises NotFound unless the actor reviews both, OwnNomination for who nominates either,
    InvalidInput, StageClosed, WithheldNotMergeable, NominatorDecided, WrongState."""
    if into == nomination_id:
        raise InvalidInput.at("into", "不能并入自己")
    merged, kept = _hold_both(actor, nomination_id, into)
    if merged.merged_into_id == kept.id:
        return merged
    if merged.campaign_id != kept.campaign_id:
        raise InvalidInput.at("into", "两份推荐不属于同一次活动")
    campaigns.check_stage(campaigns.share(merged.campaign_id), "merge")
    if kept.status not in LIVE:
        raise WrongState(state=kept.status.value, verb="merge")
    if merged.is_withheld != kept.is_withheld:
        raise WithheldNotMergeable
    if not _judges_of(kept).isdisjoint(nominators.of(merged.id)):
        raise NominatorDecided
    audit.perform(actor, merged, "merge", reason=reason, step=None, merged_into_id=kept.id)
    _tell_nominators(merged, kept)
    on_merge(merged, kept)
    return merged


def _judges_of(nomination: Nomination) -> set[UUID]:
    """Who has decided on a step of the case or signed a visit: none of them may recommend it."""
    decided = select(Screening.decided_by).where(
        Screening.nomination_id == nomination.id, Screening.verdict.in_(DECISIONS)
    )
    signed = (
        select(VisitSignature.signed_by)
        .join(Visit, Visit.id == VisitSignature.visit_id)
        .where(Visit.nomination_id == nomination.id)
    )
    found = (*db.session.scalars(decided), *db.session.scalars(signed))
    return {person_id for person_id in found if person_id is not None}


def on_merge(merged: Nomination, into: Nomination) -> None:
    """Move what belongs to a merged case to the one with which it goes on, both rows held, in
    the transaction of the merge. Whatever names a nomination and shall live on is moved here, one
    line a noun; what stays tells of the time before."""
    _move_nominators(merged, into)
    _shorten_chains(merged, into)
    moved = supports.move(merged, into)
    supports.tell(moved, into, new_id(), status="已合并", note="与同一人选的推荐合并，附议继续有效")


def _tell_nominators(merged: Nomination, kept: Nomination) -> None:
    """Both sides, before they are one; somebody on both hears it once for each."""
    note = "与同一人选的另一份推荐合并，以后的进展照常告知您"
    nominators.tell(merged, "nomination_progress", new_id(), status="已合并", note=note)
    note = "同一人选的另一份推荐并入您的推荐"
    nominators.tell(kept, "nomination_progress", new_id(), status="有推荐并入", note=note)


def _move_nominators(merged: Nomination, into: Nomination) -> None:
    """They stay with the merged one too, as who nominated it."""
    query = select(Nominator).where(Nominator.nomination_id == merged.id)
    for behind in db.session.scalars(query.order_by(Nominator.since)):
        came_from = behind.merged_from_id or merged.id
        nominators.add(into.id, behind.person_id, merged_from_id=came_from)


def _shorten_chains(merged: Nomination, into: Nomination) -> None:
    """What went on as the merged one goes on as the other: a merged one points to a live one."""
    db.session.execute(
        update(Nomination)
        .where(Nomination.merged_into_id == merged.id)
        .values(merged_into_id=into.id)
        .execution_options(synchronize_session=False)
    )


def _hold_both(actor: Actor, nomination_id: UUID, into: UUID) -> tuple[Nomination, Nomination]:
    """Both rows held, always in the same order, so that two merges of the same two wait for each
    other and can't both happen."""
    held: dict[UUID, Nomination] = {}
    for one in sorted((nomination_id, into)):
        row = select(Nomination.id).where(Nomination.id == one)
        db.session.scalar(row.with_for_update(key_share=True))
        held[one], path = _find(one)
        permission = Permission.NOMINATIONS_NOMINATION_MERGE
        policies.check_may_review(actor, permission, held[one], path)
        if actor.person_id in nominators.of(one):
            raise OwnNomination
    return held[nomination_id], held[into]


def _find(nomination_id: UUID) -> tuple[Nomination, str]:
    query = (
        select(Nomination, Site.path)
        .join(Site, Site.id == Nomination.site_id)
        .where(Nomination.id == nomination_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    nomination, site_path = found
    return nomination, site_path
