"""Disputes (申诉): one call by the person concerned, judged by somebody who did not make the
record, answered in words, and where it is upheld the ledger is corrected.

An organizer of the organisation handles them, or staff over its site; disputes about a sanction
are for staff alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission, Role
from accounts.policies import under_sites
from accounts.services import messages, persons, roles
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_if_absent, lock_exclusively
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.errors import DisputeNotIndependent, OwnDispute
from volunteer.lifecycles import DisputeStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.attendance_changes import AttendanceChange
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import Backfill
from volunteer.models.disputes import Dispute, DisputeAbout
from volunteer.models.hours import HoursEntry, SourceType
from volunteer.models.projects import Project
from volunteer.models.reviews import Review
from volunteer.models.sanctions import Sanction
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import (
    absences,
    disputed_minutes,
    entries,
    holidays,
    sanctions,
    settlements,
    shifts,
)
from volunteer.services.disputed_minutes import Correction
from volunteer.services.entries import Source

Row = TypeVar("Row")

WORKING_DAYS = 10
"""As long as records and reviews have (decree 67, art. 11)."""
CHASED_FOR = timedelta(days=60)

WITH_MINUTES = (DisputeAbout.ENTRY, DisputeAbout.ATTENDANCE)
"""What an upheld dispute can give another number of minutes."""


NAMES = {
    DisputeAbout.ENTRY: "服务时长",
    DisputeAbout.ATTENDANCE: "签到记录",
    DisputeAbout.SIGNUP: "报名记录",
    DisputeAbout.ACTIVITY: "活动",
    DisputeAbout.SANCTION: "补记限制",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dispute is about: whose it is, where, and who made it."""

    organization_id: UUID
    site_id: UUID
    people: frozenset[UUID]
    """Those whom it concerns."""
    makers: frozenset[UUID]
    """Those who recorded or decided it: they do not judge it."""


def open(actor: Actor, *, about_type: DisputeAbout, about_id: UUID, reason: str) -> Dispute:  # noqa: A001 - the verb's name
    """Say that a record of oneself is not so. A repeat gives the one that is open.

    Raises NotFound for what is not there or does not concern the actor."""
    subject = _subject(about_type, about_id)
    if actor.id not in subject.people and not _took_part(actor, about_type, about_id):
        raise NotFound
    is_new = insert_if_absent(
        Dispute,
        id=new_id(),
        about_type=about_type,
        about_id=about_id,
        person_id=actor.id,
        organization_id=subject.organization_id,
        site_id=subject.site_id,
        reason=reason,
        status=DisputeStatus.OPEN,
        opened_at=clock.now(),
    )
    dispute = db.session.scalars(
        _query().where(
            Dispute.person_id == actor.id,
            Dispute.about_type == about_type,
            Dispute.about_id == about_id,
            Dispute.status == DisputeStatus.OPEN,
        )
    ).one()
    if is_new:
        audit.record(actor, dispute, "open", to_status=dispute.status.value)
        _tell_judges(dispute, subject)
    return dispute


def open_on_behalf(
    actor: Actor,
    person_id: UUID,
    *,
    id_number: str,
    about_type: DisputeAbout,
    about_id: UUID,
    reason: str,
) -> Dispute:
    """The same for somebody at a counter with their identity card, who is told.

    Raises NotFound, IdNumberMismatch, OwnDispute."""
    person = persons.get_by_card(person_id, id_number)
    policies.refuse_if_self(actor, person.id, OwnDispute)
    dispute = open(Actor(person.id), about_type=about_type, about_id=about_id, reason=reason)
    audit.record(actor, dispute, "open_on_behalf")
    messages.tell(person.id, "disputed_on_behalf", dispute.id, about=NAMES[about_type])
    return dispute


def _tell_judges(dispute: Dispute, subject: Subject) -> None:
    """Tell the organizers who may judge it; if there are none, the staff of the site."""
    organizers = roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, dispute.organization_id)
    judges = organizers.keys() - subject.makers - {dispute.person_id}
    if dispute.about_type is DisputeAbout.SANCTION or not judges:
        staff = roles.holders_at(Role.SITE_STAFF, dispute.site)
        judges = set(staff) - subject.makers - {dispute.person_id}
    about = NAMES[dispute.about_type]
    for person_id in sorted(judges):
        messages.tell(person_id, "dispute_opened", dispute.id, about=about)


def to_chase() -> list[UUID]:
    """Disputes that nobody has answered within ten working days."""
    at, today, calendar = clock.now(), clock.today(), holidays.workdays()
    query = select(Dispute.id, Dispute.opened_at).where(
        Dispute.status == DisputeStatus.OPEN, Dispute.opened_at > at - CHASED_FOR
    )
    return [
        dispute_id
        for dispute_id, opened_at in db.session.execute(query.order_by(Dispute.id))
        if calendar.between(clock.day_of(opened_at), today) > WORKING_DAYS
    ]


