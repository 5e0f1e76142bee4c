"""The honour roll: granting what was approved, and showing it.

While an honour is suspended it is not shown and its benefits rest. A revoked one is never on the
roll again; its page says on what ground and when it was taken back, nothing more.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import with_expression

from accounts.models.persons import Person
from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import persons
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import new_id, next_reference
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import HonorFromArchive, HonorNotInForce
from nominations.lifecycles import HonorStatus
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.campaigns import Campaign
from nominations.models.care_visits import CareOccasion, CareVisit
from nominations.models.honors import Honor, HonorLevel, HonorWarning, with_holder
from nominations.models.nominations import Nomination
from nominations.services import (
    approvals,
    benefit_cards,
    candidates,
    care_visits,
    cases,
    nominators,
    notices,
)

KIND = "XH"
"""Of the number: 许昌, honour."""


def grant(actor: Actor, nomination_id: UUID, *, title: str | None = None) -> Honor:
    """Honour an approved nominee: a place on the roll of the city, and a card for its benefits.
    `title` is as on the certificate; left out it is the campaign's.

    Raises NotFound, WrongState unless approved, ObjectionPending, ConsentMissing."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_HONOR_GRANT)
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    campaign = notices.hold(nomination.campaign_id)
    db.session.refresh(nomination)
    approvals.require_unopposed(nomination.id)
    audit.perform(actor, nomination, "honor")
    approvals.require_consent(nomination)
    made = enter(
        actor,
        nomination,
        campaign,
        level=HonorLevel.CITY,
        title=title or campaign.title,
        document_number=approvals.of(nomination.id).document_number,
        granted_on=clock.today(),
    )
    benefit_cards.issue(made)
    care_visits.plan_follow_up(made)
    nominators.tell(nomination, "nominee_honored", made.id, title=made.title)
    return made


def enter(
    actor: Actor,
    nomination: Nomination,
    campaign: Campaign,
    *,
    level: HonorLevel,
    title: str,
    document_number: str,
    granted_on: date,
) -> Honor:
    """Write one line of the roll. Raises AlreadyHonored for a second one of the level."""
    made = Honor(
        id=new_id(),
        number=next_reference(KIND),
        nomination=nomination,
        campaign_id=campaign.id,
        kind=campaign.kind,
        level=level,
        category_code=nomination.category_code,
        title=title,
        year=granted_on.year,
        site=db.session.get_one(Site, nomination.site_id),
        document_number=document_number,
        granted_on=granted_on,
        granted_by=actor.person_id,
        granted_at=clock.now(),
        status=HonorStatus.GRANTED,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "grant", to_status=made.status.value)
    return made


def people_of(honor: Honor) -> Sequence[UUID]:
    """The honoured one's own account, found by the ID number; empty without one, and for the
    dead."""
    index = honor.holder.nominee_id_number_index
    if index is None or honor.holder.has_died:
        return ()
    query = select(Person.id).where(Person.id_number_index == index)
    return db.session.scalars(query).all()


def plan_visit(
    actor: Actor, honor_id: UUID, *, occasion: CareOccasion, planned_on: date
) -> CareVisit:
    """Plan a visit to somebody on the roll. Raises NotFound, HonorNotInForce, InvalidInput."""
    honor = held(actor, Permission.NOMINATIONS_CARE_VISIT_PLAN, honor_id)
    require_in_force(honor)
    return care_visits.plan(actor, honor, occasion=occasion, planned_on=planned_on)


def list_own(actor: Actor) -> list[Honor]:
    """The actor's own honours in force, newest first."""
    own = select(Person.id_number_index).where(
        Person.id.in_(persons.own_ids(actor)), Person.id_number_index.is_not(None)
    )
    query = loaded().where(_is_of(own), Honor.status == HonorStatus.GRANTED)
    return list(db.session.scalars(query.order_by(Honor.id.desc())))


