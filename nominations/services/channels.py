"""Channels by which cases come that are no place. Reference data."""

from uuid import UUID

from sqlalchemy import select

from core.db import db
from nominations.models.channels import Channel


def list_all() -> list[Channel]:
    """Channels in use, in order of their names."""
    query = select(Channel).where(Channel.is_active).order_by(Channel.name)
    return list(db.session.scalars(query))


def exists(channel_id: UUID) -> bool:
    """Whether cases may come by this channel."""
    channel = db.session.get(Channel, channel_id)
    return channel is not None and channel.is_active
