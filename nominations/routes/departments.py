"""Who answers for departments."""

from typing import Any
from uuid import UUID

from accounts.errors import RoleAlreadyGranted
from accounts.models.roles import RoleGrant
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.services import departments
from schemas.consultations import ConsultantIn
from schemas.roles import RoleGrantOut

blueprint = Blueprint("departments", __name__, description="征求意见的部门")


@blueprint.post("/departments/<uuid:department_id>/consultants")
@permission(Permission.NOMINATIONS_DEPARTMENT_APPOINT)
@body(ConsultantIn)
@returns(RoleGrantOut, 201)
@errors(RoleAlreadyGranted)
def appoint_consultant(actor: Actor, *, department_id: UUID, body: dict[str, Any]) -> RoleGrant:
    """指定代表部门答复的人员"""
    return departments.appoint(actor, department_id, **body)
