"""Visits to honoured people: planned by the calendar and by staff, reminded of, written down."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission, Role
from accounts.policies import under_sites
from accounts.services import roles
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_all_absent
from core.deferred import Deferred
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.lifecycles import CareStatus, HonorStatus
from nominations.models.care_visits import CareOccasion, CareVisit
from nominations.models.honors import Honor, HonorLevel, with_holder
from nominations.services import nominators

lunar_python = Deferred("lunar_python")

FIRST_FOLLOW_UP = timedelta(days=182)
REMINDED_BEFORE = timedelta(days=7)
"""Ours: half a year to the first follow-up, a week's notice of any visit."""

FESTIVALS = {CareOccasion.SPRING_FESTIVAL: (1, 1), CareOccasion.MID_AUTUMN: (8, 15)}
"""Month and day of the Chinese calendar."""

FESTIVAL_VISIT_BEFORE = timedelta(days=5)
PLANNED_AHEAD = timedelta(days=45)
"""Both ours."""


def plan(actor: Actor, honor: Honor, *, occasion: CareOccasion, planned_on: date) -> CareVisit:
    """A visit; the caller knows that the actor may. The same again is the first one.

    Raises InvalidInput for a day that is past."""
    if planned_on < clock.today():
        raise InvalidInput.at("planned_on", "计划日期不能早于今天")
    _add([honor.id], occasion, planned_on, by=actor.person_id)
    visit = db.session.scalars(
        _query().where(
            CareVisit.honor_id == honor.id,
            CareVisit.occasion == occasion,
            CareVisit.planned_on == planned_on,
        )
    ).one()
    audit.record(actor, visit, "plan")
    return visit


def plan_follow_up(honor: Honor) -> None:
    """The first follow-up of a new honour."""
    _add([honor.id], CareOccasion.FOLLOW_UP, honor.granted_on + FIRST_FOLLOW_UP, by=None)


def plan_festivals() -> int:
    """Plan the visits of a festival that is near, one an honoured case; gives their number."""
    today, planned = clock.today(), 0
    latest = today + PLANNED_AHEAD
    years = {today.year, (latest + FESTIVAL_VISIT_BEFORE).year}
    for occasion, year in product(FESTIVALS, sorted(years)):
        visit_on = day_of_festival(occasion, year) - FESTIVAL_VISIT_BEFORE
        if today <= visit_on <= latest:
            planned += _plan_for_all(occasion, visit_on)
    return planned


def day_of_festival(occasion: CareOccasion, year: int) -> date:
    """The day of a festival of the Chinese year that begins in `year`."""
    month, day = FESTIVALS[occasion]
    solar = lunar_python.Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _plan_for_all(occasion: CareOccasion, visit_on: date) -> int:
    """A visit to everybody on the city's roll who has none of this day; gives their number. Who
    was honoured before this system, years ago, is visited where staff plan it."""
    missing = db.session.scalars(
        select(Honor.id)
        .where(
            Honor.status == HonorStatus.GRANTED,
            Honor.nomination_id.is_not(None),
            Honor.level == HonorLevel.CITY,
            ~exists().where(
                CareVisit.honor_id == Honor.id,
                CareVisit.occasion == occasion,
                CareVisit.planned_on == visit_on,
            ),
        )
        .order_by(Honor.id)
    ).all()
    _add(missing, occasion, visit_on, by=None)
    return len(missing)


def _add(
    honor_ids: Sequence[UUID], occasion: CareOccasion, planned_on: date, *, by: UUID | None
) -> None:
    insert_all_absent(
        CareVisit,
        [
            {
                "id": new_id(),
                "honor_id": honor_id,
                "occasion": occasion,
                "planned_on": planned_on,
                "status": CareStatus.PLANNED,
                "created_by": by,
                "created_at": clock.now(),
            }
            for honor_id in honor_ids
        ],
    )


