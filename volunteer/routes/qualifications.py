"""Qualifications of volunteers."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.qualifications import QualificationIn, QualificationOut, QualificationReasonIn
from volunteer.errors import OwnQualification
from volunteer.models.qualifications import Qualification
from volunteer.services import qualifications

blueprint = Blueprint("qualifications", __name__, description="志愿者资质")


@blueprint.post("/persons/<uuid:person_id>/qualifications")
@permission(Permission.VOLUNTEER_QUALIFICATION_RECORD)
@body(QualificationIn)
@returns(QualificationOut, 201)
@errors(OwnQualification)
def record(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> Qualification:
    """核对证书后登记资质"""
    return qualifications.record(actor, person_id, **body)


@blueprint.get("/persons/<uuid:person_id>/qualifications")
@permission(Permission.VOLUNTEER_QUALIFICATION_RECORD)
@paged
@returns(QualificationOut)
def list_of(actor: Actor, *, person_id: UUID, page: PageRequest) -> Page[Qualification]:
    """本组织成员或本阵地居民已登记的资质"""
    return qualifications.list_of(actor, person_id, page)


@blueprint.post("/qualifications/<uuid:qualification_id>/withdraw")
@permission(Permission.VOLUNTEER_QUALIFICATION_WITHDRAW)
@body(QualificationReasonIn)
@returns(None, 204)
@errors(OwnQualification)
def withdraw(actor: Actor, *, qualification_id: UUID, body: dict[str, Any]) -> None:
    """撤销误登的资质，并告知本人"""
    qualifications.withdraw(actor, qualification_id, reason=body["reason"])


@blueprint.get("/me/qualifications")
@permission(Permission.VOLUNTEER_QUALIFICATION_VIEW)
@paged
@returns(QualificationOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[Qualification]:
    """我的资质"""
    return qualifications.list_mine(actor, page)
