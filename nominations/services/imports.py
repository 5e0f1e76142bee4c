"""Imports of earlier honours and of collected nominations: handed in by the office of a place,
confirmed by another person of it, written by the job as every import is."""

from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models.sites import SiteLevel
from accounts.permissions import Permission
from accounts.services import sites
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from nominations import policies
from nominations.models.imports import (
    CampaignImport,
    ImportedNomination,
    SelectionImportKind,
)
from nominations.models.nominations import Nomination
from nominations.services import campaigns, cases
from nominations.services.places import COUNTY_LEVELS
from volunteer.models.imports import Import
from volunteer.services import imports

OFFICES = (SiteLevel.CITY, *COUNTY_LEVELS)
"""Who keeps an archive of honours."""

DESK = imports.Desk(
    frozenset(SelectionImportKind),
    view=Permission.NOMINATIONS_IMPORT_VIEW,
    confirm=Permission.NOMINATIONS_IMPORT_CONFIRM,
    cancel=Permission.NOMINATIONS_IMPORT_CANCEL,
)


def upload(
    actor: Actor,
    kept_as: UUID,
    *,
    kind: SelectionImportKind,
    site_id: UUID,
    note: str,
    campaign_id: UUID | None = None,
) -> Import:
    """Hand in a file that was kept, for the office of a site; rows name places at or below it.

    Raises NotFound outside the actor's scope and for a campaign that is not public, InvalidInput,
    StageClosed unless the campaign takes nominations."""
    site = sites.get(site_id)
    policies.check_over_site(actor, Permission.NOMINATIONS_IMPORT_UPLOAD, site.path)
    if kind is SelectionImportKind.HONORS:
        if site.level not in OFFICES:
            raise InvalidInput.at("site_id", "以往荣誉由市或区县导入")
        if campaign_id is not None:
            raise InvalidInput.at("campaign_id", "导入以往荣誉不需要活动")
        return imports.hand_in(actor, kept_as, kind=kind, site=site, note=note)
    if campaign_id is None:
        raise InvalidInput.at("campaign_id", "请选择推荐参加的活动")
    campaigns.check_stage(campaigns.share(campaign_id), "create")
    made = imports.hand_in(actor, kept_as, kind=kind, site=site, note=note)
    db.session.add(CampaignImport(import_id=made.id, campaign_id=campaign_id))
    db.session.flush()
    return made


def source_of(actor: Actor, nomination_id: UUID) -> ImportedNomination:
    """Where an imported nomination comes from, for those whom the case concerns. Raises NotFound,
    also for one that was written here."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    cases.check_concerned(actor, Permission.NOMINATIONS_NOMINATION_REVIEW, nomination)
    query = select(ImportedNomination).options(joinedload(ImportedNomination.source))
    found = db.session.scalar(query.where(ImportedNomination.nomination_id == nomination_id))
    if found is None:
        raise NotFound
    return found


keep = imports.keep
get = partial(imports.get, desk=DESK)
list_own = partial(imports.list_own, desk=DESK)
list_problems = partial(imports.list_problems, desk=DESK)
problem_report = partial(imports.problem_report, desk=DESK)
confirm = partial(imports.confirm, desk=DESK)
cancel = partial(imports.cancel, desk=DESK)
