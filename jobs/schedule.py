"""The timetable: which job runs when, and why then.

Cron triggers only: an interval is anchored when the process starts, so two schedulers would get
different due times and the key of `job_runs` would protect nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from core.clock import SHANGHAI
from jobs import (
    activities,
    attachments,
    attendances,
    backfills,
    ballots,
    campaigns,
    care_visits,
    clues,
    consents,
    deadlines,
    exports,
    flags,
    hours,
    housekeeping,
    imports,
    messages,
    notices,
    panels,
    public_logs,
    reports,
    results,
    reviews,
    screenings,
    service_requests,
    shifts,
    signups,
)
from jobs.runner import Work


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    work: Work
    trigger: CronTrigger
    why: str


def _every_seconds(seconds: int, *, offset: int = 0) -> CronTrigger:
    ticks = ",".join(str(s) for s in range(offset, 60, seconds))
    return CronTrigger(second=ticks, timezone=SHANGHAI)


def _every_minutes(minutes: int, *, offset: int = 0) -> CronTrigger:
    ticks = ",".join(str(m) for m in range(offset, 60, minutes))
    return CronTrigger(minute=ticks, timezone=SHANGHAI)


def _daily(hour: int, minute: int) -> CronTrigger:
    return CronTrigger(hour=hour, minute=minute, timezone=SHANGHAI)


TIMETABLE: tuple[Job, ...] = (
    Job(
        "tally_votes",
        ballots.tally_votes,
        _every_seconds(3),
        "acknowledged ballots show in the counts within seconds",
    ),
    Job(
        "score_ballots",
        ballots.score_ballots,
        _every_seconds(5, offset=4),
        "ballots that look bought leave the counts soon after they were sealed",
    ),
    Job(
        "ask_risk_ranks",
        ballots.ask_risk_ranks,
        _every_seconds(10, offset=8),
        "WeChat ranks an account only while it remembers its visit, which is two hours",
    ),
    Job(
        "tally_hours",
        hours.tally_hours,
        _every_seconds(5, offset=1),
        "totals and stars follow the ledger within seconds",
    ),
    Job(
        "advance_campaigns",
        campaigns.advance_campaigns,
        _every_seconds(5, offset=2),
        "stages open and close at their published second; no ballot after closing depends on it",
    ),
    Job(
        "expire_consents",
        consents.expire_consents,
        _every_minutes(10, offset=3),
        "nominators learn that the nominee did not answer, while they can still ask again",
    ),
    Job(
        "advance_clues",
        clues.advance_clues,
        _daily(9, 20),
        "clues without an answer are reminded of; those of a campaign that is over get one",
    ),
    Job(
        "close_panels",
        panels.close_panels,
        _every_seconds(30, offset=11),
        "judging ends at its date with a quorum; without one the campaign says that it waits",
    ),
    Job(
        "remind_panelists",
        panels.remind_panelists,
        _every_minutes(10, offset=3),
        "members hear two days before the end whom they still have to judge",
    ),
    Job(
        "advance_notices",
        notices.advance_notices,
        _every_minutes(1),
        "public notices open and close with the midnight of Shanghai, or as soon after as we run",
    ),
    Job(
        "promote_waitlist",
        signups.promote_waitlist,
        _every_seconds(5, offset=3),
        "a freed seat is offered to the next person at once",
    ),
    Job(
        "expire_offers",
        signups.expire_offers,
        _every_seconds(10, offset=2),
        "a seat that was not taken in time goes on to the next who waits",
    ),
    Job(
        "lapse_signups",
        signups.lapse_signups,
        _every_seconds(30, offset=14),
        "whoever has no seat when the shift begins is told so and waits no longer",
    ),
    Job(
        "release_wards",
        signups.release_wards,
        _every_seconds(60, offset=44),
        "a minor takes part with a guardian's consent, or the seat goes to another",
    ),
    Job(
        "tell_seats",
        signups.tell_seats,
        _every_seconds(5, offset=4),
        "people hear of their seat within seconds, without making the sign-up itself slower",
    ),
    Job(
        "remind_people",
        signups.remind_people,
        _every_seconds(30, offset=9),
        "from 18:00 of the day before people hear of their shift, organizers of thin ones",
    ),
    Job(
        "close_activities",
        activities.close_activities,
        _every_seconds(30, offset=4),
        "missed check-outs become pending, finished activities are closed",
    ),
    Job(
        "advance_service_requests",
        service_requests.advance_service_requests,
        _every_seconds(60, offset=8),
        "overdue orders are reminded of, those that nobody serves go back, old ones close",
    ),
    Job(
        "settle_activities",
        activities.settle_activities,
        _every_seconds(30, offset=9),
        "an activity is settled when the last of its attendances is, whoever forgot to say so",
    ),
    Job(
        "tell_postponements",
        activities.tell_postponements,
        _every_seconds(5, offset=2),
        "people hear of a postponed activity before they leave home",
    ),
    Job(
        "advance_shifts",
        shifts.advance_shifts,
        _every_seconds(10, offset=6),
        "a shift begins, ends and is settled by its plan even if nobody says so on the spot",
    ),
    Job(
        "remind_check_outs",
        attendances.remind_check_outs,
        _every_seconds(60, offset=28),
        "whoever forgot to check out still can, while the code is shown",
    ),
    Job(
        "chase_check_outs",
        attendances.chase_check_outs,
        _every_minutes(10, offset=5),
        "hours wait for the leader's word; a key of the day makes it one message a day",
    ),
    Job(
        "lapse_unconfirmed",
        attendances.lapse_unconfirmed,
        _every_minutes(10, offset=7),
        "what the leader wrote down counts apart if the person says nothing for three days",
    ),
    Job(
        "record_backfills",
        backfills.record_backfills,
        _daily(0, 10),
        "backfills enter the ledger when their notice of seven days has ended",
    ),
    Job(
        "escalate_reviews",
        reviews.escalate_reviews,
        _daily(0, 20),
        "time that waits longer than ten working days goes to the next site up",
    ),
    Job(
        "flag_hours",
        flags.flag_hours,
        _daily(2, 20),
        "hours that look bought or doubled are shown to site staff",
    ),
    Job(
        "chase_records",
        deadlines.chase_records,
        _daily(9, 0),
        "organisers hear of missing records before the ten working days of decree 67 are over",
    ),
    Job(
        "chase_disputes",
        deadlines.chase_disputes,
        _daily(9, 10),
        "a dispute that the organisation does not answer is brought to the staff of its site",
    ),
    Job(
        "warn_of_missing_holidays",
        deadlines.warn_of_missing_holidays,
        _daily(9, 5),
        "nothing closes by itself on working days of a year that nobody has loaded",
    ),
    Job(
        "send_outbox",
        messages.send_outbox,
        _every_seconds(2, offset=1),
        "messages leave soon after the commit that caused them",
    ),
    Job(
        "make_exports",
        exports.make_exports,
        _every_seconds(5),
        "an export that was asked for is made within seconds, off the path of requests",
    ),
    Job(
        "process_imports",
        imports.process_imports,
        _every_seconds(5, offset=2),
        "uploads are checked and confirmed ones written soon, off the path of requests",
    ),
    Job(
        "forget_imports",
        imports.forget_imports,
        _daily(2, 40),
        "reports of imports are kept for a month; uploads that nobody wants are removed",
    ),
    Job(
        "expire_exports",
        exports.expire_exports,
        _daily(2, 50),
        "files with personal data are kept for a week and no longer",
    ),
    Job(
        "forget_attachments",
        attachments.forget_attachments,
        _daily(2, 55),
        "pictures that were removed or refused are not kept, nor uploads that broke off",
    ),
    Job(
        "purge_expired",
        housekeeping.purge_expired,
        _daily(3, 10),
        "idempotency keys live a day, job slots a month, refused check-ins half a year",
    ),
    Job(
        "reconcile_hours",
        hours.reconcile_hours,
        _daily(3, 30),
        "the totals must equal the ledger; a difference is an alarm",
    ),
    Job(
        "review_stars",
        hours.review_stars,
        _daily(3, 20),
        "a change of the star levels reaches everybody by the next morning",
    ),
    Job(
        "freeze_reports",
        reports.freeze_reports,
        _daily(5, 0),
        "due on the third of a month; daily, so that a day of downtime is made up for",
    ),
    Job(
        "pass_up_orphans",
        screenings.pass_up_orphans,
        _every_minutes(10, offset=3),
        "a case whose last reviewer left does not wait for nobody",
    ),
    Job(
        "remind_reviewers",
        screenings.remind_reviewers,
        _daily(9, 10),
        "cases and consultations that wait too long are told once a week, later one level up",
    ),
    Job(
        "recount_votes",
        ballots.recount_votes,
        _daily(4, 0),
        "the counts must equal the sealed ballots; a difference is an alarm",
    ),
    Job(
        "forget_signals",
        ballots.forget_signals,
        _daily(4, 40),
        "where ballots came from is forgotten when the campaign and its objections are over",
    ),
    Job(
        "write_checkpoints",
        public_logs.write_checkpoints,
        CronTrigger(minute=2, timezone=SHANGHAI),
        "nobody rewrites a log after a checkpoint that others have; an hour hides who voted when",
    ),
    Job(
        "destroy_keys",
        public_logs.destroy_keys,
        _daily(4, 40),
        "when a campaign is over and nothing is objected, no key links voters to leaves any more",
    ),
    Job(
        "recheck_results",
        results.recheck_results,
        _daily(4, 20),
        "a result must follow from its stored inputs; a difference is an alarm",
    ),
    Job(
        "plan_festival_visits",
        care_visits.plan_festival_visits,
        _daily(1, 30),
        "honoured people are visited before Spring Festival and Mid-Autumn; planned weeks ahead",
    ),
    Job(
        "remind_care_visits",
        care_visits.remind_care_visits,
        _daily(8, 30),
        "staff hear of visits of the coming week, and again each week that one is late",
    ),
)

BY_NAME = {job.name: job for job in TIMETABLE}


def latest_slot(trigger: CronTrigger, at: datetime) -> datetime:
    """The latest due time that is not after `at`.

    Every process computes it from the timetable alone, so whichever ticks first or late they
    all name the same slot.
    """
    ahead: datetime = trigger.get_next_fire_time(None, at)
    if ahead <= at:
        return ahead
    period = trigger.get_next_fire_time(ahead, ahead + timedelta(microseconds=1)) - ahead
    slot: datetime = trigger.get_next_fire_time(None, at - period)
    while (following := trigger.get_next_fire_time(slot, slot + timedelta(microseconds=1))) <= at:
        slot = following
    return slot