def chase(dispute_id: UUID) -> None:
    """Tell the staff of the site, once, of a dispute that waits too long; done by a job."""
    dispute = db.session.scalars(_query().where(Dispute.id == dispute_id)).one()
    if dispute.status is not DisputeStatus.OPEN:
        return
    cause = uuid5(dispute.id, "overdue")
    for person_id in roles.holders_at(Role.SITE_STAFF, dispute.site):
        if person_id != dispute.person_id:
            messages.tell(person_id, "dispute_overdue", cause, about=NAMES[dispute.about_type])


def _took_part(actor: Actor, about_type: DisputeAbout, activity_id: UUID) -> bool:
    """Whether the actor signed up for the activity, or was there."""
    if about_type is not DisputeAbout.ACTIVITY:
        return False
    of_activity = select(Shift.id).where(Shift.activity_id == activity_id).scalar_subquery()
    signed_up = exists().where(Signup.person_id == actor.id, Signup.shift_id.in_(of_activity))
    was_there = exists().where(
        Attendance.person_id == actor.id, Attendance.shift_id.in_(of_activity)
    )
    return bool(db.session.scalar(select(or_(signed_up, was_there))))


def _subject(about_type: DisputeAbout, about_id: UUID) -> Subject:
    """Raises NotFound."""
    match about_type:
        case DisputeAbout.ENTRY:
            return _entry(_get(HoursEntry, about_id))
        case DisputeAbout.ATTENDANCE:
            return _attendance(_get(Attendance, about_id))
        case DisputeAbout.SIGNUP:
            signup = _get(Signup, about_id)
            project = shifts.load(signup.shift_id).activity.project
            return _of(project, {signup.person_id}, {signup.created_by, signup.decided_by})
        case DisputeAbout.ACTIVITY:
            activity = _get(Activity, about_id)
            project = db.session.get_one(Project, activity.project_id)
            return _of(project, set(), {activity.leader_id})
        case DisputeAbout.SANCTION:
            sanction = _get(Sanction, about_id)
            backfill = db.session.get_one(Backfill, sanction.backfill_id)
            return Subject(
                backfill.organization_id,
                backfill.site_id,
                frozenset({sanction.person_id}),
                frozenset({sanction.imposed_by}),
            )


def _get(model: type[Row], about_id: UUID) -> Row:
    found = db.session.get(model, about_id)
    if found is None:
        raise NotFound
    return found


def _of(project: Project, people: set[UUID], makers: set[UUID | None]) -> Subject:
    return Subject(
        project.organization_id,
        project.site_id,
        frozenset(people),
        frozenset(maker for maker in makers if maker is not None),
    )


def _entry(entry: HoursEntry) -> Subject:
    root = _root_of(entry)
    makers: set[UUID | None] = {entry.created_by, root.created_by}
    if root.source_type is SourceType.BACKFILL:
        backfill = db.session.get_one(Backfill, root.source_id)
        makers |= {backfill.claimed_by, backfill.decided_by}
    elif root.source_type is SourceType.ATTENDANCE:
        makers |= _makers_of(db.session.get_one(Attendance, root.source_id))
    return Subject(
        entry.organization_id,
        entry.site_id,
        frozenset({entry.person_id}),
        frozenset(maker for maker in makers if maker is not None),
    )


def _root_of(entry: HoursEntry) -> HoursEntry:
    """The earned entry that this one is or corrects."""
    return entry if entry.corrects_id is None else db.session.get_one(HoursEntry, entry.corrects_id)


def _attendance(attendance: Attendance) -> Subject:
    project = shifts.load(attendance.shift_id).activity.project
    return _of(project, {attendance.person_id}, _makers_of(attendance))


def _makers_of(attendance: Attendance) -> set[UUID | None]:
    """Who wrote it down or confirmed its end, who corrected it, who reviewed its minutes."""
    of_it = Review.attendance_id == attendance.id
    corrected = AttendanceChange.attendance_id == attendance.id
    return {
        attendance.created_by,
        attendance.confirmed_by,
        *db.session.scalars(select(Review.decided_by).where(of_it)),
        *db.session.scalars(select(AttendanceChange.changed_by).where(corrected)),
    }


