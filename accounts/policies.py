"""Which rows of a list a permission reaches, whatever package they are of."""

from sqlalchemy import ColumnElement, false, or_

from accounts.models.sites import Site
from accounts.permissions import Permission
from core.actor import Actor


def under_sites(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Filter on `Site`: the sites over which the permission is held, with all below them."""
    paths = actor.site_paths(permission)
    return or_(false(), *(Site.path.startswith(path, autoescape=True) for path in paths))
