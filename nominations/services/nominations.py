"""The nominator's side: writing and submitting a nomination, and finding it again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from accounts.permissions import Permission
from accounts.services import persons, sites
from core import audit, clock, wechat
from core.actor import Actor
from core.db import apart, db, lock_exclusively
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.wechat import TextScene, TextVerdict, WeChatRefusal
from nominations import policies
from nominations.errors import (
    ContentRefused,
    NominationIncomplete,
    StageClosed,
    TooManyDrafts,
)
from nominations.lifecycles import EDITABLE, NominationStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.rules import Rules
from nominations.services import (
    attachments,
    campaigns,
    cases,
    completeness,
    consents,
    ladder,
    nominators,
    nominees,
    secrecy,
)

MAX_DRAFTS = 20
"""Of a person in a campaign (our rule)."""

WHO_IT_IS = ("nominee_name", "nominee_kind", "nominee_id_number", "deceased_on")
"""Facts whose change makes another nominee of the one who was asked."""


@dataclass(frozen=True, slots=True)
class TextCheck:
    """WeChat's verdict on one text of a nomination, which is told again by its digest."""

    verdict: TextVerdict
    digest: bytes


def create(
    actor: Actor, campaign_id: UUID, *, nominator_id: UUID | None = None, **facts: Any
) -> Nomination:
    """A draft (`facts` are columns), of the actor or of `nominator_id`, for whom they write it
    down. Accepted if and only if nominations are open at the instant read inside the transaction.
    Raises NotFound, StageClosed, InvalidInput, TooManyDrafts, SelfNominationRefused."""
    campaign = campaigns.share(campaign_id)
    at = clock.now()
    campaigns.check_stage(campaign, "create")
    _check_before_close(campaign, at)
    _check_category(campaign, facts["category_code"])
    sites.get(facts["site_id"])
    if nominator_id is None:
        _check_drafts(actor, campaign)
    nomination = Nomination(
        id=new_id(),
        campaign_id=campaign.id,
        nominator_id=nominator_id or actor.id,
        status=NominationStatus.DRAFT,
        created_at=at,
        **nominees.settled(facts),
    )
    nominees.check_facts(nomination, campaign.rules)
    nominees.check_self(actor, nomination, campaign.rules)
    db.session.add(nomination)
    db.session.flush()
    nominators.add(nomination.id, nomination.nominator_id)
    audit.record(actor, nomination, "create", to_status=nomination.status)
    return nomination


def update(actor: Actor, nomination_id: UUID, **facts: Any) -> Nomination:
    """Change one's own draft, or what was sent back. Consent that was given for another name,
    number or state of life lapses. Raises NotFound, WrongState, StageClosed, InvalidInput,
    SelfNominationRefused, NominatedElsewhere."""
    nomination = hold_own(actor, nomination_id)
    if nomination.status not in EDITABLE:
        raise WrongState(state=nomination.status.value, verb="update")
    campaign = campaigns.share(nomination.campaign_id)
    campaigns.check_stage(campaign, "update")
    if "category_code" in facts:
        _check_category(campaign, facts["category_code"])
    if "site_id" in facts:
        sites.get(facts["site_id"])
    before = [getattr(nomination, name) for name in WHO_IT_IS]
    name_before = nomination.nominee_name
    for name, value in nominees.settled(facts).items():
        setattr(nomination, name, value)
    nominees.check_facts(nomination, campaign.rules)
    nominees.check_self(actor, nomination, campaign.rules)
    if nomination.status is NominationStatus.SENT_BACK:
        nominees.check_one_category(nomination)
    if before != [getattr(nomination, name) for name in WHO_IT_IS]:
        consents.lapse(actor, nomination)
    db.session.flush()
    if name_before != nomination.nominee_name:
        secrecy.rename(nomination, name_before)
    audit.record(actor, nomination, "update")
    return nomination


def check_text(actor: Actor, *, nomination_id: UUID) -> TextCheck:
    """Ask WeChat about the text that is about to be submitted. Outside any transaction.

    Never refuses: without an openid, or while WeChat is down, the text is accepted unchecked
    and a reviewer looks, because the citizen must not lose the work."""

    def find() -> tuple[str, str | None] | None:
        nomination = db.session.get(Nomination, nomination_id)
        if nomination is None or nomination.nominator_id != actor.person_id:
            return None
        return _text_of(nomination), persons.openid_of(actor.id)

    found = apart(find, write=False)
    if found is None:
        return TextCheck(TextVerdict.UNCHECKED, b"")
    text, openid = found
    if openid is None:
        return TextCheck(TextVerdict.UNCHECKED, _digest(text))
    try:
        verdict = wechat.client().check_text(text, openid=openid, scene=TextScene.FORUM)
    except WeChatRefusal:
        verdict = TextVerdict.UNCHECKED
    return TextCheck(verdict, _digest(text))


