"""Certificates on paper: who may print one, and what stands on the sheet."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit
from core.actor import Actor
from core.config import Settings
from core.crypto import mask_id_number
from core.db import apart, db
from core.deferred import Deferred
from core.errors import NotFound
from volunteer import papers
from volunteer.errors import CertificateRevoked
from volunteer.lifecycles import CertificateStatus
from volunteer.models.certificates import Certificate, CertificateEntry
from volunteer.models.hours import HoursEntry, SyncStatus
from volunteer.services import certificates

printing = Deferred("volunteer.printing")

SELF_SERVICE = "本人自助开具"

SYNC_WORDS = {
    SyncStatus.PENDING: "尚未报送民政部门",
    SyncStatus.EXPORTED: "已导出，待民政部门接收",
    SyncStatus.ACKNOWLEDGED: "民政部门已接收",
}


def render(actor: Actor, *, number: str) -> bytes:
    """The certificate on paper, for its person, and for staff and helpers of a site where some of
    it was served, whose look is logged. Draws outside any transaction.

    Raises NotFound, CertificateRevoked."""
    is_staff = bool(actor.site_paths(Permission.VOLUNTEER_CERTIFICATE_VIEW))
    sheet = apart(lambda: _sheet(actor, number), write=is_staff)
    return cast(bytes, printing.render(sheet))


def _sheet(actor: Actor, number: str) -> papers.Sheet:
    certificate = certificates.find(number)
    if actor.person_id != certificate.person_id:
        _require_in_scope(actor, certificate)
        audit.record(actor, certificate, "print")
    if certificate.status is CertificateStatus.REVOKED:
        raise CertificateRevoked
    person, handler = certificate.person, certificate.handler
    synced = {unit.organization_id: SYNC_WORDS[unit.sync_status] for unit in certificate.units}
    return papers.Sheet(
        number=certificate.number,
        check_code=certificate.check_code,
        name=person.name or person.nickname,
        id_number=mask_id_number(person.id_number),
        from_day=certificate.from_day,
        to_day=certificate.to_day,
        verified_minutes=certificate.verified_minutes,
        honorary_minutes=certificate.honorary_minutes,
        lines=[_line(line, synced) for line in certificate.lines],
        issuer=certificate.issuer.name,
        handler=SELF_SERVICE if certificate.is_self_service else handler.name or handler.nickname,
        issued_at=certificate.issued_at,
        url=address_of(certificate),
    )


def _line(stored: dict[str, Any], synced: Mapping[str, str]) -> papers.Line:
    return papers.Line(
        organization=stored["organization"],
        synced=synced[stored["organization_id"]],
        activity=stored["activity"],
        place=stored["place"],
        content=stored["content"],
        from_day=date.fromisoformat(stored["from"]),
        to_day=date.fromisoformat(stored["to"]),
        times=stored["times"],
        verified_minutes=stored["verified_minutes"],
        honorary_minutes=stored["honorary_minutes"],
    )


def address_of(certificate: Certificate) -> str:
    """Of the public page that verifies it, with the code that the page asks for."""
    settings: Settings = current_app.extensions["liancheng.settings"]
    query = urlencode({"check": certificate.check_code})
    return f"{settings.public_url.rstrip('/')}/verify/{certificate.number}?{query}"


def _require_in_scope(actor: Actor, certificate: Certificate) -> None:
    served_there = (
        select(HoursEntry.id)
        .join(CertificateEntry, CertificateEntry.entry_id == HoursEntry.id)
        .join(Site, Site.id == HoursEntry.site_id)
        .where(
            CertificateEntry.certificate_id == certificate.id,
            under_sites(actor, Permission.VOLUNTEER_CERTIFICATE_VIEW),
        )
        .limit(1)
    )
    if db.session.scalar(served_there) is None:
        raise NotFound
