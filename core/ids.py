"""Identifiers of rows: UUIDs of version 7, so that new rows land beside each other in an index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh identifier, assigned when an object is made rather than when it is stored."""
    return uuid7()
