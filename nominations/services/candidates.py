"""The candidates of a campaign as citizens see them, in an order that favours nobody.

From the opening of the assessment on; before, and in a cancelled campaign, none are shown. Who is
withheld for safety is not shown at all: neither name nor photo nor place.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models.sites import Site, SiteLevel
from core import clock
from core.db import db
from core.errors import NotFound
from nominations.lifecycles import CANDIDATES, WITH_CANDIDATES, AttachmentStatus, NomineeKind
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.services import attachments, campaigns

PORTRAIT = 0
"""The number of the ID photo; life photos are numbered from 1 by their place."""
KEPT_FOR = timedelta(seconds=5)
"""Of the list from which voters get their own orders."""
OF_A_COUNTY = (SiteLevel.CENTER, SiteLevel.ZONE)


@dataclass(frozen=True, slots=True)
class Photo:
    """Width and height in dots."""

    number: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What everybody may know of a nominee. `county` is in words, the city's name for a case of
    the city itself; `members_count` is that of a group or a family."""

    id: UUID
    campaign_id: UUID
    nominee_name: str
    nominee_kind: NomineeKind
    members_count: int | None
    is_posthumous: bool
    category_code: str
    county: str
    summary: str
    photos: Sequence[Photo]
    deeds: str | None = None
    """None in a list, which would be four times as long with them."""


@dataclass(frozen=True, slots=True)
class _Kept:
    read_at: datetime
    candidates: list[Candidate]


_kept: dict[UUID, _Kept] = {}

_SHOWN = (
    Nomination.id,
    Nomination.campaign_id,
    Nomination.nominee_name,
    Nomination.nominee_kind,
    Nomination.members_count,
    Nomination.is_posthumous,
    Nomination.category_code,
    Nomination.summary,
)
IS_PUBLIC: ColumnElement[bool] = and_(Nomination.status.in_(CANDIDATES), ~Nomination.is_withheld)
"""Whether a nominee is a candidate whom everybody may see; in a campaign that shows any."""
_FIRST = func.min(
    case((Attachment.kind == AttachmentKind.ID_PHOTO, PORTRAIT), else_=Attachment.slot)
).label("number")
"""The lowest number of some photos."""


def list_public(campaign_id: UUID, *, voter_id: UUID | None = None) -> list[Candidate]:
    """All candidates. Anonymous readers share one order a day; a signed-in voter has their own,
    the same at every visit.

    Raises NotFound unless the campaign was announced."""
    campaign = campaigns.get_public(campaign_id)
    if campaign.status not in WITH_CANDIDATES:
        return []
    found = _all(campaign_id) if voter_id is None else _all_lately(campaign_id)
    return shuffled(found, f"{voter_id or clock.today()}:{campaign_id}")


def _all(campaign_id: UUID) -> list[Candidate]:
    of_it = Nomination.campaign_id == campaign_id
    return _shown(db.session.execute(_query().where(of_it, IS_PUBLIC)).all(), of_it)


def _all_lately(campaign_id: UUID) -> list[Candidate]:
    """As fresh as the answer that anonymous readers share: every voter has an order of their own,
    but not every voter needs the candidates read anew."""
    now = clock.now()
    kept = _kept.get(campaign_id)
    if kept is None or not kept.read_at <= now < kept.read_at + KEPT_FOR:
        kept = _kept[campaign_id] = _Kept(now, _all(campaign_id))
    return kept.candidates


def get_public(candidate_id: UUID) -> Candidate:
    """One candidate. Raises NotFound."""
    query = _query(Nomination.deeds).join(Campaign, Campaign.id == Nomination.campaign_id)
    row = db.session.execute(
        query.where(Nomination.id == candidate_id, IS_PUBLIC, Campaign.status.in_(WITH_CANDIDATES))
    ).one_or_none()
    if row is None:
        raise NotFound
    return _shown([row], Nomination.id == candidate_id)[0]


