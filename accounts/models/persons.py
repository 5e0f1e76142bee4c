"""A person is one human being, whatever phone or WeChat account they use."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from accounts.errors import IdentityInUse
from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime


class Person(Base):
    """`registered_at` is set when the real name and ID number were given and checked.

    The ID number is found by a keyed hash (`id_number_index`), never by itself.
    """

    __tablename__ = "persons"
    __table_args__ = (
        CheckConstraint(
            "registered_at IS NULL OR (name IS NOT NULL AND id_number_index IS NOT NULL)",
            name="registered_with_identity",
        ),
        CheckConstraint(
            "merged_into_id IS NULL OR (registered_at IS NULL AND merged_into_id <> id)",
            name="merged_unregistered",
        ),
    )
    __violations__ = {"uq_persons_id_number_index": IdentityInUse}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nickname: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str | None] = mapped_column(String(40))
    id_number_cipher: Mapped[bytes | None]
    id_number_index: Mapped[bytes | None] = mapped_column(unique=True)
    phone_cipher: Mapped[bytes | None]
    phone_index: Mapped[bytes | None] = mapped_column(index=True)
    born_on: Mapped[date | None]
    """From the ID number; rules ask for the age on a day."""
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"), index=True)
    """Home site: named by the person, or where a helper registered them."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    """The person as whom this one, the same human being met twice, lives on: always a registered
    one, which is never merged itself, so nobody has to follow further than one step."""
    has_absorbed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether another person lives on as this one."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    id_number = EncryptedText("id_number_cipher")
    phone = EncryptedText("phone_cipher")


class WeChatIdentity(Base):
    """An openid through which a person signs in."""

    __tablename__ = "wechat_identities"

    openid: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
