"""Who may take part in an activity: age, guardian's consent, qualification, membership.

Signing up asks in passing whether there is anything to ask at all (`IS_OPEN`): an adult in an
activity open to everybody, which is the crowd of a Saturday morning, costs no question more.
"""

from datetime import date, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, exists, literal_column, or_, select

from accounts.identity import age_on
from accounts.models.persons import Person
from accounts.services import guardians, persons
from accounts.services.persons import ADULT_AGE
from core import clock
from core.db import db
from volunteer.errors import (
    AdultsOnly,
    AgeUnsuitable,
    GuardianConsentRequired,
    MembersOnly,
    QualificationRequired,
)
from volunteer.models.activities import Activity, RiskLevel
from volunteer.models.projects import Project
from volunteer.models.qualifications import Qualification, QualificationKind
from volunteer.models.shifts import Shift
from volunteer.services import memberships

_activities = cast(Table, Activity.__table__)
_persons = cast(Table, Person.__table__)

SURELY_ADULT = timedelta(days=ADULT_AGE * 366)
"""Whoever is older is an adult; about the few who are only just of age it is asked exactly."""

IS_OPEN = and_(
    _activities.c.min_age.is_(None),
    _activities.c.max_age.is_(None),
    _activities.c.qualification_code.is_(None),
    ~_activities.c.is_for_members,
    _activities.c.risk_level != literal_column(f"'{RiskLevel.DANGEROUS.value}'"),
    exists().where(
        _persons.c.id == bindparam("the_person"),
        or_(_persons.c.born_on.is_(None), _persons.c.born_on <= bindparam("adult_since")),
    ),
)
"""Whether `require` has nothing to ask of `the_person`; `adult_since` is `SURELY_ADULT` ago."""


def require(person_id: UUID, shift_id: UUID) -> None:
    """Whether the person may take part, on the day of the shift.

    Raises AgeUnsuitable, AdultsOnly, GuardianConsentRequired (Henan art. 8),
    QualificationRequired, MembersOnly."""
    shift = db.session.get_one(Shift, shift_id)
    terms = db.session.get_one(Activity, shift.activity_id)
    day = clock.day_of(shift.starts_at)
    born_on = persons.get(person_id).born_on
    age = None if born_on is None else age_on(born_on, day)
    if terms.risk_level is RiskLevel.DANGEROUS and (age is None or age < ADULT_AGE):
        raise AdultsOnly
    if terms.min_age is not None or terms.max_age is not None:
        _require_age(age, terms)
    if age is not None and age < ADULT_AGE and not guardians.has_consented(person_id):
        raise GuardianConsentRequired
    if terms.qualification_code is not None:
        _require_qualification(person_id, terms.qualification_code, day)
    if terms.is_for_members:
        _require_membership(person_id, terms.project_id)


def _require_age(age: int | None, terms: Activity) -> None:
    youngest, oldest = terms.min_age, terms.max_age
    if age is None or (youngest or 0) > age or (oldest is not None and age > oldest):
        wanted = [f"年满 {youngest} 周岁"] if youngest else []
        wanted += [f"不超过 {oldest} 周岁"] if oldest is not None else []
        raise AgeUnsuitable(
            f"这项活动要求活动当天{'、'.join(wanted)}", min_age=youngest, max_age=oldest
        )


def _require_qualification(person_id: UUID, code: str, day: date) -> None:
    is_held = select(Qualification.id).where(
        Qualification.person_id == person_id,
        Qualification.code == code,
        Qualification.valid_from <= day,
        or_(Qualification.valid_until.is_(None), Qualification.valid_until >= day),
    )
    if db.session.scalar(is_held.limit(1)) is None:
        name = db.session.get_one(QualificationKind, code).name
        raise QualificationRequired(
            f"这项活动要求活动当天持有“{name}”资质，请先登记您的证书", qualification=code
        )


def _require_membership(person_id: UUID, project_id: UUID) -> None:
    organization_id = db.session.scalars(
        select(Project.organization_id).where(Project.id == project_id)
    ).one()
    if not memberships.is_member(person_id, organization_id):
        raise MembersOnly(organization_id=str(organization_id))
