"""The scheduler process: `python -m jobs`.

Each row of the timetable ticks by itself, so a slow job never delays another. Any number of
these processes may run.
"""

import logging
import signal
import sys
from collections.abc import Callable
from datetime import datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app import create_app
from core import clock, db
from core.config import SettingsError
from jobs.runner import run_slot
from jobs.schedule import TIMETABLE, Job, latest_slot

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger("jobs")


def tick(app: Flask, job: Job) -> Callable[[], None]:
    """What the metronome calls: run the latest slot, whichever process gets it."""

    def run() -> None:
        run_slot(app, job.name, job.work, latest_slot(job.trigger, clock.now()))

    return run


def build_scheduler(app: Flask) -> BackgroundScheduler:
    """One in-memory job for each row. A late tick is still useful and several are one, since a
    job asks what is due; the first tick comes at once, to catch up after downtime."""
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(len(TIMETABLE))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=clock.SHANGHAI,
    )
    for job in TIMETABLE:
        scheduler.add_job(
            tick(app, job), job.trigger, id=job.name, next_run_time=_first_tick(clock.now())
        )
    return scheduler


def _first_tick(at: datetime) -> datetime:
    return at.astimezone(clock.SHANGHAI)


def main() -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        app = create_app()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the operator reads this, not the log
        return 1
    scheduler = build_scheduler(app)
    scheduler.start()
    log.info("scheduler started", extra={"jobs": len(TIMETABLE)})
    signal.sigwait(STOP_SIGNALS)
    scheduler.shutdown(wait=True)
    db.dispose(app)
    log.info("scheduler stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
