"""The material of a referral in the usual form: one ZIP with the form, the deeds and pictures."""

import io
import zipfile
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select

from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.crypto import mask_id_number, mask_phone
from core.db import atomically, db
from core.deferred import Deferred
from core.errors import NotFound
from nominations import papers, policies
from nominations.lifecycles import NomineeKind
from nominations.models.campaigns import CampaignCategory
from nominations.models.referrals import Referral
from nominations.services.referrals import NAMES, loaded

printing = Deferred("nominations.printing")

EPOCH = (2026, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same material gives the same bytes."""

KINDS = {
    NomineeKind.PERSON: "个人",
    NomineeKind.GROUP: "群体",
    NomineeKind.FAMILY: "家庭",
    NomineeKind.UNIT: "单位",
}


@dataclass(frozen=True, slots=True)
class Material:
    """What stands in the archive, before it is drawn."""

    form: papers.Paper
    deeds: papers.Paper
    summary: str


def make(actor: Actor, *, referral_id: UUID) -> bytes:
    """The archive, drawn outside any transaction; that it was taken is logged. Raises NotFound."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    material = atomically(app, lambda: _material(actor, referral_id), write=True)
    files = {
        "1-推荐表.docx": printing.draw(material.form),
        "2-事迹材料.docx": printing.draw(material.deeds),
        "3-简要事迹.txt": material.summary.encode(),
    }
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
    policies.require_over(actor, Permission.NOMINATIONS_REFERRAL_EXPORT, honor.site.path)
    audit.record(actor, referral, "export")
    nomination = honor.nomination
    category = db.session.scalars(
        select(CampaignCategory.name).where(
            CampaignCategory.campaign_id == nomination.campaign_id,
            CampaignCategory.code == nomination.category_code,
        )
    ).one()
    name = nomination.shown_name
    place = "" if nomination.is_withheld else honor.site.division
    id_number = mask_id_number(None if nomination.is_withheld else nomination.nominee_id_number)
    phone = mask_phone(None if nomination.is_withheld else nomination.nominee_phone)
    form = papers.Form(
        fields=[
            ("姓名（名称）", name),
            ("类型", KINDS[nomination.nominee_kind]),
            ("推荐类别", category),
            ("所在地", place),
            ("工作单位", "" if nomination.is_withheld else nomination.nominee_unit or ""),
            ("身份证号码", id_number),
            ("联系电话", phone),
            ("已获荣誉", honor.title),
        ],
        wide=[
            ("一句话事迹", nomination.shown_text(nomination.summary)),
            ("推荐单位意见", ""),
            ("备注", ""),
        ],
    )
    target, deeds = NAMES[referral.target], nomination.shown_text(nomination.deeds)
    return Material(
        form=papers.Paper(title=f"{target}推荐表", number=referral.batch, form=form),
        deeds=papers.Paper(title=f"{name}事迹材料", paragraphs=[deeds]),
        summary=f"{name}：{nomination.shown_text(nomination.short_deeds or nomination.summary)}\n",
    )
