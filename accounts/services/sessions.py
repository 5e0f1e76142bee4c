"""Signing in and out, and telling from a token who acts.

Tokens are 256 random bits, stored as SHA-256. A citizen's sign-in lasts 30 days; one of staff
12 hours, and 30 minutes of idleness (graded protection asks for idle log-out).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, and_, bindparam, cast, delete, literal, select, update

from accounts.models.persons import Person, WeChatIdentity
from accounts.models.roles import RoleGrant
from accounts.models.sessions import SessionKind, SignInSession
from accounts.models.sites import Site
from accounts.models.staff import StaffCredential
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services.persons import HAS_ABSORBED
from core import audit, clock, wechat
from core.actor import Actor, Grant, ScopeKind
from core.db import current_connection, db, exclusive_lock, insert_if_absent, note_held
from core.errors import NotFound, NotSignedIn
from core.ids import new_id
from core.prepared import Prepared

WECHAT_LIFETIME = timedelta(days=30)
STAFF_LIFETIME = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)

CITY_PATH = "/"

CITIZEN_GRANT = Grant(Role.CITIZEN, frozenset(ROLE_PERMISSIONS[Role.CITIZEN]), ScopeKind.OWN)
VOLUNTEER_GRANT = Grant(Role.VOLUNTEER, frozenset(ROLE_PERMISSIONS[Role.VOLUNTEER]), ScopeKind.OWN)

BY_MINI_PROGRAM = (Role.ORGANIZER, Role.PANELIST)
"""Roles of citizens who work in the mini-program and have no sign-in for staff."""

TOUCH_DUE = "touch_due"
PASSWORD_CHANGE_DUE = "password_change_due"  # noqa: S105 - a fact's name
REAL_NAME = "real_name"

_FOUND = (
    select(
        SignInSession.id,
        SignInSession.person_id,
        SignInSession.kind,
        SignInSession.last_seen_at,
        SignInSession.expires_at,
        Person.registered_at,
        Person.has_absorbed,
        StaffCredential.must_change_password,
        RoleGrant.role,
        RoleGrant.scope_kind,
        RoleGrant.scope_id,
        Site.path,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(StaffCredential, StaffCredential.person_id == Person.id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None)))
    .outerjoin(Site, Site.id == RoleGrant.scope_id)
    .where(
        SignInSession.ended_at.is_(None),
        Person.merged_into_id.is_(None),
        SignInSession.token_hash == bindparam("token_hash"),
    )
)
_FIND = Prepared(_FOUND)
_FIND_AND_LOCK = Prepared(
    _FOUND.add_columns(
        exclusive_lock(literal("person:") + cast(SignInSession.person_id, String)).label("lock")
    )
)
"""On PostgreSQL, for calls that are done one by one."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in; the only moment at which the token is known."""

    token: str
    expires_at: datetime
    person: Person
    is_new: bool = False
    must_change_password: bool = False


def authenticate(token: str, *, one_by_one: bool = False) -> Actor:
    """Who holds this token. The facts tell what the door should know: TOUCH_DUE asks for
    `touch`. `one_by_one`: the transaction is about to lock the person. Raises NotSignedIn."""
    at, connection = clock.now(), current_connection()
    locks = one_by_one and connection.dialect.name == "postgresql"
    find = _FIND_AND_LOCK if locks else _FIND
    rows = find.all(connection, {"token_hash": _hash(token)})
    if not rows or rows[0].expires_at <= at or _is_idle(rows[0], at):
        raise NotSignedIn("登录已过期，请重新登录")
    first = rows[0]
    if locks:
        note_held(f"person:{first.person_id}")
    facts = set()
    if first.kind is SessionKind.STAFF and at - first.last_seen_at >= TOUCH_EVERY:
        facts.add(TOUCH_DUE)
    if first.registered_at is not None:
        facts.add(REAL_NAME)
    if first.has_absorbed:
        facts.add(HAS_ABSORBED)
    if first.kind is SessionKind.STAFF and first.must_change_password:
        facts.add(PASSWORD_CHANGE_DUE)
    return Actor(
        person_id=first.person_id,
        session_id=first.id,
        facts=frozenset(facts),
        grants=_grants(rows, facts),
    )


