"""Recommending honoured people to the lists of the province and the nation, and what came of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.lifecycles import ReferralStatus
from nominations.models.campaigns import Campaign
from nominations.models.honors import Honor, HonorLevel, with_holder
from nominations.models.referrals import Referral, ReferralTarget
from nominations.services import honors, nominators

LEVELS = {
    ReferralTarget.HENAN_GOOD_PEOPLE: HonorLevel.PROVINCE,
    ReferralTarget.CHINA_GOOD_PEOPLE: HonorLevel.NATION,
    ReferralTarget.HENAN_MORAL_MODEL: HonorLevel.PROVINCE,
    ReferralTarget.NATIONAL_MORAL_MODEL: HonorLevel.NATION,
}
NAMES = {
    ReferralTarget.HENAN_GOOD_PEOPLE: "河南好人榜",
    ReferralTarget.CHINA_GOOD_PEOPLE: "中国好人榜",
    ReferralTarget.HENAN_MORAL_MODEL: "河南省道德模范",
    ReferralTarget.NATIONAL_MORAL_MODEL: "全国道德模范",
}
ENDABLE = (ReferralStatus.PREPARED, ReferralStatus.SENT)


def prepare(actor: Actor, honor_id: UUID, *, target: ReferralTarget, batch: str) -> Referral:
    """Begin a recommendation for one issue of a list.

    Raises NotFound, HonorNotInForce, HonorFromArchive, AlreadyReferred."""
    honor = honors.held(actor, Permission.NOMINATIONS_REFERRAL_PREPARE, honor_id)
    honors.require_in_force(honor)
    honors.nomination_of(honor)
    made = Referral(
        id=new_id(),
        honor=honor,
        target=target,
        batch=batch,
        status=ReferralStatus.PREPARED,
        prepared_by=actor.id,
        prepared_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "prepare", to_status=made.status.value)
    return made


def send(actor: Actor, referral_id: UUID, *, reference: str, sent_on: date) -> Referral:
    """It left, with the letter `reference`. Raises NotFound, WrongState, InvalidInput,
    HonorNotInForce."""
    referral = _held(actor, Permission.NOMINATIONS_REFERRAL_SEND, referral_id)
    honors.require_in_force(referral.honor)
    _check_past(sent_on, "sent_on")
    audit.perform(actor, referral, "send", reference=reference, sent_on=sent_on)
    _tell(referral, "已报送")
    return referral


def list_(actor: Actor, referral_id: UUID, *, outcome_on: date, title: str) -> Referral:
    """It was listed: the honour of the higher level enters the roll under `title`.

    Raises NotFound, WrongState, InvalidInput, HonorNotInForce."""
    referral = _held(actor, Permission.NOMINATIONS_REFERRAL_LIST, referral_id)
    honor = referral.honor
    honors.require_in_force(honor)
    _check_past(outcome_on, "outcome_on")
    audit.perform(actor, referral, "list", outcome_on=outcome_on, outcome_note=title)
    honors.enter(
        actor,
        honors.nomination_of(honor),
        db.session.get_one(Campaign, honor.campaign_id),
        level=LEVELS[referral.target],
        title=title,
        document_number=f"{NAMES[referral.target]} {referral.batch}",
        granted_on=outcome_on,
    )
    _tell(referral, "已上榜")
    return referral


def not_list(
    actor: Actor, referral_id: UUID, *, outcome_on: date, note: str | None = None
) -> Referral:
    """It was not taken. Raises NotFound, WrongState, InvalidInput."""
    referral = _held(actor, Permission.NOMINATIONS_REFERRAL_NOT_LIST, referral_id)
    _check_past(outcome_on, "outcome_on")
    audit.perform(actor, referral, "not_list", outcome_on=outcome_on, outcome_note=note)
    _tell(referral, "未上榜")
    return referral


def withdraw(actor: Actor, referral_id: UUID, *, reason: str) -> Referral:
    """Take a recommendation back before its outcome. Raises NotFound, WrongState."""
    referral = _held(actor, Permission.NOMINATIONS_REFERRAL_WITHDRAW, referral_id)
    audit.perform(actor, referral, "withdraw", reason=reason)
    return referral


def withdraw_all(actor: Actor, honor: Honor, *, reason: str) -> None:
    """What is still open when the honour is revoked."""
    query = loaded().where(Referral.honor_id == honor.id, Referral.status.in_(ENDABLE))
    for referral in db.session.scalars(query).all():
        audit.perform(actor, referral, "withdraw", reason=reason)


def list_within(actor: Actor, page: PageRequest) -> Page[Referral]:
    """Referrals of honours at the actor's sites, newest first."""
    query = (
        loaded()
        .join(Honor, Honor.id == Referral.honor_id)
        .join(Site, Site.id == Honor.site_id)
        .where(under_sites(actor, Permission.NOMINATIONS_REFERRAL_VIEW))
    )
    return paginate(query, page, by=[Referral.id], descending=True)


def _check_past(day: date, field: str) -> None:
    if day > clock.today():
        raise InvalidInput.at(field, "不能晚于今天")


def _tell(referral: Referral, outcome: str) -> None:
    nominators.tell(
        honors.nomination_of(referral.honor),
        "nominee_referred",
        new_id(),
        target=NAMES[referral.target],
        outcome=outcome,
    )


def _held(actor: Actor, permission: Permission, referral_id: UUID) -> Referral:
    referral = db.session.scalar(
        loaded()
        .where(Referral.id == referral_id)
        .with_for_update(of=Referral, key_share=True)
        .execution_options(populate_existing=True)
    )
    if referral is None:
        raise NotFound
    policies.check_over_site(actor, permission, referral.honor.site.path)
    return referral


def loaded() -> Select[Referral]:
    """Referrals with the honour and the case that they rest on."""
    return select(Referral).options(
        joinedload(Referral.honor, innerjoin=True).options(*with_holder())
    )
