"""Certificates of the record of service: issued free of charge from the ledger, frozen, verified
in public, revoked when an entry on which they rest is corrected (decree 67, arts. 13 to 17).
"""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, insert, select
from sqlalchemy.orm import joinedload, selectinload, with_expression

from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import messages, persons
from core import audit, clock
from core.actor import Actor
from core.db import apart, db, lock_exclusively
from core.errors import InvalidInput, NotFound
from core.ids import new_id, next_reference
from core.paging import Page, PageRequest, paginate
from volunteer import papers
from volunteer.errors import NothingToCertify, TooManyCertificates
from volunteer.lifecycles import CertificateStatus
from volunteer.models.certificates import Certificate, CertificateEntry
from volunteer.models.hours import HoursEntry, Ledger
from volunteer.models.organizations import Organization
from volunteer.models.sync_batches import HoursSync, SyncBatch

KIND = "XC"
"""Of the number: 许昌."""

MOST_A_DAY = 10
"""New certificates of one person in a day; the same content again is not a new one."""

REVOKED_BECAUSE = "所依据的服务记录已更正"


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


@dataclass(frozen=True, slots=True)
class _Period:
    """What is to be certified: whose service of which days, both included, by one recording unit
    or by all."""

    person_id: UUID
    from_day: date
    to_day: date
    organization_id: UUID | None


def issue(
    actor: Actor, *, from_day: date, to_day: date, organization_id: UUID | None = None
) -> Certificate:
    """Certify the actor's own service in a period, both days included; by one recording unit or
    by all. The same content again gives the certificate that is there.

    Raises InvalidInput, NothingToCertify, TooManyCertificates."""
    query = select(Site).where(Site.level == SiteLevel.CITY).order_by(Site.path).limit(1)
    city = db.session.scalars(query).one()
    period = _Period(actor.id, from_day, to_day, organization_id)
    return _issue(actor, city, period, _entries(period))


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
    period = _Period(person_id, from_day, to_day, organization_id)
    entries = _entries(period)
    served_at = {entry.site_id for entry in entries}
    under = under_sites(actor, Permission.VOLUNTEER_CERTIFICATE_ISSUE_FOR)
    query = select(Site).where(Site.id.in_(served_at), under).order_by(Site.path).limit(1)
    site = db.session.scalar(query)
    if site is None:
        raise NotFound("没有找到这个人在您所在阵地的服务记录")
    return _issue(actor, site, period, entries)


def _issue(
    actor: Actor, issuer: Site, period: _Period, entries: Sequence[HoursEntry]
) -> Certificate:
    lines = _lines(entries)
    if not lines:
        raise NothingToCertify
    content_hash = _hash(period, entries)
    present = _present(period.person_id, content_hash)
    if present is not None:
        return present
    _refuse_too_many(period.person_id)
    certificate = Certificate(
        id=new_id(),
        number=next_reference(KIND),
        check_code=secrets.token_hex(16),
        person_id=period.person_id,
        organization_id=period.organization_id,
        from_day=period.from_day,
        to_day=period.to_day,
        verified_minutes=sum(line["verified_minutes"] for line in lines),
        honorary_minutes=sum(line["honorary_minutes"] for line in lines),
        lines=lines,
        content_hash=content_hash,
        issuer_id=issuer.id,
        issued_by=actor.id,
        issued_at=clock.now(),
        status=CertificateStatus.ISSUED,
    )
    _keep(certificate, entries)
    audit.record(actor, certificate, "issue", to_status=certificate.status.value)
    _tell(actor, certificate)
    return find(certificate.number)


def _present(person_id: UUID, content_hash: bytes) -> Certificate | None:
    return db.session.scalar(
        _query().where(
            Certificate.person_id == person_id,
            Certificate.content_hash == content_hash,
            Certificate.status == CertificateStatus.ISSUED,
        )
    )


