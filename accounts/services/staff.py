"""Sign-in of staff: argon2id password and TOTP, with a lock after failures.

Password hashing takes tens of milliseconds, so it happens before the transaction: `check_password`
reads the hash in a transaction of its own and gives a verdict that `sign_in` then judges.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import argon2
import pyotp
from sqlalchemy import select, update

from accounts.errors import PasswordWeak, SignInLocked, SignInRefused
from accounts.models.persons import Person
from accounts.models.staff import StaffCredential
from accounts.services import sessions
from core import audit, clock
from core.actor import SYSTEM, Actor
from core.db import apart, db
from core.ids import new_id

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
OTP_STEP_SECONDS = 30
PASSWORD_MIN_LENGTH = 12

_hasher = argon2.PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(frozen=True, slots=True)
class PasswordVerdict:
    """Whether a password is right; `credential_id` is None for an unknown user name."""

    credential_id: UUID | None
    is_right: bool


def check_password(_actor: Actor, *, body: dict[str, str]) -> PasswordVerdict:
    """Compare the password of a sign-in; an unknown user costs the same time."""
    return _verdict(StaffCredential.username == body["username"], body["password"])


def check_own_password(actor: Actor, *, body: dict[str, str]) -> tuple[PasswordVerdict, str]:
    """Compare the old password of a change, and hash the new one."""
    verdict = _verdict(StaffCredential.person_id == actor.id, body["old_password"])
    return verdict, _hasher.hash(body["new_password"])


def _verdict(condition: Any, password: str) -> PasswordVerdict:
    query = select(StaffCredential.id, StaffCredential.password_hash).where(condition)
    row = apart(lambda: db.session.execute(query).one_or_none(), write=False)
    credential_id, password_hash = row if row else (None, _NOBODY)
    try:
        _hasher.verify(password_hash, password)
    except argon2.exceptions.VerificationError:
        return PasswordVerdict(credential_id, is_right=False)
    return PasswordVerdict(credential_id, is_right=row is not None)


def sign_in(verdict: PasswordVerdict, *, otp: str) -> sessions.SignedIn:
    """Open a staff session. Every failure is counted, the fifth in a row locks for 15 minutes.

    Raises SignInRefused, SignInLocked."""
    credential = _locked_row(verdict.credential_id)
    if credential is None:
        raise SignInRefused
    at = clock.now()
    if credential.locked_until is not None and credential.locked_until > at:
        seconds = int((credential.locked_until - at).total_seconds()) + 1
        raise SignInLocked(retry_after=seconds)
    if not verdict.is_right or not _use_otp(credential, otp):
        _count_failure(credential)
        raise SignInRefused
    credential.failed_count = 0
    credential.locked_until = None
    person = db.session.get_one(Person, credential.person_id)
    audit.record(Actor(person_id=person.id), credential, "sign_in")
    return sessions.open_for_staff(person, must_change_password=credential.must_change_password)


def _locked_row(credential_id: UUID | None) -> StaffCredential | None:
    """The credential, held against a second sign-in at the same moment."""
    if credential_id is None:
        return None
    return db.session.get(StaffCredential, credential_id, with_for_update=True)


def _use_otp(credential: StaffCredential, otp: str) -> bool:
    """Whether the code is right for now or the step before or after, and was not used yet."""
    totp = pyotp.TOTP(credential.totp_secret or "", interval=OTP_STEP_SECONDS)
    present = int(clock.now().timestamp()) // OTP_STEP_SECONDS
    for step in (present - 1, present, present + 1):
        if step > credential.last_otp_step and pyotp.utils.strings_equal(
            otp, totp.generate_otp(step)
        ):
            credential.last_otp_step = step
            return True
    return False


def _count_failure(credential: StaffCredential) -> None:
    credential.failed_count += 1
    if credential.failed_count >= MAX_FAILURES:
        credential.failed_count = 0
        credential.locked_until = clock.now() + LOCKED_FOR
        audit.record(SYSTEM, credential, "lock")


def change_password(
    actor: Actor, verdict: PasswordVerdict, new_hash: str, *, old: str, new: str
) -> None:
    """Replace the password; other sign-ins of the person end.

    Raises SignInRefused, PasswordWeak."""
    credential = _locked_row(verdict.credential_id)
    if credential is None or not verdict.is_right:
        raise SignInRefused
    if len(new) < PASSWORD_MIN_LENGTH or new in (old, credential.username):
        raise PasswordWeak
    credential.password_hash = new_hash
    credential.must_change_password = False
    sessions.end_all(actor.id, but=actor.session_id)
    audit.record(actor, credential, "change_password")


def create(
    person: Person,
    *,
    username: str,
    password: str,
    totp_secret: str,
    must_change_password: bool = True,
) -> StaffCredential:
    """Give a person a staff sign-in; called by the operator's command line."""
    credential = StaffCredential(
        id=new_id(),
        person_id=person.id,
        username=username,
        password_hash=_hasher.hash(password),
        must_change_password=must_change_password,
        created_at=clock.now(),
    )
    credential.totp_secret = totp_secret
    db.session.add(credential)
    db.session.flush()
    audit.record(SYSTEM, credential, "create")
    return credential


def unlock(username: str) -> bool:
    """Lift a lock at an operator's word; False if there is no such user."""
    result = db.session.execute(
        update(StaffCredential)
        .where(StaffCredential.username == username)
        .values(failed_count=0, locked_until=None)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
