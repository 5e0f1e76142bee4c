"""Practice sites. Public."""

from typing import Any
from uuid import UUID

from accounts.models.sites import Site
from accounts.services import sites
from core.actor import Actor
from core.http import Blueprint, paged, public, query, returns, shared
from core.paging import Page, PageRequest
from schemas.sites import SiteOut, SiteQuery

blueprint = Blueprint("sites", __name__, description="文明实践阵地")


@blueprint.get("/sites")
@public
@shared(60)
@query(SiteQuery)
@paged
@returns(SiteOut)
def list_sites(_actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Site]:
    """查找阵地"""
    return sites.search(page, **query)


@blueprint.get("/sites/<uuid:site_id>")
@public
@shared(60)
@returns(SiteOut)
def view_site(_actor: Actor, *, site_id: UUID) -> Site:
    """一个阵地"""
    return sites.get(site_id)
