"""The demo data: what is there, that it is loaded once, and that its numbers add up."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import sessions, staff
from cli.demo import content, deeds, nominees, service
from cli.demo import load as demo
from cli.demo.cast import Cast
from cli.demo.script import Script
from core import clock, outbox
from core import db as database
from core.actor import ANONYMOUS, Actor
from core.config import Settings
from core.db import Base, db
from core.errors import NotFound
from core.paging import PageRequest
from core.wechat import WeChatSession
from jobs.activities import close_activities
from jobs.ballots import recount_votes, tally_votes
from jobs.hours import reconcile_hours, tally_hours
from jobs.runner import run_now
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.ballots import Ballot
from nominations.models.campaigns import Campaign
from nominations.models.nominations import DEEDS_MAX_CHARS, DEEDS_MIN_CHARS, Nomination
from nominations.models.tally import TallyCount
from tests.conftest import closing_app, copy_of
from volunteer import codes
from volunteer.actions import Action
from volunteer.lifecycles import (
    ActivityStatus,
    AttendanceStatus,
    OrganizationStatus,
    ProjectStatus,
    ServiceRequestStatus,
    SignupStatus,
)
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.hours import HoursEntry, HoursTotal, VolunteerStanding
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.service_requests import Rating, ServiceRequest
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import service_boards, shifts

LOADED_AT = datetime(2026, 11, 23, 10, 2, 30, tzinfo=clock.SHANGHAI)
FIRST_STAR = 100 * 60


@pytest.fixture(scope="module")
def loaded(
    template: Settings, tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Flask]:
    """A database of its own with the demo, loaded once for all tests that only look at it."""
    settings = copy_of(template, tmp_path_factory.mktemp("demo"), postgres_server, "liancheng_demo")
    with closing_app(settings) as app, clock.frozen(LOADED_AT):
        with app.app_context():
            assert demo.load(app).startswith("demo data loaded")
        yield app


@pytest.fixture
def ctx(loaded: Flask) -> Iterator[Flask]:
    with loaded.app_context():
        yield loaded
        db.session.rollback()


def count(model: type[Base], *conditions: Any) -> int:
    return db.session.execute(
        select(func.count()).select_from(model).where(*conditions)
    ).scalar_one()


def every_table() -> dict[str, list[Any]]:
    """All rows of the database, as text, in the order of their text."""
    return {
        table.name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        for table in Base.metadata.sorted_tables
    }


def test_demo_has_organisations_and_projects_in_all_seven_actions(ctx: Flask) -> None:
    assert count(Organization, Organization.status == OrganizationStatus.APPROVED) == 7
    assert count(Organization, Organization.status == OrganizationStatus.APPLIED) == 1
    approved = Project.status == ProjectStatus.APPROVED
    assert set(db.session.scalars(select(Project.action).where(approved))) == set(Action)
    assert count(Project, Project.status == ProjectStatus.SUBMITTED) == 1
    assert count(Project, Project.status == ProjectStatus.SENT_BACK) == 1


def test_demo_has_activities_past_and_to_come(ctx: Flask) -> None:
    now = clock.now()
    assert count(Activity, Activity.status == ActivityStatus.FINISHED, Activity.ends_at < now) == 26
    coming = [Activity.status == ActivityStatus.PUBLISHED, Activity.starts_at > now]
    assert count(Activity, *coming) == 11
    free = list(db.session.scalars(select(Shift).join(Shift.activity).where(*coming)))
    assert sum(shift.seats_left > 0 for shift in free) == 10
    full = next(shift for shift in free if shift.seats_left == 0)
    waiting = (Signup.shift_id == full.id, Signup.status == SignupStatus.WAITLISTED)
    assert full.waiting == count(Signup, *waiting) == 4


def test_demo_activity_soon_can_be_checked_in_to_at_once(ctx: Flask) -> None:
    now = clock.now()
    shift = db.session.scalars(
        select(Shift).where(Shift.starts_at > now).order_by(Shift.starts_at).limit(1)
    ).one()
    assert timedelta(minutes=20) <= shift.starts_at - now < timedelta(minutes=25)
    assert shift.ends_at - shift.starts_at == timedelta(hours=3)
    shift_id = shift.id
    db.session.rollback()
    leader, volunteer = _citizen(ctx, 1), _citizen(ctx, 2)
    code = shifts.show_code(leader, shift_id).code
    with pytest.raises(NotFound):
        shifts.show_code(volunteer, shift_id)
    seat = select(Signup.id).where(
        Signup.shift_id == shift_id,
        Signup.person_id == volunteer.id,
        Signup.status == SignupStatus.CONFIRMED,
    )
    assert codes.read(shifts.code_key(), code, now).shift_id == shift_id
    assert db.session.scalar(seat) is not None


def _citizen(app: Flask, number: int) -> Actor:
    """A citizen of the demo, signed in by their openid."""
    openid = content.CITIZENS[number - 1].openid

    def sign_in() -> Actor:
        signed_in = sessions.sign_in_with_wechat(WeChatSession(openid, None, ""))
        assert not signed_in.is_new
        return sessions.authenticate(signed_in.token)

    return database.atomically(app, sign_in, write=True)


def test_demo_has_volunteers_with_hours_and_stars_to_be(ctx: Flask) -> None:
    assert count(Person, Person.registered_at.is_not(None)) == 60
    assert 190 <= count(HoursEntry) <= 210
    minutes: Counter[Any] = Counter()
    months = set()
    for entry in db.session.scalars(select(HoursEntry)):
        minutes[entry.person_id] += entry.minutes
        months.add(f"{entry.served_on:%Y-%m}")
    assert len(minutes) >= 50
    assert len(months) >= 4
    assert sum(total >= FIRST_STAR for total in minutes.values()) == 4
    assert count(Attendance, Attendance.status == AttendanceStatus.PENDING_CHECK_OUT) == 1
    assert count(Attendance, Attendance.status == AttendanceStatus.BELOW_THRESHOLD) >= 3
    assert count(Attendance, Attendance.status == AttendanceStatus.CHECKED_IN) == 0


def test_demo_entries_equal_the_time_between_the_scans(ctx: Flask) -> None:
    query = select(Attendance, Shift).join(Attendance.shift)
    served = {}
    for attendance, shift in db.session.execute(query):
        if attendance.checked_out_at is None:
            continue
        present = min(attendance.checked_out_at, shift.ends_at) - max(
            attendance.checked_in_at, shift.starts_at
        )
        if present * 100 >= (shift.ends_at - shift.starts_at) * 60:
            served[attendance.id] = present // timedelta(minutes=1)
    entries = {e.source_id: e.minutes for e in db.session.scalars(select(HoursEntry))}
    assert entries == served


def test_demo_has_campaigns_with_candidates_and_work_for_reviewers(ctx: Flask) -> None:
    statuses = {c.title: c for c in db.session.scalars(select(Campaign))}
    assessing, nominating = statuses[nominees.GOOD_PEOPLE], statuses[nominees.MORAL_MODELS]
    assert assessing.status is CampaignStatus.ASSESSING
    assert timedelta(days=19) < assessing.assessment_close_at - clock.now() < timedelta(days=21)
    candidates = (Nomination.campaign_id == assessing.id,)
    assert count(Nomination, *candidates, Nomination.status == NominationStatus.CANDIDATE) == 12
    categories = select(Nomination.category_code).where(*candidates).distinct()
    assert len(list(db.session.scalars(categories))) == 5
    assert nominating.status is CampaignStatus.NOMINATING
    waiting = Counter(
        n.status
        for n in db.session.scalars(
            select(Nomination).where(Nomination.campaign_id == nominating.id)
        )
    )
    assert waiting == {NominationStatus.SUBMITTED: 2, NominationStatus.SENT_BACK: 1}


def test_demo_has_service_orders_at_every_stop(ctx: Flask) -> None:
    orders = list(db.session.scalars(select(ServiceRequest)))
    assert sorted(order.status for order in orders) == [
        ServiceRequestStatus.ACCEPTED,
        ServiceRequestStatus.CLOSED,
        ServiceRequestStatus.DONE,
        ServiceRequestStatus.FOLLOW_UP,
        ServiceRequestStatus.OPENED,
        ServiceRequestStatus.REJECTED,
        ServiceRequestStatus.SUBMITTED,
    ]
    assert not any(order.is_overdue for order in orders)
    db.session.rollback()
    organizer = _citizen(ctx, 1)
    assert len(service_boards.list_open(organizer, PageRequest()).items) == 1


def test_demo_says_everywhere_that_it_is_invented(ctx: Flask) -> None:
    for column in (
        Organization.name,
        Project.title,
        Activity.title,
        Campaign.title,
        ServiceRequest.title,
    ):
        for text in db.session.scalars(select(column)):
            assert "演示" in text
            assert "补录" not in text
    for nomination in db.session.scalars(select(Nomination)):
        assert nomination.deeds.endswith(deeds.INVENTED)
        assert "\n\n" not in nomination.deeds
        written = len(nomination.deeds.removesuffix(deeds.INVENTED))
        assert DEEDS_MIN_CHARS <= written <= DEEDS_MAX_CHARS


def test_demo_ids_belong_to_nobody() -> None:
    numbers = {citizen.id_number for citizen in content.CITIZENS}
    assert len(numbers) == len(content.CITIZENS)
    assert all(number.startswith(content.NEVER_ASSIGNED) for number in numbers)


def test_demo_sends_none_of_the_messages_of_its_past(ctx: Flask) -> None:
    assert count(outbox.Message) > 0
    assert outbox.due(10) == []


def test_demo_accounts_are_in_a_file_for_their_owner_alone(ctx: Flask) -> None:
    path = _accounts_path(ctx)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = json.loads(path.read_text(encoding="utf-8"))
    in_staff_sessions = {Role.ADMIN, Role.HELPER, Role.SITE_STAFF, Role.REVIEWER}
    assert {a["role"] for a in accounts["staff"]} == in_staff_sessions
    assert accounts["citizens"][0]["openid"] == "o-demo-citizen-01"
    assert set(accounts["citizens"][0]) == {"openid", "name", "note"}


def _accounts_path(app: Flask) -> Path:
    settings: Settings = app.extensions["liancheng.settings"]
    return settings.var_dir / demo.ACCOUNTS_FILE


@pytest.mark.parametrize("member", content.STAFF, ids=lambda m: m.username)
def test_demo_staff_can_sign_in(ctx: Flask, member: content.StaffMember) -> None:
    body = {"username": member.username, "password": member.password}
    verdict = staff.check_password(ANONYMOUS, body=body)
    otp = pyotp.TOTP(member.totp_secret).at(clock.now())

    def sign_in() -> Actor:
        return sessions.authenticate(staff.sign_in(verdict, otp=otp).token)

    actor = database.atomically(ctx, sign_in, write=True)
    assert [grant.role for grant in actor.grants] == [Role.CITIZEN, member.role]


def test_demo_loaded_again_changes_nothing(ctx: Flask) -> None:
    before = every_table()
    db.session.rollback()
    _accounts_path(ctx).unlink()
    said = demo.load(ctx)
    assert said.startswith("demo data were loaded before")
    assert _accounts_path(ctx).exists()
    assert every_table() == before


def test_demo_sums_of_the_jobs_equal_the_ledger_and_the_ballots(ctx: Flask) -> None:
    assert run_now(ctx, tally_hours) == count(HoursEntry) + count(Rating)
    db.session.rollback()
    assert run_now(ctx, tally_votes) > 0
    assert run_now(ctx, close_activities) == 0
    assert run_now(ctx, reconcile_hours) == 0
    assert run_now(ctx, recount_votes) == 1
    entries = list(db.session.scalars(select(HoursEntry)))
    assert _by_unit(db.session.scalars(select(HoursTotal))) == _by_unit(entries)
    minutes: Counter[Any] = Counter()
    for entry in entries:
        minutes[entry.person_id] += entry.minutes
    standings = {s.person_id: s for s in db.session.scalars(select(VolunteerStanding))}
    assert {p: s.verified_minutes for p, s in standings.items()} == minutes
    assert {p for p, s in standings.items() if s.star} == {
        p for p, total in minutes.items() if total >= FIRST_STAR
    }
    assert _stored_votes() == _votes_of_last_ballots()


def _by_unit(rows: Any) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for row in rows:
        month = row.month if isinstance(row, HoursTotal) else f"{row.served_on:%Y-%m}"
        sums[row.organization_id, row.site_id, row.action, month, row.ledger] += row.minutes
    return sums


def _stored_votes() -> dict[str, int]:
    return {str(c.nomination_id): c.votes for c in db.session.scalars(select(TallyCount))}


def _votes_of_last_ballots() -> Counter[str]:
    last = {
        ballot.voter_id: ballot.choices
        for ballot in db.session.scalars(select(Ballot).order_by(Ballot.revision))
    }
    assert len(last) == 46
    return Counter(choice for choices in last.values() for choice in choices)


class Interrupted(Exception):
    pass


def test_demo_interrupted_leaves_nothing(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(cast: Cast, script: Script) -> None:
        def fail() -> None:
            assert count(Person) > 0
            raise Interrupted

        script.at(cast.joined_at + timedelta(hours=1), fail)

    monkeypatch.setattr(service, "plan", break_off)
    with committed.app_context():
        with pytest.raises(Interrupted):
            demo.load(committed)
        assert count(Person) == 0


def test_demo_is_refused_in_production(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    own = dict.fromkeys(
        ("field_keys", "index_key", "code_key", "wechat_secret", "wechat_push_token"), "1:own"
    )
    own["database_url"] = "sqlite:///of-the-office"
    settings = replace(
        committed.extensions["liancheng.settings"],
        environment="production",
        wechat_push_aes_key="a" * 43,
        **own,
    )
    monkeypatch.setitem(committed.extensions, "liancheng.settings", settings)
    with committed.app_context():
        with pytest.raises(demo.RefusedInProduction):
            demo.load(committed)
        assert count(Person) == 0
