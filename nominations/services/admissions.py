"""From the shortlist to the candidates: what must be done before, and whether it is.

Which departments are asked, and whether two people go and see, the campaign says; who the nominee
is and the consent are always needed, and in some categories a legal confirmation of bravery.
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import exists, func, select

from core import audit
from core.actor import Actor
from core.db import db
from nominations.errors import NotReady
from nominations.lifecycles import (
    ConsultationStatus,
    HonorKind,
    NominationStatus,
    NomineeKind,
)
from nominations.models.campaigns import Campaign
from nominations.models.consultations import Consultation
from nominations.models.nominations import IS_CANDIDATE, Nomination
from nominations.models.visits import Visit, VisitSignature
from nominations.rules import Step
from nominations.services import consents, texts

NEEDS_CONFIRMATION: Mapping[str, tuple[HonorKind, ...]] = MappingProxyType(
    {"bravery": (HonorKind.MORAL_MODEL, HonorKind.GOOD_PERSON)}
)
"""Categories in which an act is confirmed by law first (Henan's rules on 见义勇为), and the
selections where that counts."""

SIGNATURES = 2
"""So many people visit a nominee (ours)."""

N = NominationStatus

MISSING = MappingProxyType(
    {
        "consultations": "征求意见",
        "visit": "走访核实",
        "identity": "身份证号码（集体、家庭和单位为代表人）",
        "consent": "本人或亲属同意",
        "text": "文字内容审核",
        "bravery": "见义勇为确认",
        "twin": "与同一人已成为候选人的推荐合并",
    }
)


def above_the_ladder(nomination: Nomination, campaign: Campaign) -> NominationStatus:
    """Where a case goes when its last step is passed."""
    rules = campaign.rules
    if rules.uses(Step.CONSULTATION) or rules.uses(Step.VISIT) or missing(nomination, campaign):
        return N.CITY_SHORTLISTED
    return N.CANDIDATE


def check_ready(nomination: Nomination, campaign: Campaign) -> None:
    """Raises NotReady with all that is missing."""
    lacking = missing(nomination, campaign)
    if lacking:
        named = "、".join(MISSING[code] for code in lacking)
        raise NotReady(f"还不能成为候选人，尚缺：{named}", missing=lacking)


def missing(nomination: Nomination, campaign: Campaign) -> list[str]:
    """Keys of MISSING that a case lacks."""
    rules = campaign.rules
    lacks = {
        "consultations": rules.uses(Step.CONSULTATION) and not _are_all_in(nomination.id),
        "visit": rules.uses(Step.VISIT) and not _is_visited(nomination.id),
        "identity": not is_identified(nomination),
        "consent": not consents.is_given(nomination),
        "text": not texts.is_cleared(nomination),
        "bravery": nomination.bravery_number is None
        and campaign.kind in NEEDS_CONFIRMATION.get(nomination.category_code, ()),
        "twin": _has_twin(nomination),
    }
    return [code for code in MISSING if lacks[code]]


def is_identified(nomination: Nomination) -> bool:
    """Whether it is known who stands: one category for a nominee, and who won before, are told
    by the ID number. Several people together have none; somebody speaks for them."""
    if nomination.nominee_kind is NomineeKind.PERSON:
        return nomination.nominee_id_number_index is not None
    return bool(nomination.representative_name)


def settle(actor: Actor, nomination: Nomination, campaign: Campaign) -> None:
    """Move a shortlisted case, whose row is held, as far as answers and signatures carry it. A
    visit that was made before the last answer counts once that has come."""
    rules = campaign.rules
    asks, sees = rules.uses(Step.CONSULTATION), rules.uses(Step.VISIT)
    if asks and nomination.status is N.CITY_SHORTLISTED and _are_all_in(nomination.id):
        audit.perform(actor, nomination, "consult")
    ready = N.CONSULTED if asks else N.CITY_SHORTLISTED
    if sees and nomination.status is ready and _is_visited(nomination.id):
        audit.perform(actor, nomination, "visit")


def _has_twin(nomination: Nomination) -> bool:
    """Whether the same person is a candidate by another nomination; of two at once the key
    `uq_nominations_candidate` decides."""
    index = nomination.nominee_id_number_index
    if index is None:
        return False
    twin = exists().where(
        Nomination.nominee_id_number_index == index,
        Nomination.campaign_id == nomination.campaign_id,
        Nomination.id != nomination.id,
        IS_CANDIDATE,
    )
    return bool(db.session.scalar(select(twin)))


def _are_all_in(nomination_id: UUID) -> bool:
    """Whether somebody was asked and all have answered without a veto."""
    of = Consultation.nomination_id == nomination_id
    agreed = exists().where(of, Consultation.status == ConsultationStatus.AGREED)
    others = exists().where(of, Consultation.status != ConsultationStatus.AGREED)
    return bool(db.session.scalar(select(agreed & ~others)))


def _is_visited(nomination_id: UUID) -> bool:
    """Whether so many people have signed one visit."""
    signed = (
        select(VisitSignature.visit_id)
        .join(Visit, Visit.id == VisitSignature.visit_id)
        .where(Visit.nomination_id == nomination_id)
        .group_by(VisitSignature.visit_id)
        .having(func.count() >= SIGNATURES)
        .limit(1)
    )
    return db.session.scalar(signed) is not None
