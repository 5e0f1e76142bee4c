"""Objections: taken from anybody who is signed in or writes, calls or comes; accepted or not by
somebody who had no part in the case; answered by the nominee's side.

Who objects is known to the handlers alone. An anonymous objection by the mini-program is known to
nobody: neither the row nor the log names a person (`objector_index` only counts).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.permissions import Permission, Role
from accounts.services import messages, roles, sites
from core import audit, clock
from core.actor import ANONYMOUS, Actor
from core.crypto import vault
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.workdays import DAY
from nominations import policies
from nominations.errors import HandlerNotIndependent, ObjectionClosed, ObjectionTooMany
from nominations.lifecycles import (
    SCREENING,
    SELECTED,
    NominationStatus,
    NoticeStatus,
    ObjectionChannel,
    ObjectionStatus,
)
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.notices import Notice, NoticeEntry
from nominations.models.objections import Objection
from nominations.services import campaign_log, nominators, notice_days, notices

MAX_OF_ONE_PERSON = 5
"""For one notice, by the mini-program, named and anonymous together."""

OPEN_TO_OBJECTIONS = (NominationStatus.CANDIDATE, *SELECTED)
TOLD_TO_NOMINEE = (
    ObjectionStatus.ACCEPTED,
    ObjectionStatus.UPHELD,
    ObjectionStatus.DISMISSED,
)


def file(
    actor: Actor,
    notice_id: UUID,
    *,
    nomination_id: UUID,
    text: str,
    is_anonymous: bool,
    contact: str | None = None,
) -> Objection:
    """Object to a nominee, within their days or later: late ones are examined too.

    Raises NotFound, InvalidInput, WrongState for a notice that was withdrawn, ObjectionClosed,
    ObjectionTooMany."""
    if is_anonymous and contact is not None:
        raise InvalidInput.at("contact", "匿名提出时请不要填写联系方式")
    notice = notices.take(notice_id)
    entry = _open_entry(notice, nomination_id)
    index = _objector_index(actor.id, notice.id)
    of_person = select(func.count()).where(Objection.objector_index == index)
    if db.session.execute(of_person).scalar_one() >= MAX_OF_ONE_PERSON:
        raise ObjectionTooMany
    objection = Objection(
        channel=ObjectionChannel.APP,
        is_anonymous=is_anonymous,
        objector_id=None if is_anonymous else actor.id,
        objector_index=index,
    )
    by = ANONYMOUS if is_anonymous else actor
    return _store(by, objection, entry, text=text, contact=contact, at=clock.now())


def enter(
    actor: Actor,
    notice_id: UUID,
    *,
    nomination_id: UUID,
    channel: ObjectionChannel,
    received_at: datetime,
    text: str,
    contact: str | None = None,
) -> Objection:
    """Write down an objection that came by telephone, by letter or at the counter; without a
    `contact` it is anonymous. In time is what was received in time.

    Raises NotFound, InvalidInput, WrongState, ObjectionClosed."""
    policies.check_over_site(actor, Permission.NOMINATIONS_OBJECTION_ENTER, sites.root().path)
    notice = notices.take(notice_id)
    entry = _open_entry(notice, nomination_id)
    if channel is ObjectionChannel.APP:
        raise InvalidInput.at("channel", "请选择电话、来信或来访")
    if not (notice.opened_at and notice.opened_at <= received_at <= clock.now()):
        raise InvalidInput.at("received_at", "收到时间应在公示开始之后、现在之前")
    objection = Objection(channel=channel, is_anonymous=contact is None, entered_by=actor.id)
    return _store(actor, objection, entry, text=text, contact=contact, at=received_at)


def _open_entry(notice: Notice, nomination_id: UUID) -> NoticeEntry:
    """The nominee's place in a notice that people can read. Raises NotFound, WrongState,
    ObjectionClosed."""
    entry = db.session.get(NoticeEntry, (notice.id, nomination_id), populate_existing=True)
    nomination = db.session.get(Nomination, nomination_id, populate_existing=True)
    if notice.opened_at is None or entry is None or nomination is None or nomination.is_withheld:
        raise NotFound
    if notice.status is NoticeStatus.WITHDRAWN:
        raise WrongState(state=notice.status.value, verb="file")
    if nomination.status not in OPEN_TO_OBJECTIONS:
        raise ObjectionClosed
    return entry


def _objector_index(person_id: UUID, notice_id: UUID) -> bytes:
    return vault().index.digest(f"{person_id}:{notice_id}", purpose="objector")


def _store(
    by: Actor,
    objection: Objection,
    entry: NoticeEntry,
    *,
    text: str,
    contact: str | None,
    at: datetime,
) -> Objection:
    objection.id = new_id()
    objection.notice_id, objection.nomination_id = entry.notice_id, entry.nomination_id
    objection.status, objection.filed_at = ObjectionStatus.FILED, at
    stands_still = entry.suspended_on is not None
    objection.is_in_time = stands_still or at < clock.start_of(entry.closes_on + DAY)
    objection.text, objection.contact = text, contact
    db.session.add(objection)
    db.session.flush()
    audit.record(by, objection, "file", to_status=objection.status)
    tell_handlers(objection, status="收到异议")
    return objection


def accept(actor: Actor, objection_id: UUID, *, substance: str) -> Objection:
    """Look into an objection. `substance` says to the nominee's side what is objected, without
    the objector. A nominee on notice stands still from now on.

    Raises NotFound, HandlerNotIndependent, WrongState."""
    objection = to_handle(actor, Permission.NOMINATIONS_OBJECTION_ACCEPT, objection_id)
    sealed = Objection(id=objection.id, substance=substance).substance_cipher
    audit.perform(actor, objection, "accept", substance_cipher=sealed)
    nomination = nominee_of(objection)
    if nomination.status is NominationStatus.ON_NOTICE:
        notice_days.suspend(actor, nomination)
    nominators.tell(nomination, "objection_to_answer", objection.id)
    return objection


def not_accept(actor: Actor, objection_id: UUID, *, reason: str) -> Objection:
    """Say why an objection is not looked into; the nominee's days run on. Raises as `accept`."""
    objection = to_handle(actor, Permission.NOMINATIONS_OBJECTION_NOT_ACCEPT, objection_id)
    decide(actor, objection, "not_accept", "不予受理", reason)
    return objection


