"""Help for honoured people in hardship: the county proposes, the city checks."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import HonorNotInForce, ProposedByYou
from nominations.lifecycles import HardshipStatus, HonorStatus
from nominations.models.hardship_cases import HardshipCase
from nominations.models.honors import Honor, with_holder

ENDABLE = (HardshipStatus.APPLIED, HardshipStatus.PROPOSED, HardshipStatus.APPROVED)


def apply(actor: Actor, honor: Honor, *, need: str) -> HardshipCase:
    """Ask for help; the caller knows that the actor may for this honour. One open case at a time.

    Raises HonorNotInForce, HardshipCaseOpen."""
    if honor.status is not HonorStatus.GRANTED:
        raise HonorNotInForce(state=honor.status.value)
    case = HardshipCase(
        id=new_id(),
        honor=honor,
        status=HardshipStatus.APPLIED,
        applied_by=actor.id,
        applied_at=clock.now(),
    )
    case.need = need
    db.session.add(case)
    db.session.flush()
    audit.record(actor, case, "apply", to_status=case.status.value)
    return case


def propose(actor: Actor, case_id: UUID, *, amount_fen: int, note: str) -> HardshipCase:
    """The county's proposal, in fen. Raises NotFound, WrongState."""
    case = _held(actor, Permission.NOMINATIONS_HARDSHIP_CASE_PROPOSE, case_id)
    audit.perform(
        actor,
        case,
        "propose",
        amount_fen=amount_fen,
        decision_note=note,
        proposed_by=actor.id,
    )
    return case


def approve(actor: Actor, case_id: UUID, *, note: str | None = None) -> HardshipCase:
    """The city's check, by another person. Raises NotFound, WrongState, ProposedByYou."""
    case = _held(actor, Permission.NOMINATIONS_HARDSHIP_CASE_APPROVE, case_id)
    if case.proposed_by == actor.person_id:
        raise ProposedByYou
    note = note or case.decision_note
    audit.perform(actor, case, "approve", approved_by=actor.id, decision_note=note)
    _tell(case, "已核定")
    return case


def complete(actor: Actor, case_id: UUID, *, helped_on: date) -> HardshipCase:
    """The help was given. Raises NotFound, WrongState, InvalidInput for a day to come."""
    case = _held(actor, Permission.NOMINATIONS_HARDSHIP_CASE_COMPLETE, case_id)
    if helped_on > clock.today():
        raise InvalidInput.at("helped_on", "不能晚于今天")
    audit.perform(actor, case, "complete", helped_on=helped_on)
    _tell(case, "已发放")
    return case


def reject(actor: Actor, case_id: UUID, *, reason: str) -> HardshipCase:
    """Refuse, with a reason that the applicant reads. Raises NotFound, WrongState."""
    case = _held(actor, Permission.NOMINATIONS_HARDSHIP_CASE_REJECT, case_id)
    audit.perform(actor, case, "reject", decision_note=reason)
    _tell(case, "未通过")
    return case


def end_all(actor: Actor, honor: Honor, *, reason: str) -> None:
    """End what is open when the honour is revoked."""
    query = _query().where(HardshipCase.honor_id == honor.id, HardshipCase.status.in_(ENDABLE))
    for case in db.session.scalars(query).all():
        audit.perform(actor, case, "end", reason=reason)
        _tell(case, "已终止")


def list_within(actor: Actor, page: PageRequest, *, status: HardshipStatus) -> Page[HardshipCase]:
    """Cases of a state at the actor's sites, oldest first."""
    query = (
        _query()
        .join(Honor, Honor.id == HardshipCase.honor_id)
        .join(Site, Site.id == Honor.site_id)
        .where(
            HardshipCase.status == status,
            under_sites(actor, Permission.NOMINATIONS_HARDSHIP_CASE_VIEW),
        )
    )
    return paginate(query, page, by=[HardshipCase.id])


def list_of(honors: Sequence[Honor]) -> list[HardshipCase]:
    """All cases of these honours, newest first."""
    query = _query().where(HardshipCase.honor_id.in_([honor.id for honor in honors]))
    return list(db.session.scalars(query.order_by(HardshipCase.id.desc())))


def _tell(case: HardshipCase, outcome: str) -> None:
    messages.tell(
        case.applied_by,
        "hardship_case_decided",
        new_id(),
        outcome=outcome,
        note=case.decision_note or "",
    )


def _held(actor: Actor, permission: Permission, case_id: UUID) -> HardshipCase:
    case = db.session.scalar(
        _query()
        .where(HardshipCase.id == case_id)
        .with_for_update(of=HardshipCase, key_share=True)
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound
    policies.check_over_site(actor, permission, case.honor.site.path)
    return case


def _query() -> Select[HardshipCase]:
    return select(HardshipCase).options(
        joinedload(HardshipCase.honor, innerjoin=True).options(*with_holder())
    )
