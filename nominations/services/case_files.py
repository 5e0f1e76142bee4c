"""The files of a case, as its nominator and its reviewers handle them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Permission
from core.actor import Actor
from core.db import apart, db
from core.errors import NotFound, WrongState
from nominations import policies
from nominations.lifecycles import EDITABLE, AttachmentStatus
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.nominations import Nomination
from nominations.services import attachments, campaigns, nominations, nominators
from nominations.services.attachments import KeptFile


def keep(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> KeptFile:
    """Take an upload for a case that the actor may still change, outside any transaction. Raises
    NotFound, WrongState, StageClosed, FileRefused, StorageUnavailable."""
    apart(lambda: _look_whether_editable(actor, nomination_id), write=False)
    return attachments.keep(body["file"], body["kind"])


def upload(
    actor: Actor, nomination_id: UUID, *, kind: AttachmentKind, file: KeptFile
) -> Attachment:
    """Add a kept file to one's own draft, or to what was sent back. Raises NotFound, WrongState,
    StageClosed, AttachmentsFull."""
    _hold_editable(actor, nomination_id, "upload")
    return attachments.attach(
        actor,
        AttachmentAbout.NOMINATION,
        nomination_id,
        nomination_id=nomination_id,
        kind=kind,
        file=file,
    )


def list_of(actor: Actor, nomination_id: UUID) -> list[Attachment]:
    """The files of a case, for whoever may see it. Raises NotFound."""
    _check_may_see(actor, nomination_id)
    return attachments.of(AttachmentAbout.NOMINATION, nomination_id)


def view(actor: Actor, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """One file of a case; evidence for an objection to it only while a moderator has to look.
    Raises NotFound, StorageUnavailable."""
    found = db.session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound
    if found.about_type is AttachmentAbout.NOMINATION:
        _check_may_see(actor, found.nomination_id)
    elif found.status is not AttachmentStatus.HIDDEN or not _moderates(actor, found.nomination_id):
        raise NotFound
    return found, attachments.content_of(found)


def remove(actor: Actor, attachment_id: UUID) -> None:
    """Take a file out of one's own draft, or of what was sent back. Raises NotFound, WrongState,
    StageClosed."""
    found = _get(attachment_id)
    _hold_editable(actor, found.nomination_id, "remove")
    attachments.remove(actor, found)


def _get(attachment_id: UUID) -> Attachment:
    """Objections have doors of their own, which know who may see them."""
    found = db.session.get(Attachment, attachment_id)
    if found is None or found.about_type is not AttachmentAbout.NOMINATION:
        raise NotFound
    return found


def _look_whether_editable(actor: Actor, nomination_id: UUID) -> None:
    """Before the work on a file; what counts is asked again with the row held."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    policies.check_own(actor, nomination)
    _check_editable(nomination, "upload")


def _hold_editable(actor: Actor, nomination_id: UUID, verb: str) -> None:
    _check_editable(nominations.hold_own(actor, nomination_id), verb)


def _check_editable(nomination: Nomination, verb: str) -> None:
    if nomination.status not in EDITABLE:
        raise WrongState(state=nomination.status.value, verb=verb)
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "update")


def _check_may_see(actor: Actor, nomination_id: UUID) -> None:
    """Who may see the case; and a moderator of its place, once it was submitted."""
    if not _moderates(actor, nomination_id):
        nominations.get(actor, nomination_id)


def _moderates(actor: Actor, nomination_id: UUID) -> bool:
    """Whether the actor moderates the place of a case that was submitted, and does not recommend
    its nominee."""
    query = (
        select(Nomination.submitted_at, Site.path)
        .join(Site, Site.id == Nomination.site_id)
        .where(Nomination.id == nomination_id)
    )
    row = db.session.execute(query).one_or_none()
    return (
        row is not None
        and row.submitted_at is not None
        and actor.holds_over_site(Permission.NOMINATIONS_ATTACHMENT_MODERATE, row.path)
        and not nominators.includes(nomination_id, actor.id)
    )
