"""A whole city in the database: volunteers, organisations, activities and years of hours.

Written straight into the tables, in bulk, as years of use would have left them: every entry has
its attendance, and the sums by unit and by person follow from the entries. It grows in steps, so
that the same work can be measured beside little and beside much.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, func, insert, select

from accounts.models.persons import Person
from accounts.models.sites import Site
from bench.data import in_transaction, sign_in
from core import clock
from core.db import Base, db
from core.ids import new_id
from volunteer.actions import Action
from volunteer.lifecycles import (
    ActivityStatus,
    AttendanceStatus,
    OrganizationStatus,
    ProjectStatus,
    ShiftStatus,
)
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.hours import (
    EntryKind,
    HoursEntry,
    HoursTotal,
    Ledger,
    SourceType,
    UntalliedHours,
    VolunteerStanding,
)
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift
from volunteer.services.reference import SERVICE_CATEGORIES

VOLUNTEERS = 100_000
ACTIVITIES = 20_000
ENTRIES = 1_000_000
ORGANIZATIONS = 400
UPCOMING_SHARE = 0.1
YEARS = 3
CHUNK = 5_000
MINUTES = (60, 90, 120, 150, 180)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A past shift with all that an entry needs to know of it."""

    activity_id: UUID
    shift_id: UUID
    organization_id: UUID
    site_id: UUID
    action: Action
    starts_at: datetime
    minutes: int
    leader_id: UUID


