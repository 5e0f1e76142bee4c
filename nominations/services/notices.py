"""Public notices as the office plans them and everybody reads them.

All acts of a campaign about notices, objections and approvals go one after another: each holds
`notices:<campaign>` alone. They are few, and what one reads (is an objection open, are the days
over) must not change under it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from accounts.identity import age_on
from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Permission
from accounts.services.persons import ADULT_AGE
from core import audit, clock
from core.actor import Actor
from core.crypto import mask_name
from core.db import db, lock_exclusively
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import noticing, policies
from nominations.errors import NobodyToNotice, NoticeDecided, ObjectionPending
from nominations.lifecycles import (
    CANDIDATES,
    SHOWN,
    UNDECIDED,
    NominationStatus,
    NoticeKind,
    NoticeStatus,
)
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice, NoticeEntry, NoticeSuspension, NoticeWaiver
from nominations.models.objections import Objection
from nominations.services import campaigns, candidates
from volunteer.services import holidays

N = NominationStatus
AFTER_PROPOSAL = (N.ON_NOTICE, N.SUSPENDED, N.APPROVED, N.HONORED)
COMING = (NoticeStatus.SCHEDULED, *SHOWN)


def hold(campaign_id: UUID) -> Campaign:
    """The campaign, shared, with everything about its notices held alone until the transaction
    ends. Read rows and the clock afterwards. Raises NotFound unless it was announced."""
    campaign = campaigns.share(campaign_id)
    lock_exclusively(f"notices:{campaign_id}")
    return campaign


def create(
    actor: Actor,
    campaign_id: UUID,
    *,
    kind: NoticeKind,
    title: str,
    text: str,
    contact: str,
    opens_on: date,
) -> Notice:
    """Plan a notice that opens by itself on the first minute of `opens_on`: of all candidates, or
    of all who were proposed and are in no notice yet.

    Raises NotFound, StageClosed, InvalidInput, NobodyToNotice."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOTICE_CREATE)
    campaign = hold(campaign_id)
    campaigns.check_stage(campaign, stage_of(kind))
    if opens_on <= clock.today():
        raise InvalidInput.at("opens_on", "公示从零点开始，最早可选明天")
    if not (nominees := _without_notice(campaign, kind)):
        raise NobodyToNotice
    notice = Notice(title=title, text=text, contact=contact, kind=kind, opens_on=opens_on)
    return schedule(actor, campaign, notice, nominees)


def stage_of(kind: NoticeKind) -> str:
    """The key of STAGES."""
    return "notice_candidates" if kind is NoticeKind.CANDIDATES else "notice_winners"


def schedule(
    actor: Actor, campaign: Campaign, notice: Notice, nominees: Sequence[Nomination]
) -> Notice:
    """Store a notice whose words and first day are given, for these nominees of the campaign."""
    owed = noticing.full(campaign.rules.notice_days)
    days = noticing.period(notice.opens_on, owed, holidays.workdays())
    notice.id = new_id()
    notice.campaign_id, notice.status = campaign.id, NoticeStatus.SCHEDULED
    notice.closes_on, notice.is_provisional = days.closes_on, days.is_provisional
    notice.created_by, notice.created_at = actor.person_id, clock.now()
    db.session.add(notice)
    db.session.flush()
    order = {category.code: category.position for category in campaign.categories}
    ordered = sorted(nominees, key=lambda n: (order[n.category_code], n.nominee_name, n.id))
    db.session.add_all(
        NoticeEntry(
            notice_id=notice.id,
            nomination_id=nominee.id,
            position=position,
            is_binding=notice.kind is not NoticeKind.CANDIDATES,
            runs_from=days.opens_on,
            closes_on=days.closes_on,
            days_owed=owed.days,
            workdays_owed=owed.workdays,
        )
        for position, nominee in enumerate(ordered, start=1)
    )
    db.session.flush()
    audit.record(actor, notice, "create", to_status=notice.status)
    return notice


def _without_notice(campaign: Campaign, kind: NoticeKind) -> Sequence[Nomination]:
    """Those whom a notice of this kind would show, but the withheld and those who have one. Who
    stands on notice without one was in a notice that was withdrawn."""
    entry_of = NoticeEntry.nomination_id == Nomination.id
    if kind is NoticeKind.CANDIDATES:
        statuses: tuple[N, ...] = (N.CANDIDATE,)
        of_candidates = and_(
            Notice.kind == NoticeKind.CANDIDATES, Notice.status != NoticeStatus.WITHDRAWN
        )
        has_one = exists().where(entry_of, NoticeEntry.notice_id == Notice.id, of_candidates)
    else:
        statuses = (N.PROPOSED, N.ON_NOTICE)
        has_one = exists().where(entry_of, NoticeEntry.is_binding)
    query = select(Nomination).where(
        Nomination.campaign_id == campaign.id,
        Nomination.status.in_(statuses),
        ~Nomination.is_withheld,
        ~has_one,
    )
    return db.session.scalars(query).all()


