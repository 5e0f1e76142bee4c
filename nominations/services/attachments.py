"""Files about cases and objections: kept, moderated, forgotten.

A file is made harmless and stored before the transaction that writes its row, so a row never
names bytes that are not there; bytes without a row, left by a crash or a refusal, are swept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, func, or_, select, update

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit, clock
from core.actor import Actor
from core.db import atomically, db, insert_if_absent
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.storage import storage
from core.uploads import Clean, clean
from nominations import policies
from nominations.errors import AttachmentsFull
from nominations.lifecycles import KEPT_ATTACHMENTS, AttachmentStatus
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.services import nominators

FOLDER = "attachments"
MAX_EVIDENCE = 10
MAX_CONSENT_PAPERS = 5
"""Pages of a paper, photographed one by one."""
PAPERS = (AttachmentKind.EVIDENCE, AttachmentKind.CONSENT_PAPER)
"""What may be a PDF."""
PHOTOS = (AttachmentKind.ID_PHOTO, AttachmentKind.LIFE_PHOTO)
"""What becomes public once it is cleared."""
KEPT_AFTER_REFUSAL = timedelta(days=30)
"""For a complaint about the refusal; what was removed goes at once."""
STRAY_AFTER = timedelta(days=1)
"""Longer than any request between its file and its row."""

KIND_NAMES: Mapping[AttachmentKind, str] = MappingProxyType(
    {
        AttachmentKind.ID_PHOTO: "证件照",
        AttachmentKind.LIFE_PHOTO: "生活照",
        AttachmentKind.EVIDENCE: "证明材料",
        AttachmentKind.CONSENT_PAPER: "同意书",
    }
)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the storage that has no row yet."""

    id: UUID
    clean: Clean

    @property
    def key(self) -> str:
        return f"{FOLDER}/{self.id}"


def keep(content: bytes, kind: AttachmentKind) -> KeptFile:
    """Make an upload harmless and store it, outside any transaction. Raises FileRefused,
    StorageUnavailable."""
    kept = KeptFile(new_id(), clean(content, with_papers=kind in PAPERS))
    storage().put(kept.key, kept.clean.content)
    return kept


def attach(
    actor: Actor,
    about_type: AttachmentAbout,
    about_id: UUID,
    *,
    nomination_id: UUID,
    kind: AttachmentKind,
    file: KeptFile,
) -> Attachment:
    """Give a kept file its row, hidden until it is cleared. `nomination_id` is the case that it
    is about, also through an objection. The caller has decided that the actor may.

    The same file again gives the first row. Raises AttachmentsFull."""
    limit = _limit(nomination_id, kind)
    here = (
        Attachment.about_type == about_type,
        Attachment.about_id == about_id,
        Attachment.kind == kind,
        Attachment.status.in_(KEPT_ATTACHMENTS),
    )
    taken = set(db.session.scalars(select(Attachment.slot).where(*here)))
    for slot in (slot for slot in range(1, limit + 1) if slot not in taken):
        if _insert(actor, about_type, about_id, nomination_id, kind, slot, file):
            made = db.session.get_one(Attachment, file.id)
            audit.record(actor, made, "upload", to_status=made.status)
            return made
    same = select(Attachment).where(*here, Attachment.sha256 == file.clean.digest)
    if (found := db.session.scalar(same)) is not None:
        return found
    raise AttachmentsFull(limit=limit)


def _insert(
    actor: Actor,
    about_type: AttachmentAbout,
    about_id: UUID,
    nomination_id: UUID,
    kind: AttachmentKind,
    slot: int,
    file: KeptFile,
) -> bool:
    """False where the place was taken meanwhile, or the same file is there."""
    return insert_if_absent(
        Attachment,
        id=file.id,
        about_type=about_type,
        about_id=about_id,
        nomination_id=nomination_id,
        kind=kind,
        slot=slot,
        status=AttachmentStatus.HIDDEN,
        sha256=file.clean.digest,
        storage_key=file.key,
        media_type=file.clean.media_type,
        size=len(file.clean.content),
        width=file.clean.width,
        height=file.clean.height,
        uploaded_by=actor.id,
        created_at=clock.now(),
    )


def _limit(nomination_id: UUID, kind: AttachmentKind) -> int:
    match kind:
        case AttachmentKind.ID_PHOTO:
            return 1
        case AttachmentKind.EVIDENCE:
            return MAX_EVIDENCE
        case AttachmentKind.CONSENT_PAPER:
            return MAX_CONSENT_PAPERS
        case AttachmentKind.LIFE_PHOTO:
            nomination = db.session.get_one(Nomination, nomination_id)
            return db.session.get_one(Campaign, nomination.campaign_id).rules.life_photos_max


def of(about_type: AttachmentAbout, about_id: UUID) -> list[Attachment]:
    """All that was attached and not removed, refused ones too, in order. For callers who have
    decided that the reader may."""
    query = select(Attachment).where(
        Attachment.about_type == about_type,
        Attachment.about_id == about_id,
        Attachment.status != AttachmentStatus.REMOVED,
    )
    return list(db.session.scalars(query.order_by(Attachment.id)))


