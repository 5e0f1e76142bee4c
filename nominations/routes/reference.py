"""Reference data of nominations. Public."""

from core.actor import Actor
from core.http import Blueprint, public, returns, shared
from nominations.models.consultations import Department
from nominations.models.reference import HonorCategory
from nominations.services import reference
from schemas.consultations import DepartmentListOut
from schemas.honor_categories import HonorCategoryListOut

blueprint = Blueprint("honor_categories", __name__, description="好人和模范的类别")


@blueprint.get("/honor-categories")
@public
@shared(60)
@returns(HonorCategoryListOut)
def list_honor_categories(_actor: Actor) -> dict[str, list[HonorCategory]]:
    """五个类别"""
    return {"items": reference.list_all()}


@blueprint.get("/departments")
@public
@shared(60)
@returns(DepartmentListOut)
def list_departments(_actor: Actor) -> dict[str, list[Department]]:
    """征求意见的部门"""
    return {"items": reference.list_departments()}
