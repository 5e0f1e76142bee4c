"""Certificates of the record of service: issued free of charge from the ledger, frozen, verified
in public, revoked when an entry on which they rest is corrected (decree 67, arts. 13 to 17).
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import Select, exists, func, insert, select
from sqlalchemy.orm import joinedload, selectinload, with_expression

from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Permission
from accounts.services import messages, persons
from core import audit, clock
from core.actor import Actor
from core.config import Settings
from core.crypto import mask_id_number
from core.db import atomically, db, lock_exclusively
from core.deferred import Deferred
from core.errors import InvalidInput, NotFound
from core.ids import new_id, next_reference
from core.paging import Page, PageRequest, paginate
from volunteer import papers, policies
from volunteer.errors import CertificateRevoked, NothingToCertify, TooManyCertificates
from volunteer.lifecycles import CertificateStatus
from volunteer.models.certificates import Certificate, CertificateEntry
from volunteer.models.hours import EntryKind, HoursEntry, Ledger, SyncStatus
from volunteer.models.organizations import Organization
from volunteer.models.sync_batches import HoursSync, SyncBatch

printing = Deferred("volunteer.printing")

KIND = "XC"
"""Of the number: 许昌."""

MOST_A_DAY = 10
"""New certificates of one person in a day; the same content again is not a new one."""

REVOKED_BECAUSE = "所依据的服务记录已更正"
SELF_SERVICE = "本人自助开具"

SYNC_WORDS = {
    SyncStatus.PENDING: "尚未报送民政部门",
    SyncStatus.EXPORTED: "已导出，待民政部门接收",
    SyncStatus.ACKNOWLEDGED: "民政部门已接收",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public learns about a certificate that it has in hand."""

    certificate: Certificate
    organizations: list[str]
    """The recording units, in the order in which the paper lists them."""

    @property
    def is_valid(self) -> bool:
        return self.certificate.status is CertificateStatus.ISSUED

    @property
    def revoked_because(self) -> str | None:
        """The class of the reason; the reason itself is the person's affair."""
        return None if self.is_valid else REVOKED_BECAUSE


def issue(
    actor: Actor, *, from_day: date, to_day: date, organization_id: UUID | None = None
) -> Certificate:
    """Certify the actor's own service in a period, both days included; by one recording unit or
    by all. The same content again gives the certificate that is there.

    Raises InvalidInput, NothingToCertify, TooManyCertificates."""
    query = select(Site).where(Site.level == SiteLevel.CITY).order_by(Site.path).limit(1)
    city = db.session.scalars(query).one()
    entries = _entries(actor.id, from_day, to_day, organization_id)
    return _issue(actor, actor.id, city, from_day, to_day, organization_id, entries)


def issue_for(
    actor: Actor,
    person_id: UUID,
    *,
    from_day: date,
    to_day: date,
    organization_id: UUID | None = None,
) -> Certificate:
    """The same for somebody who stands at the actor's counter; the person is told.

    Raises NotFound unless something of it was served at the actor's sites, and what `issue`
    raises."""
    entries = _entries(person_id, from_day, to_day, organization_id)
    served_at = {entry.site_id for entry in entries}
    under = policies.under_sites(actor, Permission.VOLUNTEER_CERTIFICATE_ISSUE_FOR)
    query = select(Site).where(Site.id.in_(served_at), under).order_by(Site.path).limit(1)
    site = db.session.scalar(query)
    if site is None:
        raise NotFound("没有找到这个人在您所在阵地的服务记录")
    return _issue(actor, person_id, site, from_day, to_day, organization_id, entries)