def _keep(certificate: Certificate, entries: Sequence[HoursEntry]) -> None:
    """With what it rests on, for the day on which an entry is corrected."""
    db.session.add(certificate)
    db.session.flush()
    rests_on = [
        {"certificate_id": certificate.id, "entry_id": e.id, "minutes": e.minutes} for e in entries
    ]
    db.session.execute(insert(CertificateEntry), rests_on)


def _tell(actor: Actor, certificate: Certificate) -> None:
    total = certificate.verified_minutes + certificate.honorary_minutes
    is_own = actor.person_id == certificate.person_id
    messages.tell(
        certificate.person_id,
        "certificate_ready" if is_own else "certificate_issued",
        certificate.id,
        number=certificate.number,
        hours=f"共 {papers.in_words(total)}",
    )


def _entries(period: _Period) -> Sequence[HoursEntry]:
    """The entries of a period with their corrections, and nobody adds one meanwhile.

    Raises InvalidInput for a period that is upside down or not over."""
    if period.to_day < period.from_day:
        raise InvalidInput.at("to", "截止日不能早于起始日")
    if period.to_day > clock.today():
        raise InvalidInput.at("to", "截止日不能晚于今天")
    _hold(period.person_id)
    query = (
        select(HoursEntry)
        .where(
            HoursEntry.person_id.in_(persons.ids_of(period.person_id)),
            HoursEntry.served_on.between(period.from_day, period.to_day),
        )
        .order_by(HoursEntry.id)
        .options(joinedload(HoursEntry.activity, innerjoin=True))
    )
    if period.organization_id is not None:
        query = query.where(HoursEntry.organization_id == period.organization_id)
    return db.session.scalars(query).all()


def _hold(person_id: UUID) -> None:
    """A certificate and a correction of one person take turns, so that none rests on an entry
    that is being corrected."""
    lock_exclusively(f"person:{person_id}")


def _lines(entries: Sequence[HoursEntry]) -> list[dict[str, Any]]:
    """One line an activity, by recording unit and then by day; a time that was taken back is left
    out, with its day."""
    units = {entry.organization_id for entry in entries}
    query = select(Organization.id, Organization.name).where(Organization.id.in_(units))
    names = {row.id: row.name for row in db.session.execute(query)}
    lines: dict[UUID, dict[str, Any]] = {}
    for entry, minutes in _served(entries):
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
        line["verified_minutes" if is_verified else "honorary_minutes"] += minutes
        line["from"], line["to"] = min(line["from"], day), max(line["to"], day)
        line["times"] += 1
    return sorted(lines.values(), key=lambda n: (n["organization_id"], n["from"], n["activity_id"]))


def _served(entries: Sequence[HoursEntry]) -> list[tuple[HoursEntry, int]]:
    """What was earned, each with what its corrections left of it."""
    left: Counter[UUID] = Counter()
    for entry in entries:
        left[entry.corrects_id or entry.id] += entry.minutes
    return [(e, left[e.id]) for e in entries if e.corrects_id is None and left[e.id] > 0]


def _hash(period: _Period, entries: Sequence[HoursEntry]) -> bytes:
    parts = [
        period.from_day,
        period.to_day,
        period.organization_id,
        *(entry.id for entry in entries),
    ]
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
    """What is public about a certificate, for whoever holds the paper and copies it by hand: in
    small letters too, and the code with the spaces of the paper.

    Raises NotFound for a wrong number and for a wrong code alike."""
    certificate = find(number.strip().upper())
    told = "".join(check_code.split()).lower()
    if not hmac.compare_digest(certificate.check_code.encode(), told.encode()):
        raise NotFound
    return Verification(certificate, [unit.organization for unit in certificate.units])


def verify_apart(number: str, check_code: str) -> Verification:
    """`verify` in a transaction of its own, for the page that stands outside the API."""
    return apart(lambda: verify(number, check_code), write=False)


def find(number: str) -> Certificate:
    """Raises NotFound."""
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
