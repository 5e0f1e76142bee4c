"""Visits to nominees."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.errors import OwnNomination, StageClosed, StepNotUsed
from nominations.models.visits import Visit
from nominations.services import visits
from schemas.visits import VisitIn, VisitListOut, VisitOut

blueprint = Blueprint("visits", __name__, description="走访核实")


@blueprint.post("/nominations/<uuid:nomination_id>/visits")
@permission(Permission.NOMINATIONS_VISIT_RECORD)
@body(VisitIn)
@returns(VisitOut, 201)
@errors(OwnNomination, StepNotUsed, StageClosed)
def record_visit(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Visit:
    """记录一次走访，记录人随即签字"""
    return visits.record(actor, nomination_id, **body)


@blueprint.get("/nominations/<uuid:nomination_id>/visits")
@permission(Permission.NOMINATIONS_VISIT_VIEW)
@returns(VisitListOut)
@errors(OwnNomination)
def list_visits(actor: Actor, *, nomination_id: UUID) -> dict[str, list[Visit]]:
    """走访记录；推荐人看不到"""
    return {"items": visits.list_of(actor, nomination_id)}


@blueprint.post("/visits/<uuid:visit_id>/sign")
@permission(Permission.NOMINATIONS_VISIT_SIGN)
@returns(VisitOut)
@errors(OwnNomination, StepNotUsed, StageClosed)
def sign_visit(actor: Actor, *, visit_id: UUID) -> Visit:
    """同行的另一人签字"""
    return visits.sign(actor, visit_id)