class City:
    """The rows made so far. `tokens` are sign-ins of volunteers, one each."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._random = random.Random(411000)
        self.tokens: list[str] = []
        self.staff_token = ""
        """Of somebody who reads statistics of the whole city."""
        self._people: list[UUID] = []
        self._shifts: list[Done] = []
        self._taken: set[tuple[int, int]] = set()
        self.entries = 0

    def found(self, *, volunteers: int = VOLUNTEERS, activities: int = ACTIVITIES) -> None:
        """People, organisations with a project each, and activities with a shift each."""
        for _ in range(0, volunteers, CHUNK):
            self.tokens += in_transaction(
                self._app, lambda: sign_in(min(CHUNK, volunteers)), write=True
            )
        self._people = in_transaction(
            self._app, lambda: list(db.session.scalars(select(Person.id))), write=False
        )
        projects = in_transaction(self._app, self._found_organizations, write=True)
        for first in range(0, activities, CHUNK):
            count = min(CHUNK, activities - first)
            in_transaction(self._app, lambda n=count: self._hold(projects, n), write=True)  # type: ignore[misc]

    def _found_organizations(self) -> list[Project]:
        at = clock.now() - timedelta(days=365 * YEARS)
        sites = list(db.session.scalars(select(Site)))
        projects = []
        for n in range(ORGANIZATIONS):
            applicant, staff = self._random.sample(self._people, 2)
            site = self._random.choice(sites)
            decided = {"decided_by": staff, "decided_at": at, "created_at": at}
            organization = Organization(
                id=new_id(),
                name=f"{site.division}第{n + 1}志愿服务队",
                site_id=site.id,
                summary="为居民服务",
                applicant_id=applicant,
                status=OrganizationStatus.APPROVED,
                **decided,
            )
            db.session.add(organization)
            db.session.flush()
            project = Project(
                id=new_id(),
                organization_id=organization.id,
                site_id=site.id,
                action=self._random.choice(list(Action)),
                category_code=self._random.choice(SERVICE_CATEGORIES)[0],
                title="邻里守望",
                summary="每周上门服务",
                created_by=applicant,
                status=ProjectStatus.APPROVED,
                submitted_at=at,
                **decided,
            )
            db.session.add(project)
            projects.append(project)
        db.session.flush()
        return projects

    def _hold(self, projects: list[Project], count: int) -> None:
        at = clock.now()
        activities: list[Row] = []
        shifts: list[Row] = []
        for _ in range(count):
            project = self._random.choice(projects)
            is_past = self._random.random() > UPCOMING_SHARE
            hours = self._random.randrange(1, 24 * 365 * YEARS if is_past else 24 * 60)
            starts_at = at - timedelta(hours=hours) if is_past else at + timedelta(hours=hours)
            minutes = self._random.choice(MINUTES)
            span = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
            activity_id, shift_id = new_id(), new_id()
            activities.append(
                {
                    "id": activity_id,
                    "project_id": project.id,
                    "title": f"{self._random.choice('春夏秋冬')}日{project.title}",
                    "place": "社区党群服务中心",
                    "latitude": 34.0 + self._random.uniform(-0.4, 0.4),
                    "longitude": 113.8 + self._random.uniform(-0.5, 0.5),
                    "leader_id": project.created_by,
                    "status": ActivityStatus.FINISHED if is_past else ActivityStatus.PUBLISHED,
                    "published_at": at,
                    "created_by": project.created_by,
                    "created_at": at,
                    **span,
                }
            )
            closed = {
                "status": ShiftStatus.ROLL_CLOSED if is_past else ShiftStatus.OPEN,
                "begun_at": span["starts_at"] if is_past else None,
                "ended_at": span["ends_at"] if is_past else None,
                "roll_closed_at": span["ends_at"] if is_past else None,
            }
            shifts.append(
                {"id": shift_id, "activity_id": activity_id, "capacity": 60, **span, **closed}
            )
            if is_past:
                self._shifts.append(
                    Done(
                        activity_id,
                        shift_id,
                        project.organization_id,
                        project.site_id,
                        project.action,
                        starts_at,
                        minutes,
                        project.created_by,
                    )
                )
        _store(Activity, activities)
        _store(Shift, shifts)

    def serve(self, entries: int) -> None:
        """Attendances with an entry each until the ledger has that many, and the sums anew."""
        while self.entries < entries:
            count = min(CHUNK, entries - self.entries)
            in_transaction(self._app, lambda n=count: self._enter(n), write=True)  # type: ignore[misc]
        in_transaction(self._app, _sum_up, write=True)

    def enter_untallied(self, count: int) -> None:
        """Entries that no sum holds yet."""

        def work() -> None:
            _store(UntalliedHours, [{"entry_id": i} for i in self._enter(count)])

        in_transaction(self._app, work, write=True)

    def _enter(self, count: int) -> list[UUID]:
        attendances, entries = [], []
        for attendance, entry in self._served(count):
            attendances.append(attendance)
            entries.append(entry)
        _store(Attendance, attendances)
        _store(HoursEntry, entries)
        self.entries += count
        return [entry["id"] for entry in entries]

    def _served(self, count: int) -> Iterator[tuple[Row, Row]]:
        """So many people at shifts, no one twice at the same. Shifts come round in turn; a few
        people serve often and most rarely."""
        for n in range(self.entries, self.entries + count):
            shift = n % len(self._shifts)
            while (pair := (shift, self._someone())) in self._taken:
                pass
            self._taken.add(pair)
            done, person_id = self._shifts[shift], self._people[pair[1]]
            ends_at = done.starts_at + timedelta(minutes=done.minutes)
            attendance_id = new_id()
            yield (
                {
                    "id": attendance_id,
                    "shift_id": done.shift_id,
                    "person_id": person_id,
                    "status": AttendanceStatus.COUNTED,
                    "checked_in_at": done.starts_at,
                    "checked_out_at": ends_at,
                    "planned_minutes": done.minutes,
                    "minutes": done.minutes,
                    "uncounted": [],
                },
                {
                    "id": new_id(),
                    "person_id": person_id,
                    "organization_id": done.organization_id,
                    "activity_id": done.activity_id,
                    "site_id": done.site_id,
                    "action": done.action,
                    "minutes": done.minutes,
                    "kind": EntryKind.EARNED,
                    "ledger": Ledger.VERIFIED,
                    "source_type": SourceType.ATTENDANCE,
                    "source_id": attendance_id,
                    "served_on": clock.day_of(done.starts_at),
                    "created_by": done.leader_id,
                    "created_at": ends_at,
                },
            )

    def _someone(self) -> int:
        rank = int(self._random.expovariate(3.0 / len(self._people)))
        return rank % len(self._people)


def _store(model: type[Base], rows: list[Row]) -> None:
    if rows:
        db.session.connection().execute(insert(model), rows)


def _sum_up() -> None:
    """The sums that the tally would have made of the entries that no longer wait for it."""
    for model in (HoursTotal, VolunteerStanding):
        db.session.execute(delete(model))
    tallied = HoursEntry.id.not_in(select(UntalliedHours.entry_id))
    totals: Counter[tuple[Any, ...]] = Counter()
    numbers: Counter[tuple[Any, ...]] = Counter()
    unit = (
        HoursEntry.organization_id,
        HoursEntry.site_id,
        HoursEntry.action,
        HoursEntry.ledger,
        HoursEntry.served_on,
    )
    query = select(*unit, func.sum(HoursEntry.minutes), func.count()).where(tallied).group_by(*unit)
    for *key, served_on, minutes, number in db.session.execute(query):
        month = (*key, f"{served_on:%Y-%m}")
        totals[month] += int(minutes)
        numbers[month] += number
    names = ("organization_id", "site_id", "action", "ledger", "month")
    _store(
        HoursTotal,
        [
            {**dict(zip(names, key, strict=True)), "minutes": minutes, "entries": numbers[key]}
            for key, minutes in totals.items()
        ],
    )
    people = (
        select(HoursEntry.person_id, func.sum(HoursEntry.minutes))
        .where(tallied)
        .group_by(HoursEntry.person_id)
    )
    _store(
        VolunteerStanding,
        [
            {"person_id": person_id, "verified_minutes": int(minutes), "star": 0}
            for person_id, minutes in db.session.execute(people)
        ],
    )
