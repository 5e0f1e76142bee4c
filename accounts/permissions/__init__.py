"""Every permission, and the roles that hold them.

A permission reads `package:resource:verb`; the verb is the name of the transition, of the
service function, of the route and of the audit entry. A role is granted at a scope (the city, a
site with all below it, an organisation); the object policy in the service decides the rest.
"""

from accounts.permissions.names import Permission
from accounts.permissions.roles import ROLE_PERMISSIONS, Role

__all__ = ["ROLE_PERMISSIONS", "Permission", "Role"]
