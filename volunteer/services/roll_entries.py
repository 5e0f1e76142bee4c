"""Rolls kept on phones without signal, and sent later: each entry is taken once.

The leader's phone sends a batch of the personal codes that it scanned (and of people whom the
leader marked by hand); a volunteer's phone sends the packet code that it scanned. One bad entry
does not lose the rest, and a batch sent again has the same answer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from accounts.permissions import Permission
from core import clock
from core.actor import Actor
from core.db import db, insert_if_absent, lock_exclusively
from core.errors import DomainError, InvalidInput, every_error
from volunteer import codes, personal_codes
from volunteer.errors import EntryTooLate, NonceReused, OwnAttendance, PersonalCodeInvalid
from volunteer.models.attendances import Attendance, CheckMethod, Direction
from volunteer.models.roll_entries import ACCEPTED, RollEntry
from volunteer.models.shifts import Shift
from volunteer.services import absences, attendance_changes, presence, shifts
from volunteer.services.presence import Evidence

ARRIVE_WITHIN = timedelta(hours=72)
"""After the end of the shift."""


@dataclass(frozen=True, slots=True)
class Entry:
    """As a phone sends it."""

    nonce: str
    direction: Direction
    at: datetime
    """By the clock of the phone."""
    personal_code: str | None = None
    person_id: UUID | None = None
    """On the leader's word."""
    code: str | None = None
    """Of a packet."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry."""

    nonce: str
    outcome: str
    """`accepted`, or the code of the refusal."""
    attendance: Attendance | None = None

    @property
    def sentence(self) -> str:
        """For the person who holds the phone."""
        sentences = {error.code: error.message for error in every_error()}
        return sentences.get(self.outcome, "已记录")


@dataclass(frozen=True, slots=True)
class _Claim:
    """An entry with the person it is about, if its code tells one."""

    entry: Entry
    person_id: UUID | None
    evidence: Evidence


def send(actor: Actor, shift_id: UUID, *, entries: Sequence[Entry]) -> list[Outcome]:
    """Take the roll of a leader's phone; gives an outcome for each entry, in their order.

    Raises NotFound unless the actor leads the shift."""
    shift = shifts.get_led(actor, Permission.VOLUNTEER_ATTENDANCE_RECORD, shift_id)
    return _take(actor, shift, [_claim(entry) for entry in entries])


def send_late(
    actor: Actor, *, code: str, scanned_at: datetime, nonce: str, direction: Direction
) -> Outcome:
    """Take what a volunteer's phone scanned without signal.

    Raises CodeInvalid, CodeExpired if the code was not shown at that time."""
    read = codes.read_late(shifts.code_key(), code, scanned_at)
    entry = Entry(nonce, direction, scanned_at, code=code)
    evidence = Evidence(CheckMethod.PACKET, scanned_at, read.shown_at, is_offline=True)
    shift = shifts.load(read.shift_id)
    return _take(actor, shift, [_Claim(entry, actor.id, evidence)])[0]


def _claim(entry: Entry) -> _Claim:
    """Whose personal code it is, or whom the leader names."""
    evidence = Evidence(CheckMethod.LEADER, entry.at, is_offline=True)
    if entry.personal_code is None:
        return _Claim(entry, entry.person_id, evidence)
    evidence = replace(evidence, method=CheckMethod.PERSONAL_CODE)
    try:
        read = personal_codes.read(
            shifts.code_key(), entry.personal_code, entry.at, leeway=codes.OFFLINE_LEEWAY
        )
    except PersonalCodeInvalid:
        return _Claim(entry, None, evidence)
    return _Claim(entry, read.person_id, replace(evidence, shown_at=read.shown_at))


def _take(actor: Actor, shift: Shift, claims: Sequence[_Claim]) -> list[Outcome]:
    """Enter the claims in the order of their time: who came must be in before they can leave.

    Persons are locked first, all of them and in order, so that two phones never wait for each
    other."""
    for person_id in sorted({c.person_id for c in claims if c.person_id is not None}):
        lock_exclusively(f"person:{person_id}")
    order = sorted(
        range(len(claims)), key=lambda n: (claims[n].entry.at, claims[n].entry.direction, n)
    )
    outcomes = {n: _take_one(actor, shift, claims[n]) for n in order}
    return [outcomes[n] for n in range(len(claims))]


def _take_one(actor: Actor, shift: Shift, claim: _Claim) -> Outcome:
    """Enter one claim and keep what became of it; a repeat gives the first outcome."""
    entry, digest = claim.entry, _digest(actor, claim.entry)
    is_new = insert_if_absent(
        RollEntry,
        shift_id=shift.id,
        nonce=entry.nonce,
        digest=digest,
        sent_by=actor.id,
        received_at=clock.now(),
        scanned_at=entry.at,
        direction=entry.direction,
        outcome=ACCEPTED,
    )
    row = db.session.get_one(RollEntry, (shift.id, entry.nonce))
    if not is_new and row.digest != digest:
        return Outcome(entry.nonce, NonceReused.code)
    if is_new:
        try:
            with db.session.begin_nested():
                row.attendance_id = _enter(actor, shift, claim).id
        except DomainError as refusal:
            row.outcome = refusal.code
        db.session.flush()
    found = row.attendance_id and db.session.get(Attendance, row.attendance_id)
    return Outcome(entry.nonce, row.outcome, found or None)


def _digest(actor: Actor, entry: Entry) -> bytes:
    return hashlib.sha256(repr((actor.id, entry)).encode()).digest()


def _enter(actor: Actor, shift: Shift, claim: _Claim) -> Attendance:
    """Raises the refusal of the entry."""
    evidence, at = claim.evidence, clock.now()
    if at >= shift.counted_until + ARRIVE_WITHIN:
        raise EntryTooLate
    if evidence.at > at + codes.OFFLINE_LEEWAY:
        raise InvalidInput.at("at", "时间不能晚于现在")
    if claim.person_id is None:
        raise PersonalCodeInvalid
    if evidence.method is not CheckMethod.PACKET and claim.person_id == actor.person_id:
        raise OwnAttendance
    if claim.entry.direction is Direction.OUT:
        return presence.leave(actor, claim.person_id, shift.id, evidence)
    attendance = presence.arrive(actor, claim.person_id, shift.id, evidence)
    absences.attend_after_all(actor, claim.person_id, shift.id)
    if attendance.awaits_person:
        attendance_changes.ask_to_confirm(attendance, shift)
    return attendance