def _issue(
    actor: Actor,
    person_id: UUID,
    issuer: Site,
    from_day: date,
    to_day: date,
    organization_id: UUID | None,
    entries: Sequence[HoursEntry],
) -> Certificate:
    lines = _lines(entries)
    if not lines:
        raise NothingToCertify
    content_hash = _hash(from_day, to_day, organization_id, entries)
    present = db.session.scalar(
        _query().where(
            Certificate.person_id == person_id,
            Certificate.content_hash == content_hash,
            Certificate.status == CertificateStatus.ISSUED,
        )
    )
    if present is not None:
        return present
    _refuse_too_many(person_id)
    certificate = Certificate(
        id=new_id(),
        number=next_reference(KIND),
        check_code=secrets.token_hex(16),
        person_id=person_id,
        organization_id=organization_id,
        from_day=from_day,
        to_day=to_day,
        verified_minutes=sum(line["verified_minutes"] for line in lines),
        honorary_minutes=sum(line["honorary_minutes"] for line in lines),
        lines=lines,
        content_hash=content_hash,
        issuer_id=issuer.id,
        issued_by=actor.id,
        issued_at=clock.now(),
        status=CertificateStatus.ISSUED,
    )
    db.session.add(certificate)
    db.session.flush()
    rests_on = [
        {"certificate_id": certificate.id, "entry_id": e.id, "minutes": e.minutes} for e in entries
    ]
    db.session.execute(insert(CertificateEntry), rests_on)
    audit.record(actor, certificate, "issue", to_status=certificate.status.value)
    _tell(actor, certificate)
    return _get(certificate.number)


def _tell(actor: Actor, certificate: Certificate) -> None:
    """Whoever asked themselves sees it at once, and finds it in the inbox later."""
    total = certificate.verified_minutes + certificate.honorary_minutes
    values = {"number": certificate.number, "hours": f"共 {papers.in_words(total)}"}
    if actor.person_id == certificate.person_id:
        messages.note_all([actor.id], "certificate_ready", certificate.id, **values)
    else:
        messages.tell(certificate.person_id, "certificate_issued", certificate.id, **values)


def _entries(
    person_id: UUID, from_day: date, to_day: date, organization_id: UUID | None
) -> Sequence[HoursEntry]:
    """The person's entries of a period with their corrections, and nobody adds one meanwhile.

    Raises InvalidInput for a period that is upside down or not over."""
    if to_day < from_day:
        raise InvalidInput.at("to", "截止日不能早于起始日")
    if to_day > clock.today():
        raise InvalidInput.at("to", "截止日不能晚于今天")
    _hold(person_id)
    query = (
        select(HoursEntry)
        .where(
            HoursEntry.person_id.in_(persons.ids_of(person_id)),
            HoursEntry.served_on.between(from_day, to_day),
        )
        .order_by(HoursEntry.id)
        .options(joinedload(HoursEntry.activity, innerjoin=True))
    )
    if organization_id is not None:
        query = query.where(HoursEntry.organization_id == organization_id)
    return db.session.scalars(query).all()


def _hold(person_id: UUID) -> None:
    """A certificate and a correction of one person take turns, so that none rests on an entry
    that is being corrected."""
    lock_exclusively(f"person:{person_id}")


def _lines(entries: Sequence[HoursEntry]) -> list[dict[str, Any]]:
    """One line an activity, by recording unit and then by day; what was taken back is left out."""
    units = {entry.organization_id for entry in entries}
    query = select(Organization.id, Organization.name).where(Organization.id.in_(units))
    names = {row.id: row.name for row in db.session.execute(query)}
    lines: dict[UUID, dict[str, Any]] = {}
    for entry in entries:
        day = entry.served_on.isoformat()
        line = lines.setdefault(
            entry.activity_id,
            {
                "organization_id": str(entry.organization_id),
                "organization": names[entry.organization_id],
                "activity_id": str(entry.activity_id),
                "activity": entry.activity.title,
                "place": entry.activity.place,
                "content": entry.activity.content,
                "from": day,
                "to": day,
                "times": 0,
                "verified_minutes": 0,
                "honorary_minutes": 0,
            },
        )
        is_verified = entry.ledger is Ledger.VERIFIED
        line["verified_minutes" if is_verified else "honorary_minutes"] += entry.minutes
        line["from"], line["to"] = min(line["from"], day), max(line["to"], day)
        line["times"] += entry.kind is EntryKind.EARNED
    kept = [n for n in lines.values() if n["verified_minutes"] > 0 or n["honorary_minutes"] > 0]
    return sorted(kept, key=lambda n: (n["organization_id"], n["from"], n["activity_id"]))


def _hash(
    from_day: date, to_day: date, organization_id: UUID | None, entries: Sequence[HoursEntry]
) -> bytes:
    parts = [from_day, to_day, organization_id, *(entry.id for entry in entries)]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).digest()


