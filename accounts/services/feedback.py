"""Complaints and suggestions: taken from anybody, answered by the city's staff."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update

from accounts.errors import FeedbackAnswered, FeedbackTooMany
from accounts.models.feedback import Feedback, FeedbackKind
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate

WINDOW = timedelta(hours=1)
MAX_OF_ONE_PERSON = 5
"""In a window."""
MAX_ANONYMOUS = 100
"""In a window, of all who are not signed in; by address the proxy limits more finely."""


def send(actor: Actor, *, kind: FeedbackKind, text: str, about: str | None = None) -> Feedback:
    """Take a complaint or suggestion. Raises FeedbackTooMany, exact over all processes."""
    lock_exclusively(f"feedback:{actor.person_id}")
    at = clock.now()
    recent = select(func.count()).where(
        Feedback.person_id == actor.person_id
        if actor.is_signed_in
        else Feedback.person_id.is_(None),
        Feedback.created_at > at - WINDOW,
    )
    most = MAX_OF_ONE_PERSON if actor.is_signed_in else MAX_ANONYMOUS
    if db.session.execute(recent).scalar_one() >= most:
        raise FeedbackTooMany(retry_after=int(WINDOW.total_seconds()))
    feedback = Feedback(
        id=new_id(), person_id=actor.person_id, kind=kind, about=about, created_at=at
    )
    feedback.text = text
    db.session.add(feedback)
    db.session.flush()
    return feedback


def list_all(
    _actor: Actor,
    page: PageRequest,
    *,
    kind: FeedbackKind | None = None,
    answered: bool | None = None,
) -> Page[Feedback]:
    """What people wrote, newest first."""
    query = select(Feedback)
    if kind is not None:
        query = query.where(Feedback.kind == kind)
    if answered is not None:
        is_open = Feedback.answered_at.is_(None)
        query = query.where(~is_open if answered else is_open)
    return paginate(query, page, by=[Feedback.id], descending=True)


def answer(actor: Actor, feedback_id: UUID, *, text: str) -> Feedback:
    """Answer once; a signed-in sender reads it in the inbox. Raises NotFound, FeedbackAnswered."""
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None:
        raise NotFound
    answered = Feedback(id=feedback_id, answer=text).answer_cipher
    at = clock.now()
    changed = db.session.execute(
        update(Feedback)
        .where(Feedback.id == feedback_id, Feedback.answered_at.is_(None))
        .values(answer_cipher=answered, answered_by=actor.id, answered_at=at)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", changed).rowcount != 1:
        raise FeedbackAnswered
    db.session.refresh(feedback)
    audit.record(actor, feedback, "answer")
    if feedback.person_id is not None:
        messages.tell(
            feedback.person_id,
            "feedback_answered",
            feedback.id,
            kind=feedback.kind.label,
            answer=text,
            sent_at=feedback.created_at.isoformat(),
        )
    return feedback
