"""The nominator's side: writing, submitting and withdrawing a nomination."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select

from accounts.models.sites import Site
from accounts.services import persons, sites
from core import audit, clock, wechat
from core.actor import Actor
from core.db import atomically, db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.wechat import TextScene, TextVerdict, WeChatRefusal
from nominations import policies
from nominations.errors import ContentRefused, NominationIncomplete, StageClosed
from nominations.lifecycles import EDITABLE, NominationStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services import attachments, campaigns, nominators


@dataclass(frozen=True, slots=True)
class TextCheck:
    """WeChat's verdict on one text of a nomination, which is told again by its digest."""

    verdict: TextVerdict
    digest: bytes


def create(actor: Actor, campaign_id: UUID, **facts: Any) -> Nomination:
    """A draft (`facts` are columns). Accepted if and only if nominations are open at the instant
    read inside the transaction. Raises NotFound, StageClosed, InvalidInput."""
    campaign = campaigns.share(campaign_id)
    at = clock.now()
    campaigns.check_stage(campaign, "create")
    _check_before_close(campaign, at)
    _check_category(campaign, facts["category_code"])
    sites.get(facts["site_id"])
    nomination = Nomination(
        id=new_id(),
        campaign_id=campaign.id,
        nominator_id=actor.id,
        status=NominationStatus.DRAFT,
        created_at=at,
        **facts,
    )
    db.session.add(nomination)
    db.session.flush()
    nominators.add(nomination.id, actor.id)
    audit.record(actor, nomination, "create", to_status=nomination.status)
    return nomination


def update(actor: Actor, nomination_id: UUID, **facts: Any) -> Nomination:
    """Change one's own draft, or what was sent back. Raises NotFound, WrongState, StageClosed,
    InvalidInput."""
    nomination = hold_own(actor, nomination_id)
    if nomination.status not in EDITABLE:
        raise WrongState(state=nomination.status.value, verb="update")
    campaign = campaigns.share(nomination.campaign_id)
    campaigns.check_stage(campaign, "update")
    if "category_code" in facts:
        _check_category(campaign, facts["category_code"])
    if "site_id" in facts:
        sites.get(facts["site_id"])
    for name, value in facts.items():
        setattr(nomination, name, value)
    db.session.flush()
    audit.record(actor, nomination, "update")
    return nomination


def check_text(actor: Actor, *, nomination_id: UUID) -> TextCheck:
    """Ask WeChat about the text that is about to be submitted. Outside any transaction.

    Never refuses: without an openid, or while WeChat is down, the text is accepted unchecked
    and a reviewer looks, because the citizen must not lose the work."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def find() -> tuple[str, str | None] | None:
        nomination = db.session.get(Nomination, nomination_id)
        if nomination is None or nomination.nominator_id != actor.person_id:
            return None
        return _text_of(nomination), persons.openid_of(actor.id)

    found = atomically(app, find, write=False)
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
    StageClosed, NominationIncomplete, ContentRefused."""
    nomination = hold_own(actor, nomination_id)
    campaign = campaigns.share(nomination.campaign_id)
    at = clock.now()
    if nomination.status is NominationStatus.SENT_BACK:
        campaigns.check_stage(campaign, "resubmit")
    elif nomination.status is NominationStatus.DRAFT:
        campaigns.check_stage(campaign, "submit")
        _check_before_close(campaign, at)
    _check_complete(nomination, campaign.rules)
    is_same = check.digest == _digest(_text_of(nomination))
    verdict = check.verdict if is_same else TextVerdict.UNCHECKED
    if verdict is TextVerdict.RISKY:
        raise ContentRefused
    audit.perform(actor, nomination, "submit", submitted_at=at, text_verdict=verdict)
    return nomination


def withdraw(actor: Actor, nomination_id: UUID, *, reason: str | None = None) -> Nomination:
    """Take one's own nomination back, until the campaign is over. Ballots for a withdrawn
    candidate stay valid for the others they name. Raises NotFound, WrongState, StageClosed."""
    nomination = hold_own(actor, nomination_id)
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "withdraw")
    audit.perform(actor, nomination, "withdraw", reason=reason, step=None)
    return nomination


def hold_own(actor: Actor, nomination_id: UUID) -> Nomination:
    """The actor's own nomination, its row held until the transaction ends, so that what is
    compared (If-Match) or checked is what is then changed. Raises NotFound."""
    nomination = db.session.get(
        Nomination,
        nomination_id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if nomination is None:
        raise NotFound
    policies.check_own(actor, nomination)
    return nomination


def get(actor: Actor, nomination_id: UUID) -> Nomination:
    """A nomination for its nominator or a reviewer over its site. Raises NotFound."""
    found = db.session.execute(
        select(Nomination, Site.path)
        .join(Site, Site.id == Nomination.site_id)
        .where(Nomination.id == nomination_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    nomination, site_path = found
    policies.check_may_view(actor, nomination, site_path)
    return nomination


def list_mine(actor: Actor, page: PageRequest) -> Page[Nomination]:
    """The actor's own nominations, newest first."""
    query = select(Nomination).where(Nomination.nominator_id == actor.id)
    return paginate(query, page, by=[Nomination.id], descending=True)


def _check_before_close(campaign: Campaign, at: datetime) -> None:
    """The closing instant is outside, even if the job that closes is late."""
    if at >= campaign.nominations_close_at:
        raise StageClosed("推荐已经截止", state=campaign.status.value)


def _check_category(campaign: Campaign, code: str) -> None:
    if code not in {c.code for c in campaign.categories}:
        raise InvalidInput.at("category", "本次活动没有这个类别")


def _check_complete(nomination: Nomination, rules: Rules) -> None:
    lacking: dict[str, list[str]] = {}
    if not nomination.summary:
        lacking["summary"] = ["请用一句话介绍事迹"]
    length = len(nomination.deeds)
    if not rules.deeds_min_chars <= length <= rules.deeds_max_chars:
        bounds = f"{rules.deeds_min_chars} 至 {rules.deeds_max_chars}"
        lacking["deeds"] = [f"事迹材料应为 {bounds} 个字，现在有 {length} 个字"]
    if rules.life_photos_min:
        photos = attachments.count_kept(nomination.id, AttachmentKind.LIFE_PHOTO)
        if photos < rules.life_photos_min:
            lacking["life_photos"] = [f"请上传至少 {rules.life_photos_min} 张生活照"]
    if lacking:
        raise NominationIncomplete(errors=lacking)


def _text_of(nomination: Nomination) -> str:
    """All that a citizen wrote and others will read."""
    return "\n".join((nomination.nominee_name, nomination.summary, nomination.deeds))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
