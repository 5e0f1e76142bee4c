"""Why somebody lacks a permission, in a way that tells them what to do about it."""

from accounts.errors import PasswordChangeRequired, RealNameRequired
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services.sessions import PASSWORD_CHANGE_DUE, REAL_NAME
from core.actor import Actor
from core.errors import DomainError, Forbidden


def explain(actor: Actor, permission: str) -> DomainError:
    """The refusal for an actor who holds `permission` in no scope."""
    if PASSWORD_CHANGE_DUE in actor.facts:
        return PasswordChangeRequired()
    if REAL_NAME not in actor.facts and permission in ROLE_PERMISSIONS[Role.VOLUNTEER]:
        return RealNameRequired()
    return Forbidden()
