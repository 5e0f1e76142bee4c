"""Departments are asked about a shortlisted nominee (征求意见): all at once, each with a due day.

An answer is final. When all are in and none is a veto the case goes on by itself; a veto ends it
(our reading: domain/nominations). A department is shown what it needs to look somebody up, never
who recommends them, and every look is written down.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from accounts.models.persons import Person
from accounts.permissions import Permission, Role
from accounts.services import roles, sites
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import AnswerFinal, StepNotUsed
from nominations.lifecycles import (
    STAGES,
    ConsultationStatus,
    NominationStatus,
    Verdict,
)
from nominations.models.campaigns import Campaign
from nominations.models.consultations import Consultation, Department
from nominations.models.nominations import Nomination
from nominations.rules import Rules, Step
from nominations.services import (
    admissions,
    campaigns,
    cases,
    ladder,
    nominators,
    places,
    screenings,
)
from volunteer.services import holidays

WORKING_DAYS = 10
"""A department has so many working days, unless another day is set (ours)."""

FOR_PUBLIC_SERVANTS = ("discipline", "organization")
FOR_BUSINESS = ("market_regulation", "tax")
"""Asked about party members and public staff; about people and units in business (株洲 2015)."""

VETOED_NOTE = "经征求有关部门意见，暂不符合推荐条件"
"""All that the nominator is told."""

C = ConsultationStatus


@dataclass(frozen=True, slots=True)
class Question:
    """What a department sees."""

    consultation: Consultation
    nomination: Nomination


@dataclass(frozen=True, slots=True)
class NewLink:
    """The only moment at which the token is known."""

    token: str

    @property
    def path(self) -> str:
        return f"/api/v1/consultation-answers/{self.token}"


def open_all(
    actor: Actor,
    nomination_id: UUID,
    *,
    departments: Iterable[str] = (),
    due_on: date | None = None,
    consultants: dict[str, UUID] | None = None,
) -> list[Consultation]:
    """Ask the departments of the campaign's rules, those that follow from who the nominee is,
    and further `departments` by code; `consultants` names a person for some. Who was asked
    already stays so. Gives all of the case.

    Raises NotFound, OwnNomination, NotYourStep, StepNotUsed, StageClosed, WrongState,
    InvalidInput."""
    permission = Permission.NOMINATIONS_CONSULTATION_OPEN
    nomination = _to_ask(actor, nomination_id, permission)
    campaign = campaigns.share(nomination.campaign_id)
    campaigns.check_stage(campaign, "consult")
    if not campaign.rules.uses(Step.CONSULTATION):
        raise StepNotUsed
    if nomination.status is not NominationStatus.CITY_SHORTLISTED:
        raise WrongState(state=nomination.status.value, verb="consult")
    today = clock.today()
    due = due_on or holidays.workdays().after(today, WORKING_DAYS).day
    if due < today:
        raise InvalidInput.at("due_on", "期限不能早于今天")
    named = consultants or {}
    asked = {*departments, *named, *departments_for(nomination, campaign.rules)}
    for department in _by_codes(asked):
        _ask(actor, nomination, department, named.get(department.code), due)
    return list_of(actor, nomination_id)


def _to_ask(actor: Actor, nomination_id: UUID, permission: Permission) -> Nomination:
    """The case, held, for a reviewer of its county or channel, or of the city: departments do
    not answer to villages."""
    nomination = screenings.reviewable(actor, nomination_id, permission, hold=True)
    held = actor.scope_ids(permission, ScopeKind.SITE)
    channels = actor.scope_ids(permission, ScopeKind.CHANNEL)
    asks = places.site_of(Step.COUNTY, nomination) in held or nomination.channel_id in channels
    if not asks:
        policies.check_decides_for_city(actor, permission, sites.root().id)
    return nomination


def departments_for(nomination: Nomination, rules: Rules) -> set[str]:
    """Codes of the departments that must be asked about a nominee."""
    asked = set(rules.departments)
    if nomination.is_party_member or nomination.is_public_staff:
        asked |= set(FOR_PUBLIC_SERVANTS)
    if nomination.is_in_business:
        asked |= set(FOR_BUSINESS)
    return asked


def _by_codes(codes: set[str]) -> list[Department]:
    query = select(Department).where(Department.code.in_(codes)).order_by(Department.position)
    found = list(db.session.scalars(query))
    if not codes:
        raise InvalidInput.at("departments", "请选择要征求意见的部门")
    if len(found) != len(codes):
        raise InvalidInput.at("departments", "没有这个部门")
    return found


def _ask(
    actor: Actor,
    nomination: Nomination,
    department: Department,
    consultant_id: UUID | None,
    due_on: date,
) -> None:
    if consultant_id is not None and db.session.get(Person, consultant_id) is None:
        raise NotFound
    consultation_id = new_id()
    is_new = insert_if_absent(
        Consultation,
        id=consultation_id,
        nomination_id=nomination.id,
        department_id=department.id,
        consultant_id=consultant_id,
        status=C.ASKED,
        due_on=due_on,
        opened_by=actor.id,
        opened_at=clock.now(),
        token_hash=None,
        opinion=None,
        answered_by=None,
        answered_at=None,
    )
    if is_new:
        consultation = db.session.get_one(Consultation, consultation_id)
        audit.record(actor, consultation, "open", to_status=C.ASKED.value)
        _tell(consultation, nomination, "consultation_opened", consultation_id)


def list_of(actor: Actor, nomination_id: UUID) -> list[Consultation]:
    """The consultations of a case, for its insiders. Raises NotFound, OwnNomination."""
    screenings.reviewable(actor, nomination_id, Permission.NOMINATIONS_CONSULTATION_VIEW)
    query = (
        select(Consultation)
        .join(Department)
        .where(Consultation.nomination_id == nomination_id)
        .order_by(Department.position)
    )
    return list(db.session.scalars(query))


def link(actor: Actor, consultation_id: UUID) -> NewLink:
    """A new address by which a department without an account answers, once; the one before
    dies. Raises NotFound, OwnNomination, NotYourStep, AnswerFinal."""
    consultation = db.session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFound
    permission = Permission.NOMINATIONS_CONSULTATION_LINK
    _to_ask(actor, consultation.nomination_id, permission)
    if consultation.status is not C.ASKED:
        raise AnswerFinal
    token = secrets.token_urlsafe(32)
    consultation.token_hash = _hash(token)
    audit.record(actor, consultation, "link")
    db.session.flush()
    return NewLink(token)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def list_mine(actor: Actor, page: PageRequest) -> Page[Consultation]:
    """What waits for the actor's answer, or that of their department, the most urgent first."""
    permission = Permission.NOMINATIONS_CONSULTATION_ANSWER
    departments = actor.scope_ids(permission, ScopeKind.CHANNEL)
    query = select(Consultation).where(
        Consultation.status == C.ASKED,
        or_(
            Consultation.consultant_id == actor.id,
            Consultation.department_id.in_(departments),
        ),
    )
    return paginate(query, page, by=[Consultation.due_on, Consultation.id])


