"""Checkpoints of public logs: signed by us, and by another department beside us.

What is served of a log is what its latest checkpoint covers: so the moment at which a leaf
appeared says no more about it than the hour, and nothing is served that we did not sign.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from core import clock
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound
from core.signed_notes import signer
from nominations.errors import LogAbsent
from nominations.models.public_log import Checkpoint, CheckpointSignature, PublicLog
from nominations.services import campaigns, public_log


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """`note` carries all signatures that are known."""

    size: int
    root: bytes
    at: datetime
    note: str
    witnesses: Sequence[str]
    """Names of those who signed beside us."""

    @property
    def printed_root(self) -> str:
        """As it stands in the note: base64."""
        return _base64(self.root)


def origin(campaign_id: UUID) -> str:
    """The name of a campaign's log, unique in the world."""
    return f"{signer().name}/campaigns/{campaign_id}"


def write(campaign_id: UUID) -> bool:
    """Sign what the log is now; gives whether there was anything new to sign."""
    public_log.lock(campaign_id)
    log = public_log.frontier(campaign_id)
    if log is None or log.size == _newest_size(campaign_id):
        return False
    at, name = clock.now(), origin(campaign_id)
    text = "\n".join((name, str(log.size), _base64(log.root), f"time {_second(at)}", ""))
    note = f"{text}\n{signer().sign(name, text)}"
    return insert_if_absent(
        Checkpoint, campaign_id=campaign_id, size=log.size, root=log.root, at=at, note=note
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _second(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _newest_size(campaign_id: UUID) -> int:
    query = select(func.max(Checkpoint.size)).where(Checkpoint.campaign_id == campaign_id)
    return db.session.scalar(query) or 0


def due() -> list[UUID]:
    """Campaigns whose log has grown since its last checkpoint."""
    newest = (
        select(func.max(Checkpoint.size))
        .where(Checkpoint.campaign_id == PublicLog.campaign_id)
        .scalar_subquery()
    )
    query = select(PublicLog.campaign_id).where(
        PublicLog.peaks.is_not(None), PublicLog.size > func.coalesce(newest, 0)
    )
    return list(db.session.scalars(query))


def latest(campaign_id: UUID) -> SignedCheckpoint:
    """The newest checkpoint. Raises NotFound unless the campaign was announced, LogAbsent."""
    campaigns.get_public(campaign_id)
    found = find(campaign_id)
    if found is None:
        raise LogAbsent
    return found


def find(campaign_id: UUID, *, until: datetime | None = None) -> SignedCheckpoint | None:
    """The newest checkpoint, or the newest that was signed `until` then, if there is one."""
    query = select(Checkpoint).where(Checkpoint.campaign_id == campaign_id)
    if until is not None:
        query = query.where(Checkpoint.at <= until)
    newest = db.session.scalars(query.order_by(Checkpoint.size.desc()).limit(1)).one_or_none()
    return None if newest is None else _with_signatures(newest)


def _with_signatures(checkpoint: Checkpoint) -> SignedCheckpoint:
    beside = db.session.scalars(
        select(CheckpointSignature)
        .where(
            CheckpointSignature.campaign_id == checkpoint.campaign_id,
            CheckpointSignature.size == checkpoint.size,
        )
        .order_by(CheckpointSignature.name)
    ).all()
    return SignedCheckpoint(
        size=checkpoint.size,
        root=checkpoint.root,
        at=checkpoint.at,
        note=checkpoint.note + "".join(signature.line for signature in beside),
        witnesses=[signature.name for signature in beside],
    )


def cosign(campaign_id: UUID, *, note: str) -> SignedCheckpoint:
    """Store the signatures that known witnesses put under a checkpoint of ours; the same again
    changes nothing.

    Raises NotFound for a note that is no checkpoint of this log, InvalidInput if no line is the
    signature of a witness in the configuration."""
    text, _, lines = note.partition("\n\n")
    checkpoint = _of_text(campaign_id, f"{text}\n")
    if checkpoint is None:
        raise NotFound
    known = [
        (key.name, f"{line.strip()}\n")
        for line in lines.splitlines()
        for key in signer().witnesses
        if key.verifies(f"{text}\n", line)
    ]
    if not known:
        raise InvalidInput.at("note", "没有已登记的见证方签名")
    for name, line in known:
        insert_if_absent(
            CheckpointSignature,
            campaign_id=campaign_id,
            size=checkpoint.size,
            name=name,
            line=line,
            at=clock.now(),
        )
    return _with_signatures(checkpoint)


def _of_text(campaign_id: UUID, text: str) -> Checkpoint | None:
    """The checkpoint whose signed words are exactly these."""
    size = text.splitlines()[1] if text.count("\n") > 1 else ""
    if not (size.isascii() and size.isdigit() and len(size) < 10):
        return None
    found = db.session.get(Checkpoint, (campaign_id, int(size)))
    return found if found is not None and found.note.startswith(f"{text}\n") else None