def _refuse_too_many(person_id: UUID) -> None:
    midnight = clock.start_of(clock.today())
    query = select(func.count()).where(
        Certificate.person_id == person_id, Certificate.issued_at >= midnight
    )
    if db.session.scalars(query).one() >= MOST_A_DAY:
        tomorrow = clock.start_of(clock.today() + timedelta(days=1))
        raise TooManyCertificates(retry_after=int((tomorrow - clock.now()).total_seconds()) + 1)


def revoke_resting_on(actor: Actor, entry: HoursEntry, *, reason: str) -> int:
    """Revoke every live certificate that rests on an entry which is corrected, and tell the
    person; called in the transaction of the correction. Gives their number; again gives 0.

    `entry` is the corrected one, or the correcting one that names it."""
    _hold(entry.person_id)
    resting = exists().where(
        CertificateEntry.certificate_id == Certificate.id,
        CertificateEntry.entry_id.in_({entry.id, entry.corrects_id or entry.id}),
    )
    query = select(Certificate).where(Certificate.status == CertificateStatus.ISSUED, resting)
    found = db.session.scalars(query.order_by(Certificate.id)).all()
    for certificate in found:
        audit.perform(
            actor,
            certificate,
            "revoke",
            reason=reason,
            revoked_at=clock.now(),
            revoke_reason=reason,
        )
        messages.tell(
            certificate.person_id,
            "certificate_revoked",
            certificate.id,
            number=certificate.number,
            reason=reason,
        )
    return len(found)


def list_own(actor: Actor, page: PageRequest) -> Page[Certificate]:
    """The actor's certificates, newest first."""
    query = _query().where(Certificate.person_id == actor.id)
    return paginate(query, page, by=[Certificate.id], descending=True)


def verify(number: str, check_code: str) -> Verification:
    """What is public about a certificate, for whoever holds the paper.

    Raises NotFound for a wrong number and for a wrong code alike."""
    certificate = _get(number)
    if not hmac.compare_digest(certificate.check_code, check_code.strip().replace(" ", "").lower()):
        raise NotFound
    return Verification(certificate, [unit.organization for unit in certificate.units])


def verify_apart(number: str, check_code: str) -> Verification:
    """`verify` in a transaction of its own, for the page that stands outside the API."""
    return atomically(_app(), lambda: verify(number, check_code), write=False)


def render(actor: Actor, *, number: str) -> bytes:
    """The certificate on paper, for its person, and for staff and helpers of a site where some of
    it was served, whose look is logged. Draws outside any transaction.

    Raises NotFound, CertificateRevoked."""
    is_staff = bool(actor.site_paths(Permission.VOLUNTEER_CERTIFICATE_VIEW))
    sheet = atomically(_app(), lambda: _sheet(actor, number), write=is_staff)
    return cast(bytes, printing.render(sheet))


def _sheet(actor: Actor, number: str) -> papers.Sheet:
    certificate = _get(number)
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
            policies.under_sites(actor, Permission.VOLUNTEER_CERTIFICATE_VIEW),
        )
        .limit(1)
    )
    if db.session.scalar(served_there) is None:
        raise NotFound


def _get(number: str) -> Certificate:
    certificate = db.session.scalar(_query().where(Certificate.number == number))
    if certificate is None:
        raise NotFound
    return certificate


def _query() -> Select[Certificate]:
    """With what `units` is made from."""
    unit = select(HoursEntry.organization_id).where(HoursEntry.id == CertificateEntry.entry_id)
    batch = (
        select(SyncBatch.status)
        .join(HoursSync, HoursSync.batch_id == SyncBatch.id)
        .where(HoursSync.entry_id == CertificateEntry.entry_id)
    )
    return select(Certificate).options(
        joinedload(Certificate.person, innerjoin=True),
        joinedload(Certificate.handler, innerjoin=True),
        joinedload(Certificate.issuer, innerjoin=True),
        selectinload(Certificate.entries).options(
            with_expression(CertificateEntry.organization_id, unit.scalar_subquery()),
            with_expression(CertificateEntry.batch_status, batch.scalar_subquery()),
        ),
    )


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
