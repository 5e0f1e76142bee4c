"""Plays what people claim, contest and have certified about their hours."""

from datetime import timedelta

from cli.demo import calendar
from cli.demo.days import LEFT_AT_NOON, STAFF
from cli.demo.members import SECOND_ORGANIZER
from cli.demo.service import Opened, Play
from core import clock
from core.actor import SYSTEM
from volunteer.models.disputes import DisputeAbout
from volunteer.services import backfills, certificates, disputes, flags, notices

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)

RECORDED, CLAIMANT, CONTESTED, OBJECTOR = 28, 33, 32, 13
ON_NOTICE = (30, 31, CONTESTED)
"""Approved within a minute, which raises a flag."""

LATE_MONTH, LATE_ORDER, CAME_LATE = calendar.CAME_LATE
BACKFILLED_ORDER = 2
"""Of the shifts of the same month: three weeks ago, so that the notice is over."""


def plan(play: Play) -> None:
    """The old ones hang on their shift, the new ones on the present moment."""
    first = next(past for past in calendar.PAST if past.title == LATE_MONTH)
    monday = clock.start_of(play.today - timedelta(days=play.today.weekday()))

    def saturday(order: int) -> timedelta:
        """From this Monday to midnight before the shift."""
        return timedelta(weeks=order - first.weeks, days=first.weekday)

    script, now = play.script, play.cast.now
    claimed_at = monday + saturday(BACKFILLED_ORDER) + 2 * DAY + 9 * HOUR
    script.at(claimed_at, lambda: _claim(play, RECORDED, play.opened[LATE_MONTH], 480, 2))
    script.at(claimed_at + DAY, lambda: _approve(play, RECORDED))
    script.at(claimed_at + (backfills.NOTICE_DAYS + 2) * DAY, _record)

    certified_at = monday + saturday(LATE_ORDER) + 2 * DAY + 12 * HOUR
    script.at(certified_at, lambda: _certify(play))
    script.at(certified_at + DAY, lambda: _dispute_lateness(play))
    script.at(certified_at + 3 * DAY, lambda: _uphold(play))
    script.at(certified_at + 4 * DAY, lambda: _certify(play))

    moving = calendar.MOVING.title
    for number in ON_NOTICE:
        script.at(now - 30 * HOUR, lambda n=number: _claim(play, n, play.opened[moving], 300))  # type: ignore[misc]
        script.at(now - 20 * HOUR + number * SECOND, lambda n=number: _approve(play, n))  # type: ignore[misc]
    script.at(now - 28 * HOUR, lambda: _dispute_noon(play))
    script.at(now - 10 * HOUR, flags.sweep)
    script.at(now - 6 * HOUR, lambda: _claim(play, CLAIMANT, play.opened[moving], 240))
    script.at(now - 5 * HOUR, lambda: _contest(play))


def _claim(play: Play, number: int, opened: Opened, minutes: int, order: int = 0) -> None:
    (claim,) = backfills.claim(
        play.cast.citizens[number],
        activity_id=opened.id,
        shift_id=opened.shifts[order].id,
        minutes=minutes,
        evidence="当天的纸质签到表有本人签名，合影里也有本人。",
        reference=f"演示签到表 {number:03d} 号",
        reason="当天手机没电，没能扫码签到。",
    )
    play.backfills[number] = claim.id


def _approve(play: Play, number: int) -> None:
    backfills.approve(play.cast.citizens[SECOND_ORGANIZER], play.backfills[number])


def _record() -> None:
    """What the job does in the night after the notice."""
    for backfill_id in notices.to_record():
        notices.record(SYSTEM, backfill_id)


def _contest(play: Play) -> None:
    reason = "那天上午我在新址门口，没有见到他，请核对签到表。"
    notices.contest(play.cast.citizens[OBJECTOR], play.backfills[CONTESTED], reason=reason)


def _certify(play: Play) -> None:
    """The second time the ledger says something else, and the first certificate is revoked."""
    citizen = play.cast.citizens[CAME_LATE]
    shift = play.opened[LATE_MONTH].shifts[LATE_ORDER]
    until = clock.day_of(shift.starts_at)
    certificates.issue(citizen, from_day=clock.day_of(play.cast.joined_at), to_day=until)


def _dispute_lateness(play: Play) -> None:
    shift = play.opened[LATE_MONTH].shifts[LATE_ORDER]
    play.disputed[CAME_LATE] = disputes.open(
        play.cast.citizens[CAME_LATE],
        about_type=DisputeAbout.ATTENDANCE,
        about_id=play.attendances[CAME_LATE, shift.id],
        reason="当天八点前就到岗了，在进站口帮一位老人找孩子，九点才想起扫码。",
    ).id


def _uphold(play: Play) -> None:
    answer = "查看了站台值班记录，八点已经在岗，按整场 8 小时计。"
    disputes.uphold(play.cast.staff[STAFF], play.disputed[CAME_LATE], answer=answer, minutes=8 * 60)


def _dispute_noon(play: Play) -> None:
    shift = play.opened[calendar.MOVING.title].shifts[0]
    disputes.open(
        play.cast.citizens[LEFT_AT_NOON],
        about_type=DisputeAbout.ATTENDANCE,
        about_id=play.attendances[LEFT_AT_NOON, shift.id],
        reason="上午搬了四个小时书，中午接到电话才离开，希望按实际时间计入。",
    )