def list_earlier(actor: Actor, nomination_id: UUID) -> list[Honor]:
    """What the roll has for the ID number of a nominee, for reviewers of the case: earlier winners
    need new major deeds. Revoked ones too, the latest first; empty while the number is not known.

    Raises NotFound, OwnNomination."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    path, permission = cases.site_path_of(nomination), Permission.NOMINATIONS_NOMINATION_REVIEW
    policies.check_may_review(actor, permission, nomination, path)
    index = nomination.nominee_id_number_index
    if index is None:
        return []
    others = or_(Honor.nomination_id.is_(None), Honor.nomination_id != nomination_id)
    query = loaded().where(_is_of([index]), others)
    return list(db.session.scalars(query.order_by(Honor.granted_on.desc(), Honor.id.desc())))


def _is_of(indexes: Any) -> ColumnElement[bool]:
    """Filter on `Honor`: held by who has one of these ID numbers."""
    nominated = select(Nomination.id).where(Nomination.nominee_id_number_index.in_(indexes))
    archived = select(ArchiveEntry.id).where(ArchiveEntry.nominee_id_number_index.in_(indexes))
    return or_(Honor.nomination_id.in_(nominated), Honor.archive_entry_id.in_(archived))


def list_public(
    page: PageRequest,
    *,
    level: HonorLevel | None = None,
    category_code: str | None = None,
    year: int | None = None,
    campaign_id: UUID | None = None,
) -> Page[Honor]:
    """The roll: honours in force, the latest first."""
    wanted = {
        Honor.level: level,
        Honor.category_code: category_code,
        Honor.year: year,
        Honor.campaign_id: campaign_id,
    }
    query = loaded().where(Honor.status == HonorStatus.GRANTED)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    return paginate(query, page, by=[Honor.granted_on, Honor.id], descending=True)


def list_inside(
    actor: Actor, page: PageRequest, *, status: HonorStatus | None = None
) -> Page[Honor]:
    """Honours of whatever state at the actor's places, the latest first: those that are suspended
    or revoked stand on no public list."""
    query = (
        loaded()
        .join(Site, Site.id == Honor.site_id)
        .where(under_sites(actor, Permission.NOMINATIONS_HONOR_VIEW))
    )
    if status is not None:
        query = query.where(Honor.status == status)
    return paginate(query, page, by=[Honor.id], descending=True)


def get_public(honor_id: UUID) -> Honor:
    """A page of the roll, with the number of the nominee's photo; a revoked honour has one too.
    Raises NotFound while suspended."""
    portrait = candidates.portrait_of(Honor.nomination_id)
    query = loaded().options(with_expression(Honor.photo_number, portrait))
    honor = db.session.scalar(query.where(Honor.id == honor_id))
    if honor is None or honor.status is HonorStatus.SUSPENDED:
        raise NotFound
    return honor


def view_file(actor: Actor, honor_id: UUID) -> tuple[Honor, list[HonorWarning]]:
    """An honour with reasons and warnings, for staff over its place. Raises NotFound."""
    honor = db.session.scalar(loaded().where(Honor.id == honor_id))
    if honor is None:
        raise NotFound
    policies.check_over_site(actor, Permission.NOMINATIONS_HONOR_VIEW, honor.site.path)
    query = select(HonorWarning).where(HonorWarning.honor_id == honor_id)
    return honor, list(db.session.scalars(query.order_by(HonorWarning.id)))


def held(actor: Actor, permission: Permission, honor_id: UUID) -> Honor:
    """The honour over whose place the actor holds the permission, its row held. Raises
    NotFound."""
    honor = db.session.scalar(
        loaded().where(Honor.id == honor_id).with_for_update(of=Honor, key_share=True)
    )
    if honor is None:
        raise NotFound
    policies.check_over_site(actor, permission, honor.site.path)
    return honor


def require_in_force(honor: Honor) -> None:
    """Raises HonorNotInForce."""
    if honor.status is not HonorStatus.GRANTED:
        raise HonorNotInForce(state=honor.status.value)


def nomination_of(honor: Honor) -> Nomination:
    """The case of an honour, with its material. Raises HonorFromArchive where none is known."""
    if honor.nomination is None:
        raise HonorFromArchive
    return honor.nomination


def loaded() -> Select[Honor]:
    """Honours with what is shown of them."""
    return select(Honor).options(*with_holder()).execution_options(populate_existing=True)
