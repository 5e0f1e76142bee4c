"""What the rows of volunteers and of hour records mean: what is wrong with them, and how they are
written."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from accounts.identity import age_on, birth_date
from accounts.services import guardians, messages, paper_registrations
from accounts.services.paper_registrations import PaperRegistration
from accounts.services.persons import ADULT_AGE
from core import clock
from core.crypto import vault
from core.db import db, insert_all_absent, lock_exclusively
from core.ids import new_id
from volunteer.lifecycles import ActivityStatus, MembershipStatus
from volunteer.models.activities import Activity
from volunteer.models.hours import EntryKind, HoursEntry, Ledger, SourceType, UntalliedHours
from volunteer.models.imports import Import, ImportedActivity, ImportedVolunteer
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.services.import_kinds import (
    FirstSeen,
    GoodRow,
    Problem,
    Problems,
    Values,
    short,
    without,
)

MAX_MINUTES_A_DAY = 720
"""Above 12 hours the authority above decides, case by case (i志愿)."""

NO_PLACE = "原始记录未注明地点"
REASON = "由组织导入的历史记录"

MEMBERS = (MembershipStatus.ACTIVE, MembershipStatus.LEFT, MembershipStatus.REMOVED)

DayOfPerson = tuple[str, str]
"""ID number and day in ISO 8601."""

ID_NUMBER, NAME, ACTIVITY, MINUTES = "身份证号码", "姓名", "活动名称", "服务分钟"


class VolunteerRows:
    """Nobody twice in a file; all of them told by whom they were entered."""

    most_at_once = 1000

    def repeats(self) -> Callable[[GoodRow], Problem | None]:
        seen = FirstSeen()
        return lambda row: seen.problem(ID_NUMBER, row.number, row.values["id_number"])

    def problems_of(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        known = paper_registrations.find(row.values["id_number"] for row in rows)
        found = {row.number: _volunteer_problem(row.values, known) for row in rows}
        return {number: problem for number, problem in found.items() if problem is not None}

    def write(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        against = self.problems_of(of, rows)
        if good := without(rows, against):
            _write_volunteers(of, good)
        return against


class HoursRows:
    """Only of volunteers of the organisation, who agreed that it keeps their data (decree 67,
    art. 6); whether anybody else is known here is not told. No occasion twice, and no day of more
    than 12 hours: neither in the file, nor with what the ledger already holds, from another file or
    from service here."""

    most_at_once = 1000

    def repeats(self) -> Callable[[GoodRow], Problem | None]:
        seen, minutes = FirstSeen(), dict[bytes, int]()

        def problem(row: GoodRow) -> Problem | None:
            values = row.values
            day = f"{values['id_number']} {values['served_on']}"
            if repeated := seen.problem(ACTIVITY, row.number, f"{day} {values['activity']}"):
                return repeated
            total = minutes.get(short(day), 0) + values["minutes"]
            if total > MAX_MINUTES_A_DAY:
                return Problem(MINUTES, "同一人一天合计超过 12 小时，不能批量导入")
            minutes[short(day)] = total
            return None

        return problem

    def problems_of(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        known = _volunteers_of(of, rows)
        entered, minutes = _entered(of, rows), _minutes_of_days(known, rows)
        found: dict[int, Problem] = {}
        for row in rows:
            is_entered = _source(of, row.values) in entered
            if problem := _hours_problem(row.values, known, minutes, is_entered=is_entered):
                found[row.number] = problem
            else:
                minutes[_day_of(row.values)] += row.values["minutes"]
        return found

    def write(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        against = self.problems_of(of, rows)
        if good := without(rows, against):
            _write_hours(of, good)
        return against


def _volunteer_problem(
    values: Values, known: Mapping[str, paper_registrations.KnownPerson]
) -> Problem | None:
    person = known.get(values["id_number"])
    if person is not None and person.name is not None and person.name != values["name"]:
        return Problem(NAME, "与该身份证号码已登记的姓名不一致")
    if age_on(birth_date(values["id_number"]), clock.today()) < ADULT_AGE and (
        person is None or not guardians.has_consented(person.id)
    ):
        return Problem(ID_NUMBER, "未满 18 周岁，须先办理监护人同意，不能批量导入")
    return None


def _hours_problem(
    values: Values,
    known: Mapping[str, paper_registrations.KnownPerson],
    minutes: Mapping[DayOfPerson, int],
    *,
    is_entered: bool,
) -> Problem | None:
    if values["id_number"] not in known:
        return Problem(ID_NUMBER, "不是本组织的志愿者，请先让其加入组织，或导入志愿者名单")
    if is_entered:
        return Problem(ACTIVITY, "这条记录已经导入过")
    if minutes[_day_of(values)] + values["minutes"] > MAX_MINUTES_A_DAY:
        return Problem(MINUTES, "加上已有的记录，这个人这一天超过 12 小时，不能批量导入")
    return None


def _volunteers_of(
    of: Import, rows: Sequence[GoodRow]
) -> Mapping[str, paper_registrations.KnownPerson]:
    """The people of these rows who are, or once were, members of the organisation."""
    known = paper_registrations.find(row.values["id_number"] for row in rows)
    query = select(Membership.person_id).where(
        Membership.organization_id == of.organization_id,
        Membership.person_id.in_({person.id for person in known.values()}),
        Membership.status.in_(MEMBERS),
    )
    members = set(db.session.scalars(query))
    return {number: person for number, person in known.items() if person.id in members}


def _day_of(values: Values) -> DayOfPerson:
    return values["id_number"], values["served_on"]


def _minutes_of_days(
    known: Mapping[str, paper_registrations.KnownPerson], rows: Sequence[GoodRow]
) -> Counter[DayOfPerson]:
    """What the ledger holds for the people and days of these rows, corrections included."""
    number_of = {person.id: number for number, person in known.items()}
    query = (
        select(HoursEntry.person_id, HoursEntry.served_on, func.sum(HoursEntry.minutes))
        .where(
            HoursEntry.person_id.in_(number_of),
            HoursEntry.served_on.in_({date.fromisoformat(row.values["served_on"]) for row in rows}),
        )
        .group_by(HoursEntry.person_id, HoursEntry.served_on)
    )
    return Counter(
        {
            (number_of[person_id], day.isoformat()): int(minutes)
            for person_id, day, minutes in db.session.execute(query)
        }
    )


def _source(of: Import, values: Values) -> UUID:
    """The key of a record: the same person, occasion and day in the same organisation is one
    record, in whatever file it stands. Keyed, so that it tells nothing about the person."""
    text = "|".join(
        (str(of.organization_id), values["id_number"], values["served_on"], values["activity"])
    )
    return UUID(bytes=vault().index.digest(text, purpose="imported_hours")[:16])


def _entered(of: Import, rows: Sequence[GoodRow]) -> set[UUID]:
    query = select(HoursEntry.source_id).where(
        HoursEntry.source_type == SourceType.IMPORT,
        HoursEntry.source_id.in_([_source(of, row.values) for row in rows]),
    )
    return set(db.session.scalars(query))


def _write_volunteers(of: Import, rows: Sequence[GoodRow]) -> None:
    people = paper_registrations.register_all(
        [
            PaperRegistration(v["name"], v["id_number"], v.get("phone"))
            for v in (row.values for row in rows)
        ]
    )
    at = clock.now()
    insert_all_absent(
        ImportedVolunteer,
        [
            {
                "import_id": of.id,
                "person_id": people[row.values["id_number"]],
                "consent_reference": row.values["consent_reference"],
            }
            for row in rows
        ],
    )
    insert_all_absent(
        Membership,
        [
            {
                "id": new_id(),
                "organization_id": of.organization_id,
                "person_id": person_id,
                "status": MembershipStatus.ACTIVE,
                "applied_at": at,
                "decided_by": of.confirmed_by,
                "decided_at": at,
            }
            for person_id in people.values()
        ],
    )
    _tell(of, list(people.values()), "volunteer_imported")


def _write_hours(of: Import, rows: Sequence[GoodRow]) -> None:
    project = db.session.get_one(Project, of.project_id)
    people = paper_registrations.find(row.values["id_number"] for row in rows)
    activities = _activities(of, project, rows)
    at = clock.now()
    entries = [
        {
            "id": new_id(),
            "person_id": people[v["id_number"]].id,
            "organization_id": project.organization_id,
            "activity_id": activities[v["activity"], date.fromisoformat(v["served_on"])],
            "site_id": project.site_id,
            "action": project.action,
            "minutes": v["minutes"],
            "kind": EntryKind.EARNED,
            "ledger": Ledger.HONORARY,
            "source_type": SourceType.IMPORT,
            "source_id": _source(of, v),
            "corrects_id": None,
            "reason": REASON,
            "served_on": date.fromisoformat(v["served_on"]),
            "created_by": of.uploaded_by,
            "created_at": at,
        }
        for v in (row.values for row in rows)
    ]
    insert_all_absent(HoursEntry, entries)
    ids = [entry["id"] for entry in entries]
    stored = db.session.scalars(select(HoursEntry.id).where(HoursEntry.id.in_(ids))).all()
    insert_all_absent(UntalliedHours, [{"entry_id": entry_id} for entry_id in stored])
    _tell(of, list({entry["person_id"] for entry in entries}), "hours_imported")


def _activities(
    of: Import, project: Project, rows: Sequence[GoodRow]
) -> Mapping[tuple[str, date], UUID]:
    """The archive activity of every occasion; made when it is first named."""
    lock_exclusively(f"imported_activities:{project.id}")
    wanted: dict[tuple[str, date], Values] = {}
    for v in (row.values for row in rows):
        key = (v["activity"], date.fromisoformat(v["served_on"]))
        wanted[key] = {**v, **wanted.get(key, {})}
    query = select(
        ImportedActivity.title, ImportedActivity.served_on, ImportedActivity.activity_id
    ).where(
        ImportedActivity.project_id == project.id,
        ImportedActivity.title.in_({title for title, _ in wanted}),
        ImportedActivity.served_on.in_({day for _, day in wanted}),
    )
    known = {(title, day): activity_id for title, day, activity_id in db.session.execute(query)}
    new = {key: _archive(of, project, *key, wanted[key]) for key in wanted if key not in known}
    db.session.add_all(new.values())
    db.session.flush()
    db.session.add_all(
        ImportedActivity(
            project_id=project.id,
            title=title,
            served_on=day,
            activity_id=activity.id,
            import_id=of.id,
        )
        for (title, day), activity in new.items()
    )
    db.session.flush()
    return known | {key: activity.id for key, activity in new.items()}


def _archive(of: Import, project: Project, title: str, day: date, values: Values) -> Activity:
    """Its times are the whole day, which is all that is known; the uploader answers for it."""
    return Activity(
        id=new_id(),
        project_id=project.id,
        title=title,
        place=values.get("place") or NO_PLACE,
        content=values.get("content") or "",
        leader_id=of.uploaded_by,
        status=ActivityStatus.FINISHED,
        starts_at=clock.start_of(day),
        ends_at=clock.start_of(day + timedelta(days=1)),
        published_at=clock.now(),
        created_by=of.uploaded_by,
        created_at=clock.now(),
    )


def _tell(of: Import, people: Sequence[UUID], template: str) -> None:
    name = db.session.scalars(
        select(Organization.name).where(Organization.id == of.organization_id)
    ).one()
    messages.note_all(people, template, of.id, organization=name)
