"""Plays what people claim, contest and have certified about their hours."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from cli.demo import calendar, content
from cli.demo.days import LEFT_AT_NOON, STAFF
from cli.demo.members import SECOND_ORGANIZER
from cli.demo.service import Play
from core import clock
from core.actor import SYSTEM
from volunteer.models.disputes import DisputeAbout
from volunteer.services import backfills, certificates, disputes, flags, notices

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)

CLAIMANT, CONTESTED, OBJECTOR = 33, 32, 13
ON_NOTICE = (30, 31, CONTESTED)
"""Approved within a minute, which raises a flag."""

LATE_MONTH, LATE_ORDER, CAME_LATE = calendar.CAME_LATE
BACKFILLED_ORDER = 2
"""Of the shifts of the same month: three weeks ago, so that the notice is over."""


def plan(play: Play) -> None:
    """The old ones hang on their shift, the new ones on the present moment."""
    _Claims(play).plan()


class _Claims:
    """The requests of this part; keeps what later ones refer to, by citizen."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.backfills: dict[int, UUID] = {}
        self.disputed: dict[int, UUID] = {}

    def plan(self) -> None:
        first = next(past for past in calendar.PAST if past.title == LATE_MONTH)
        monday = clock.start_of(self.play.today - timedelta(days=self.play.today.weekday()))

        def saturday(order: int) -> timedelta:
            """From this Monday to midnight before the shift."""
            return timedelta(weeks=order - first.weeks, days=first.weekday)

        script, now = self.play.script, self.play.cast.now
        claimed_at = monday + saturday(BACKFILLED_ORDER) + 2 * DAY + 9 * HOUR
        backfilled = content.BACKFILLED
        script.at(claimed_at, partial(self.claim, backfilled, LATE_MONTH, 8 * 60, BACKFILLED_ORDER))
        script.at(claimed_at + DAY, partial(self.approve, backfilled))
        script.at(claimed_at + (backfills.NOTICE_DAYS + 2) * DAY, _record)

        certified_at = monday + saturday(LATE_ORDER) + 2 * DAY + 12 * HOUR
        script.at(certified_at, self.certify)
        script.at(certified_at + DAY, self.dispute_lateness)
        script.at(certified_at + 3 * DAY, self.uphold)
        script.at(certified_at + 4 * DAY, self.certify)

        moving = calendar.MOVING.title
        for number in ON_NOTICE:
            script.at(now - 30 * HOUR, partial(self.claim, number, moving, 300))
            script.at(now - 20 * HOUR + number * SECOND, partial(self.approve, number))
        script.at(now - 28 * HOUR, self.dispute_noon)
        script.at(now - 10 * HOUR, flags.sweep)
        script.at(now - 6 * HOUR, partial(self.claim, CLAIMANT, moving, 240))
        script.at(now - 5 * HOUR, self.contest)

    def claim(self, number: int, title: str, minutes: int, order: int = 0) -> None:
        """Of the shift with that number (from 0) of an activity."""
        opened = self.play.opened[title]
        (claim,) = backfills.claim(
            self.play.cast.citizens[number],
            activity_id=opened.id,
            shift_id=opened.shifts[order].id,
            minutes=minutes,
            evidence="当天的纸质签到表有本人签名，合影里也有本人。",
            reference=f"演示签到表 {number:03d} 号",
            reason="当天手机没电，没能扫码签到。",
        )
        self.backfills[number] = claim.id

    def approve(self, number: int) -> None:
        backfills.approve(self.play.cast.citizens[SECOND_ORGANIZER], self.backfills[number])

    def contest(self) -> None:
        reason = "那天上午我在新址门口，没有见到他，请核对签到表。"
        notices.contest(self.play.cast.citizens[OBJECTOR], self.backfills[CONTESTED], reason=reason)

    def certify(self) -> None:
        """The second time the ledger says something else, and the first certificate is revoked."""
        citizen = self.play.cast.citizens[CAME_LATE]
        shift = self.play.opened[LATE_MONTH].shifts[LATE_ORDER]
        until = clock.day_of(shift.starts_at)
        certificates.issue(citizen, from_day=clock.day_of(self.play.cast.joined_at), to_day=until)

    def dispute_lateness(self) -> None:
        shift = self.play.opened[LATE_MONTH].shifts[LATE_ORDER]
        self.disputed[CAME_LATE] = disputes.open(
            self.play.cast.citizens[CAME_LATE],
            about_type=DisputeAbout.ATTENDANCE,
            about_id=self.play.attendances[CAME_LATE, shift.id],
            reason="当天八点前就到岗了，在进站口帮一位老人找孩子，九点才想起扫码。",
        ).id

    def uphold(self) -> None:
        answer = "查看了站台值班记录，八点已经在岗，按整场 8 小时计。"
        disputes.uphold(
            self.play.cast.staff[STAFF], self.disputed[CAME_LATE], answer=answer, minutes=8 * 60
        )

    def dispute_noon(self) -> None:
        shift = self.play.opened[calendar.MOVING.title].shifts[0]
        disputes.open(
            self.play.cast.citizens[LEFT_AT_NOON],
            about_type=DisputeAbout.ATTENDANCE,
            about_id=self.play.attendances[LEFT_AT_NOON, shift.id],
            reason="上午搬了四个小时书，中午接到电话才离开，希望按实际时间计入。",
        )


def _record() -> None:
    """What the job does in the night after the notice."""
    for backfill_id in notices.to_record():
        notices.record(SYSTEM, backfill_id)