def extend(actor: Actor, notice_id: UUID, *, closes_on: date, reason: str) -> Notice:
    """Let an open notice last longer, for a public reason. A nominee whose days stand still has
    as many more of them. Raises NotFound, InvalidInput, WrongState."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOTICE_EXTEND)
    notice = take(notice_id)
    if notice.status not in SHOWN:
        raise WrongState(state=notice.status.value, verb="extend")
    if closes_on <= notice.closes_on:
        raise InvalidInput.at("closes_on", "新的截止日应晚于原来的截止日")
    more = (closes_on - notice.closes_on).days
    for entry, nomination in entries_of(notice):
        if nomination.status is N.SUSPENDED and entry.is_binding:
            entry.days_owed += more
        elif nomination.status in (N.ON_NOTICE, N.CANDIDATE):
            entry.closes_on = closes_on
    audit.perform(actor, notice, "extend", closes_on=closes_on, extension_reason=reason)
    return notice


def withdraw(actor: Actor, notice_id: UUID, *, reason: str) -> Notice:
    """Take a notice back, for a public reason; its nominees need another one.

    Raises NotFound, NoticeDecided, ObjectionPending, WrongState."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOTICE_WITHDRAW)
    notice = take(notice_id)
    decided = (N.APPROVED, N.HONORED)
    if any(e.is_binding and n.status in decided for e, n in entries_of(notice)):
        raise NoticeDecided
    pending = exists().where(Objection.notice_id == notice.id, Objection.status.in_(UNDECIDED))
    if db.session.scalar(select(pending)):
        raise ObjectionPending
    call_off(actor, notice, reason=reason)
    return notice


def call_off(actor: Actor, notice: Notice, *, reason: str) -> None:
    """Withdraw a notice and free its nominees for another one. Raises WrongState."""
    audit.perform(actor, notice, "withdraw", reason=reason, withdrawal_reason=reason)
    db.session.execute(
        update(NoticeEntry).where(NoticeEntry.notice_id == notice.id).values(is_binding=False)
    )


def take(notice_id: UUID) -> Notice:
    """The notice as it is, after `hold`. Raises NotFound."""
    notice = db.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound
    hold(notice.campaign_id)
    db.session.refresh(notice)
    return notice