def submit(actor: Actor, nomination_id: UUID, *, check: TextCheck) -> Nomination:
    """Hand in a draft while nominations are open, or what was sent back until they are reviewed.

    A text that changed since `check` counts as unchecked. Raises NotFound, WrongState,
    StageClosed, NominationIncomplete, SelfNominationRefused, NomineeTooYoung,
    NominatedElsewhere, ContentRefused."""
    nomination = hold_own(actor, nomination_id)
    campaign = campaigns.share(nomination.campaign_id)
    at = clock.now()
    if nomination.status is NominationStatus.SENT_BACK:
        campaigns.check_stage(campaign, "resubmit")
    elif nomination.status is NominationStatus.DRAFT:
        campaigns.check_stage(campaign, "submit")
        _check_before_close(campaign, at)
    check_complete(actor, nomination, campaign.rules, photos=photos_of(nomination))
    is_same = check.digest == _digest(_text_of(nomination))
    verdict = check.verdict if is_same else TextVerdict.UNCHECKED
    if verdict is TextVerdict.RISKY:
        raise ContentRefused
    nominees.check_one_category(nomination)
    audit.perform(
        actor,
        nomination,
        "submit",
        submitted_at=at,
        text_verdict=verdict,
        text_cleared_at=None,
    )
    ladder.enter(actor, nomination, campaign)
    return nomination


def check_complete(actor: Actor, nomination: Nomination, rules: Rules, *, photos: int) -> None:
    """Whether a nomination with so many life photos may be handed in, for what it says itself.
    Raises NominationIncomplete, SelfNominationRefused, NomineeTooYoung."""
    if lacking := completeness.lacking(nomination, rules, photos=photos):
        raise NominationIncomplete(errors=lacking)
    nominees.check_self(actor, nomination, rules)
    nominees.check_age(nomination, rules)


def photos_of(nomination: Nomination) -> int:
    """How many life photos the case has."""
    return attachments.count_kept(nomination.id, AttachmentKind.LIFE_PHOTO)


def hold_own(actor: Actor, nomination_id: UUID) -> Nomination:
    """The actor's own nomination, its row held until the transaction ends. Raises NotFound."""
    nomination = cases.hold(nomination_id)
    policies.check_own(actor, nomination)
    return nomination


def get(actor: Actor, nomination_id: UUID) -> Nomination:
    """A nomination for those who recommend the nominee, or a reviewer over its place. Raises
    NotFound."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    cases.check_concerned(actor, Permission.NOMINATIONS_NOMINATION_REVIEW, nomination)
    return nomination


def list_mine(actor: Actor, page: PageRequest) -> Page[Nomination]:
    """The nominations that the actor wrote or joined, newest first."""
    query = (
        select(Nomination)
        .join(Nominator, Nominator.nomination_id == Nomination.id)
        .where(Nominator.person_id == actor.id)
    )
    return paginate(query, page, by=[Nomination.id], descending=True)


def _check_drafts(actor: Actor, campaign: Campaign) -> None:
    """The lock lets one draft of a person be counted at a time. Raises TooManyDrafts."""
    lock_exclusively(f"drafts:{campaign.id}:{actor.id}")
    drafts = db.session.scalar(
        select(func.count()).where(
            Nomination.nominator_id == actor.id,
            Nomination.campaign_id == campaign.id,
            Nomination.status == NominationStatus.DRAFT,
        )
    )
    if (drafts or 0) >= MAX_DRAFTS:
        raise TooManyDrafts(limit=MAX_DRAFTS)


def _check_before_close(campaign: Campaign, at: datetime) -> None:
    """The closing instant is outside, even if the job that closes is late."""
    if at >= campaign.nominations_close_at:
        raise StageClosed("推荐已经截止", state=campaign.status.value)


def _check_category(campaign: Campaign, code: str) -> None:
    if code not in {c.code for c in campaign.categories}:
        raise InvalidInput.at("category", "本次活动没有这个类别")


def _text_of(nomination: Nomination) -> str:
    """All that a citizen wrote and others will read."""
    return "\n".join(
        filter(
            None,
            (
                nomination.nominee_name,
                nomination.nominee_unit,
                nomination.representative_name,
                nomination.earlier_honors,
                nomination.summary,
                nomination.short_deeds,
                nomination.deeds,
            ),
        )
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
