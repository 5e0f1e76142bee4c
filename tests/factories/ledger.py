"""Entries straight in the ledger, as long service leaves them."""

from datetime import date, datetime, timedelta

from core.actor import Actor
from core.db import db
from core.ids import new_id
from tests.factories.volunteer import NINE, Scene
from volunteer.actions import Action
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.hours import EntryKind, HoursEntry, Ledger, SourceType, UntalliedHours
from volunteer.models.shifts import Shift


def entry(
    who: Actor,
    scene: Scene,
    minutes: int = 120,
    *,
    on: date | None = None,
    ledger: Ledger = Ledger.VERIFIED,
    action: Action = Action.RURAL_SERVICE,
    source: SourceType = SourceType.ATTENDANCE,
    by: Actor | None = None,
) -> HoursEntry:
    """One entry that waits for the tally."""
    made = HoursEntry(
        id=new_id(),
        person_id=who.id,
        organization_id=scene.organization_id,
        activity_id=scene.activity_id,
        site_id=scene.site_id,
        action=action,
        minutes=minutes,
        kind=EntryKind.EARNED,
        ledger=ledger,
        source_type=source,
        source_id=new_id(),
        served_on=on or NINE.date(),
        created_by=(by or who).id,
        created_at=NINE,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(UntalliedHours(entry_id=made.id))
    db.session.flush()
    return made


def taken_back(corrected: HoursEntry) -> HoursEntry:
    """All of an entry, by a correction that waits for the tally."""
    made = HoursEntry(
        id=new_id(),
        person_id=corrected.person_id,
        organization_id=corrected.organization_id,
        activity_id=corrected.activity_id,
        site_id=corrected.site_id,
        action=corrected.action,
        minutes=-corrected.minutes,
        kind=EntryKind.REVERSED,
        ledger=corrected.ledger,
        source_type=SourceType.CORRECTION,
        source_id=new_id(),
        corrects_id=corrected.id,
        reason="未到场",
        served_on=corrected.served_on,
        created_by=corrected.created_by,
        created_at=NINE,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(UntalliedHours(entry_id=made.id))
    db.session.flush()
    return made


def present(who: Actor, scene: Scene, at: datetime = NINE) -> Attendance:
    """Somebody who was there and whose time is settled."""
    shift = db.session.get_one(Shift, scene.shift_id)
    made = Attendance(
        id=new_id(),
        shift_id=shift.id,
        person_id=who.id,
        status=AttendanceStatus.COUNTED,
        checked_in_at=at,
        checked_out_at=at + timedelta(hours=2),
        check_out_method=CheckMethod.CODE,
        planned_minutes=120,
        minutes=120,
        uncounted=[],
    )
    db.session.add(made)
    db.session.flush()
    return made
