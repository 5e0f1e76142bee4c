"""Where a case stands, what it lacks, and who has it now: a level and a place, never a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, select

from accounts.models.sites import Site
from core import audit
from core.actor import Actor
from core.db import db
from nominations.lifecycles import EDITABLE, LIVE, NominationStatus, NomineeKind
from nominations.models.campaigns import Campaign
from nominations.models.channels import Channel
from nominations.models.consents import ConsentGiver
from nominations.models.nominations import Nomination
from nominations.rules import Step
from nominations.services import completeness, consents, nominations, texts

N = NominationStatus

LEVELS: Mapping[Step, str] = MappingProxyType(
    {
        Step.COMMUNITY: "村（社区）",
        Step.TOWNSHIP: "乡镇（街道）",
        Step.COUNTY: "县（市、区）",
        Step.CITY: "市",
    }
)
NOMINATOR, CITY = "推荐人", LEVELS[Step.CITY]


@dataclass(frozen=True, slots=True)
class Missing:
    """`field` is named as the client sends it, or "consent", "text" or "photos"."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    nomination_id: UUID
    status: NominationStatus
    standing: str
    note: str | None
    """What a reviewer or moderator wrote, or why it was removed."""
    level: str | None
    """Who has it now; None when the case has ended."""
    place: str | None
    since: datetime
    missing: list[Missing]
    is_consented: bool


def view(actor: Actor, nomination_id: UUID) -> Progress:
    """For those who recommend the nominee, and reviewers over its place. Raises
    NotFound."""
    nomination = nominations.get(actor, nomination_id)
    level, place = _holder_of(nomination)
    return Progress(
        nomination_id=nomination.id,
        status=nomination.status,
        standing=nomination.standing,
        note=nomination.removal_reason or nomination.decision_note,
        level=level,
        place=place,
        since=_since(nomination),
        missing=_missing(nomination),
        is_consented=consents.is_given(nomination),
    )


def _holder_of(nomination: Nomination) -> tuple[str | None, str | None]:
    if nomination.status in EDITABLE:
        return NOMINATOR, None
    if nomination.status not in LIVE:
        return None, None
    if nomination.step is None:
        return CITY, None
    if nomination.channel_id is not None and nomination.step_site_id is None:
        return LEVELS[nomination.step], db.session.get_one(Channel, nomination.channel_id).name
    if nomination.step_site_id is None:
        return LEVELS[nomination.step], None
    return LEVELS[nomination.step], db.session.get_one(Site, nomination.step_site_id).division


def _since(nomination: Nomination) -> datetime:
    """When it came into its present state."""
    if nomination.step_since is not None and nomination.step is not None:
        return nomination.step_since
    reached = db.session.scalar(
        select(func.max(audit.Entry.at)).where(
            audit.Entry.thing_id == nomination.id,
            audit.Entry.to_status == nomination.status.value,
        )
    )
    return reached or nomination.submitted_at or nomination.created_at


def _missing(nomination: Nomination) -> list[Missing]:
    """What the nominator mends before submitting, and what stands between a live case and its
    candidacy."""
    if nomination.status not in (N.DRAFT, *LIVE):
        return []
    found: dict[str, list[str]] = {}
    if nomination.status in EDITABLE:
        rules = db.session.get_one(Campaign, nomination.campaign_id).rules
        found = completeness.lacking(nomination, rules, photos=nominations.photos_of(nomination))
    elif not texts.is_cleared(nomination):
        found["text"] = ["文字内容正在等待人工审核"]
    if nomination.nominee_kind is NomineeKind.PERSON and not nomination.nominee_id_number_index:
        found["nominee_id_number"] = ["成为候选人之前须补齐被推荐人的身份证号码"]
    if not consents.is_given(nomination):
        found["consent"] = [_consent_wanted(nomination)]
    return [Missing(field, message) for field, told in found.items() for message in told]


def _consent_wanted(nomination: Nomination) -> str:
    who = {
        ConsentGiver.NOMINEE: "被推荐人本人",
        ConsentGiver.GUARDIAN: "被推荐人的监护人",
        ConsentGiver.NEXT_OF_KIN: "被推荐人的亲属",
        ConsentGiver.REPRESENTATIVE: "代表人",
    }[consents.giver_of(nomination)]
    return f"还没有得到{who}的同意"
