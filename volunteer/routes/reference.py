"""Reference data of volunteer service. Public."""

from typing import Any

from core.actor import Actor
from core.http import Blueprint, public, returns, shared
from schemas.reference import ActionListOut, QualificationKindListOut, ServiceCategoryListOut
from volunteer.services import reference

blueprint = Blueprint("volunteer_reference", __name__, description="志愿服务基础数据")


@blueprint.get("/actions")
@public
@shared(60)
@returns(ActionListOut)
def list_actions(_actor: Actor) -> dict[str, Any]:
    """七大行动"""
    return {"items": reference.list_actions()}


@blueprint.get("/service-categories")
@public
@shared(60)
@returns(ServiceCategoryListOut)
def list_service_categories(_actor: Actor) -> dict[str, Any]:
    """志愿服务类别"""
    return {"items": reference.list_service_categories()}


@blueprint.get("/qualification-kinds")
@public
@shared(60)
@returns(QualificationKindListOut)
def list_qualification_kinds(_actor: Actor) -> dict[str, Any]:
    """可登记的资质"""
    return {"items": reference.list_qualification_kinds()}