def _is_idle(row: object, at: datetime) -> bool:
    kind, seen = row.kind, row.last_seen_at  # type: ignore[attr-defined]
    return kind is SessionKind.STAFF and at - seen > STAFF_IDLE


def _grants(rows: object, facts: set[str]) -> tuple[Grant, ...]:
    """Granted roles act only in a staff session, but for those of the mini-program."""
    grants = [CITIZEN_GRANT]
    if REAL_NAME in facts:
        grants.append(VOLUNTEER_GRANT)
    if PASSWORD_CHANGE_DUE in facts:
        return tuple(grants)
    for row in rows:  # type: ignore[attr-defined]
        if row.role is None:
            continue
        if row.kind is not SessionKind.STAFF and row.role not in BY_MINI_PROGRAM:
            continue
        path = CITY_PATH if row.scope_kind is ScopeKind.CITY else (row.path or "")
        permissions = frozenset(ROLE_PERMISSIONS[row.role])
        grants.append(Grant(row.role, permissions, row.scope_kind, row.scope_id, path))
    return tuple(grants)


def touch(actor: Actor) -> None:
    """Note that a staff session is in use."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == actor.session_id)
        .values(last_seen_at=clock.now())
    )


def exchange_code(_actor: Actor, *, body: dict[str, str]) -> wechat.WeChatSession:
    """Ask WeChat whose login code this is. Outside any transaction.

    Raises LoginCodeInvalid, WeChatUserBlocked, WeChatUnavailable."""
    return wechat.client().code_to_session(body["code"])


def sign_in_with_wechat(session: wechat.WeChatSession) -> SignedIn:
    """Open a sign-in for the person of this openid; an unknown one becomes a new person."""
    at = clock.now()
    known = db.session.get(WeChatIdentity, session.openid)
    if known is None:
        person = Person(id=new_id(), created_at=at)
        db.session.add(person)
        db.session.flush()
        is_new = insert_if_absent(
            WeChatIdentity, openid=session.openid, person_id=person.id, last_seen_at=at
        )
        if is_new:
            return _open(person, SessionKind.WECHAT, is_new=True)
        db.session.delete(person)  # a twin of this request was first
        known = db.session.get_one(WeChatIdentity, session.openid)
    known.last_seen_at = at
    return _open(db.session.get_one(Person, known.person_id), SessionKind.WECHAT)


def open_for_staff(person: Person, *, must_change_password: bool) -> SignedIn:
    """Open a sign-in after password and one-time code were found right."""
    return _open(person, SessionKind.STAFF, must_change_password=must_change_password)


def _open(
    person: Person, kind: SessionKind, *, is_new: bool = False, must_change_password: bool = False
) -> SignedIn:
    at = clock.now()
    token = secrets.token_urlsafe(32)
    expires_at = at + (STAFF_LIFETIME if kind is SessionKind.STAFF else WECHAT_LIFETIME)
    db.session.add(
        SignInSession(
            id=new_id(),
            token_hash=_hash(token),
            person_id=person.id,
            kind=kind,
            created_at=at,
            last_seen_at=at,
            expires_at=expires_at,
        )
    )
    db.session.flush()
    return SignedIn(token, expires_at, person, is_new, must_change_password)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A sign-in of the actor that is still open, perhaps the present one."""

    session: SignInSession
    is_current: bool


def list_mine(actor: Actor) -> list[OpenSession]:
    """The actor's open sign-ins, newest first."""
    found = db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == actor.id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
        )
        .order_by(SignInSession.id.desc())
    )
    return [OpenSession(session, session.id == actor.session_id) for session in found]


def end(actor: Actor, session_id: UUID | None = None) -> None:
    """End one of the actor's own sign-ins, the present one by default. Raises NotFound."""
    session = db.session.get(SignInSession, session_id or actor.session_id)
    if session is None or session.person_id != actor.id or session.ended_at is not None:
        raise NotFound
    session.ended_at = clock.now()
    audit.record(actor, session, "end")


def end_all(person_id: UUID, *, but: UUID | None = None) -> None:
    """End every open sign-in of a person, except one."""
    db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.id != but,
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def purge(before: datetime) -> int:
    """Forget sign-ins that expired before this instant; gives their number."""
    result = db.session.execute(delete(SignInSession).where(SignInSession.expires_at < before))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