def portraits(nomination_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The number of one photo of each nominee who has any that `photo` shows now: the ID photo,
    else the first of the others."""
    query = _public_photos(Nomination.id, _FIRST).where(Nomination.id.in_(list(nomination_ids)))
    rows = db.session.execute(query.group_by(Nomination.id))
    return {row.id: row.number for row in rows}


def portrait_of(nomination_id: SQLColumnExpression[Any]) -> ScalarSelect[int]:
    """The same of the nominee whom a column of another query names."""
    query = _public_photos(_FIRST).where(Nomination.id == nomination_id)
    return query.correlate_except(Attachment, Nomination, Campaign).scalar_subquery()


def photo(candidate_id: UUID, photo_number: int) -> bytes:
    """A cleared photo of a candidate, as JPEG. Raises NotFound, StorageUnavailable."""
    is_portrait = Attachment.kind == AttachmentKind.ID_PHOTO
    found = db.session.scalar(
        _public_photos(Attachment).where(
            Nomination.id == candidate_id,
            is_portrait
            if photo_number == PORTRAIT
            else and_(~is_portrait, Attachment.slot == photo_number),
        )
    )
    if found is None:
        raise NotFound
    return attachments.content_of(found)


def shuffled(candidates: Iterable[Candidate], seed: str) -> list[Candidate]:
    """Ordered by a hash, so that another seed gives another order and nobody chose it."""
    return sorted(candidates, key=lambda c: hashlib.sha256(f"{seed}:{c.id}".encode()).digest())


def _query(*more: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    return select(*_SHOWN, *more, Site.path).join(Site, Site.id == Nomination.site_id)


def _shown(rows: Sequence[Row[*tuple[Any, ...]]], which: ColumnElement[bool]) -> list[Candidate]:
    """The rows with their photos and the names of their counties, by one query each."""
    photos: dict[UUID, list[Photo]] = defaultdict(list)
    facts = Attachment.nomination_id, Attachment.kind, Attachment.slot
    query = _photos(*facts, Attachment.width, Attachment.height).where(which, IS_PUBLIC)
    for nomination_id, kind, slot, width, height in db.session.execute(query):
        photos[nomination_id].append(Photo(_number(kind, slot), width, height))
    counties = _counties()
    shown = []
    for row in rows:
        values = dict(row._mapping)
        path = values.pop("path")
        of_it = sorted(photos[values["id"]], key=lambda p: p.number)
        shown.append(Candidate(**values, county=_county_of(path, counties), photos=of_it))
    return shown


def _photos(*what: Any) -> Select[Any]:
    return (
        select(*what)
        .select_from(Attachment)
        .join(Nomination, Nomination.id == Attachment.nomination_id)
        .where(
            Attachment.about_type == AttachmentAbout.NOMINATION,
            Attachment.kind.in_(attachments.PHOTOS),
            Attachment.status == AttachmentStatus.CLEARED,
        )
    )


def _public_photos(*what: Any) -> Select[Any]:
    """Of those that everybody may see now."""
    query = _photos(*what).join(Campaign, Campaign.id == Nomination.campaign_id)
    return query.where(IS_PUBLIC, Campaign.status.in_(WITH_CANDIDATES))


def _number(kind: AttachmentKind, slot: int | None) -> int:
    return PORTRAIT if kind is AttachmentKind.ID_PHOTO or slot is None else slot


def _counties() -> Mapping[str, str]:
    """The name of every county and zone, and of the city, by the path of its site."""
    query = select(Site.path, Site.division).where(Site.level.in_((SiteLevel.CITY, *OF_A_COUNTY)))
    return {site.path: site.division for site in db.session.execute(query)}


def _county_of(path: str, counties: Mapping[str, str]) -> str:
    """The nearest of them at or above a site."""
    above = [p for p in counties if path.startswith(p)]
    return counties[max(above, key=len)]
