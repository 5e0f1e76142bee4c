"""The material of a referral in the usual form: one ZIP with the form, the deeds and pictures."""

import io
import zipfile
from dataclasses import dataclass
from uuid import UUID

from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.db import apart, db
from core.deferred import Deferred
from core.errors import NotFound
from nominations import policies
from nominations.models.attachments import Attachment, AttachmentAbout
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.referrals import Referral
from nominations.papers import Form, Paper
from nominations.services import attachments, nomination_forms
from nominations.services.honors import nomination_of
from nominations.services.referrals import NAMES, loaded

printing = Deferred("nominations.printing")

EPOCH = (2026, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same material gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Material:
    """What stands in the archive, before it is drawn."""

    form: Paper
    deeds: Paper
    summary: str
    photos: list[Attachment]


def make(actor: Actor, *, referral_id: UUID) -> bytes:
    """The archive, drawn outside any transaction; that it was taken is logged. Raises NotFound,
    StorageUnavailable."""
    material = apart(lambda: _material(actor, referral_id), write=True)
    files = {
        "1-推荐表.docx": printing.draw(material.form),
        "2-事迹材料.docx": printing.draw(material.deeds),
        "3-简要事迹.txt": material.summary.encode(),
    }
    for number, photo in enumerate(material.photos, start=1):
        files[f"照片-{number}.jpg"] = attachments.content_of(photo)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return written.getvalue()


def _material(actor: Actor, referral_id: UUID) -> Material:
    referral = db.session.scalar(loaded().where(Referral.id == referral_id))
    if referral is None:
        raise NotFound
    honor = referral.honor
    policies.check_over_site(actor, Permission.NOMINATIONS_REFERRAL_EXPORT, honor.site.path)
    audit.record(actor, referral, "export")
    nomination = nomination_of(honor)
    campaign = db.session.get_one(Campaign, nomination.campaign_id)
    form = nomination_forms.form_of(
        nomination, campaign, has_opinions=True, earlier_honors=honor.title
    )
    form = Form(form.fields, [*form.wide, ("推荐单位意见", "")])
    name = nomination.shown_name
    summary = nomination.shown_text(nomination.short_deeds or nomination.summary)
    return Material(
        form=Paper(title=f"{NAMES[referral.target]}推荐表", parts=[form], number=referral.batch),
        deeds=Paper(title=f"{name}事迹材料", parts=[nomination.shown_text(nomination.deeds)]),
        summary=f"{name}：{summary}\n",
        photos=_photos(nomination),
    )


def _photos(nomination: Nomination) -> list[Attachment]:
    """The cleared ones, the ID photo first; none of who is withheld."""
    if nomination.is_withheld:
        return []
    cleared = attachments.cleared_of(AttachmentAbout.NOMINATION, nomination.id)
    photos = [one for one in cleared if one.kind in attachments.PHOTOS]
    return sorted(photos, key=lambda one: attachments.PHOTOS.index(one.kind))
