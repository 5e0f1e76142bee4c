"""The office's decision after the notice: with a document number and minutes, never before."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import (
    ConsentMissing,
    DocumentNumberTaken,
    NoticeNotOver,
    NotWithheld,
    ObjectionPending,
)
from nominations.lifecycles import UNDECIDED, NominationStatus
from nominations.models.approvals import Approval, ApprovedNominee
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice, NoticeWaiver
from nominations.models.objections import Objection
from nominations.services import campaigns, consents, nominators, notices

N = NominationStatus


def approve(
    actor: Actor,
    campaign_id: UUID,
    *,
    nominations: Sequence[UUID],
    document_number: str,
    minutes_reference: str,
    decided_on: date,
) -> Approval:
    """Approve nominees whose days of notice are over, and withheld ones whose notice was waived;
    all of them or none. The same decision sent again gives the first.

    Raises NotFound, StageClosed, InvalidInput, DocumentNumberTaken, ObjectionPending,
    ConsentMissing, NoticeNotOver, WrongState."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOMINATION_APPROVE)
    campaign = notices.hold(campaign_id)
    wanted = sorted(set(nominations))
    if (first := _earlier(campaign_id, document_number)) is not None:
        if (first.nomination_ids, first.decided_on) != (wanted, decided_on):
            raise DocumentNumberTaken
        return first
    campaigns.check_stage(campaign, "approve")
    if decided_on > clock.today():
        raise InvalidInput.at("decided_on", "批准日期不能在将来")
    approved = _of_campaign(campaign_id, wanted)
    for nomination in approved:
        _check_ready(nomination, decided_on)
    approval = Approval(
        id=new_id(),
        campaign_id=campaign_id,
        document_number=document_number,
        minutes_reference=minutes_reference,
        decided_on=decided_on,
        decided_by=actor.id,
        created_at=clock.now(),
        nominees=[ApprovedNominee(nomination_id=n.id) for n in approved],
    )
    db.session.add(approval)
    db.session.flush()
    for nomination in approved:
        audit.perform(actor, nomination, "approve", reason=document_number)
        nominators.tell(
            nomination, "nomination_progress", new_id(), status="已批准", note=document_number
        )
    return approval


def _earlier(campaign_id: UUID, document_number: str) -> Approval | None:
    query = select(Approval).where(
        Approval.campaign_id == campaign_id, Approval.document_number == document_number
    )
    return db.session.scalar(query)


def _of_campaign(campaign_id: UUID, wanted: Sequence[UUID]) -> Sequence[Nomination]:
    query = select(Nomination).where(
        Nomination.campaign_id == campaign_id, Nomination.id.in_(wanted)
    )
    found = db.session.scalars(
        query.order_by(Nomination.id).execution_options(populate_existing=True)
    ).all()
    if len(found) != len(wanted):
        raise InvalidInput.at("nominations", "有人选不属于这次活动")
    return found


def require_unopposed(nomination_id: UUID) -> None:
    """Raises ObjectionPending while an objection about the nominee is undecided."""
    pending = exists().where(
        Objection.nomination_id == nomination_id, Objection.status.in_(UNDECIDED)
    )
    if db.session.scalar(select(pending)):
        raise ObjectionPending


def require_consent(nomination: Nomination) -> None:
    """Raises ConsentMissing: what a nominee agreed to does not bind the kin of a dead one."""
    if not consents.is_given(nomination):
        raise ConsentMissing


def list_of_campaign(actor: Actor, campaign_id: UUID, page: PageRequest) -> Page[Approval]:
    """The decisions of a campaign, the latest first, for the office and the campaign's
    supervisors. Raises NotFound."""
    campaign = campaigns.get_public(campaign_id)
    policies.check_oversees(actor, Permission.NOMINATIONS_APPROVAL_VIEW, campaign.id)
    query = select(Approval).where(Approval.campaign_id == campaign.id)
    return paginate(query, page, by=[Approval.id], descending=True)


def of(nomination_id: UUID) -> Approval:
    """The decision by which a nominee was approved."""
    query = select(Approval).join(ApprovedNominee, ApprovedNominee.approval_id == Approval.id)
    return db.session.scalars(query.where(ApprovedNominee.nomination_id == nomination_id)).one()


def _check_ready(nomination: Nomination, decided_on: date) -> None:
    require_unopposed(nomination.id)
    if nomination.status not in (N.PROPOSED, N.ON_NOTICE):
        raise WrongState(state=nomination.status.value, verb="approve")
    require_consent(nomination)
    if nomination.is_withheld and db.session.get(NoticeWaiver, nomination.id) is not None:
        return
    entry = notices.binding_entry(nomination.id)
    if nomination.status is N.PROPOSED or entry is None or entry.closes_on >= clock.today():
        raise NoticeNotOver
    if db.session.get_one(Notice, entry.notice_id, populate_existing=True).is_provisional:
        raise NoticeNotOver("公示截止日要等国家公布节假日安排后才能确定")
    if decided_on <= entry.closes_on:
        raise InvalidInput.at("decided_on", "批准日期应在公示结束之后")


def waive_notice(actor: Actor, nomination_id: UUID, *, reason: str) -> NoticeWaiver:
    """Decide that a withheld nominee is not put on notice, for safety (Henan's rules on bravery).
    A repeat gives the first decision.

    Raises NotFound, StageClosed, NotWithheld, WrongState."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOMINATION_WAIVE_NOTICE)
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    campaign = notices.hold(nomination.campaign_id)
    campaigns.check_stage(campaign, "waive_notice")
    db.session.refresh(nomination)
    if nomination.status not in (N.PROPOSED, N.ON_NOTICE):
        raise WrongState(state=nomination.status.value, verb="waive_notice")
    if not nomination.is_withheld:
        raise NotWithheld
    is_new = insert_if_absent(
        NoticeWaiver,
        nomination_id=nomination.id,
        reason=reason,
        decided_by=actor.id,
        decided_at=clock.now(),
    )
    if is_new:
        audit.record(actor, nomination, "waive_notice")
        nominators.tell(nomination, "nomination_progress", new_id(), status="免予公示", note="")
    return db.session.get_one(NoticeWaiver, nomination.id)