def complete(
    actor: Actor, visit_id: UUID, *, done_on: date, visitors: str, notes: str
) -> CareVisit:
    """Write a visit down; after a follow-up the next one is planned a year on.

    Raises NotFound, WrongState, InvalidInput for a day to come."""
    visit = _held(actor, Permission.NOMINATIONS_CARE_VISIT_COMPLETE, visit_id)
    if done_on > clock.today():
        raise InvalidInput.at("done_on", "不能晚于今天")
    visit.notes = notes
    audit.perform(actor, visit, "complete", visitors=visitors, done_on=done_on, done_by=actor.id)
    if visit.occasion is CareOccasion.FOLLOW_UP and visit.honor.status is HonorStatus.GRANTED:
        _add([visit.honor_id], CareOccasion.FOLLOW_UP, a_year_after(done_on), by=None)
    return visit


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February gives 28 February."""
    if (day.month, day.day) == (2, 29) and not isleap(day.year + 1):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def cancel(actor: Actor, visit_id: UUID, *, reason: str) -> CareVisit:
    """Raises NotFound, WrongState."""
    visit = _held(actor, Permission.NOMINATIONS_CARE_VISIT_CANCEL, visit_id)
    audit.perform(actor, visit, "cancel", reason=reason)
    return visit


def cancel_all(actor: Actor, honor: Honor) -> None:
    """Nobody visits for an honour that was revoked."""
    query = _query().where(CareVisit.honor_id == honor.id, CareVisit.status == CareStatus.PLANNED)
    for visit in db.session.scalars(query).all():
        audit.perform(actor, visit, "cancel")


def to_remind() -> list[UUID]:
    """Planned visits of the coming week, or overdue ones, of which nobody was reminded this
    week."""
    today = clock.today()
    query = select(CareVisit.id).where(
        CareVisit.status == CareStatus.PLANNED,
        CareVisit.planned_on <= today + REMINDED_BEFORE,
        or_(CareVisit.reminded_on.is_(None), CareVisit.reminded_on <= today - REMINDED_BEFORE),
    )
    return list(db.session.scalars(query.order_by(CareVisit.planned_on, CareVisit.id)))


def remind(visit_id: UUID) -> None:
    """Tell the staff of the place; twice on a day is once."""
    visit = db.session.scalar(_query().where(CareVisit.id == visit_id))
    if visit is None or visit.status is not CareStatus.PLANNED:
        return
    if visit.reminded_on is not None and visit.reminded_on > clock.today() - REMINDED_BEFORE:
        return
    visit.reminded_on = clock.today()
    db.session.flush()
    honor, values = visit.honor, {"day": visit.planned_on.isoformat()}
    staff = roles.holders_at(Role.SITE_STAFF, honor.site)
    nominators.tell_of_honor(staff, honor, "care_visit_due", new_id(), **values)


def list_within(
    actor: Actor, page: PageRequest, *, status: CareStatus = CareStatus.PLANNED
) -> Page[CareVisit]:
    """Visits of a state at the actor's sites, the next first."""
    query = (
        _query()
        .join(Honor, Honor.id == CareVisit.honor_id)
        .join(Site, Site.id == Honor.site_id)
        .where(
            CareVisit.status == status,
            under_sites(actor, Permission.NOMINATIONS_CARE_VISIT_VIEW),
        )
    )
    return paginate(query, page, by=[CareVisit.planned_on, CareVisit.id])


def _held(actor: Actor, permission: Permission, visit_id: UUID) -> CareVisit:
    visit = db.session.scalar(
        _query()
        .where(CareVisit.id == visit_id)
        .with_for_update(of=CareVisit, key_share=True)
        .execution_options(populate_existing=True)
    )
    if visit is None:
        raise NotFound
    policies.check_over_site(actor, permission, visit.honor.site.path)
    return visit


def _query() -> Select[CareVisit]:
    return select(CareVisit).options(
        joinedload(CareVisit.honor, innerjoin=True).options(*with_holder())
    )
