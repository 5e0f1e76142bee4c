"""How a job runs: a slot claimed in the database, items in transactions of their own, a log.

APScheduler is only the metronome. Several scheduler processes may tick; the primary key of
`job_runs` lets one of them have each slot, and every item is idempotent by a key of its own, so
correctness never rests on the lease: the lease only spares work.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import Index, SmallInteger, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, logs
from core.db import Base, atomically, db, insert_if_absent
from core.errors import DomainError
from core.types import UtcDateTime, enum_by_value

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
KEPT = timedelta(days=30)

log = logging.getLogger(__name__)
T = TypeVar("T")


class RunStatus(StrEnum):
    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    """Failed so often that a person must look; readiness says `degraded`."""


class JobRun(Base):
    """One slot of the timetable: the work and its history."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_status", "job", "status"),)

    job: Mapped[str] = mapped_column(String(48), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    status: Mapped[RunStatus] = mapped_column(enum_by_value(RunStatus))
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    items: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(200))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass
class JobContext:
    """What a job is given: transactions, one an item. `failures` counts the items that failed."""

    app: Flask
    failures: int = field(default=0)

    def read(self, find: Callable[[], T]) -> T:
        """Ask something in a read-only transaction."""
        return atomically(self.app, find, write=False)

    def write(self, work: Callable[[], T]) -> T:
        """Do something in one writing transaction."""
        return atomically(self.app, work, write=True)

    def each(self, find: Callable[[], Iterable[UUID]], do: Callable[[UUID], Any]) -> int:
        """Do every found item in a transaction of its own; a bad one doesn't stop the rest.
        Gives the number done."""
        done = 0
        for item in list(self.read(find)):
            try:
                atomically(self.app, lambda item=item: do(item), write=True)  # type: ignore[misc]
                done += 1
            except DomainError as refusal:
                log.info("item refused", extra={"item": str(item), "code": refusal.code})
            except Exception:
                self.failures += 1
                log.exception("item failed", extra={"item": str(item)})
        return done

    def every(self, find: Callable[[], Iterable[UUID]], do: Callable[[UUID], bool]) -> int:
        """Do every found item by work that opens its transactions itself; a bad one doesn't stop
        the rest. Gives the number done."""
        done = 0
        for item in list(self.read(find)):
            try:
                done += do(item)
            except Exception:
                self.failures += 1
                log.exception("item failed", extra={"item": str(item)})
        return done

    def drain(self, batch: Callable[[], int]) -> int:
        """Call `batch` in a transaction each time until it finds nothing more to do."""
        total = 0
        while done := atomically(self.app, batch, write=True):
            total += done
        return total


Work = Callable[[JobContext], int]
"""A job: does what is due and gives the number of items."""


class ItemsFailed(Exception):
    """Some items of a run failed; the slot is tried again."""


def owner() -> str:
    """A name of this process for leases."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_slot(app: Flask, name: str, work: Work, due_at: datetime) -> bool:
    """Run the slot of `due_at` unless it is done or another process has it. True if it ran.

    Never raises: a failure is written down, and the slot is tried again at the next tick until
    it is dead."""
    logs.request_id.set(logs.new_request_id())
    with app.app_context():
        if not atomically(app, lambda: _claim(name, due_at), write=True):
            return False
        began = clock.now()
        try:
            items = run_now(app, work)
        except Exception as fault:
            log.exception("job failed", extra={"job": name})
            error = type(fault).__name__
            atomically(app, lambda: _give_up(name, due_at, error), write=True)
            return True
        atomically(app, lambda: _finish(name, due_at, items), write=True)
        seconds = (clock.now() - began).total_seconds()
        level = logging.INFO if items else logging.DEBUG
        log.log(level, "job done", extra={"job": name, "items": items, "seconds": seconds})
        return True


def run_now(app: Flask, work: Work) -> int:
    """Run a job outside the timetable. Raises ItemsFailed if any item failed."""
    context = JobContext(app)
    items = work(context)
    if context.failures:
        raise ItemsFailed(f"{context.failures} items failed")
    return items


def _claim(name: str, due_at: datetime) -> bool:
    at = clock.now()
    insert_if_absent(JobRun, job=name, due_at=due_at, status=RunStatus.DUE, attempts=0, items=0)
    free = (JobRun.status == RunStatus.DUE) | (
        (JobRun.status == RunStatus.RUNNING) & (JobRun.lease_until < at)
    )
    result = db.session.execute(
        update(JobRun)
        .where(JobRun.job == name, JobRun.due_at == due_at, free)
        .values(
            status=RunStatus.RUNNING,
            lease_owner=owner(),
            lease_until=at + LEASE,
            attempts=JobRun.attempts + 1,
            started_at=at,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _mine(name: str, due_at: datetime) -> tuple[Any, ...]:
    return (JobRun.job == name, JobRun.due_at == due_at, JobRun.lease_owner == owner())


def _finish(name: str, due_at: datetime, items: int) -> None:
    """Mark the slot done, and forget older ones of this job that failed: it asks "what is due?",
    so this run did their work too."""
    db.session.execute(
        update(JobRun)
        .where(*_mine(name, due_at))
        .values(status=RunStatus.DONE, done_at=clock.now(), items=items, last_error=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(JobRun)
        .where(
            JobRun.job == name,
            JobRun.due_at < due_at,
            JobRun.status.in_((RunStatus.DUE, RunStatus.DEAD)),
        )
        .values(status=RunStatus.DONE, done_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _give_up(name: str, due_at: datetime, error: str) -> None:
    run = db.session.get(JobRun, (name, due_at))
    if run is None or run.lease_owner != owner():
        return
    run.status = RunStatus.DEAD if run.attempts >= MAX_ATTEMPTS else RunStatus.DUE
    run.last_error = error


def dead_jobs() -> list[str]:
    """Names of jobs with a dead slot."""
    return list(
        db.session.scalars(select(JobRun.job).where(JobRun.status == RunStatus.DEAD).distinct())
    )


def last_done() -> datetime | None:
    """When any job was last done."""
    return db.session.scalar(
        select(JobRun.done_at)
        .where(JobRun.done_at.is_not(None))
        .order_by(JobRun.done_at.desc())
        .limit(1)
    )


def purge(before: datetime) -> int:
    """Forget slots that were done before this instant; gives their number."""
    result = db.session.execute(
        delete(JobRun).where(JobRun.status == RunStatus.DONE, JobRun.due_at < before)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