def look(actor: Actor, consultation_id: UUID) -> Question:
    """What a department needs to know, for its consultant; written down. Raises NotFound."""
    consultation = db.session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFound
    policies.check_may_answer(actor, consultation)
    return _seen(actor, consultation)


def look_by_link(actor: Actor, token: str) -> Question:
    """The same for whoever holds the link, until it is answered. Raises NotFound."""
    consultation = _by_token(token)
    if consultation.status is not C.ASKED:
        raise NotFound
    return _seen(actor, consultation)


def _seen(actor: Actor, consultation: Consultation) -> Question:
    audit.record(actor, consultation, "view")
    return Question(consultation, cases.find(consultation.nomination_id))


def _by_token(token: str) -> Consultation:
    query = select(Consultation).where(Consultation.token_hash == _hash(token))
    consultation = db.session.scalar(query)
    if consultation is None:
        raise NotFound
    return consultation


def answer(actor: Actor, consultation_id: UUID, *, opinion: str, is_veto: bool) -> Consultation:
    """Say whether the department objects, and why. The same again gives the first result.

    Raises NotFound, AnswerFinal, WrongState, StageClosed."""
    consultation = db.session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFound
    policies.check_may_answer(actor, consultation)
    return _answer(actor, consultation, opinion=opinion, is_veto=is_veto)