def uphold(
    actor: Actor,
    dispute_id: UUID,
    *,
    answer: str,
    minutes: int | None = None,
    corrections: Sequence[Correction] = (),
) -> Dispute:
    """Say that the person is right. For an entry or an attendance `minutes` is what it amounts
    to from now on, also where a check-out was missed and nobody has said when the person left;
    for an activity `corrections` say it of the attendances that change; a missing record of
    attendance is excused, a sanction is lifted.

    Raises NotFound, OwnDispute, DisputeNotIndependent, InvalidInput for minutes that are missing
    or more than the shift and the time there, or for attendances that are not of the activity,
    HigherTierNeeded where the day passes a tier, WrongState."""
    dispute = _to_decide(actor, Permission.VOLUNTEER_DISPUTE_UPHOLD, dispute_id)
    if (minutes is not None) != (dispute.about_type in WITH_MINUTES):
        wants = "请填写应计的分钟数" if minutes is None else "这项申诉不涉及分钟数"
        raise InvalidInput.at("minutes", wants)
    concerned = disputed_minutes.people_of(actor, dispute, corrections)
    for person_id in sorted({dispute.person_id, *concerned}):
        lock_exclusively(f"person:{person_id}")
    target = None if minutes is None else _target(dispute)
    if target is not None and minutes is not None:
        disputed_minutes.check(actor, dispute.site, dispute.person_id, target, minutes)
    _decide(actor, dispute, "uphold", "成立", answer, minutes=minutes)
    disputed_minutes.correct(actor, dispute, corrections)
    source = Source(SourceType.DISPUTE, dispute.id)
    if isinstance(target, Attendance):
        disputed_minutes.end(actor, target, minutes=minutes or 0, reason=answer)
        settlements.fix(actor, target, minutes=minutes or 0, source=source, reason=answer)
    elif target is not None:
        entries.correct(actor, target, minutes=minutes or 0, source=source, reason=answer)
    elif dispute.about_type is DisputeAbout.SIGNUP:
        _excuse(actor, dispute)
    elif dispute.about_type is DisputeAbout.SANCTION:
        sanctions.lift(actor, db.session.get_one(Sanction, dispute.about_id), reason=answer)
    return dispute


def _excuse(actor: Actor, dispute: Dispute) -> None:
    """Take a missing record off; of any other sign-up the answer is all that can be said."""
    signup = db.session.get_one(Signup, dispute.about_id)
    if signup.status is SignupStatus.NO_RECORD:
        absences.excuse(actor, signup.id, reason=dispute.answer or "")


def dismiss(actor: Actor, dispute_id: UUID, *, answer: str) -> Dispute:
    """Say why the record stands.

    Raises NotFound, OwnDispute, DisputeNotIndependent, WrongState."""
    dispute = _to_decide(actor, Permission.VOLUNTEER_DISPUTE_DISMISS, dispute_id)
    _decide(actor, dispute, "dismiss", "不成立", answer)
    return dispute


def _to_decide(actor: Actor, permission: Permission, dispute_id: UUID) -> Dispute:
    dispute = db.session.scalar(_query().where(Dispute.id == dispute_id))
    if dispute is None:
        raise NotFound
    if not actor.holds_over_site(permission, dispute.site.path):
        if dispute.about_type is DisputeAbout.SANCTION:
            raise NotFound
        policies.require_over_organization(actor, permission, dispute.organization_id)
    policies.refuse_if_self(actor, dispute.person_id, OwnDispute)
    if actor.person_id in _subject(dispute.about_type, dispute.about_id).makers:
        raise DisputeNotIndependent
    return dispute


def _decide(
    actor: Actor,
    dispute: Dispute,
    verb: str,
    status: str,
    answer: str,
    *,
    minutes: int | None = None,
) -> None:
    audit.perform(
        actor,
        dispute,
        verb,
        decided_by=actor.id,
        decided_at=clock.now(),
        answer=answer,
        minutes=minutes,
    )
    messages.tell(dispute.person_id, "dispute_decided", dispute.id, status=status, note=answer)


def _target(dispute: Dispute) -> Attendance | HoursEntry:
    """Whose minutes are disputed: those of an attendance, or of the entry of a backfill or of an
    imported record."""
    attendance_id = dispute.about_id
    if dispute.about_type is DisputeAbout.ENTRY:
        root = _root_of(db.session.get_one(HoursEntry, dispute.about_id))
        if root.source_type is not SourceType.ATTENDANCE:
            return root
        attendance_id = root.source_id
    return db.session.get_one(Attendance, attendance_id, populate_existing=True)


def _query() -> Select[Dispute]:
    return select(Dispute).options(
        joinedload(Dispute.person, innerjoin=True), joinedload(Dispute.site, innerjoin=True)
    )


def list_own(actor: Actor, page: PageRequest) -> Page[Dispute]:
    """The actor's disputes, newest first."""
    return paginate(
        _query().where(Dispute.person_id == actor.id), page, by=[Dispute.id], descending=True
    )


def list_open(actor: Actor, page: PageRequest) -> Page[Dispute]:
    """Open disputes that the actor may judge by their role, oldest first."""
    permission = Permission.VOLUNTEER_DISPUTE_REVIEW
    own = actor.scope_ids(permission, ScopeKind.ORGANIZATION)
    query = (
        _query()
        .join(Dispute.site)
        .where(
            Dispute.status == DisputeStatus.OPEN,
            or_(
                Dispute.organization_id.in_(own) & (Dispute.about_type != DisputeAbout.SANCTION),
                under_sites(actor, permission),
            ),
        )
    )
    return paginate(query, page, by=[Dispute.id])
