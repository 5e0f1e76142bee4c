"""A whole city in the database: volunteers, organisations, activities and years of hours.

Written straight into the tables, in bulk, as years of use would have left them: every entry has
its attendance, and sums, stars and their history follow from the entries. It grows in steps, so
that the same work can be measured beside little and beside much.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, String, case, cast, delete, func, insert, literal, select

from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.models.roles import RoleGrant
from accounts.models.sessions import SessionKind
from accounts.models.sites import Site
from accounts.permissions import Role
from bench.bulk import CHUNK, Row, chunks, store
from bench.data import in_transaction, sign_in
from core import clock
from core.actor import ScopeKind
from core.db import Base, allow_long_statements, db
from core.ids import new_id
from core.outbox import Message
from volunteer.actions import Action
from volunteer.lifecycles import (
    ActivityStatus,
    AttendanceStatus,
    OrganizationStatus,
    ProjectStatus,
    ShiftStatus,
    SignupStatus,
)
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance, CheckMethod
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
from volunteer.models.shifts import LARGEST_CAPACITY, Shift
from volunteer.models.signups import Signup
from volunteer.models.stars import StarAward
from volunteer.models.statistics import PersonMonth, UnitMonth
from volunteer.services import reference, stars
from volunteer.services.reference import SERVICE_CATEGORIES

VOLUNTEERS = 100_000
ACTIVITIES = 20_000
ENTRIES = 1_000_000
ORGANIZATIONS = 400
UPCOMING_SHARE = 0.1
RECENT_SHARE = 0.1
"""Of the past shifts: the latest, which new entries come from."""
HONORARY_EVERY = 20
YEARS = 3
MINUTES = (60, 90, 120, 150, 180)
WORDS = ("敬老", "助学", "清河", "植树", "义诊", "普法", "交通", "图书", "非遗", "防汛")


@dataclass(frozen=True, slots=True)
class Done:
    """A past shift, with what an attendance and an entry copy from it."""

    attendance: Row
    entry: Row


class City:
    """The rows made so far. `size` is 1.0 for the whole city."""

    def __init__(self, app: Flask, size: float = 1.0) -> None:
        self.volunteers = max(200, round(VOLUNTEERS * size))
        self.activities = max(400, round(ACTIVITIES * size))
        self.full = max(400, round(ENTRIES * size))
        """Entries of the city when it is complete."""
        self.tokens: list[str] = []
        """Sign-ins of volunteers, one each."""
        self.staff_token = ""
        """Of somebody who reads statistics of the whole city."""
        self.sites: Sequence[UUID] = ()
        self.gate = new_id()
        """A shift that is beginning; whoever `expected` counts has a seat in it."""
        self.expected = min(self.volunteers, LARGEST_CAPACITY)
        self.entries = 0
        self._app = app
        self._random = random.Random(411000)
        self._people: list[UUID] = []
        self._past: Iterator[tuple[Done, UUID]] = iter(())
        self._recent: Iterator[tuple[Done, UUID]] = iter(())

    def found(self) -> None:
        """People, organisations with a project each, and activities with a shift each."""
        for count in chunks(self.volunteers):
            self.tokens += in_transaction(self._app, partial(sign_in, count), write=True)
        projects = in_transaction(self._app, self._found_organizations, write=True)
        done: list[Done] = []
        for count in chunks(self.activities):
            done += in_transaction(self._app, partial(self._hold, projects, count), write=True)
        in_transaction(self._app, partial(self._open_gate, projects[0]), write=True)
        done.sort(key=lambda d: d.entry["created_at"])
        recent = max(1, round(len(done) * RECENT_SHARE))
        past = done[:-recent]
        self._random.shuffle(past)
        self._past = self._attended(past, 1 + self.full // len(past))
        self._recent = self._attended(done[-recent:], 60)

    def _found_organizations(self) -> list[Project]:
        self._people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
        self.staff_token = self._appoint()
        at = clock.now() - timedelta(days=365 * YEARS)
        sites = list(db.session.scalars(select(Site).order_by(Site.path)))
        self.sites = [site.id for site in sites]
        projects = []
        for n in range(min(ORGANIZATIONS, self.activities // 10)):
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

    def _appoint(self) -> str:
        """A sign-in of staff over the whole city."""
        (token,) = sign_in(1, kind=SessionKind.STAFF)
        newest = db.session.scalars(select(Person.id).order_by(Person.id.desc()).limit(1)).one()
        db.session.add(
            RoleGrant(
                person_id=newest,
                role=Role.ADMIN,
                scope_kind=ScopeKind.CITY,
                granted_at=clock.now(),
            )
        )
        return token

    def _hold(self, projects: list[Project], count: int) -> list[Done]:
        """So many activities with a shift each; the past ones."""
        made = [self._activity(self._random.choice(projects)) for _ in range(count)]
        store(Activity, [activity for activity, _, _ in made])
        store(Shift, [shift for _, shift, _ in made])
        return [done for _, _, done in made if done is not None]

    def _activity(self, project: Project) -> tuple[Row, Row, Done | None]:
        at, minutes = clock.now(), self._random.choice(MINUTES)
        is_past = self._random.random() > UPCOMING_SHARE
        hours = self._random.randrange(4, 24 * 365 * YEARS if is_past else 24 * 60)
        starts_at = at + timedelta(hours=-hours if is_past else hours)
        ends_at = starts_at + timedelta(minutes=minutes)
        span = {"starts_at": starts_at, "ends_at": ends_at}
        activity: Row = {
            "id": new_id(),
            "project_id": project.id,
            "title": f"{self._random.choice(WORDS)}{project.title}",
            "place": "社区党群服务中心",
            "latitude": 34.0 + self._random.uniform(-0.4, 0.4),
            "longitude": 113.8 + self._random.uniform(-0.5, 0.5),
            "leader_id": project.created_by,
            "status": ActivityStatus.SETTLED if is_past else ActivityStatus.PUBLISHED,
            "settled_at": ends_at if is_past else None,
            "published_at": min(at, starts_at - timedelta(days=10)),
            "created_by": project.created_by,
            "created_at": min(at, starts_at - timedelta(days=10)),
            **span,
        }
        shift: Row = {
            "id": new_id(),
            "activity_id": activity["id"],
            "capacity": 200,
            "status": ShiftStatus.ROLL_CLOSED if is_past else ShiftStatus.OPEN,
            "begun_at": starts_at if is_past else None,
            "ended_at": ends_at if is_past else None,
            "roll_closed_at": ends_at if is_past else None,
            **span,
        }
        return activity, shift, _done(project, activity, shift, minutes) if is_past else None

    def _open_gate(self, project: Project) -> None:
        """A shift that began ten minutes ago, and everybody with a seat is still to come."""
        at = clock.now()
        span = {"starts_at": at - timedelta(minutes=10), "ends_at": at + timedelta(hours=6)}
        activity: Row = {
            "id": new_id(),
            "project_id": project.id,
            "title": "城市马拉松",
            "place": "市民广场",
            "leader_id": project.created_by,
            "status": ActivityStatus.PUBLISHED,
            "published_at": at,
            "created_by": project.created_by,
            "created_at": at,
            **span,
        }
        shift: Row = {
            "id": self.gate,
            "activity_id": activity["id"],
            "capacity": LARGEST_CAPACITY,
            "seats_taken": self.expected,
            **span,
        }
        seat: Row = {
            "shift_id": self.gate,
            "status": SignupStatus.CONFIRMED,
            "created_at": at,
            "confirmed_at": at,
            "is_told": True,
        }
        store(Activity, [activity])
        store(Shift, [shift])
        seated = self._people[: self.expected]
        store(Signup, [{**seat, "id": new_id(), "person_id": person_id} for person_id in seated])

    def _attended(self, shifts: Sequence[Done], crowd: int) -> Iterator[tuple[Done, UUID]]:
        """Everybody who was at these shifts, no one twice at the same. A few people serve often
        and most rarely."""
        for done in shifts:
            seen: set[int] = set()
            while len(seen) < min(crowd, len(self._people) // 2):
                rank = int(self._random.expovariate(3.0 / len(self._people)))
                seen.add(rank % len(self._people))
            for who in seen:
                yield done, self._people[who]

    def serve(self, entries: int) -> None:
        """Attendances with an entry each until the ledger has that many, and the sums anew;
        nothing may wait for the tally."""
        while self.entries < entries:
            count = min(CHUNK, entries - self.entries)
            in_transaction(self._app, partial(self._enter, self._past, count), write=True)
        in_transaction(self._app, _sum_up, write=True)

    def enter_untallied(self, count: int) -> int:
        """Up to so many entries of the last months that no sum holds yet; their number."""

        def work() -> int:
            entered = self._enter(self._recent, count)
            store(UntalliedHours, [{"entry_id": i} for i in entered])
            return len(entered)

        return in_transaction(self._app, work, write=True)

    def forget_messages(self) -> None:
        """What the tally told people."""

        def work() -> None:
            db.session.execute(delete(InboxMessage))
            db.session.execute(delete(Message))

        in_transaction(self._app, work, write=True)

    def _enter(self, served: Iterator[tuple[Done, UUID]], count: int) -> list[UUID]:
        attendances: list[Row] = []
        entries: list[Row] = []
        for n, (done, person_id) in enumerate(islice(served, count)):
            own = {
                "person_id": person_id,
                "ledger": Ledger.VERIFIED if n % HONORARY_EVERY else Ledger.HONORARY,
            }
            attendances.append({**done.attendance, **own, "id": new_id()})
            source = {"id": new_id(), "source_id": attendances[-1]["id"]}
            entries.append({**done.entry, **own, **source})
        store(Attendance, attendances)
        store(HoursEntry, entries)
        self.entries += len(entries)
        return [entry["id"] for entry in entries]


def _done(project: Project, activity: Row, shift: Row, minutes: int) -> Done:
    attendance = {
        "shift_id": shift["id"],
        "status": AttendanceStatus.COUNTED,
        "checked_in_at": shift["starts_at"],
        "checked_out_at": shift["ends_at"],
        "check_out_method": CheckMethod.CODE,
        "planned_minutes": minutes,
        "minutes": minutes,
        "uncounted": [],
    }
    entry = {
        "organization_id": project.organization_id,
        "activity_id": activity["id"],
        "site_id": project.site_id,
        "action": project.action,
        "minutes": minutes,
        "kind": EntryKind.EARNED,
        "source_type": SourceType.ATTENDANCE,
        "served_on": clock.day_of(shift["starts_at"]),
        "created_by": project.created_by,
        "created_at": shift["ends_at"],
    }
    return Done(attendance, entry)


def _sum_up() -> None:
    """What the tally would have made of all entries, by whole-table statements."""
    allow_long_statements()
    for model in (HoursTotal, PersonMonth, UnitMonth, VolunteerStanding):
        db.session.connection().execute(delete(model))
    month = func.substr(cast(HoursEntry.served_on, String(10)), 1, 7).label("month")
    place = (HoursEntry.organization_id, HoursEntry.site_id, HoursEntry.action, month)
    _copy(
        HoursTotal,
        {"minutes": func.sum(HoursEntry.minutes), "entries": func.count()},
        (*place, HoursEntry.ledger),
    )
    sums = {
        f"{ledger}_{what}": func.sum(case((HoursEntry.ledger == ledger, amount), else_=0))
        for ledger in Ledger
        for what, amount in (("minutes", HoursEntry.minutes), ("times", literal(1)))
    }
    _copy(PersonMonth, sums, (*place, HoursEntry.person_id))
    _list_people()
    _award_stars()


def _list_people() -> None:
    unit = (PersonMonth.month, PersonMonth.organization_id, PersonMonth.site_id, PersonMonth.action)
    query = select(*unit, PersonMonth.person_id).order_by(*unit, PersonMonth.person_id)
    rows: list[Row] = []
    found = db.session.execute(query.execution_options(yield_per=CHUNK))
    for key, people in groupby(found, itemgetter(slice(0, len(unit)))):
        listed = b"".join(person_id.bytes for *_, person_id in people)
        names = [column.key for column in unit]
        rows.append({**dict(zip(names, key, strict=True)), "people": listed})
    store(UnitMonth, rows)


def _copy(model: type[Base], sums: Row, key: tuple[Any, ...]) -> None:
    columns = [column.label(column.key) for column in key]
    query: Select[Any] = select(*columns, *(s.label(n) for n, s in sums.items())).group_by(*key)
    names = [column.name for column in query.selected_columns]
    db.session.connection().execute(insert(model).from_select(names, query))


def _award_stars() -> None:
    """Standings with the stars that they carry; the history has one award for each."""
    at, levels = clock.now(), reference.list_star_levels()
    query = select(
        PersonMonth.person_id,
        func.sum(PersonMonth.verified_minutes),
        func.sum(PersonMonth.honorary_minutes),
    ).group_by(PersonMonth.person_id)
    standings: list[Row] = []
    awards: list[Row] = []
    for person_id, verified, honorary in db.session.execute(query):
        facts = {"verified_minutes": int(verified), "honorary_minutes": int(honorary)}
        star = stars.earned(levels, stars.Facts(**facts, score_tenths=None))
        earned = {"person_id": person_id, "star": star, **facts}
        standings.append({**earned, "starred_at": at if star else None})
        if star:
            awards.append({**earned, "id": new_id(), "star_before": 0, "at": at})
    store(VolunteerStanding, standings)
    store(StarAward, awards)
