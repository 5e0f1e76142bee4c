"""Evidence for objections: from the named objector by the mini-program, or from the member of
staff who wrote the objection down, until it is decided.

A file keeps who uploaded it. So an anonymous objection by the mini-program takes none: nobody
can show that it is theirs. Whoever wants to stay unknown and has evidence brings or sends it to
the office, where it is kept as uploaded by the staff.
"""

from typing import Any
from uuid import UUID

from core.actor import Actor
from core.db import apart, db
from core.errors import NotFound, WrongState
from nominations.lifecycles import UNDECIDED, AttachmentStatus
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.objections import Objection
from nominations.services import attachments, notices, objections
from nominations.services.attachments import KeptFile


def keep(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> KeptFile:
    """Take an upload, outside any transaction. Raises NotFound, WrongState, FileRefused,
    StorageUnavailable."""
    apart(lambda: _check_undecided(_own(actor, objection_id)), write=False)
    return attachments.keep(body["file"], AttachmentKind.EVIDENCE)


def add(actor: Actor, objection_id: UUID, *, file: KeptFile) -> Attachment:
    """Add a kept file. Raises NotFound, WrongState, AttachmentsFull."""
    objection = _own(actor, objection_id)
    notices.take(objection.notice_id)
    db.session.refresh(objection)
    _check_undecided(objection)
    return attachments.attach(
        actor,
        AttachmentAbout.OBJECTION,
        objection.id,
        nomination_id=objection.nomination_id,
        kind=AttachmentKind.EVIDENCE,
        file=file,
    )


def list_of(actor: Actor, objection_id: UUID) -> list[Attachment]:
    """The files of an objection, for a handler. Raises NotFound, HandlerNotIndependent."""
    objections.get(actor, objection_id)
    return attachments.of(AttachmentAbout.OBJECTION, objection_id)


def view(actor: Actor, objection_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """One file, for a handler. Raises NotFound, HandlerNotIndependent, StorageUnavailable."""
    objections.get(actor, objection_id)
    found = db.session.get(Attachment, attachment_id)
    if (
        found is None
        or (found.about_type, found.about_id) != (AttachmentAbout.OBJECTION, objection_id)
        or found.status is AttachmentStatus.REMOVED
    ):
        raise NotFound
    return found, attachments.content_of(found)


def _own(actor: Actor, objection_id: UUID) -> Objection:
    objection = db.session.get(Objection, objection_id)
    if objection is None or actor.id not in (objection.objector_id, objection.entered_by):
        raise NotFound
    return objection


def _check_undecided(objection: Objection) -> None:
    if objection.status not in UNDECIDED:
        raise WrongState(state=objection.status.value, verb="add_evidence")