def answer_by_link(actor: Actor, token: str, *, opinion: str, is_veto: bool) -> Consultation:
    """`answer` by whoever holds the link; it is not said to be by somebody signed in."""
    return _answer(actor, _by_token(token), opinion=opinion, is_veto=is_veto, by_link=True)


def _answer(
    actor: Actor, consultation: Consultation, *, opinion: str, is_veto: bool, by_link: bool = False
) -> Consultation:
    """The row of the nomination is held before the answers are counted: of two that come last at
    once, the second sees the first."""
    nomination = cases.hold(consultation.nomination_id)
    campaign = campaigns.share(nomination.campaign_id)
    db.session.refresh(consultation)
    if consultation.status is not C.ASKED:
        if (consultation.opinion, consultation.is_veto) == (opinion, is_veto):
            return consultation
        raise AnswerFinal
    campaigns.check_stage(campaign, "consult")
    if nomination.status is not NominationStatus.CITY_SHORTLISTED:
        raise WrongState(state=nomination.status.value, verb="answer")
    audit.perform(
        actor,
        consultation,
        "answer",
        to=C.VETOED if is_veto else C.AGREED,
        opinion=opinion,
        answered_by=None if by_link else actor.person_id,
        answered_at=clock.now(),
    )
    if is_veto:
        _stop(actor, consultation, nomination, by_link=by_link)
    else:
        admissions.settle(actor, nomination, campaign)
    return consultation


def _stop(
    actor: Actor, consultation: Consultation, nomination: Nomination, *, by_link: bool
) -> None:
    """A veto: insiders read the department's words, the nominator a plain sentence."""
    department = consultation.department
    said = f"{department.name}：{consultation.opinion}"
    ladder.write(actor, nomination, Verdict.REJECT, said, step=Step.CONSULTATION, by_nobody=by_link)
    audit.perform(
        actor,
        nomination,
        "reject",
        reason=f"veto:{department.code}",
        decision_note=VETOED_NOTE,
    )
    nominators.tell(
        nomination, "nomination_progress", consultation.id, status="未通过", note=VETOED_NOTE
    )


def to_remind() -> list[UUID]:
    """Consultations that should have been answered before today."""
    today = clock.today()
    if not holidays.workdays().is_workday(today):
        return []
    query = (
        select(Consultation.id)
        .join(Nomination, Nomination.id == Consultation.nomination_id)
        .join(Campaign, Campaign.id == Nomination.campaign_id)
        .where(
            Consultation.status == C.ASKED,
            Consultation.due_on < today,
            Nomination.status == NominationStatus.CITY_SHORTLISTED,
            Campaign.status.in_(STAGES["consult"]),
        )
    )
    return list(db.session.scalars(query))


def remind(consultation_id: UUID) -> None:
    """Tell those who may answer, once a week; where the department has no account, who asked it.
    Done by a job."""
    consultation = db.session.get_one(Consultation, consultation_id)
    if consultation.status is not C.ASKED:
        return
    week = clock.today().isocalendar()
    cause = uuid5(consultation_id, f"{week.year}-{week.week}")
    nomination = cases.find(consultation.nomination_id)
    if not _tell(consultation, nomination, "consultation_overdue", cause):
        _tell_one(consultation.opened_by, consultation, nomination, "consultation_overdue", cause)


def _tell(
    consultation: Consultation, nomination: Nomination, template: str, cause: UUID
) -> list[UUID]:
    """Tell everybody with an account who may answer; gives them."""
    told = set(roles.holders(Role.CONSULTANT, ScopeKind.CHANNEL, consultation.department_id))
    if consultation.consultant_id is not None:
        told = {consultation.consultant_id}
    for person_id in sorted(told):
        _tell_one(person_id, consultation, nomination, template, cause)
    return sorted(told)


def _tell_one(
    person_id: UUID,
    consultation: Consultation,
    nomination: Nomination,
    template: str,
    cause: UUID,
) -> None:
    nominators.tell_people(
        [person_id],
        nomination,
        template,
        cause,
        department=consultation.department.name,
        until=consultation.due_on.isoformat(),
    )
