"""Merging two accounts of one person."""

from typing import Any
from uuid import UUID

from accounts.errors import NotMergeable, OwnAccount
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import merges
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.persons import MergeIn, PersonOut

blueprint = Blueprint("merges", __name__, description="账号合并")


@blueprint.post("/persons/<uuid:person_id>/merge")
@permission(Permission.ACCOUNTS_PERSON_MERGE)
@body(MergeIn)
@returns(PersonOut)
@errors(NotMergeable, OwnAccount)
def merge(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> Person:
    """把未实名的账号并入同一人的已实名账号，返回保留的账号"""
    return merges.merge(actor, person_id, into=body["into"], reason=body["reason"])
