"""Looking up the tree of practice sites. Public."""

from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from core.db import db
from core.errors import NotFound
from core.paging import Page, PageRequest, paginate


def get(site_id: UUID) -> Site:
    """A site by id. Raises NotFound."""
    site = db.session.get(Site, site_id)
    if site is None:
        raise NotFound("没有这个文明实践阵地")
    return site


def root() -> Site:
    """The site of the city, above all others."""
    return db.session.scalars(select(Site).where(Site.parent_id.is_(None))).one()


def by_code(code: str, source: str) -> Site:
    """A site by the code of an authority. Raises NotFound."""
    site = db.session.scalar(select(Site).where(Site.source == source, Site.code == code))
    if site is None:
        raise NotFound
    return site


def paths_down_to(path: str) -> list[str]:
    """The paths of a site and of all above it, from the city down."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]


def county_path(path: str) -> str:
    """The path of the county or zone that holds the site with this path; the city's is its own."""
    return paths_down_to(path)[:2][-1]


def county_of(site: Site) -> Site:
    """The county or zone that holds the site; the city's is its own."""
    return db.session.scalars(select(Site).where(Site.path == county_path(site.path))).one()


def search(
    page: PageRequest,
    *,
    parent: UUID | None = None,
    level: SiteLevel | None = None,
    q: str | None = None,
) -> Page[Site]:
    """Sites in order of their path, so that children follow their parent."""
    query = select(Site)
    if parent is not None:
        query = query.where(Site.parent_id == parent)
    if level is not None:
        query = query.where(Site.level == level)
    if q:
        query = query.where(Site.name.contains(q, autoescape=True))
    return paginate(query, page, by=[Site.path])