def decide(actor: Actor, objection: Objection, verb: str, status: str, reason: str) -> None:
    """End an objection by `verb` and answer the objector, if there is one to answer. Raises
    WrongState."""
    sealed = Objection(id=objection.id, decision=reason).decision_cipher
    audit.perform(
        actor,
        objection,
        verb,
        decision_cipher=sealed,
        decided_by=actor.id,
        decided_at=clock.now(),
    )
    campaign_log.note_objection(objection)
    if objection.objector_id is not None:
        messages.tell(
            objection.objector_id,
            "objection_decided",
            objection.id,
            objection.nomination_id,
            notice=objection.notice.title,
            status=status,
            note=reason,
        )


def answer(actor: Actor, objection_id: UUID, *, text: str) -> Objection:
    """Say the nominee's side of an accepted objection, as a nominator, or as staff of the city on
    the nominee's behalf. Until it is decided the last answer stands.

    Raises NotFound, HandlerNotIndependent, WrongState."""
    objection = _load(objection_id)
    if actor.id not in nominators.of(objection.nomination_id):
        objection = to_handle(actor, Permission.NOMINATIONS_OBJECTION_ANSWER, objection_id)
    elif objection.status not in TOLD_TO_NOMINEE:
        raise NotFound
    notices.take(objection.notice_id)
    db.session.refresh(objection)
    if objection.status is not ObjectionStatus.ACCEPTED:
        raise WrongState(state=objection.status.value, verb="answer")
    objection.answer = text
    objection.answered_at, objection.answered_by = clock.now(), actor.id
    db.session.flush()
    audit.record(actor, objection, "answer")
    tell_handlers(objection, status="已有说明")
    return objection


def get(actor: Actor, objection_id: UUID) -> Objection:
    """Everything about an objection, for a handler. Raises NotFound, HandlerNotIndependent."""
    objection = _load(objection_id)
    _check_handler(actor, Permission.NOMINATIONS_OBJECTION_REVIEW, objection)
    return objection


