"""Two accounts of one human being become one.

Only an account without a real name is merged into one with it. Two registered people have
different ID numbers, so they are two people. An account that holds a role or a staff sign-in is
never merged: whoever may merge could hand its powers to somebody else.

What may change is moved: rows of live state (the columns in `FOLLOWING` here and in the packages
above) are pointed to the person who stays. Where a unique key stands in the way, the row of the
one who stays is kept and the other remains where it is. What is written for ever (hours,
ballots, consents, the audit log) keeps the old id, and whoever reads it asks `persons.ids_of`.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast
from uuid import UUID

from flask import current_app
from sqlalchemy import CursorResult, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from accounts.errors import NotMergeable, OwnAccount
from accounts.models.feedback import Feedback
from accounts.models.guardians import Guardianship
from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person, WeChatIdentity
from accounts.models.subscriptions import SubscriptionQuota
from accounts.permissions import Permission
from accounts.services import messages, persons, roles, sessions
from core import audit, clock
from core.actor import Actor
from core.db import db

Column = InstrumentedAttribute[Any]
Follower = Callable[[UUID, UUID], None]
"""Moves what a package keeps from the first person to the second."""

FOLLOWERS = "liancheng.merge_followers"
"""Extension of the app: the followers of the packages that accounts does not know."""

FOLLOWING: tuple[Column, ...] = (
    WeChatIdentity.person_id,
    Guardianship.ward_id,
    Guardianship.guardian_id,
    Feedback.person_id,
    InboxMessage.person_id,
    SubscriptionQuota.person_id,
)


def merge(actor: Actor, person_id: UUID, *, into: UUID, reason: str) -> Person:
    """Merge a person without a real name into the registered one whom they are.

    The actor answers for the one who stays, and is neither of the two. The other has no home
    site as a rule, so its id alone names it. Gives the person who stays.

    Raises NotFound, OwnAccount, NotMergeable."""
    kept = persons.get_over(actor, Permission.ACCOUNTS_PERSON_MERGE, into)
    lost = persons.get(person_id)
    if actor.person_id in (kept.id, lost.id):
        raise OwnAccount
    absorb(actor, lost, kept, reason=reason)
    return kept


def absorb(actor: Actor, lost: Person, kept: Person, *, reason: str) -> None:
    """Let `lost` live on as `kept`; its sign-ins end. Raises NotMergeable."""
    if kept.registered_at is None:
        raise NotMergeable
    if roles.is_staff(lost.id):
        raise NotMergeable("工作人员的账号不能并入他人的账号")
    marked = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(Person)
            .where(
                Person.id == lost.id,
                Person.registered_at.is_(None),
                Person.merged_into_id.is_(None),
                Person.has_absorbed.is_(False),
            )
            .values(merged_into_id=kept.id)
            .execution_options(synchronize_session=False)
        ),
    )
    if marked.rowcount != 1:
        raise NotMergeable
    set_committed_value(lost, "merged_into_id", kept.id)
    kept.has_absorbed = True
    sessions.end_all(lost.id)
    repoint(FOLLOWING, lost.id, kept.id)
    followers: Iterable[Follower] = current_app.extensions[FOLLOWERS]
    for follow in followers:
        follow(lost.id, kept.id)
    audit.record(actor, lost, "merge", reason=reason)
    messages.tell(kept.id, "account_merged", lost.id, at=clock.now().isoformat())


def repoint(columns: Iterable[Column], lost: UUID, kept: UUID) -> None:
    """Point the rows that name `lost` in these columns to `kept`, but for those that a key of
    the table does not let go."""
    db.session.flush()
    for column in columns:
        key = inspect(column.class_).primary_key
        for row in db.session.execute(select(*key).where(column == lost)).all():
            try:
                with db.session.begin_nested():
                    db.session.execute(
                        update(column.class_)
                        .where(*(k == value for k, value in zip(key, row, strict=True)))
                        .values({column.key: kept})
                        .execution_options(synchronize_session=False)
                    )
            except IntegrityError:
                continue
    db.session.expire_all()
