"""Qualifications: recorded by somebody who saw the certificate, never by the holder."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import messages, persons
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.errors import OwnQualification
from volunteer.models.qualifications import Qualification, QualificationKind
from volunteer.services import memberships


def record(
    actor: Actor, person_id: UUID, *, code: str, valid_from: date, valid_until: date | None = None
) -> Qualification:
    """Write down a certificate that the actor saw; the same one again gives the first record.

    By an organizer of an organisation where the person is a member, or by staff of their home
    site. Raises NotFound, OwnQualification, InvalidInput for an unknown kind or a bad period."""
    policies.refuse_if_self(actor, person_id, OwnQualification)
    person = _served(actor, Permission.VOLUNTEER_QUALIFICATION_RECORD, person_id)
    if db.session.get(QualificationKind, code) is None:
        raise InvalidInput.at("code", "没有这种资质")
    if valid_until is not None and valid_until < valid_from:
        raise InvalidInput.at("valid_until", "不能早于开始日期")
    is_new = insert_if_absent(
        Qualification,
        id=new_id(),
        person_id=person.id,
        code=code,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_by=actor.id,
        recorded_at=clock.now(),
    )
    held = db.session.scalars(
        select(Qualification).where(
            Qualification.person_id == person.id,
            Qualification.code == code,
            Qualification.valid_from == valid_from,
        )
    ).one()
    if is_new:
        audit.record(actor, held, "record")
    return held


def withdraw(actor: Actor, qualification_id: UUID, *, reason: str) -> None:
    """Take back what was recorded by mistake, so that it can be recorded rightly; the person is
    told, and the audit log keeps it. By those who may record.

    Raises NotFound, OwnQualification."""
    held = db.session.get(Qualification, qualification_id)
    if held is None:
        raise NotFound
    policies.refuse_if_self(actor, held.person_id, OwnQualification)
    _served(actor, Permission.VOLUNTEER_QUALIFICATION_WITHDRAW, held.person_id)
    kind = db.session.get_one(QualificationKind, held.code)
    until = held.valid_until or "长期"
    audit.record(actor, held, "withdraw", reason=f"{kind.name} {held.valid_from}—{until}：{reason}")
    messages.tell(
        held.person_id,
        "qualification_withdrawn",
        held.id,
        qualification=kind.name,
        reason=reason,
    )
    db.session.delete(held)
    db.session.flush()


def _served(actor: Actor, permission: Permission, person_id: UUID) -> Person:
    for organization_id in actor.scope_ids(permission, ScopeKind.ORGANIZATION):
        if memberships.is_member(person_id, organization_id):
            return persons.get(person_id)
    return persons.get_over(actor, permission, person_id)


def list_of(actor: Actor, person_id: UUID, page: PageRequest) -> Page[Qualification]:
    """Those of a person for whom the actor may record some, newest first. Raises NotFound."""
    person = _served(actor, Permission.VOLUNTEER_QUALIFICATION_RECORD, person_id)
    query = select(Qualification).where(Qualification.person_id == person.id)
    return paginate(query, page, by=[Qualification.id], descending=True)


def list_mine(actor: Actor, page: PageRequest) -> Page[Qualification]:
    """The actor's own qualifications, newest first, those that ran out too."""
    query = select(Qualification).where(Qualification.person_id == actor.id)
    return paginate(query, page, by=[Qualification.id], descending=True)