def list_all(
    actor: Actor,
    page: PageRequest,
    *,
    status: ObjectionStatus | None = None,
    notice: UUID | None = None,
) -> Page[Objection]:
    """What the actor may handle, oldest first. Raises NotFound for whoever is not of the city."""
    policies.check_over_site(actor, Permission.NOMINATIONS_OBJECTION_REVIEW, sites.root().path)
    query = select(Objection).options(*_whole()).where(_is_independent(actor.id))
    if status is not None:
        query = query.where(Objection.status == status)
    if notice is not None:
        query = query.where(Objection.notice_id == notice)
    return paginate(query, page, by=[Objection.filed_at, Objection.id])


def list_mine(actor: Actor, page: PageRequest) -> Page[Objection]:
    """The actor's named objections, newest first; of the anonymous ones nobody knows whose they
    are."""
    query = select(Objection).where(Objection.objector_id == actor.id)
    return paginate(query, page, by=[Objection.id], descending=True)


def list_of_nomination(actor: Actor, nomination_id: UUID) -> list[Objection]:
    """Accepted objections as the nominee's side sees them. Raises NotFound for others."""
    if actor.id not in nominators.of(nomination_id):
        raise NotFound
    query = select(Objection).where(
        Objection.nomination_id == nomination_id, Objection.status.in_(TOLD_TO_NOMINEE)
    )
    return list(db.session.scalars(query.order_by(Objection.id)))


def _whole() -> tuple[Any, ...]:
    """Not before all tables are known: to name a relationship configures them."""
    return (
        joinedload(Objection.notice, innerjoin=True),
        joinedload(Objection.objector),
        selectinload(Objection.verifications),
    )


def to_handle(actor: Actor, permission: Permission, objection_id: UUID) -> Objection:
    """The objection as it is, with all about its notice held, for a handler who had no part in the
    case. Raises NotFound, HandlerNotIndependent."""
    objection = _load(objection_id)
    _check_handler(actor, permission, objection)
    notices.take(objection.notice_id)
    return _load(objection_id)


def nominee_of(objection: Objection) -> Nomination:
    """The nomination as it is."""
    return db.session.get_one(Nomination, objection.nomination_id, populate_existing=True)


def _load(objection_id: UUID) -> Objection:
    query = select(Objection).options(*_whole()).where(Objection.id == objection_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _check_handler(actor: Actor, permission: Permission, objection: Objection) -> None:
    policies.check_over_site(actor, permission, sites.root().path)
    is_independent = exists().where(Objection.id == objection.id, _is_independent(actor.id))
    is_own = objection.objector_index == _objector_index(actor.id, objection.notice_id)
    if is_own or not db.session.scalar(select(is_independent)):
        raise HandlerNotIndependent


def _is_independent(person_id: UUID) -> ColumnElement[bool]:
    """Neither a nominator nor a screener of the case, nor the objector."""
    nominated = exists().where(
        Nominator.nomination_id == Objection.nomination_id, Nominator.person_id == person_id
    )
    screened = exists().where(
        audit.Entry.thing_id == Objection.nomination_id,
        audit.Entry.actor_id == person_id,
        audit.Entry.verb.in_(SCREENING),
    )
    is_another = or_(Objection.objector_id.is_(None), Objection.objector_id != person_id)
    return and_(~nominated, ~screened, is_another)


def tell_handlers(objection: Objection, **values: Any) -> None:
    """Tell those of the city who may handle it."""
    root = sites.root()
    notice = db.session.get_one(Notice, objection.notice_id)
    screeners = select(audit.Entry.actor_id).where(
        audit.Entry.thing_id == objection.nomination_id, audit.Entry.verb.in_(SCREENING)
    )
    partial: set[Any] = {objection.objector_id, *db.session.scalars(screeners)}
    partial |= set(nominators.of(objection.nomination_id))
    able: Iterable[UUID] = {
        person_id
        for role in (Role.REVIEWER, Role.ADMIN)
        for person_id in roles.holders_at(role, root)
    }
    cause = new_id()
    for person_id in sorted(set(able) - partial):
        messages.tell(person_id, "objection_to_handle", cause, notice=notice.title, **values)
