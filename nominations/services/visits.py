"""Two people go and see a nominee (走访核实); only what both have signed counts."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from nominations.errors import StepNotUsed
from nominations.lifecycles import NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.visits import Visit, VisitSignature
from nominations.rules import Step
from nominations.services import admissions, campaigns, screenings

UNVISITED = (NominationStatus.CITY_SHORTLISTED, NominationStatus.CONSULTED)


def record(actor: Actor, nomination_id: UUID, *, visited_on: date, place: str, notes: str) -> Visit:
    """Write down a visit, signed by who writes it; the other one signs after.

    Raises NotFound, OwnNomination, StepNotUsed, StageClosed, WrongState, InvalidInput."""
    nomination, _ = _to_visit(actor, nomination_id, Permission.NOMINATIONS_VISIT_RECORD)
    if visited_on > clock.today():
        raise InvalidInput.at("visited_on", "走访日期不能晚于今天")
    visit = Visit(
        id=new_id(),
        nomination_id=nomination.id,
        visited_on=visited_on,
        place=place,
        notes=notes,
        recorded_by=actor.id,
        recorded_at=clock.now(),
    )
    db.session.add(visit)
    db.session.flush()
    audit.record(actor, visit, "record")
    _sign(actor, visit)
    return visit


def sign(actor: Actor, visit_id: UUID) -> Visit:
    """Sign as one who was there; once more changes nothing. Raises as `record`."""
    visit = db.session.get(Visit, visit_id)
    if visit is None:
        raise NotFound
    permission = Permission.NOMINATIONS_VISIT_SIGN
    nomination, campaign = _to_visit(actor, visit.nomination_id, permission)
    _sign(actor, visit)
    admissions.settle(actor, nomination, campaign)
    return visit


def _sign(actor: Actor, visit: Visit) -> None:
    is_new = insert_if_absent(
        VisitSignature, visit_id=visit.id, signed_by=actor.id, signed_at=clock.now()
    )
    if is_new:
        audit.record(actor, visit, "sign")
    db.session.refresh(visit, ["signatures"])


def list_of(actor: Actor, nomination_id: UUID) -> list[Visit]:
    """The visits of a case, for its insiders, in order. Raises NotFound, OwnNomination."""
    screenings.reviewable(actor, nomination_id, Permission.NOMINATIONS_VISIT_VIEW)
    query = select(Visit).where(Visit.nomination_id == nomination_id)
    return list(db.session.scalars(query.order_by(Visit.id)))


def _to_visit(
    actor: Actor, nomination_id: UUID, permission: Permission
) -> tuple[Nomination, Campaign]:
    """The case, held: of two who sign at once, the second sees the first."""
    nomination = screenings.reviewable(actor, nomination_id, permission, hold=True)
    campaign = campaigns.share(nomination.campaign_id)
    campaigns.check_stage(campaign, "visit")
    if not campaign.rules.uses(Step.VISIT):
        raise StepNotUsed
    if nomination.status not in UNVISITED:
        raise WrongState(state=nomination.status.value, verb="visit")
    return nomination, campaign