def cleared_of(about_type: AttachmentAbout, about_id: UUID) -> list[Attachment]:
    """What a moderator has cleared, in order."""
    return [a for a in of(about_type, about_id) if a.status is AttachmentStatus.CLEARED]


def count_kept(nomination_id: UUID, kind: AttachmentKind) -> int:
    """How many of a kind a case has, cleared or not."""
    query = select(func.count()).where(
        Attachment.about_type == AttachmentAbout.NOMINATION,
        Attachment.about_id == nomination_id,
        Attachment.kind == kind,
        Attachment.status.in_(KEPT_ATTACHMENTS),
    )
    return db.session.execute(query).scalar_one()


def content_of(attachment: Attachment) -> bytes:
    """Raises NotFound when the bytes are gone, StorageUnavailable."""
    if attachment.storage_key is None:
        raise NotFound
    return storage().get(attachment.storage_key)


def queue(actor: Actor, page: PageRequest) -> Page[Attachment]:
    """Hidden files of submitted cases within the moderator's sites, but of their own, oldest
    first. What is withheld for safety is never public, so it need not be looked at."""
    query = _moderated().where(
        under_sites(actor, Permission.NOMINATIONS_ATTACHMENT_MODERATE),
        Attachment.status == AttachmentStatus.HIDDEN,
        Nomination.submitted_at.is_not(None),
        ~Nomination.is_withheld,
        Nomination.nominator_id != actor.id,
    )
    return paginate(query, page, by=[Attachment.id])


def clear(actor: Actor, attachment_id: UUID) -> Attachment:
    """Find nothing against a file. Raises NotFound, OwnNomination, WrongState."""
    found, _ = _to_decide(actor, Permission.NOMINATIONS_ATTACHMENT_CLEAR, attachment_id)
    audit.perform(actor, found, "clear", decided_by=actor.id, decided_at=clock.now())
    return found


def refuse(actor: Actor, attachment_id: UUID, *, reason: str) -> Attachment:
    """Take a file out of its case, also one that was cleared; the uploader is told why. Raises
    NotFound, OwnNomination, WrongState."""
    found, nomination = _to_decide(actor, Permission.NOMINATIONS_ATTACHMENT_REFUSE, attachment_id)
    audit.perform(
        actor,
        found,
        "refuse",
        reason=reason,
        slot=None,
        decided_by=actor.id,
        decided_at=clock.now(),
        refusal_reason=reason,
    )
    nominators.tell_people(
        [found.uploaded_by],
        nomination,
        "attachment_refused",
        found.id,
        kind=KIND_NAMES[found.kind],
        reason=reason,
    )
    return found


def _to_decide(
    actor: Actor, permission: Permission, attachment_id: UUID
) -> tuple[Attachment, Nomination]:
    query = select(Attachment, Nomination, Site.path).where(Attachment.id == attachment_id)
    row = db.session.execute(
        query.join(Nomination, Nomination.id == Attachment.nomination_id).join(
            Site, Site.id == Nomination.site_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    attachment, nomination, site_path = row
    policies.check_may_review(actor, permission, nomination, site_path)
    return attachment, nomination


def _moderated() -> Select[Attachment]:
    return (
        select(Attachment)
        .join(Nomination, Nomination.id == Attachment.nomination_id)
        .join(Site, Site.id == Nomination.site_id)
    )


def remove(actor: Actor, attachment: Attachment) -> None:
    """Take a file back: its row stays, its bytes go by a job. The caller has decided that the
    actor may. Raises WrongState."""
    audit.perform(actor, attachment, "remove", slot=None)


def to_purge() -> list[UUID]:
    """Files whose bytes are to go."""
    query = select(Attachment.id).where(
        Attachment.slot.is_(None),
        Attachment.storage_key.is_not(None),
        or_(
            Attachment.status == AttachmentStatus.REMOVED,
            Attachment.decided_at < clock.now() - KEPT_AFTER_REFUSAL,
        ),
    )
    return list(db.session.scalars(query.limit(500)))


def purge(app: Flask, attachment_id: UUID) -> bool:
    """Forget the bytes of a file, then write down that they are gone. Raises
    StorageUnavailable."""

    def forget() -> None:
        gone = update(Attachment).where(Attachment.id == attachment_id, Attachment.slot.is_(None))
        db.session.execute(gone.values(storage_key=None))

    def find() -> str | None:
        return db.session.get_one(Attachment, attachment_id).storage_key

    key = atomically(app, find, write=False)
    if key is None:
        return False
    storage().delete(key)
    atomically(app, forget, write=True)
    return True


def sweep(app: Flask) -> int:
    """Forget bytes that no row names; gives their number. Raises StorageUnavailable."""
    swept = 0
    for keys in storage().older_than(clock.now() - STRAY_AFTER, under=FOLDER):
        for key in atomically(app, lambda keys=keys: _strays(keys), write=False):  # type: ignore[misc]
            storage().delete(key)
            swept += 1
    return swept


def _strays(keys: list[str]) -> list[str]:
    query: Any = select(Attachment.storage_key).where(Attachment.storage_key.in_(keys))
    known = set(db.session.scalars(query))
    return [key for key in keys if key not in known]