def entries_of(notice: Notice) -> list[tuple[NoticeEntry, Nomination]]:
    """The nominees of a notice as they are now, in their order."""
    query = (
        select(NoticeEntry, Nomination)
        .join(Nomination, Nomination.id == NoticeEntry.nomination_id)
        .where(NoticeEntry.notice_id == notice.id)
        .order_by(NoticeEntry.position)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def binding_entry(nomination_id: UUID) -> NoticeEntry | None:
    """The nominee's place in the notice that approval rests on."""
    query = select(NoticeEntry).where(
        NoticeEntry.nomination_id == nomination_id, NoticeEntry.is_binding
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def is_scheduled(campaign_id: UUID) -> bool:
    """Whether the result is, or will be, before the public: a notice of it is planned, or all who
    are proposed are approved without one."""
    planned = exists().where(
        Notice.campaign_id == campaign_id,
        Notice.kind == NoticeKind.WINNERS,
        Notice.status != NoticeStatus.WITHDRAWN,
    )
    proposed = and_(Nomination.campaign_id == campaign_id, Nomination.status == N.PROPOSED)
    all_waived = and_(exists().where(proposed), ~exists().where(proposed, ~_is_waived()))
    return bool(db.session.scalar(select(or_(planned, all_waived))))


def are_closed(campaign_id: UUID) -> bool:
    """Whether everybody in the result has been on notice to the end: no notice is planned or open,
    nobody's days stand still, nobody still needs a notice."""
    coming = exists().where(
        Notice.campaign_id == campaign_id,
        Notice.kind != NoticeKind.CANDIDATES,
        Notice.status.in_(COMING),
    )
    has_entry = exists().where(NoticeEntry.nomination_id == Nomination.id, NoticeEntry.is_binding)
    waiting = exists().where(
        Nomination.campaign_id == campaign_id,
        or_(
            Nomination.status == N.SUSPENDED,
            and_(Nomination.status == N.PROPOSED, ~_is_waived()),
            and_(Nomination.status == N.ON_NOTICE, ~has_entry),
        ),
    )
    return not db.session.scalar(select(or_(coming, waiting)))


def _is_waived() -> ColumnElement[bool]:
    return exists().where(NoticeWaiver.nomination_id == Nomination.id)


def list_of_campaign(actor: Actor, campaign_id: UUID) -> list[Notice]:
    """All notices of a campaign for the office, planned ones among them, newest first.

    Raises NotFound."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOTICE_REVIEW)
    campaign = campaigns.get_public(campaign_id)
    query = select(Notice).where(Notice.campaign_id == campaign.id).order_by(Notice.id.desc())
    return list(db.session.scalars(query))


def list_public(page: PageRequest, *, campaign: UUID | None = None) -> Page[Notice]:
    """Notices that have been opened, newest first."""
    query = select(Notice).where(Notice.opened_at.is_not(None))
    if campaign is not None:
        query = query.where(Notice.campaign_id == campaign)
    return paginate(query, page, by=[Notice.id], descending=True)


@dataclass(frozen=True, slots=True)
class ShownNominee:
    """A nominee as the public sees them. `closes_on` is their own last day, None while their days
    stand still. The name of a child is masked, in the texts too, and no photo is shown."""

    nomination: Nomination
    name: str
    category: str
    county: str
    summary: str
    deeds: str
    closes_on: date | None
    is_suspended: bool
    is_extended: bool
    photo_number: int | None
    """Of `candidates.photo`; None before candidates are public, too."""


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """Everything a notice says, for the page and for the paper on the wall."""

    notice: Notice
    text: str
    nominees: Sequence[ShownNominee]


def get_public(notice_id: UUID) -> ShownNotice:
    """A notice that has been opened, and its nominees who still stand. Raises NotFound."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.opened_at is None:
        raise NotFound
    statuses = CANDIDATES if notice.kind is NoticeKind.CANDIDATES else AFTER_PROPOSAL
    is_gone = notice.status is NoticeStatus.WITHDRAWN
    entries, text = entries_of(notice), notice.text
    for _, nomination in entries:
        text = nomination.shown_text(text)
    found = [
        (entry, nomination)
        for entry, nomination in (() if is_gone else entries)
        if nomination.status in statuses and not nomination.is_withheld
    ]
    counties = _counties_of(nomination for _, nomination in found)
    campaign = campaigns.get_public(notice.campaign_id)
    categories = {category.code: category.name for category in campaign.categories}
    resumed = select(NoticeSuspension.nomination_id).where(
        NoticeSuspension.notice_id == notice.id, NoticeSuspension.resumed_at.is_not(None)
    )
    extended = set(db.session.scalars(resumed))
    portraits = candidates.portraits(nomination.id for _, nomination in found)
    return ShownNotice(
        notice,
        text,
        [
            _shown(
                entry,
                nomination,
                category=categories[nomination.category_code],
                county=counties[nomination.site_id],
                is_extended=nomination.id in extended,
                portrait=portraits.get(nomination.id),
            )
            for entry, nomination in found
        ],
    )


def _shown(
    entry: NoticeEntry,
    nomination: Nomination,
    *,
    category: str,
    county: str,
    is_extended: bool,
    portrait: int | None,
) -> ShownNominee:
    name, summary, deeds = nomination.shown_name, nomination.summary, nomination.deeds
    if _is_minor(nomination, entry.runs_from):
        portrait, name = None, mask_name(name)
        summary = summary.replace(nomination.nominee_name, name)
        deeds = deeds.replace(nomination.nominee_name, name)
    stands_still = entry.is_binding and nomination.status is N.SUSPENDED
    return ShownNominee(
        nomination,
        name,
        category,
        county,
        summary,
        deeds,
        closes_on=None if stands_still else entry.closes_on,
        is_suspended=stands_still,
        is_extended=is_extended,
        photo_number=portrait,
    )


def _is_minor(nomination: Nomination, on: date) -> bool:
    born = nomination.nominee_born_on
    return born is not None and age_on(born, on) < ADULT_AGE


def _counties_of(nominations: Iterable[Nomination]) -> dict[UUID, str]:
    """Site to the county or zone it lies in; a site of the city's own says the city."""
    ids = {nomination.site_id for nomination in nominations}
    paths = db.session.execute(select(Site.id, Site.path).where(Site.id.in_(ids))).all()
    levels = (SiteLevel.CITY, SiteLevel.CENTER, SiteLevel.ZONE)
    above = db.session.execute(
        select(Site.path, Site.division).where(Site.level.in_(levels)).order_by(Site.path)
    ).all()
    return {
        site_id: [division for prefix, division in above if path.startswith(prefix)][-1]
        for site_id, path in paths
    }
