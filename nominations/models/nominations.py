"""A nomination: a citizen recommends a person, a group, a family or a unit to a campaign."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value
from core.wechat import TextVerdict
from nominations.errors import CandidateAlready
from nominations.lifecycles import NOMINATION, NominationStatus, NomineeKind
from nominations.models.channels import Channel
from nominations.rules import Step
from nominations.standing import STANDING

NAME_MAX_CHARS = 40
WITHHELD_NAME = "（依法不公开）"
"""Stands for the name of a nominee who is withheld for safety (Henan's rules on bravery, 23)."""

TEXT_UNCLEARED = text("text_cleared_at IS NULL AND text_verdict IN ('review', 'unchecked')")

IS_CANDIDATE = text(
    "status IN ('candidate', 'proposed', 'on_notice', 'suspended', 'approved', 'honored')"
)


class Nomination(Base):
    """`submitted_at` is the last submission. `decision_note` tells the nominator what is missing
    or why it was rejected; it stays through a resubmission, for the reviewer to compare.

    While a case waits for a step of the ladder, `step` names it, `step_site_id` or `channel_id`
    whose reviewers decide, and `step_since` from when on they know."""

    __tablename__ = "nominations"
    __lifecycle__ = NOMINATION
    __violations__: ClassVar = {"uq_nominations_candidate": CandidateAlready}
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "category_code"],
            ["campaign_categories.campaign_id", "campaign_categories.code"],
        ),
        Index("ix_nominations_of_campaign", "campaign_id", "status"),
        Index("ix_nominations_queue", "step_site_id", "reviews_count", "step_since", "id"),
        Index(
            "ix_nominations_channel_queue",
            "channel_id",
            "reviews_count",
            "step_since",
            "id",
            sqlite_where=text("channel_id IS NOT NULL"),
            postgresql_where=text("channel_id IS NOT NULL"),
        ),
        Index(
            "ix_nominations_text_queue",
            "submitted_at",
            "id",
            sqlite_where=TEXT_UNCLEARED,
            postgresql_where=TEXT_UNCLEARED,
        ),
        Index(
            "uq_nominations_candidate",
            "campaign_id",
            "nominee_id_number_index",
            unique=True,
            sqlite_where=IS_CANDIDATE,
            postgresql_where=IS_CANDIDATE,
        ),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name="submitted_with_instant",
        ),
        CheckConstraint(
            "(submitted_at IS NULL) = (text_verdict IS NULL)", name="submitted_with_verdict"
        ),
        CheckConstraint(
            "status NOT IN ('sent_back', 'rejected') OR decision_note IS NOT NULL",
            name="refused_with_note",
        ),
        CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL) AND merged_into_id <> id",
            name="merged_into_another",
        ),
        CheckConstraint(
            "step IS NULL OR (step_since IS NOT NULL AND status IN ('submitted',"
            " 'community_checked', 'township_recommended', 'county_reviewed'))",
            name="step_under_review",
        ),
        CheckConstraint(
            "NOT is_withheld OR withheld_reason IS NOT NULL", name="withheld_with_reason"
        ),
        CheckConstraint("status <> 'removed' OR removal_reason IS NOT NULL", name="removed_why"),
        CheckConstraint("NOT is_posthumous OR deceased_on IS NOT NULL", name="posthumous_with_day"),
        CheckConstraint(
            "(nominee_id_number_cipher IS NULL) = (nominee_id_number_index IS NULL)",
            name="id_number_with_index",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    category_code: Mapped[str] = mapped_column(String(32))
    nominator_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    """Who wrote it; all who recommend the nominee are in `nominators`."""
    nominee_name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS))
    nominee_kind: Mapped[NomineeKind] = mapped_column(enum_by_value(NomineeKind))
    nominee_id_number_cipher: Mapped[bytes | None]
    nominee_id_number_index: Mapped[bytes | None] = mapped_column(index=True)
    nominee_phone_cipher: Mapped[bytes | None]
    nominee_born_on: Mapped[date | None]
    nominee_unit: Mapped[str | None] = mapped_column(String(60))
    """Where the nominee works or studies."""
    nominee_address: Mapped[str | None] = mapped_column(String(100))
    """In words, for the visit; never public."""
    is_party_member: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_public_staff: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_in_business: Mapped[bool] = mapped_column(default=False, server_default=false())
    """These three decide which departments are asked."""
    is_self_nomination: Mapped[bool] = mapped_column(default=False, server_default=false())
    members_count: Mapped[int | None] = mapped_column(SmallInteger)
    """Of a group or a family."""
    representative_name: Mapped[str | None] = mapped_column(String(NAME_MAX_CHARS))
    """Who speaks for a group, a family or a unit."""
    earlier_honors: Mapped[str | None] = mapped_column(String(200))
    """What the nominee was honoured for before; winners need new major deeds."""
    deceased_on: Mapped[date | None]
    is_posthumous: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The kin chose that the case of a dead nominee goes on."""
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    """Where the nominee lives or works: reviewers over this site see the nomination."""
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey(Channel.id))
    """The system or university by which the case comes instead of the places below the city."""
    summary: Mapped[str] = mapped_column(String(140))
    short_deeds: Mapped[str | None] = mapped_column(String(300))
    deeds: Mapped[str] = mapped_column(Text)
    status: Mapped[NominationStatus] = mapped_column(enum_by_value(NominationStatus))
    text_verdict: Mapped[TextVerdict | None] = mapped_column(enum_by_value(TextVerdict))
    """WeChat's opinion of the submitted text, for the reviewer."""
    text_cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a moderator let pass what WeChat left open; forgotten at the next submission."""
    step: Mapped[Step | None] = mapped_column(enum_by_value(Step))
    step_site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    step_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step_note: Mapped[str | None] = mapped_column(String(60))
    """Which steps had nobody to decide, so that the case waits here."""
    recommended_from: Mapped[str | None] = mapped_column(String(32))
    """Code of the county or channel whose quota of recommendations counts this case."""
    reviews_count: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """Opinions written on the present step; queues show the least reviewed first."""
    decision_note: Mapped[str | None] = mapped_column(Text)
    removal_reason: Mapped[str | None] = mapped_column(String(500))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("nominations.id"), index=True)
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the nominee, next of kin or representative agreed to be recommended and shown."""
    supports_count: Mapped[int] = mapped_column(default=0, server_default="0")
    is_withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Name, picture and place are hidden from everything public, for safety."""
    withheld_reason: Mapped[str | None] = mapped_column(String(200))
    bravery_number: Mapped[str | None] = mapped_column(String(60))
    """Of the legal confirmation (见义勇为确认) that this category needs in Henan."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    nominee_id_number = EncryptedText("nominee_id_number_cipher")
    nominee_phone = EncryptedText("nominee_phone_cipher")

    @property
    def standing(self) -> str:
        """Where the case is, in words."""
        return STANDING[self.status]

    @property
    def shown_name(self) -> str:
        """The name that may be said outside the file of the case."""
        return shown_name(self.nominee_name, is_withheld=self.is_withheld)

    @property
    def has_died(self) -> bool:
        return self.deceased_on is not None

    def shown_text(self, text: str) -> str:
        """What was written about the nominee, as it may be read outside the file of the case."""
        return text.replace(self.nominee_name, WITHHELD_NAME) if self.is_withheld else text


def shown_name(nominee_name: str, *, is_withheld: bool) -> str:
    """`Nomination.shown_name`, where only some columns were read."""
    return WITHHELD_NAME if is_withheld else nominee_name
