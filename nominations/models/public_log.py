"""The public log of a campaign: its leaves, what appending and proving need of its tree, and its
signed checkpoints."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime, enum_by_value
from nominations.leaves import LeafKind


class PublicLog(Base):
    """Where the next leaf goes. `peaks` are the roots of the complete subtrees, the largest
    first. They are None in a campaign whose ballots were sealed before there were logs: it gives
    its ballots numbers, and has no leaves."""

    __tablename__ = "public_logs"
    __table_args__ = (
        CheckConstraint("ballots >= 0 AND size >= ballots", name="ballots_among_leaves"),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    size: Mapped[int]
    ballots: Mapped[int]
    """How many of the leaves are ballots."""
    peaks: Mapped[bytes | None]
    key_destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was decided that the key of the voters' pseudonyms goes; its file goes after."""


class LogLeaf(Base):
    """Leaf 0, 1, 2, … without gaps. Triggers refuse UPDATE and DELETE.

    Like `LogNode` without a foreign key: the transaction that writes one moves the campaign's
    PublicLog on, which has it."""

    __tablename__ = "log_leaves"
    __table_args__ = (CheckConstraint("leaf_index >= 0", name="leaf_index_not_negative"),)

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    leaf_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[LeafKind] = mapped_column(enum_by_value(LeafKind, length=16))
    body: Mapped[str] = mapped_column(Text)
    """Canonical JSON, exactly as it was hashed."""
    hash: Mapped[bytes]


class LogNode(Base):
    """The root of a complete subtree of 256, 65,536, … leaves, so that a proof reads hundreds of
    hashes and not millions. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "log_nodes"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    node_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class Checkpoint(Base):
    """The root over the first `size` leaves. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "checkpoints"
    __table_args__ = (CheckConstraint("size >= 1", name="size_positive"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text)
    """The signed note (C2SP signed-note) with our own signature alone."""


class CheckpointSignature(Base):
    """Another department's signature of a checkpoint. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "checkpoint_signatures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "size"], ["checkpoints.campaign_id", "checkpoints.size"]
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Of the key, as the configuration names it."""
    line: Mapped[str] = mapped_column(Text)
    """The signature line of the note."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
