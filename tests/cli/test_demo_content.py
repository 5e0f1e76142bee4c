"""What a visitor of the demo sees."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.feedback import Feedback
from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person, WeChatIdentity
from accounts.services import guardians, persons
from cli.demo import calendar, content, deeds, nominees
from core import audit, clock
from core.db import db
from core.errors import NotFound
from core.paging import PageRequest
from nominations.lifecycles import CampaignStatus, ClueStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.clues import Clue, ClueSource
from nominations.models.nominations import Nomination
from tests.cli.conftest import citizen, count
from volunteer import codes
from volunteer.actions import Action
from volunteer.lifecycles import (
    ActivityStatus,
    AttendanceStatus,
    BackfillStatus,
    CertificateStatus,
    DisputeStatus,
    MembershipStatus,
    OrganizationStatus,
    ProjectStatus,
    ServiceRequestStatus,
    SignupStatus,
)
from volunteer.models.activities import Activity, Deputy
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.backfills import Backfill
from volunteer.models.certificates import Certificate
from volunteer.models.disputes import Dispute
from volunteer.models.evaluations import Evaluation
from volunteer.models.flags import Flag, FlagKind
from volunteer.models.hours import HoursEntry, Ledger, SourceType, VolunteerStanding
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.reports import MonthlyReport
from volunteer.models.reviews import Review
from volunteer.models.service_requests import ServiceRequest
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.models.stars import StarAward
from volunteer.services import attendances, service_boards, shifts

FIRST_STAR = 100 * 60


def test_demo_has_organisations_and_projects_in_all_seven_actions(ctx: Flask) -> None:
    assert count(Organization, Organization.status == OrganizationStatus.APPROVED) == 7
    assert count(Organization, Organization.status == OrganizationStatus.APPLIED) == 1
    approved = Project.status == ProjectStatus.APPROVED
    assert set(db.session.scalars(select(Project.action).where(approved))) == set(Action)
    assert count(Project, Project.status == ProjectStatus.SUBMITTED) == 1
    assert count(Project, Project.status == ProjectStatus.SENT_BACK) == 1


def test_demo_has_activities_past_and_to_come(ctx: Flask) -> None:
    now = clock.now()
    over = Activity.status.in_((ActivityStatus.FINISHED, ActivityStatus.SETTLED))
    assert count(Activity, over, Activity.ends_at < now) == 28
    assert count(Activity, Activity.status == ActivityStatus.SETTLED) >= 25
    coming = [Activity.status == ActivityStatus.PUBLISHED, Activity.starts_at > now]
    assert count(Activity, *coming) == 14
    free = list(db.session.scalars(select(Shift).join(Shift.activity).where(*coming)))
    full = [shift for shift in free if shift.seats_left == 0]
    assert len(full) == 1
    of_full = Signup.shift_id == full[0].id
    waiting = count(Signup, of_full, Signup.status == SignupStatus.WAITLISTED)
    assert full[0].waiting == waiting == 4
    assert count(Signup, of_full, Signup.status == SignupStatus.OFFERED) == 1


def test_demo_has_activities_that_wait_and_such_as_go_another_way(ctx: Flask) -> None:
    by_title = {a.title: a for a in db.session.scalars(select(Activity))}
    assert by_title[calendar.WAITING.title].status is ActivityStatus.SUBMITTED
    assert by_title[calendar.SENT_BACK.title].status is ActivityStatus.SENT_BACK
    assert by_title[calendar.POSTPONED.title].status is ActivityStatus.POSTPONED
    risky = by_title[calendar.RISKY.title]
    assert risky.status is ActivityStatus.PUBLISHED
    assert risky.insurance_number is not None
    of_posts = Shift.activity_id == by_title[calendar.POSTS.title].id
    assert set(db.session.scalars(select(Shift.post).where(of_posts))) == {*calendar.POSTS.posts}
    chosen = Shift.activity_id == by_title[calendar.CHOSEN.title].id
    decisions = db.session.scalars(select(Signup.status).join(Shift).where(chosen))
    assert Counter(decisions) == {
        SignupStatus.CONFIRMED: 2,
        SignupStatus.DECLINED: 1,
        SignupStatus.PENDING: 2,
    }
    assert count(Deputy, Deputy.activity_id == by_title[calendar.SOON.title].id) == 1


def test_demo_activity_soon_can_be_checked_in_to_at_once(ctx: Flask) -> None:
    now = clock.now()
    shift = db.session.scalars(
        select(Shift).where(Shift.starts_at > now).order_by(Shift.starts_at).limit(1)
    ).one()
    assert timedelta(minutes=20) <= shift.starts_at - now < timedelta(minutes=25)
    assert shift.ends_at - shift.starts_at == timedelta(hours=3)
    shift_id = shift.id
    db.session.rollback()
    leader, volunteer = citizen(ctx, 1), citizen(ctx, 2)
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


def test_demo_has_volunteers_with_hours_and_stars_to_be(ctx: Flask) -> None:
    assert count(Person, Person.registered_at.is_not(None)) == 62
    assert 200 <= count(HoursEntry) <= 220
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
    """Of what was neither disputed nor above what a day may count at once."""
    is_plain = (Attendance.dispute_id.is_(None), Attendance.id.not_in(select(Review.attendance_id)))
    is_told = Attendance.status != AttendanceStatus.UNCONFIRMED
    query = select(Attendance, Shift).join(Attendance.shift).where(*is_plain, is_told)
    served = {}
    for attendance, shift in db.session.execute(query):
        if attendance.checked_out_at is None:
            continue
        present = min(attendance.checked_out_at, shift.ends_at) - max(
            attendance.checked_in_at, shift.starts_at
        )
        if present * 100 >= (shift.ends_at - shift.starts_at) * 60:
            served[attendance.id] = present // timedelta(minutes=1)
    query_entries = select(HoursEntry).join(Attendance, Attendance.id == HoursEntry.source_id)
    entries = {e.source_id: e.minutes for e in db.session.scalars(query_entries.where(*is_plain))}
    assert entries == served
    assert len(served) > 190


def test_demo_has_check_ins_by_every_method(ctx: Flask) -> None:
    methods = set(db.session.scalars(select(Attendance.check_in_method)))
    assert methods == set(CheckMethod)
    assert count(Signup, Signup.is_walk_in.is_(True)) == 1


def test_demo_has_attendances_that_wait_for_somebody(ctx: Flask) -> None:
    waiting = Counter(db.session.scalars(select(Attendance.status)))
    assert waiting[AttendanceStatus.PENDING_CHECK_OUT] == 1
    assert waiting[AttendanceStatus.UNCONFIRMED] == 1
    assert waiting[AttendanceStatus.UNDER_REVIEW] == 2
    assert count(Review, Review.is_approved.is_(True)) == 1
    assert not count(Review, Review.decided_at.is_(None), Review.due_on < clock.today())
    db.session.rollback()
    unconfirmed = attendances.list_mine(citizen(ctx, 42), PageRequest()).items[0]
    assert unconfirmed.awaits_person


def test_demo_has_members_and_people_without_a_phone_of_their_own(ctx: Flask) -> None:
    statuses = Counter(db.session.scalars(select(Membership.status)))
    assert statuses[MembershipStatus.ACTIVE] > 30
    assert statuses[MembershipStatus.APPLIED] >= 3
    assert statuses[MembershipStatus.DECLINED] == statuses[MembershipStatus.LEFT] == 1
    at_counter = select(Signup).where(Signup.created_by.is_not(None), ~Signup.is_walk_in)
    (on_behalf,) = db.session.scalars(at_counter)
    assert not count(WeChatIdentity, WeChatIdentity.person_id == on_behalf.person_id)
    db.session.rollback()
    minor, guardian = citizen(ctx, content.MINOR), citizen(ctx, content.GUARDIAN)
    assert persons.is_minor(persons.get(minor.id))
    assert [g.ward_id for g in guardians.list_mine(guardian).as_guardian] == [minor.id]


def test_demo_has_backfills_disputes_and_a_flag(ctx: Flask) -> None:
    assert Counter(db.session.scalars(select(Backfill.status))) == {
        BackfillStatus.RECORDED: 1,
        BackfillStatus.ON_NOTICE: 2,
        BackfillStatus.CONTESTED: 1,
        BackfillStatus.CLAIMED: 1,
    }
    assert count(HoursEntry, HoursEntry.ledger == Ledger.HONORARY) == 1
    assert Counter(db.session.scalars(select(Dispute.status))) == {
        DisputeStatus.OPEN: 1,
        DisputeStatus.UPHELD: 1,
    }
    corrected = HoursEntry.source_type == SourceType.DISPUTE
    assert db.session.scalars(select(HoursEntry.minutes).where(corrected)).all() == [60]
    flag = db.session.scalars(select(Flag)).one()
    assert flag.kind is FlagKind.RAPID_APPROVALS


def test_demo_has_certificates_of_which_one_is_revoked(ctx: Flask) -> None:
    found = list(db.session.scalars(select(Certificate).order_by(Certificate.issued_at)))
    assert [c.status for c in found] == [CertificateStatus.REVOKED, CertificateStatus.ISSUED]
    assert found[1].verified_minutes - found[0].verified_minutes == 60


def test_demo_has_stars_evaluations_and_reports(ctx: Flask) -> None:
    assert count(VolunteerStanding, VolunteerStanding.star > 0) == 4
    assert count(StarAward) == 4
    assert count(Evaluation, Evaluation.person_id.is_not(None)) > 30
    assert count(Evaluation, Evaluation.person_id.is_(None)) > 20
    months = set(db.session.scalars(select(MonthlyReport.month)))
    assert months == {"2026-09", "2026-10"}
    assert any(r.figures["verified_minutes"] > 0 for r in db.session.scalars(select(MonthlyReport)))


def test_demo_has_messages_and_answers(ctx: Flask) -> None:
    told = set(db.session.scalars(select(InboxMessage.template)))
    assert {
        "activity_postponed",
        "backfill_decided",
        "certificate_revoked",
        "feedback_answered",
        "membership_accepted",
        "seat_offered",
        "star_awarded",
    } <= told
    assert count(Feedback, Feedback.answered_at.is_not(None)) == 1
    assert count(Feedback, Feedback.answered_at.is_(None)) == 1


def test_demo_happened_in_the_past(ctx: Flask) -> None:
    assert db.session.scalars(select(func.max(audit.Entry.at))).one() <= clock.now()


def test_demo_has_campaigns_with_candidates_and_work_for_reviewers(ctx: Flask) -> None:
    statuses = {c.title: c for c in db.session.scalars(select(Campaign))}
    assessing, nominating = statuses[nominees.GOOD_PEOPLE], statuses[nominees.MORAL_MODELS]
    assert assessing.status is CampaignStatus.ASSESSING
    assert assessing.assessment_close_at is not None
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


def test_demo_has_clues_with_an_answer_and_without(ctx: Flask) -> None:
    told = Counter((c.status, c.source) for c in db.session.scalars(select(Clue)))
    assert told == {
        (ClueStatus.ANSWERED, ClueSource.APP): 1,
        (ClueStatus.RECEIVED, ClueSource.APP): 1,
        (ClueStatus.RECEIVED, ClueSource.PHONE): 1,
    }


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
    organizer = citizen(ctx, 1)
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
        rules = db.session.get_one(Campaign, nomination.campaign_id).rules
        assert rules.deeds_min_chars <= written <= rules.deeds_max_chars
