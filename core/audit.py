"""Who did what: an append-only log, and the one door for a change of status.

`perform` moves a status by one conditional UPDATE from exactly the state that was read, so of
two people who decide at the same moment one succeeds and the other is told the present state,
and the log never names a state that was not there.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import CursorResult, String, Text, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from core import clock, logs
from core.actor import Actor
from core.db import Base, db
from core.errors import NotFound, WrongState
from core.ids import new_id
from core.lifecycle import Lifecycle
from core.types import UtcDateTime


class Entry(Base):
    """One act. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    """The person, or null for a job."""
    verb: Mapped[str] = mapped_column(String(48))
    thing: Mapped[str] = mapped_column(String(48))
    """Table name of what was acted on."""
    thing_id: Mapped[UUID] = mapped_column(index=True)
    from_status: Mapped[str | None] = mapped_column(String(32))
    to_status: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(String(64))


class Living(Protocol):
    """A model with a life cycle."""

    __lifecycle__: Lifecycle
    __tablename__: str
    id: Any
    status: Any


def record(
    actor: Actor,
    thing: Any,
    verb: str,
    *,
    reason: str | None = None,
    from_status: str | None = None,
    to_status: str | None = None,
) -> None:
    """Write one entry about `thing`, a stored or just added row with an `id`."""
    db.session.add(
        Entry(
            id=new_id(),
            at=clock.now(),
            actor_id=actor.person_id,
            verb=verb,
            thing=thing.__tablename__,
            thing_id=thing.id,
            from_status=from_status,
            to_status=to_status,
            reason=reason,
            request_id=logs.request_id.get(),
        )
    )


def perform(
    actor: Actor,
    thing: Living,
    verb: str,
    *,
    to: StrEnum | None = None,
    reason: str | None = None,
    **facts: Any,
) -> None:
    """Carry out `verb` on `thing`: move its status as its life cycle says, with the `facts`
    (column values) that the new status needs, and write the audit entry. `to` names the state
    where the table leaves a choice.

    Raises WrongState, with the present `state`, if the move is not allowed from where the row
    is now; NotFound if the row is gone; ValueError for a `to` that the table does not know.
    """
    transition = thing.__lifecycle__[verb]
    target = to or transition.target
    if target not in transition.targets:
        raise ValueError(f"{verb} does not lead to {target}")
    model = cast(Any, type(thing))
    before = thing.status
    if before not in transition.sources:
        raise WrongState(state=before.value, verb=verb)
    db.session.flush()
    moved = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(model)
            .where(model.id == thing.id, model.status == before)
            .values(status=target, **facts)
            .execution_options(synchronize_session=False)
        ),
    )
    if moved.rowcount != 1:
        raise _refusal(model, thing, verb)
    if inspect(cast(Any, thing)).session is not None:
        for name, value in {"status": target, **facts}.items():
            set_committed_value(thing, name, value)
    record(
        actor,
        thing,
        verb,
        reason=reason,
        from_status=before.value,
        to_status=target.value,
    )


def _refusal(model: Any, thing: Living, verb: str) -> WrongState | NotFound:
    present = db.session.scalar(select(model.status).where(model.id == thing.id))
    if present is None:
        return NotFound()
    return WrongState(state=present.value, verb=verb)
