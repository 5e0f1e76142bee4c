"""Plays what the jobs did while nobody looked: sums and stars every week, a report every month."""

from datetime import datetime, timedelta

from cli.demo.script import Script
from core import clock
from core.actor import SYSTEM
from volunteer.services import evaluations, hours, reports

WEEK = timedelta(weeks=1)
REPORTED = timedelta(days=65)
"""Of the past: two months, so that the second report tells what was corrected since the first."""


def plan(script: Script, since: datetime, now: datetime) -> None:
    """Put them last of their instants, after what people did; the last sums a second ago, so
    that their messages are old news too."""
    instant = since + WEEK
    while instant < now:
        script.at(instant, _tally)
        instant += WEEK
    script.at(now - timedelta(seconds=1), _tally)
    day = clock.day_of(now - REPORTED)
    while (frozen_at := clock.start_of(day) + timedelta(hours=5)) < now:
        if day.day == reports.FREEZE_DAY:
            script.at(frozen_at, _freeze_reports)
        day += timedelta(days=1)


def _tally() -> None:
    while hours.tally_batch() + evaluations.tally_batch():
        pass


def _freeze_reports() -> None:
    _tally()
    for site_id in reports.to_freeze():
        reports.freeze(SYSTEM, site_id)
