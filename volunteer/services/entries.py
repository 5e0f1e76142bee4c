"""Writing the ledger of hours. It is append-only: what is earned is entered once for each source,
and a correction is another entry, which names the one that it corrects and says why.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from accounts.services import persons
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from volunteer.models.hours import EntryKind, HoursEntry, Ledger, SourceType, UntalliedHours
from volunteer.models.shifts import Shift
from volunteer.services import certificates

VERBS = {EntryKind.EARNED: "earn", EntryKind.ADJUSTED: "adjust", EntryKind.REVERSED: "reverse"}
"""What the audit log calls the writing of an entry."""


@dataclass(frozen=True, slots=True)
class Source:
    """What caused an entry: the key that lets it count once."""

    type: SourceType
    id: UUID


def earn(
    actor: Actor,
    person_id: UUID,
    shift: Shift,
    *,
    minutes: int,
    ledger: Ledger,
    source: Source,
    reason: str | None = None,
    by: UUID | None = None,
) -> HoursEntry:
    """Enter minutes served in a shift, once for each source. `by` is the person who says so,
    where a job enters them.

    Expects the shift with its activity and project. Raises AlreadyCounted (by key)."""
    project = shift.activity.project
    return _enter(
        actor,
        HoursEntry(
            id=new_id(),
            person_id=person_id,
            organization_id=project.organization_id,
            activity_id=shift.activity_id,
            site_id=project.site_id,
            action=project.action,
            minutes=minutes,
            kind=EntryKind.EARNED,
            ledger=ledger,
            source_type=source.type,
            source_id=source.id,
            reason=reason,
            served_on=clock.day_of(shift.starts_at),
            created_by=by or actor.id,
            created_at=clock.now(),
        ),
    )


def correct(
    actor: Actor,
    entry: HoursEntry,
    *,
    minutes: int,
    source: Source,
    reason: str,
    by: UUID | None = None,
) -> HoursEntry | None:
    """Make what is left of an earned entry amount to `minutes` (0 or more), by a new entry, and
    revoke the certificates that rest on it; the only place where corrections are written. Nothing
    is written if it amounts to that already.

    The caller holds the lock of the person. Raises AlreadyCounted if the same source corrected
    this entry in the same way before."""
    if minutes < 0:
        raise ValueError("nobody has served less than nothing")
    left = left_of(entry)
    difference = minutes - left
    if difference == 0:
        return None
    certificates.revoke_resting_on(actor, entry, reason=reason)
    return _enter(
        actor,
        HoursEntry(
            id=new_id(),
            person_id=entry.person_id,
            organization_id=entry.organization_id,
            activity_id=entry.activity_id,
            site_id=entry.site_id,
            action=entry.action,
            minutes=difference,
            kind=_kind_of(left, minutes),
            ledger=entry.ledger,
            source_type=source.type,
            source_id=source.id,
            corrects_id=entry.id,
            reason=reason,
            served_on=entry.served_on,
            created_by=by or actor.id,
            created_at=clock.now(),
        ),
    )


def _kind_of(left: int, minutes: int) -> EntryKind:
    """Of a correction from so many minutes to so many: what was taken back wholly and counts again
    is one time more, as it was one less (人次 are counted by kinds)."""
    if minutes == 0:
        return EntryKind.REVERSED
    return EntryKind.ADJUSTED if left else EntryKind.EARNED


def _enter(actor: Actor, entry: HoursEntry) -> HoursEntry:
    db.session.add(entry)
    db.session.flush()
    db.session.add(UntalliedHours(entry_id=entry.id))
    audit.record(actor, entry, VERBS[entry.kind], reason=entry.reason)
    return entry


def left_of(entry: HoursEntry) -> int:
    """What an earned entry amounts to with all its corrections."""
    query = select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
        HoursEntry.corrects_id == entry.id
    )
    return entry.minutes + int(db.session.execute(query).scalar_one())


def earned_from(source: Source) -> HoursEntry | None:
    """The entry that a source earned."""
    return db.session.scalar(
        select(HoursEntry).where(
            HoursEntry.source_type == source.type,
            HoursEntry.source_id == source.id,
            HoursEntry.kind == EntryKind.EARNED,
            HoursEntry.corrects_id.is_(None),
        )
    )


def minutes_of_day(person_id: UUID, day: date) -> int:
    """What a person's ledgers hold for a day."""
    query = select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
        HoursEntry.person_id.in_(persons.ids_of(person_id)), HoursEntry.served_on == day
    )
    return int(db.session.execute(query).scalar_one())
