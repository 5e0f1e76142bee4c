"""The days of a notice as they pass: it opens and closes by itself, stands still for one nominee
while an accepted objection is looked into, and moves its end when holidays become known."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from core.workdays import DAY
from nominations import noticing
from nominations.lifecycles import (
    SHOWN,
    STAGES,
    CampaignStatus,
    NominationStatus,
    NoticeKind,
    NoticeStatus,
)
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice, NoticeEntry, NoticeSuspension
from nominations.papers import in_words
from nominations.services import nominators, notices
from nominations.services.notices import binding_entry, call_off, entries_of, stage_of
from volunteer.services import holidays

N = NominationStatus
RESUMED = "有人选的公示曾经暂停，现恢复公示并顺延"
HOLIDAYS_KNOWN = "国家节假日安排公布后，按不少于五个工作日重新计算"
NOBODY_LEFT = "没有需要公示的人选"
CANCELLED = "评选活动已取消"


def to_advance() -> list[UUID]:
    """Notices with something due: to open, to close, to count anew, to call off."""
    today = clock.today()
    stands_still = exists().where(
        NoticeEntry.notice_id == Notice.id,
        NoticeEntry.is_binding,
        NoticeEntry.nomination_id == Nomination.id,
        Nomination.status == N.SUSPENDED,
    )
    is_shown = Notice.status.in_(SHOWN)
    query = (
        select(Notice.id)
        .join(Campaign, Campaign.id == Notice.campaign_id)
        .where(
            or_(
                and_(Notice.status == NoticeStatus.SCHEDULED, Notice.opens_on <= today),
                and_(
                    is_shown,
                    Notice.closes_on < today,
                    ~Notice.is_provisional,
                    ~stands_still,
                ),
                and_(is_shown, Notice.is_provisional),
                and_(
                    Notice.status.in_(notices.COMING),
                    Campaign.status == CampaignStatus.CANCELLED,
                ),
            )
        )
    )
    return list(db.session.scalars(query))


def advance(actor: Actor, notice_id: UUID) -> NoticeStatus:
    """Do what is due with one notice; twice is the same as once. Gives the status reached."""
    notice = notices.take(notice_id)
    campaign = db.session.get_one(Campaign, notice.campaign_id)
    if campaign.status is CampaignStatus.CANCELLED:
        if notice.status in notices.COMING:
            call_off(actor, notice, reason=CANCELLED)
    elif notice.status is NoticeStatus.SCHEDULED:
        if notice.opens_on <= clock.today():
            _open(actor, notice, campaign)
    elif notice.status in SHOWN:
        if notice.is_provisional:
            _count_anew(actor, notice)
        _close(actor, notice)
    return notice.status


def _open(actor: Actor, notice: Notice, campaign: Campaign) -> None:
    """Put the nominees before the public. Waits while the campaign is in another stage (paused);
    a notice that opens later than planned has its full length from then on."""
    if campaign.status not in STAGES[stage_of(notice.kind)]:
        return
    shown = _still_to_be_shown(notice)
    if not shown:
        call_off(actor, notice, reason=NOBODY_LEFT)
        return
    owed = noticing.full(campaign.rules.notice_days)
    days = noticing.period(clock.today(), owed, holidays.workdays())
    _run_all(notice, days)
    audit.perform(
        actor,
        notice,
        "open",
        opened_at=clock.now(),
        opens_on=days.opens_on,
        closes_on=days.closes_on,
        is_provisional=days.is_provisional,
    )
    if notice.kind is NoticeKind.CANDIDATES:
        return
    for nomination in shown:
        if nomination.status is N.PROPOSED:
            audit.perform(actor, nomination, "put_on_notice")
        until = f"公示至{in_words(days.closes_on)}"
        nominators.tell(nomination, "nomination_progress", new_id(), status="公示中", note=until)


def _still_to_be_shown(notice: Notice) -> list[Nomination]:
    """The nominees who are what they were when the notice was planned. Others lose their place
    in it: nobody has seen it yet."""
    is_candidates = notice.kind is NoticeKind.CANDIDATES
    fitting = (N.CANDIDATE,) if is_candidates else (N.PROPOSED, N.ON_NOTICE)
    kept = []
    for entry, nomination in entries_of(notice):
        if nomination.status in fitting and not nomination.is_withheld:
            kept.append(nomination)
        else:
            db.session.delete(entry)
    db.session.flush()
    return kept


def _run_all(notice: Notice, days: noticing.Period) -> None:
    db.session.execute(
        update(NoticeEntry)
        .where(NoticeEntry.notice_id == notice.id)
        .values(runs_from=days.opens_on, closes_on=days.closes_on)
    )


def _close(actor: Actor, notice: Notice) -> None:
    """Close after the last midnight; not while somebody's days stand still, nor on a day that may
    yet move."""
    if notice.is_provisional or notice.closes_on >= clock.today():
        return
    for entry, nomination in entries_of(notice):
        if entry.is_binding and nomination.status is N.SUSPENDED:
            return
    audit.perform(actor, notice, "close", closed_at=clock.now())


def _count_anew(actor: Actor, notice: Notice) -> None:
    """Count a provisional notice with the holidays that are known by now. Its end moves back only:
    people were told that it lasts so long."""
    calendar = holidays.workdays()
    is_provisional, last = False, notice.closes_on
    for entry, nomination in entries_of(notice):
        if nomination.status not in (N.CANDIDATE, N.ON_NOTICE):
            continue
        days = noticing.period(entry.runs_from, entry.owed, calendar)
        entry.closes_on = max(entry.closes_on, days.closes_on)
        is_provisional |= days.is_provisional
        last = max(last, entry.closes_on)
    if last > notice.closes_on:
        audit.perform(
            actor,
            notice,
            "extend",
            closes_on=last,
            extension_reason=HOLIDAYS_KNOWN,
            is_provisional=is_provisional,
        )
    else:
        notice.is_provisional = is_provisional
    db.session.flush()


def suspend(actor: Actor, nomination: Nomination) -> None:
    """Let the days of one nominee stand still. After `notices.hold`. Raises WrongState."""
    audit.perform(actor, nomination, "suspend")
    entry = _entry(nomination)
    today = clock.today()
    owed = noticing.left(
        entry.runs_from, entry.closes_on, entry.owed, holidays.workdays(), suspended_on=today
    )
    entry.days_owed, entry.workdays_owed, entry.suspended_on = owed.days, owed.workdays, today
    db.session.add(
        NoticeSuspension(
            id=new_id(),
            notice_id=entry.notice_id,
            nomination_id=nomination.id,
            suspended_at=clock.now(),
        )
    )
    db.session.flush()
    nominators.tell(nomination, "nomination_progress", new_id(), status="暂停公示", note="")


def resume(actor: Actor, nomination: Nomination) -> date:
    """Let the days that are left run, from the next midnight on; gives the last of them. The
    notice is open as long, and says so. After `notices.hold`. Raises WrongState."""
    audit.perform(actor, nomination, "resume")
    entry = _entry(nomination)
    days = noticing.period(clock.today() + DAY, entry.owed, holidays.workdays())
    entry.runs_from, entry.closes_on, entry.suspended_on = days.opens_on, days.closes_on, None
    db.session.execute(
        update(NoticeSuspension)
        .where(
            NoticeSuspension.notice_id == entry.notice_id,
            NoticeSuspension.nomination_id == nomination.id,
            NoticeSuspension.resumed_at.is_(None),
        )
        .values(resumed_at=clock.now())
    )
    notice = db.session.get_one(Notice, entry.notice_id, populate_existing=True)
    audit.perform(
        actor,
        notice,
        "extend",
        closes_on=max(notice.closes_on, days.closes_on),
        extension_reason=RESUMED,
        is_provisional=notice.is_provisional or days.is_provisional,
        closed_at=None,
    )
    until = f"公示至{in_words(days.closes_on)}"
    nominators.tell(nomination, "nomination_progress", new_id(), status="恢复公示", note=until)
    return days.closes_on


def _entry(nomination: Nomination) -> NoticeEntry:
    entry = binding_entry(nomination.id)
    if entry is None:
        raise LookupError("a nominee on notice has a place in one")
    return entry
